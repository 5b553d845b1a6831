"""The replica under any history: everything counts once (I3), every prev is stored and every foreign event is under a
head (I4), siblings and server end with equal digests (I5), and `at` is the same everywhere."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, invariant, multiple, rule

from milepost.chain import Leaf, set_digest
from milepost.errors import DataError
from milepost.event import ZERO, Event
from milepost.ids import base64url
from milepost_client.care.verify import verify_log
from milepost_client.store.account import control, device_keys
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.replica import Delivery, Receipted, Replica
from milepost_client.store.trusted import set_aside, trusted
from tests.client.devices import NOW_MS, Clock, draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect, start


def _revoked(by: Log, leaf: Leaf) -> Draft:
    """The revocation of the device of `leaf`, which is the last that `by` holds of it."""
    named = {"epoch": leaf.epoch, "seq": leaf.seq, "hash": base64url(leaf.hash)}
    return control(by.world, "device.revoked", {"device": base64url(leaf.device), "leaves": [named]})


def events_of(log: Log) -> dict[bytes, Event]:
    return {stored.event.hash: stored.event for stored in log.since()}


class Histories(RuleBasedStateMachine):
    """Two devices, copies of them, clocks that lie, connections that break, and servers that lose their data."""

    logs: Bundle[Log] = Bundle("logs")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.all: list[Log] = []
        self.acknowledged: set[bytes] = set()
        self.wipes = 0

    @initialize(target=logs)
    def begin(self) -> MultipleResults[Log]:
        laptop = in_memory(1, self.clock)
        laptop.append([draft("first", private="p")])
        self.place = MeetingPlace(laptop.user)
        connect(self.place, laptop)
        phone = sibling(laptop, 2, self.clock)
        connect(self.place, laptop)
        connect(self.place, phone)
        self.all = [laptop, phone]
        for log in self.all:
            self.acknowledged |= events_of(log).keys()
        return multiple(laptop, phone)

    @rule(log=logs, count=st.integers(1, 3), private=st.none() | st.just("p"))
    def append(self, log: Log, count: int, private: str | None) -> None:
        self.acknowledged |= {event.hash for event in log.append([draft(private=private)] * count)}

    @rule(minutes=st.integers(-2_000_000, 2_000_000))
    def set_clock(self, minutes: int) -> None:
        self.clock.now_ms = max(0, NOW_MS + minutes * 60_000)

    @rule(log=logs, frames=st.integers(0, 8))
    def sync(self, log: Log, frames: int) -> None:
        connection = start(self.place, log)
        connection.carry(frames)

    @rule(log=logs)
    def sync_whole(self, log: Log) -> None:
        assert connect(self.place, log).session.failed is None

    @rule()
    def wipe(self) -> None:
        self.wipes += 1
        self.place = self.place.wiped(bytes([self.wipes]) * 16)

    @rule(target=logs, log=logs)
    def copy(self, log: Log) -> Log | MultipleResults[Log]:
        if len(self.all) == 4:
            return multiple()
        twin = in_memory(10 + len(self.all), self.clock)
        twin.connection.deserialize(log.connection.serialize())
        twin._secrets = lambda: log.secrets
        self.all.append(twin)
        return twin

    @invariant()
    def each_prev_is_stored(self) -> None:
        for log in self.all:
            held = events_of(log)
            assert len(held) == log.count
            for event in held.values():
                assert event.prev == ZERO or event.prev in held

    def teardown(self) -> None:
        if not self.all:
            return
        # Devices take turns until nothing new can appear: a round to give, one to take.
        for _ in range(3):
            connections = [connect(self.place, log) for log in self.all]
        assert all(connection.session.settled for connection in connections)
        assert all(c.session.digests is not None and c.session.digests.set_agrees for c in connections)
        server = {event.hash for event in self.place.events}
        assert server == self.acknowledged | server
        for log in self.all:
            assert events_of(log).keys() == server
            assert log.unsent_count() == 0
            assert not {"GAP", "CHAIN", "BADSIG", "CORRUPT", "MISSING", "UNROOTED", "RESTORED"} & set(
                verify_log(log, deep=False).codes
            )
            assert {s.event.hash: s.order for s in log.since()} == {s.event.hash: s.order for s in self.all[0].since()}
        assert len(self.place.events) == len(server)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def test_positions_and_stamps_are_those_of_the_present_incarnation():
    log = in_memory(1)
    log.append([draft(), draft()])
    place = MeetingPlace(log.user)
    connect(place, log)
    assert [stored.position for stored in log.since()] == [1, 2, 3, 4]

    Replica(log, lambda _: {}).adopt(b"j" * 16, b"k" * 16)

    assert [stored.position for stored in log.since()] == [None] * 4
    assert log.unsent_count() == 4


def test_a_stamp_pulls_a_clock_back_that_ran_ahead_and_says_which_events_moved():
    clock = Clock(NOW_MS + 86_400_000)
    log = in_memory(1, clock)
    log.append([draft(), draft()])
    place = MeetingPlace(log.user, now_ms=NOW_MS)
    before = [stored.at for stored in log.since()]

    connect(place, log)

    after = [stored.at for stored in log.since()]
    assert all(new < old for new, old in zip(after, before, strict=True))
    assert [move.n for move in log.moved_since(0)] == [1, 2, 3, 4]
    assert [move.at for move in log.moved_since(0)] == after
    assert log.state().top == max(after)


def test_what_is_unsent_follows_what_it_continues_when_that_moves():
    clock = Clock(NOW_MS + 86_400_000)
    log = in_memory(1, clock)
    log.append([draft()])
    place = MeetingPlace(log.user, now_ms=NOW_MS)
    start(place, log).step()
    clock.now_ms = NOW_MS
    log.append([draft("written while the receipt was on its way")])
    assert log.newest(1)[0].at >> 16 >= NOW_MS + 86_400_000

    Replica(log, lambda _: {}).commit([Receipted(place.kept[0].receipt, None)])

    last = log.newest(1)[0]
    assert last.position is None
    assert last.at >> 16 <= NOW_MS + 6 * 60_000
    assert log.moved_since(0)[-1] == (log.state().moves, last.n, last.event.id, last.at)


def test_a_batch_that_does_not_verify_leaves_the_replica_as_it_was():
    laptop = in_memory(1)
    laptop.append([draft()])
    place = MeetingPlace(laptop.user)
    connect(place, laptop)
    phone = sibling(laptop, 2)
    connect(place, laptop)
    before = (phone.count, phone.cursor())
    sound, last = place.kept[0], place.kept[-1]
    replica = Replica(phone, lambda _: {})
    replica.adopt(place.incarnation, b"k" * 16)
    forged = Delivery(last.batch._replace(signature=bytes(64)), last.receipt)

    with pytest.raises(DataError):
        replica.commit([Delivery(sound.batch, sound.receipt), forged])

    assert (phone.count, phone.cursor().position) == (before[0], 0)
    assert replica.commit([Delivery(sound.batch, sound.receipt)]) == len(sound.batch.events)
    assert replica.commit([Delivery(sound.batch, sound.receipt)]) == 0


def test_what_a_revoked_device_wrote_after_the_revocation_is_set_aside():
    laptop = in_memory(1)
    laptop.append([draft()])
    place = MeetingPlace(laptop.user)
    phone = sibling(laptop, 2)
    connect(place, laptop)
    connect(place, phone)
    connect(place, laptop)
    known = next(leaf for leaf in laptop.leaves() if leaf.device == phone.device)
    laptop.append([_revoked(laptop, known)])
    late = phone.append([draft("after")])
    connect(place, phone)
    connect(place, laptop)

    assert [stored.event for stored in set_aside(laptop)] == late
    assert trusted(laptop).standing.is_revoked(phone.device)
    connect(place, phone)
    assert [stored.event for stored in set_aside(phone)] == late


def test_after_a_revocation_new_text_is_sealed_under_a_key_that_the_revoked_device_lacks():
    laptop = in_memory(1)
    laptop.append([draft()])
    place = MeetingPlace(laptop.user)
    phone = sibling(laptop, 2)
    connect(place, laptop)
    connect(place, phone)
    connect(place, laptop)
    laptop.append([_revoked(laptop, next(leaf for leaf in laptop.leaves() if leaf.device == phone.device))])
    laptop.append([draft(private="not for the thief")])

    connection = connect(place, laptop)

    sealed = [event.sealed for event in place.events if event.sealed is not None]
    keys = trusted(phone).user_keys(phone.device, device_keys(phone.secrets).agreement)
    assert sealed[-1][:16] not in keys
    assert sealed[0][:16] in keys
    assert "KEY" in [notice.code for notice in connection.session.notices]
    assert set_digest(laptop.leaves()) == set_digest(place.leaves)
