"""An older build keeps, relays and heals what a newer one wrote, unread and byte for byte; upgraded, it shows it.

The client's log, sessions and views and the server's store and projector are the real ones; only the catalogues are
handed in. Between the two builds a type is new, the scale of a rating changed, and a goal gained an optional field.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from copy import copy
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from milepost import catalogue
from milepost.catalogue import Catalogue, EventType
from milepost.catalogue.declare import needs
from milepost.catalogue.kinds import Int
from milepost.catalogue.upcast import Part, Parts, Upcaster
from milepost.event import Event
from milepost.projections.fold import Fold
from milepost.projections.goals import Goal
from milepost.projections.kinds import OWN_KINDS
from milepost.projections.skills import Skill
from milepost.trust import enrolment_of
from milepost_client.store.control import facts_of
from milepost_client.store.drafts import Draft
from milepost_client.views.views import Views
from milepost_server.projection import generations
from milepost_server.projection.projector import Projector
from milepost_server.projection.view_tables import StreamTables
from milepost_server.store import Connection, events, sqlite, streams
from milepost_server.world import World
from tests.simulation.device import Clock, Device
from tests.simulation.network import Wire
from tests.simulation.server import Server

T = TypeVar("T")
ROUNDS_MAX = 50
DAY = 20_454
SKILL, GOAL, CONTACT = "jmcdbcrk1qta9g4n", "9w2h5k7e3m1qta9g", "c0ntact0c0ntact0"


def declared(name: str) -> EventType:
    found = catalogue.get(name)
    assert found is not None
    return copy(found)


def with_version(version: int, rating_max: int) -> EventType:
    type_ = declared("skill.rated")
    rating = needs("rating", Int(1, rating_max), "how well")
    type_.version, type_.facts = version, tuple(rating if one.name == "rating" else one for one in type_.facts)
    return type_


def without_estimate() -> EventType:
    type_ = declared("goal.set")
    type_.facts = tuple(one for one in type_.facts if one.name != "estimate_minutes")
    return type_


def to_five_steps(facts: Part | None, private: Part | None) -> Parts:
    """Version 1 rated from 1 to 3; the middle stays the middle."""
    if facts is not None:
        rating = facts["rating"]
        if not isinstance(rating, int):
            raise TypeError(rating)
        facts = {**facts, "rating": 2 * rating - 1}
    return facts, private


UNCHANGED = [one for one in catalogue.types() if one.name not in {"skill.rated", "goal.set", "contact.added"}]
OLDER = Catalogue([*UNCHANGED, with_version(1, 3), without_estimate()])
NEWER = Catalogue(
    [*UNCHANGED, with_version(2, 5), declared("goal.set"), declared("contact.added")],
    (Upcaster("skill.rated", 1, to_five_steps),),
)


class Build(NamedTuple):
    """What an installation runs: its declarations, and their label."""

    catalogue: Catalogue
    label: str


OLD_BUILD, NEW_BUILD = Build(OLDER, "older"), Build(NEWER, "newer")


class Household:
    """A member's devices and a server, in memory; `first` and `third` are newer than `second`, until it is upgraded."""

    def __init__(self) -> None:
        clock = Clock()
        self.server = Server(7, clock)
        self.first, self.second, self.third = (Device(name, 7, clock) for name in ("first", "second", "third"))
        self.first.be_first()
        for device in (self.second, self.third):
            device.join(self.first)
        self.server.admit(enrolment_of(facts_of(next(self.first.log.since()))))
        self._wires = 0

    def sync(self, *devices: Device) -> None:
        """One round for each, one after the other."""
        for device in devices:
            self._wires += 1
            wire = Wire(self._wires)
            device.connect(wire, self.server.key.public)
            self.server.accept(wire)
            self._talk(device, wire)
            wire.cut()
            self.server.forget_closed()
            device.hang_up()

    def _talk(self, device: Device, wire: Wire) -> None:
        for _ in range(ROUNDS_MAX):
            while wire.up:
                self.server.take(self.server.visits[-1])
            self.server.commit()
            while wire.down:
                device.take()
            if not wire.up and device.session is not None and device.session.settled:
                return
        raise AssertionError(f"{device.name} does not settle: {device.session and device.session.failed}")

    @property
    def stream(self) -> streams.Stream:
        found = streams.find(self.server.connection, self.first.log.user)
        assert found is not None
        return found

    def on_server(self) -> dict[bytes, Event]:
        stored = events.events_after(self.server.connection, self.stream, 0, 1000)
        return {each.event.hash: each.event for each in stored}


