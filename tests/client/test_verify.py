"""Verify: every code that can be told from the file alone, each from the damage or the history that causes it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from milepost.chain import Batch, head_bytes, set_digest
from milepost.ids import base32
from milepost_client.care.verify import DAMAGE, NOTICES, ServerSide, Verdict, verify, verify_log
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.account import device_keys
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.replica import Replica
from milepost_client.store.settings import KEY_SETTING
from tests.client.devices import TODAY, Clock, draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect

UNGUARD = ("event_is_final", "event_has_no_delete", "receipt_has_no_update", "erased_has_no_delete")


def damage(log: Log, *statements: str) -> None:
    """Do to the file what a broken disk would: past the guards."""
    for trigger in UNGUARD:
        log.connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for statement in statements:
        log.connection.execute(statement)


def synced(seed: int = 1) -> tuple[Log, MeetingPlace]:
    log = in_memory(seed)
    log.append([draft("a", private="p"), draft("b"), draft("c")])
    place = MeetingPlace(log.user)
    connect(place, log)
    log.set_settings([(KEY_SETTING, place.key.public)])
    return log, place


def test_a_sound_log_is_clean():
    log, place = synced()

    verdict = verify_log(log, deep=True, server=ServerSide(place.incarnation, 5, set_digest(place.leaves)))

    assert (verdict.codes, verdict.exit_code) == ([], 0)
    assert [(line.is_own, line.events, line.received) for line in verdict.lines] == [(True, 5, 5)]
    assert verdict.lines[0].head == log.leaves()[0].hash


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE event SET "on" = "on" + 1 WHERE n = 4',
        'UPDATE event SET "offset" = 0 WHERE n = 4',
        "UPDATE event SET counter = counter + 1 WHERE n = 4",
        "UPDATE event SET hash = zeroblob(32) WHERE n = 4",
        "UPDATE event SET id = randomblob(16) WHERE n = 4",
        "UPDATE event SET facts = '{}' WHERE n = 4",
        "UPDATE event SET facts_salt = zeroblob(16) WHERE n = 4",
        "UPDATE event SET private = '{}' WHERE n = 3",
        "UPDATE kind SET version = version + 1 WHERE type = 'time.spent'",
    ],
)
def test_any_changed_value_is_corrupt(statement: str):
    log, _ = synced()
    damage(log, statement)
    log._reader = None

    verdict = verify_log(log)

    assert "CORRUPT" in verdict.codes
    assert verdict.exit_code == 2


def test_a_lost_event_is_a_gap():
    log, _ = synced()
    damage(log, "DELETE FROM event WHERE n = 3")

    assert "GAP" in verify_log(log).codes


def test_a_lost_tail_is_a_gap_when_a_receipt_knew_it():
    log, _ = synced()
    damage(log, "DELETE FROM event WHERE n = 5")

    verdict = verify_log(log)

    assert verdict.codes == ["GAP"]
    assert "end at seq 4" in verdict.lines[0].findings[0].sentence


def test_a_lost_first_event_leaves_a_chain_without_a_root():
    log, _ = synced()
    damage(log, "DELETE FROM event WHERE n = 1", "DELETE FROM control WHERE n = 1")

    assert {"CORRUPT", "GAP", "UNROOTED"} <= set(verify_log(log).codes)


def test_a_branch_whose_parent_is_gone_breaks_the_chain():
    log, _ = synced()
    log.want_epoch("a copy")
    log.append([draft()])
    damage(log, "DELETE FROM event WHERE n = 5")
    log._reader = None

    assert "CHAIN" in verify_log(log).codes


def test_a_forged_head_and_a_forged_receipt_are_found_by_deep_only():
    log, _ = synced()
    damage(log, "UPDATE batch SET signature = zeroblob(64)", "UPDATE receipt SET signature = zeroblob(64)")

    assert verify_log(log).codes == []
    assert verify_log(log, deep=True).codes == ["BADSIG"]


def test_a_foreign_event_under_no_head_is_badly_signed():
    laptop, place = synced()
    phone = sibling(laptop, 2)
    connect(place, laptop)
    connect(place, phone)
    foreign = [branch.n for branch in phone.reader.branches() if branch.device == laptop.device]
    damage(phone, f"DELETE FROM batch WHERE branch = {foreign[0]}")  # noqa: S608

    assert verify_log(phone).codes == ["BADSIG"]


def test_a_part_that_is_gone_without_an_erasure_is_missing():
    log, _ = synced()
    commitment = log.newest(2)[1].event.facts_commitment
    damage(log)
    gone = "UPDATE event SET facts = NULL, facts_salt = NULL, facts_commitment = ? WHERE n = 4"
    log.connection.execute(gone, (commitment,))

    assert verify_log(log).codes == ["MISSING"]


def test_an_erased_entry_is_a_notice_and_still_verifies():
    log, place = synced()
    phone = sibling(log, 2)
    connect(place, log)
    connect(place, phone)
    target = next(stored.event for stored in phone.since() if stored.event.type == "time.spent")
    facts = f'{{"target":"{base32(target.id)}"}}'.encode()
    phone.set_settings([(KEY_SETTING, place.key.public)])
    log.append([Draft("entry.erased", 1, TODAY, 60, facts, None)])
    connect(place, log)
    connect(place, phone)

    verdict = verify_log(phone, deep=True)

    assert (verdict.codes, verdict.exit_code) == (["ERASED"], 1)
    erased = phone.get(target.id)
    assert erased is not None
    assert (erased.event.facts, erased.event.private, erased.event.hash) == (None, None, target.hash)
    assert phone.moved_since(0)[-1].event_id == target.id


def test_a_text_whose_key_is_not_here_is_locked():
    laptop, place = synced()
    phone = sibling(laptop, 2)
    connect(place, laptop)
    # Nothing was wrapped to this one: it keeps and relays what it cannot open.
    phone.secrets.put("device", phone.secrets.get("device")[:32] + bytes(32))  # type: ignore[index]
    connect(place, phone)
    phone.set_settings([(KEY_SETTING, place.key.public)])

    verdict = verify_log(phone, deep=True)

    assert (verdict.codes, verdict.exit_code) == (["LOCKED"], 1)


def test_a_fork_is_a_notice_and_both_lines_are_kept():
    laptop, place = synced()
    copy = in_memory(1)
    copy.connection.deserialize(laptop.connection.serialize())
    copy._secrets = lambda: laptop.secrets
    laptop.append([draft("on the original")])
    connect(place, laptop)
    copy.append([draft("on the copy")])
    connect(place, copy)
    connect(place, laptop)

    for log in (laptop, copy):
        verdict = verify_log(log, deep=True)
        assert (verdict.codes, verdict.exit_code) == (["FORK"], 1)
    assert {s.event.hash for s in laptop.since()} == {s.event.hash for s in copy.since()}


def test_a_clock_that_ran_ahead_is_a_notice():
    clock = Clock()
    log = in_memory(1, clock)
    log.append([draft()])
    place = MeetingPlace(log.user, now_ms=clock.now_ms - 3_600_000)

    connect(place, log)

    assert (verify_log(log).codes, verify_log(log).exit_code) == (["CLOCK"], 1)


def test_receipts_of_data_that_the_server_lost_are_restored_until_sync_heals_them():
    log, place = synced()
    wiped = place.wiped(b"j" * 16)
    Replica(log, lambda _: {}).adopt(wiped.incarnation, b"k" * 16)

    assert verify_log(log).codes == ["RESTORED"]

    connect(wiped, log)
    assert verify_log(log).codes == []


def test_a_server_that_shows_less_than_it_receipted_is_truncated():
    log, place = synced()

    verdict = verify_log(log, server=ServerSide(place.incarnation, 3, bytes(32)))

    assert verdict.codes == ["TRUNCATED"]


def test_a_server_that_holds_something_else_is_found_by_its_digest():
    log, place = synced()

    verdict = verify_log(log, server=ServerSide(place.incarnation, 5, bytes(32)))

    assert verdict.codes == ["CORRUPT"]


def test_a_ghost_device_is_unrooted():
    log, _ = synced()
    ghost = in_memory(9)
    ghost.append([draft()])
    # Past admission, which would not let it in.
    n = log.add_branch(ghost.device, 1, 1, None)
    log.insert(n, [stored.event for stored in ghost.since()], 0)

    assert "UNROOTED" in verify_log(log).codes


def test_views_that_drifted_are_damage(tmp_path: Path):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft()])
    drifted: Callable[[Log], list[str]] = lambda _: ["goals: goal k7f differs"]  # noqa: E731

    assert verify(home, SYSTEM, drift=drifted).codes == ["DRIFT"]
    assert verify(home, SYSTEM, drift=lambda _: []).codes == []


@pytest.mark.parametrize("at", [0, 50, 20_000])
def test_a_file_that_cannot_be_read_is_a_finding_and_no_crash(tmp_path: Path, at: int):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft("x" * 500) for _ in range(100)])
    raw = bytearray(Path(home.log).read_bytes())
    raw[at : at + 3000] = b"\xa5" * 3000
    Path(home.log).write_bytes(raw)

    verdict = verify(home, SYSTEM)

    assert verdict.exit_code == 2


def test_every_single_flipped_byte_is_found_or_harmless(tmp_path: Path):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft(str(number), private="p") for number in range(5)])
        sound = [stored.event for stored in log.since()]
    raw = Path(home.log).read_bytes()
    for at in range(17, len(raw), 409):
        Path(home.log).write_bytes(raw[:at] + bytes([raw[at] ^ 0x41]) + raw[at + 1 :])
        verdict = verify(home, SYSTEM)
        if verdict.exit_code < 2:
            with Log.open(home, SYSTEM) as log:
                assert [stored.event for stored in log.since()] == sound, at


def test_the_codes_are_damage_or_notices():
    assert not DAMAGE & NOTICES
    assert Verdict((), (), ()).exit_code == 0


def test_a_head_proves_the_batch():
    log, _ = synced()
    replica = Replica(log, lambda _: {})
    events = tuple(replica.chain(1, 1, 5))

    batch = Batch(events, device_keys(log.secrets).signing.sign(head_bytes(events[-1])))

    assert replica.signing_key(log.device) == device_keys(log.secrets).signing.public
    assert batch.leaf in log.leaves()
