"""The projector: exactly once, whoever falls over and whoever else works; one member's trouble is nobody else's."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.ids import base64url
from milepost.projections.fold import Fold, Folded
from milepost.projections.fold import Stamped as Ordered
from milepost_server.projection import generations, readmodels
from milepost_server.projection.projector import ATTEMPTS_MAX, rebuild_member, retry
from milepost_server.projection.view_tables import StreamTables
from milepost_server.store import Connection, streams
from tests.support.desks import Desk, PowerCut
from tests.support.devices import Device, Member
from tests.support.histories import GOAL, some_id
from tests.support.stores import MemoryStore, joined

T = TypeVar("T")
TODAY = date(2026, 1, 1)
SKILL = some_id("skill", 0)


def rate(device: Device, rating: int) -> None:
    device.write("skill.rated", {"skill": SKILL, "rating": rating, "basis": "self"})


def views(store: MemoryStore, member: Member) -> dict[str, bytes]:
    """Every view of a member with its digest."""
    version = generations.live(store.connection).version
    return dict(StreamTables(store.connection, version, store.stream(member).n).digests())


def ratings(store: MemoryStore, member: Member) -> list[int]:
    found = readmodels.progress_of(store.connection, store.stream(member), TODAY)
    return [rating.rating for skill in found.skills for rating in skill.ratings]


def test_a_member_sees_what_was_pushed_once_the_projector_has_been():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    assert readmodels.behind(store.connection, store.stream(member)).is_pending
    Desk(store).projector().catch_up()
    assert ratings(store, member) == [2]
    assert not readmodels.behind(store.connection, store.stream(member)).is_pending


def test_a_crash_before_the_commit_leaves_neither_view_nor_checkpoint_and_is_made_up_for():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    desk = Desk(store)
    desk.crashes_left = 1
    with pytest.raises(PowerCut):
        desk.projector().catch_up()
    assert ratings(store, member) == []
    desk.projector().catch_up()
    assert ratings(store, member) == [2]


def test_a_second_worker_that_read_the_same_position_changes_nothing():
    store, member, device = joined()
    for rating in (2, 3):
        rate(device, rating)
    store.accept(device.batch())
    first, second = Desk(store), Desk(store)
    delayed: list[Callable[[], None]] = []

    def hold(job: Callable[[Connection], T], *, background: bool = False) -> "Future[T]":
        # The slower worker has read and folded; the faster one commits before it does.
        first.projector().catch_up()
        del second.__dict__["write"]
        delayed.append(lambda: None)
        return second.write(job)

    second.__dict__["write"] = hold
    second.projector().project_once()
    assert delayed
    assert ratings(store, member) == [2, 3]


@settings(max_examples=20)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_a_stream_projected_bit_by_bit_equals_one_that_is_rebuilt(sizes):
    store, member, device = joined()
    desk = Desk(store)
    for size in sizes:
        pushed = len(device.events)
        for number in range(size):
            rate(device, number + 1)
            device.write("goal.set", {"goal": some_id("goal", number), **GOAL})
        store.accept(device.batch(device.events[pushed:] if pushed > 1 else device.events))
        desk.projector().catch_up()
    bit_by_bit = views(store, member)
    store.run(lambda connection: generations.begin(connection))
    desk.projector().catch_up()
    assert generations.live(store.connection).version == 2
    assert views(store, member) == bit_by_bit


def test_readers_stay_on_the_old_version_until_the_new_one_has_caught_up_with_every_stream():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    desk = Desk(store)
    desk.projector().catch_up()
    store.run(lambda connection: generations.begin(connection))
    desk.projector().project_once()
    assert generations.live(store.connection).version == 1
    assert ratings(store, member) == [2]
    desk.projector().catch_up()
    assert generations.live(store.connection).version == 2
    assert ratings(store, member) == [2]


def test_a_version_that_is_held_waits_for_the_flip():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    desk = Desk(store)
    desk.projector().catch_up()
    built = store.run(lambda connection: generations.begin(connection))
    store.run(lambda connection: generations.hold(connection, built.version))
    desk.projector().catch_up()
    assert generations.live(store.connection).version == 1
    store.run(lambda connection: generations.flip(connection, built.version))
    assert ratings(store, member) == [2]
    assert generations.generations(store.connection) == [generations.live(store.connection)]


def test_a_member_rebuilt_alone_is_never_seen_without_views():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    desk = Desk(store)
    desk.projector().catch_up()
    before = views(store, member)
    store.run(lambda connection: rebuild_member(connection, store.stream(member).n))
    assert views(store, member) == before
    desk.projector().catch_up()
    assert views(store, member) == before


def test_a_fold_that_raises_sets_that_stream_aside_and_nobody_else():
    store, member, device = joined()
    other = Member(7)
    store.open(other)
    their_device = other.device()
    rate(device, 2)
    rate(their_device, 5)
    store.accept(device.batch())
    store.accept(their_device.batch())
    desk = Desk(store)

    def faulty(stamped: Ordered) -> Folded:
        if stamped.event.user == member.user and stamped.event.type == "skill.rated":
            raise ArithmeticError("a bug")
        return Fold()(stamped)

    for _ in range(ATTEMPTS_MAX):
        desk.projector(faulty).catch_up()
        desk.now_ms += 60_000
    assert ratings(store, other) == [5]
    quarantined = store.connection.execute("SELECT stream, error FROM quarantine").fetchall()
    assert quarantined == [(store.stream(member).n, "ArithmeticError: a bug")]
    # After the fix, the operator lets it out.
    assert store.run(retry) == 1
    desk.projector().catch_up()
    assert ratings(store, member) == [2]


def test_what_a_revoked_device_wrote_leaves_the_views_when_the_revocation_arrives():
    store, member, device = joined()
    lost = member.device(by=device)
    rate(lost, 5)
    store.accept(device.batch())
    store.accept(lost.batch())
    desk = Desk(store)
    desk.projector().catch_up()
    assert ratings(store, member) == [5]
    pushed = len(device.events)
    device.write("device.revoked", {"device": base64url(lost.id), "leaves": []})
    store.accept(device.batch(device.events[pushed:]))
    desk.projector().catch_up()
    assert ratings(store, member) == []


def test_a_marker_that_was_lost_is_made_again_by_the_sweep():
    store, member, device = joined()
    rate(device, 2)
    store.accept(device.batch())
    store.connection.execute("DELETE FROM work")
    store.run(generations.sweep)
    Desk(store).projector().catch_up()
    assert ratings(store, member) == [2]
    assert streams.get(store.connection, store.stream(member).n).head == 2