class Desk:
    """The server's store as the projector wants it, on the one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    def write(self, job: Callable[[Connection], T], *, background: bool = False) -> "Future[T]":
        (outcome,) = sqlite.run_group(self._connection, [job])
        future: Future[T] = Future()
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.result)
        return future


def project(server: Server, build: Build) -> None:
    """What the server's projector does, under a build's catalogue."""
    Projector(Desk(server.connection), World(server.now_ms, bytes), Fold(build.catalogue)).catch_up()


def server_views(household: Household) -> dict[str, bytes]:
    connection = household.server.connection
    return dict(StreamTables(connection, generations.live(connection).version, household.stream.n).digests())


def write(device: Device, build: Build, type_: str, values: Mapping[str, object]) -> None:
    """A command of a build."""
    encoded = build.catalogue.encode(type_, values)
    device.append_drafts([Draft(encoded.type, encoded.version, DAY, 60, encoded.facts, encoded.private)])


def views(device: Device, build: Build, path: Path) -> Views:
    """The views of a device in its views.db, brought up to date by a build."""
    connection = sqlite3.connect(path, isolation_level=None)
    found = Views(connection, device.log, str(path), build.catalogue, build.label)
    found.refresh()
    return found


def shown(device: Device, build: Build, path: Path) -> dict[str, bytes]:
    """Every view, those of private text included, by its digest."""
    with views(device, build, path) as found:
        return dict(found.tables.digests())


@pytest.fixture
def household() -> Household:
    """The older device has rated in the old scale; then the newer one writes what only newer builds know."""
    household = Household()
    household.sync(household.first, household.second, household.third)
    rated = {"skill": SKILL, "basis": "self"}
    write(household.second, OLD_BUILD, "skill.rated", {**rated, "rating": 2})
    write(household.first, NEW_BUILD, "skill.rated", {**rated, "rating": 4, "note": "getting there"})
    added = {"contact": CONTACT, "class": "peer", "on_target_list": True, "name": "Dana"}
    write(household.first, NEW_BUILD, "contact.added", added)
    goal = {"goal": GOAL, "learning": True, "visible": False, "has_test": False, "text": "Draft 3 stories"}
    write(household.first, NEW_BUILD, "goal.set", {**goal, "estimate_minutes": 90})
    return household


def test_what_the_older_build_cannot_read_is_kept_and_relayed_byte_for_byte(household):
    household.sync(household.first, household.second)
    written = household.first.hashes()
    unread = {hash_: event for hash_, event in written.items() if event.type == "contact.added" or event.version == 2}
    assert len(unread) == 2
    assert {hash_: household.second.hashes()[hash_]._replace(sealed=None) for hash_ in unread} == unread

    household.server.wipe()
    household.sync(household.second, household.third)

    assert {hash_: household.third.hashes()[hash_]._replace(sealed=None) for hash_ in unread} == unread
    assert {hash_: household.on_server()[hash_].facts for hash_ in unread} == {
        hash_: event.facts for hash_, event in unread.items()
    }


def test_the_older_build_says_how_many_entries_are_from_a_newer_milepost(household, tmp_path):
    household.sync(household.first, household.second)

    with views(household.second, OLD_BUILD, tmp_path / "views.db") as found:
        assert found.inbox().unknown == 2
        assert found.progress(date(2026, 1, 1)).unknown == 2
        assert found.inbox().set_aside == ()


def test_a_field_the_older_build_does_not_know_is_passed_over_and_the_entry_counts(household, tmp_path):
    household.sync(household.first, household.second)

    with views(household.second, OLD_BUILD, tmp_path / "views.db") as found:
        goal = found.get(Goal, GOAL)
        assert goal is not None
        assert (goal.standing, goal.estimate_minutes) == ("open", None)
        assert found.name("goal", GOAL) == "Draft 3 stories"


def test_after_its_upgrade_a_device_shows_what_the_newer_one_shows(household, tmp_path):
    household.sync(household.first, household.second, household.first)
    before = shown(household.second, OLD_BUILD, tmp_path / "second.db")

    upgraded = shown(household.second, NEW_BUILD, tmp_path / "second.db")

    assert upgraded != before
    assert upgraded == shown(household.first, NEW_BUILD, tmp_path / "first.db")


def test_after_its_upgrade_a_device_reads_its_own_old_entries_in_todays_words(household, tmp_path):
    shown(household.second, OLD_BUILD, tmp_path / "views.db")

    with views(household.second, NEW_BUILD, tmp_path / "views.db") as found:
        skill = found.get(Skill, SKILL)

    assert skill is not None
    assert [rating.rating for rating in skill.ratings] == [3]


def test_after_its_upgrade_the_view_digests_of_both_devices_are_comparable_and_equal(household, tmp_path):
    household.sync(household.first, household.second, household.first)
    with (
        views(household.second, OLD_BUILD, tmp_path / "second.db") as older,
        views(household.first, NEW_BUILD, tmp_path / "first.db") as newer,
    ):
        assert older.digest().label != newer.digest().label

    with (
        views(household.second, NEW_BUILD, tmp_path / "second.db") as older,
        views(household.first, NEW_BUILD, tmp_path / "first.db") as newer,
    ):
        assert older.digest() == newer.digest()


def test_an_older_server_stores_what_it_cannot_read_and_shows_it_after_its_upgrade(household, tmp_path):
    household.sync(household.first, household.second, household.first)
    project(household.server, OLD_BUILD)
    assert any(entity.startswith("aside:") for entity in server_views(household))

    sqlite.run_group(household.server.connection, [lambda connection: generations.begin(connection)])
    project(household.server, NEW_BUILD)

    with views(household.first, NEW_BUILD, tmp_path / "views.db") as found:
        own = {entity for entity, _ in found.tables.digests() if entity.split(":")[0] in OWN_KINDS}
        assert server_views(household) == {
            entity: digest for entity, digest in found.tables.digests() if entity not in own
        }
