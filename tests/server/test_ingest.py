"""Ingest: what a push leaves in the store, whatever came before it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.chain import Batch, Leaf, set_digest
from milepost.clock import FIVE_MINUTES_MS, from_ms
from milepost.event import Part
from milepost.ids import base32, base64url
from milepost_server.store import control, events, streams
from milepost_server.sync import ingest
from milepost_server.sync.ingest import Accepted, Push
from tests.support.devices import Device, Member
from tests.support.stores import SERVER_KEY, MemoryStore, joined


def stored(store: MemoryStore, member: Member) -> list[events.Stamped]:
    return events.events_after(store.connection, store.stream(member), 0, 1_000_000)


def test_a_push_becomes_positions_without_holes():
    store, member, device = joined()
    device.write_many(9)
    accepted = store.accept(device.batch())
    assert accepted.head == 10
    assert [each.position for each in stored(store, member)] == list(range(1, 11))


def test_what_was_pushed_is_read_back_byte_for_byte():
    store, member, device = joined()
    device.write("win.celebrated", None, private=Part(bytes(16), b'{"text":"done"}'), sealed=b"sealed text" * 9)
    device.write_many(5)
    store.accept(device.batch())
    assert [each.event for each in stored(store, member)] == device.events


def test_a_receipt_names_the_positions_and_the_last_hash():
    store, member, device = joined()
    device.write_many(3)
    (receipt,) = store.accept(device.batch()).receipts
    assert (receipt.first_seq, receipt.last_seq, receipt.first_position) == (1, 4, 1)
    assert receipt.last_hash == device.events[-1].hash
    assert receipt.incarnation == store.incarnation
    assert receipt.user == member.user


def test_stamps_never_go_back_even_when_the_servers_clock_does():
    store, _, device = joined()
    first = store.accept(device.batch())
    store.now_ms -= 86_400_000
    device.write_many(1)
    second = store.accept(device.batch(device.events[1:]))
    assert second.receipts[0].received_at == first.receipts[0].received_at + 1


def test_a_push_again_changes_nothing_and_gets_the_same_receipt():
    store, member, device = joined()
    device.write_many(4)
    first = store.accept(device.batch())
    again = store.accept(device.batch())
    assert again.receipts == first.receipts
    assert not again.grew
    assert len(stored(store, member)) == 5


def test_a_push_that_overlaps_is_cut_and_the_rest_is_a_batch_of_its_own():
    store, _, device = joined()
    device.write_many(4)
    first = store.accept(device.batch())
    device.write_many(3)
    second = store.accept(device.batch(device.events[2:]))
    assert second.receipts[0] == first.receipts[0]
    assert (second.receipts[1].first_seq, second.receipts[1].last_seq) == (6, 8)
    assert second.head == 8


def test_a_gap_is_refused_and_says_what_is_stored():
    store, _, device = joined()
    device.write_many(6)
    store.accept(device.batch(device.events[:3]))
    refusal = store.refuse(device.batch(device.events[5:]))
    third = device.events[2]
    assert refusal.code == "GAP"
    assert refusal.known == Leaf(device.id, device.epoch, third.seq, third.hash)


def test_a_head_by_another_key_is_refused():
    store, member, device = joined()
    stranger = member.device(device)
    batch = device.batch()._replace(signature=stranger.batch().signature)
    assert store.refuse(batch).code == "BADSIG"


def test_an_unknown_account_is_refused():
    assert MemoryStore().refuse(Member(7).device().batch()).code == "UNKNOWN"


def test_a_device_that_a_stranger_enrolled_is_refused():
    store, member, _ = joined()
    other = Member(99).device()
    imposter = member.device(other)
    assert store.refuse(imposter.batch()).code == "BADSIG"


def test_content_that_breaks_every_rule_is_stored():
    store, member, device = joined()
    device.write("skill.rated", {"skill": 7, "rating": "eleven"})
    device.write("no.such_type", {"anything": [1, {"deep": None}]})
    device.write("consent.granted", {"scope": 1})
    assert store.accept(device.batch()).head == 4
    assert [each.event for each in stored(store, member)] == device.events


def test_a_fork_is_stored_beside_what_was_there():
    store, member, device = joined()
    device.write_many(4)
    store.accept(device.batch())
    ours = device.events[-1]
    fork = device.write("time.spent", {"minutes": 5}, after=device.events[2])
    accepted = store.accept(device.batch([fork]))
    assert accepted.is_fork
    assert {leaf.hash for leaf in streams.leaves(store.connection, store.stream(member).n)} == {ours.hash, fork.hash}


def test_a_run_over_a_fork_is_known_line_by_line():
    store, member, device = joined()
    device.write_many(4)
    store.accept(device.batch())
    trunk = device.events[:3]
    fork = device.write("time.spent", {"minutes": 5}, after=trunk[-1])
    end = device.write("time.spent", {"minutes": 6}, after=fork)
    store.accept(device.batch([fork, end]))
    again = store.accept(device.batch([*trunk, fork, end]))
    assert not again.grew
    assert [(span.first, span.last) for span in again.lines] == [(1, 3), (4, 5)]
    assert stored(store, member)[-1].event == end


def test_a_new_epoch_goes_on_from_the_devices_last_event():
    store, member, device = joined()
    device.write_many(2)
    store.accept(device.batch())
    device.begin_epoch()
    event = device.write("time.spent", {"minutes": 5})
    accepted = store.accept(device.batch([event]))
    assert not accepted.is_fork
    assert stored(store, member)[-1].event == event


def test_a_new_epoch_may_continue_an_event_that_is_no_tip():
    store, member, device = joined()
    device.write_many(5)
    store.accept(device.batch())
    restored = device.events[3]
    device.begin_epoch()
    event = device.write("time.spent", {"minutes": 5}, after=restored)
    store.accept(device.batch([event]))
    assert stored(store, member)[-1].event.prev == restored.hash


def test_a_duplicate_fills_in_parts_that_are_missing():
    store, member, device = joined()
    part = Part(bytes(16), b'{"text":"done"}')
    event = device.write("win.celebrated", {"ref": []}, private=part, sealed=b"sealed" * 20)
    bare = [device.events[0], event._replace(facts=None, sealed=None)]
    store.accept(device.batch(bare))
    assert stored(store, member)[-1].event.facts is None
    store.accept(device.batch())
    assert stored(store, member)[-1].event == event


def test_an_erased_event_loses_its_parts_and_keeps_its_hash():
    store, member, device = joined()
    event = device.write("time.spent", {"minutes": 9}, private=Part(bytes(16), b"{}"), sealed=b"x" * 64)
    device.write("entry.erased", {"target": base32(event.id)})
    store.accept(device.batch())
    kept = stored(store, member)[1].event
    assert kept == event._replace(facts=None, sealed=None)


def test_an_erasure_holds_when_it_arrives_first():
    store, member, device = joined()
    other = member.device(device)
    event = other.write("time.spent", {"minutes": 9})
    device.write("entry.erased", {"target": base32(event.id)})
    store.accept(device.batch())
    store.accept(other.batch())
    store.accept(other.batch())
    assert stored(store, member)[-1].event == event._replace(facts=None)


def test_an_old_stamp_is_kept_on_the_first_push_after_a_wipe():
    store, member, device = joined()
    device.write_many(2)
    (old,) = store.accept(device.batch()).receipts
    old = old._replace(signature=SERVER_KEY.sign(old.signed))
    wiped = MemoryStore(b"incarnation-0002")
    wiped.now_ms += 10_000_000
    wiped.open(member)
    (new,) = wiped.accept(device.batch(), old).receipts
    assert (new.received_at, new.incarnation) == (old.received_at, wiped.incarnation)


@pytest.mark.parametrize("change", [{"received_at": 5}, {"signature": bytes(64)}, {"last_seq": 2}])
def test_a_stamp_that_this_server_did_not_sign_is_not_kept(change):
    store, member, device = joined()
    device.write_many(2)
    (old,) = store.accept(device.batch()).receipts
    old = old._replace(signature=SERVER_KEY.sign(old.signed))._replace(**change)
    wiped = MemoryStore()
    wiped.now_ms += 10_000_000
    wiped.open(member)
    (new,) = wiped.accept(device.batch(), old).receipts
    assert new.received_at == wiped.now_ms


def test_a_clock_of_2099_is_held_at_five_minutes_after_the_stamp():
    store, member, device = joined()
    device.now_ms += 70 * 365 * 86_400_000
    device.write_many(1)
    (receipt,) = store.accept(device.batch()).receipts
    assert stored(store, member)[-1].at == from_ms(receipt.received_at + FIVE_MINUTES_MS)


def test_a_revoked_device_stops_counting_at_the_leaf_that_was_named():
    store, member, device = joined()
    lost = member.device(device)
    lost.write_many(3)
    store.accept(device.batch())
    store.accept(lost.batch())
    leaf = {"epoch": lost.epoch, "seq": 2, "hash": base64url(lost.events[1].hash)}
    revocation = device.write("device.revoked", {"device": base64url(lost.id), "leaves": [leaf]})
    store.accept(device.batch([revocation]))
    stream = store.stream(member)
    row = streams.device(store.connection, stream.n, lost.id)
    assert row is not None
    assert row.revoked == stream.last_control == stream.head
    counts = control.standing_of(store.connection, stream).counts
    assert [counts(lost.id, 2, seq) for seq in (1, 2, 3)] == [True, True, False]


def test_a_revocation_that_comes_before_its_device_still_holds():
    store, member, device = joined()
    lost = member.device(device)
    device.write("device.revoked", {"device": base64url(lost.id), "leaves": []})
    store.accept(device.batch())
    store.accept(lost.batch())
    row = streams.device(store.connection, store.stream(member).n, lost.id)
    assert row is not None
    assert row.revoked == 2


POD, COHORT = "0123456789abcdef", "fedcba9876543210"
GRANT = {"scope": "pod", "id": POD, "audience": "lead", "families": ["progress", "rhythm"]}
UNTIL = {"until": "2026-06-30", "wording": 1}


def test_a_withdrawal_beats_every_grant_that_does_not_name_it():
    store, member, device = joined()
    device.write("consent.granted", {**GRANT, **UNTIL, "withdrawals": []})
    withdrawal = device.write("consent.withdrawn", {**GRANT, "families": ["rhythm"]})
    device.write("consent.granted", {**GRANT, **UNTIL, "withdrawals": []})
    store.accept(device.batch())
    stream = store.stream(member)
    assert {consent.family for consent in control.consents(store.connection, stream)} == {"progress"}
    grant = device.write("consent.granted", {**GRANT, **UNTIL, "withdrawals": [base32(withdrawal.id)]})
    store.accept(device.batch([grant]))
    assert {consent.family for consent in control.consents(store.connection, stream)} == {"progress", "rhythm"}


def test_a_member_is_in_the_pod_joined_last_until_leaving_it():
    store, member, device = joined()
    device.write("pod.joined", {"pod": POD, "cohort": COHORT, "name": "Mara"})
    store.accept(device.batch())
    current = control.membership(store.connection, store.stream(member))
    assert current is not None
    assert (current.pod, current.name) == (POD, "Mara")
    left = device.write("pod.left", {"pod": POD, "cohort": COHORT})
    store.accept(device.batch([left]))
    assert control.membership(store.connection, store.stream(member)) is None


def test_an_account_has_so_many_devices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ingest, "DEVICES_MAX", 2)
    store, member, device = joined()
    store.accept(device.batch())
    store.accept(member.device(device).batch())
    assert store.refuse(member.device(device).batch()).code == "LIMIT"


def test_an_accounts_log_has_so_many_lines_and_those_it_has_go_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ingest, "LINES_MAX", 1)
    store, _, device = joined()
    store.accept(device.batch())
    fork = device.write("time.spent", {"minutes": 1})
    store.accept(device.batch([fork]))
    other = device.write("time.spent", {"minutes": 2}, after=device.events[0])
    assert store.refuse(device.batch([other])).code == "LIMIT"
    assert store.accept(device.batch([device.write("time.spent", {"minutes": 3}, after=fork)])).head == 3


def test_every_projection_in_use_is_marked_as_behind():
    store, member, device = joined()
    # What else is imported may have projections of its own.
    store.connection.execute("DELETE FROM projection")
    store.connection.execute("INSERT INTO projection VALUES ('progress', 1, 'live'), ('old', 1, 'retired')")
    device.write_many(2)
    store.accept(device.batch())
    rows = store.connection.execute("SELECT stream, projection, version, head FROM work").fetchall()
    assert rows == [(store.stream(member).n, "progress", 1, 3)]


def test_a_crash_before_the_commit_leaves_nothing():
    store, member, device = joined()
    device.write_many(5)
    with store.lost() as connection:
        result = store.ingest.push(connection, member.user, Push(device.batch()), store.now_ms)
        assert isinstance(result, Accepted)
    assert stored(store, member) == []
    assert store.accept(device.batch()).head == 6


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_order_and_repetition_of_pushes_stores_each_event_once_with_its_predecessor(data):
    """I2, I3 and I4 on the server's side: refused pushes are sent again until nothing is refused."""
    store, member, laptop = joined()
    phone = member.device(laptop)
    for device in (laptop, phone):
        device.write_many(data.draw(st.integers(0, 6)))
        if data.draw(st.booleans()):
            device.begin_epoch()
            device.write_many(data.draw(st.integers(1, 4)))
    pushes = [batch for device in (laptop, phone) for batch in _runs(device, data)]
    for batch in data.draw(st.lists(st.sampled_from(pushes), max_size=12)):
        store.push(batch)
        _check_chain(store, member)
    for _ in pushes:
        for batch in data.draw(st.permutations(pushes)):
            store.push(batch)
    held = stored(store, member)
    assert sorted(each.event.hash for each in held) == sorted(e.hash for d in (laptop, phone) for e in d.events)
    _check_chain(store, member)
    leaves = streams.leaves(store.connection, store.stream(member).n)
    assert set_digest(leaves) == set_digest(_leaves(laptop) + _leaves(phone))


def _runs(device: Device, data: st.DataObject) -> list[Batch]:
    """The log in runs of one epoch, some of them overlapping."""
    runs = []
    for epoch in dict.fromkeys(event.epoch for event in device.events):
        events_ = [event for event in device.events if event.epoch == epoch]
        at = 0
        while at < len(events_):
            size = data.draw(st.integers(1, 4))
            overlap = data.draw(st.integers(0, min(2, at)))
            runs.append(device.batch(events_[at - overlap : at + size]))
            at += size
    return runs


def _leaves(device: Device) -> list[Leaf]:
    tips = {event.epoch: event for event in device.events}
    return [Leaf(device.id, event.epoch, event.seq, event.hash) for event in tips.values()]


def _check_chain(store: MemoryStore, member: Member) -> None:
    held = stored(store, member)
    hashes = {each.event.hash for each in held}
    assert len(hashes) == len(held)
    assert [each.position for each in held] == list(range(1, len(held) + 1))
    assert all(each.event.prev in hashes or each.event.prev == bytes(32) for each in held)
