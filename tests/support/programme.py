"""A cohort with its pods and people over a memory store, through the server's own functions; weeks pass when told to.

It begins on a Monday at noon, in Berlin. Members write real events; what they grant counts from the Monday after.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from milepost.catalogue.declare import FAMILIES
from milepost.ids import base32, base64url
from milepost_server.acts.desk import Desk as ServerDesk
from milepost_server.cohort.cohorts import OPERATOR, Cohorts
from milepost_server.figures.releases import Contents
from milepost_server.figures.timetable import Timetable
from milepost_server.reads.figures import FigureInfo
from milepost_server.reads.reader import Sight, pod_sight_of, reader_of
from milepost_server.reads.totals import PodTotals, pod_totals
from milepost_server.store import releases, streams
from milepost_server.store.keyfile import ServerKey
from milepost_server.world import World
from tests.support.desks import Desk
from tests.support.devices import Device, Member
from tests.support.histories import GOAL, some_id
from tests.support.stores import MemoryStore

ZONE = ZoneInfo("Europe/Berlin")
BEGIN_MS = int(datetime(2026, 1, 5, 12, tzinfo=ZONE).timestamp() * 1000)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
FIRST_WEEK = "2026-W02"
UNTIL = "2026-12-31"
EVERY_FAMILY = tuple(FAMILIES)


class Person:
    """Somebody in the programme, with one device; what they write is pushed at once."""

    def __init__(self, programme: "Programme", seed: int) -> None:
        self.programme = programme
        member = Member(seed)
        programme.store.open(member)
        self.user = member.user
        self.device: Device = member.device()
        self._pushed = 0
        self._made = 0
        self.pod = ""
        self.withdrawals: list[str] = []

    def write(self, type: str, facts: dict[str, object]) -> str:
        """Write an event and push it; its id."""
        self.device.now_ms = self.programme.store.now_ms
        event = self.device.write(type, facts)
        self._push()
        return base32(event.id)

    def sets_goals(self, count: int, *, written_now: bool = True) -> None:
        """So many goals; with `written_now` false, written when the device's clock says."""
        if written_now:
            self.device.now_ms = self.programme.store.now_ms
        for _ in range(count):
            self._made += 1
            self.device.write("goal.set", {"goal": some_id("goal", self._made), **GOAL})
        if count:
            self._push()

    def joins(self, pod: str) -> None:
        """Take the place that a pod offers."""
        self.pod = pod
        self.write("pod.joined", {"pod": pod, "cohort": self.programme.cohort.cohort, "name": "somebody"})

    def grants(self, audience: str, *families: str, until: str = UNTIL) -> None:
        """Consent, for all families if none is named."""
        self.write("consent.granted", {**self._consent(audience, families), "until": until, "wording": 1,
                                       "withdrawals": self.withdrawals})  # fmt: skip

    def withdraws(self, audience: str, *families: str) -> None:
        """Take a consent back."""
        self.withdrawals.append(self.write("consent.withdrawn", self._consent(audience, families)))

    def _consent(self, audience: str, families: Sequence[str]) -> dict[str, object]:
        of_cohort = audience == "cohort_total"
        return {
            "scope": "cohort" if of_cohort else "pod",
            "id": self.programme.cohort.cohort if of_cohort else self.pod,
            "audience": audience,
            "families": list(families or EVERY_FAMILY),
        }

    def _push(self) -> None:
        self.programme.store.accept(self.device.batch(self.device.events[self._pushed :]))
        self._pushed = len(self.device.events)


class Programme:
    """One cohort, and the server's clock."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.store.now_ms = BEGIN_MS
        randomness = random.Random(5)
        self.world = World(lambda: self.store.now_ms, randomness.randbytes)
        key = ServerKey(b"s" * 32)
        self.hand = Cohorts(key, self.world)
        self.desk = Desk(self.store)
        self.server_desk = ServerDesk(key, self.world, self.hand)
        self.timetable = Timetable(self.desk, self.hand, self.world)
        self.cohort = self.store.run(
            lambda connection: self.hand.open(connection, "Spring", "2026-01-01", UNTIL, ZONE.key)
        )
        self.people: list[Person] = []

    def pod(self, name: str) -> str:
        """A new pod; its id."""
        pod = self.hand.new_id()
        self._event("pod.formed", pod=pod, name=name, capacity=5)
        return pod

    def person(self, pod: str, *audiences: str) -> Person:
        """Somebody who takes a place in a pod and consents to every family for some audiences."""
        person = Person(self, len(self.people) + 1)
        self.people.append(person)
        self.place(person, pod)
        person.joins(pod)
        for audience in audiences:
            person.grants(audience)
        return person

    def pod_of(self, count: int, *audiences: str, name: str = "") -> list[Person]:
        """A pod of so many people, each consenting to some audiences."""
        pod = self.pod(name or f"pod {len(self.people)}")
        return [self.person(pod, *audiences) for _ in range(count)]

    def place(self, person: Person, pod: str) -> None:
        """Offer a place."""
        self._event("member.placed", member=base64url(person.user), pod=pod)

    def remove(self, person: Person, pod: str) -> None:
        """Take a place away."""
        self._event("member.removed", member=base64url(person.user), pod=pod)

    def lead(self, person: Person, scope: str, id: str) -> None:
        """Have somebody lead a pod or the cohort, from the first day."""
        self._event("lead.appointed", lead=base64url(person.user), scope=scope, id=id, start="2026-01-01")

    def close(self) -> None:
        """Close the cohort."""
        self._event("cohort.closed", cohort=self.cohort.cohort)

    def codes(self, *codes: str) -> None:
        """Publish skill codes."""
        for code in codes:
            self._event("cohort.skill_listed", code=code, label=code.title())

    def _event(self, type: str, **facts: object) -> None:
        self.store.run(
            lambda connection: self.hand.append(connection, self.cohort, (type, {**facts, "actor": OPERATOR}))
        )

    # Time

    def at(self, week: int, day: int = 0, hour: int = 12) -> None:
        """Move to a day (0 is Monday) of a week (0 is the first) and let the server do what is due."""
        at_ms = BEGIN_MS + week * WEEK_MS + day * DAY_MS + (hour - 12) * HOUR_MS
        assert at_ms > self.store.now_ms, "time goes on"
        self.store.now_ms = at_ms
        self.settle()

    def settle(self) -> None:
        """Let the server fold what came, and do what is due."""
        self.desk.now_ms = self.store.now_ms
        self.desk.projector().catch_up()
        self.timetable.tick()

    # What is read

    def totals(self, pod: str, reader: Person) -> PodTotals:
        """A pod's totals, as somebody who may read them sees them now."""
        connection, now_ms = self.store.connection, self.store.now_ms
        stream = streams.find(connection, reader.user)
        assert stream is not None
        found = reader_of(connection, stream, now_ms)
        return pod_totals(connection, pod_sight_of(connection, found, pod), found, now_ms)

    def total(self, pod: str, reader: Person, measure: str = "goals_set") -> FigureInfo:
        """One figure of the pod's newest week."""
        return self.totals(pod, reader).figures[measure]

    def published(self, week: str) -> dict[str, int]:
        """What the release of a week says."""
        found = releases.of_week(self.store.connection, self.cohort.stream, week)
        assert found is not None, f"{week} is not published"
        return msgspec.json.decode(found.contents, type=Contents).figures

    @property
    def sight(self) -> Sight:
        """The whole cohort, as its lead sees it."""
        return Sight(self.cohort, None)


def week_name(week: int) -> str:
    """The name of a week of the programme."""
    return f"2026-W{int(FIRST_WEEK[-2:]) + week:02}"
