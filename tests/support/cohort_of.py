"""A cohort of any size, as rows: for pages, pictures and benchmarks that are about how much there is.

Everybody is in a pod of four, most let their week be summed, some share by name, a few wait for an answer. Every row is
one that the server itself would have written; there are no events behind the members' rows, so nothing folds them anew.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure.pods import Contributor, PodWeek
from milepost.ids import base64url
from milepost.projections.asking import Help, Words
from milepost.projections.kinds import resolved
from milepost.projections.milestones import Milestone
from milepost.projections.tallies import FAMILY_OF
from milepost.projections.view import View
from milepost_server.cohort import weeks
from milepost_server.cohort.cohorts import OPERATOR, Cohorts
from milepost_server.projection import generations
from milepost_server.store import Connection, streams, totals
from milepost_server.store.cohorts import Cohort
from milepost_server.store.totals import Total

PEOPLE_IN_POD = 4
ZONE = ZoneInfo("Europe/Berlin")
DAY_MS = 86_400_000
WEEKS = 5
KINDS = ("credential", "portfolio", "networking", "sprint", "mentoring")
FIRST = ("Mara", "Ben", "Noor", "Sam", "Lena", "Omar", "Zoe", "Tariq", "Ines", "Jon")
NAMES = ("Harbour", "Lantern", "Quay", "Beacon", "Anchor", "Compass", "Ferry", "Pier", "Tide", "Buoy")


class Filled(NamedTuple):
    """What was made: the cohort, its lead (a member's key), its pods by name."""

    cohort: Cohort
    lead: bytes
    pods: list[str]


def fill(connection: Connection, hand: Cohorts, count: int, now_ms: int, *, name: str = "Spring") -> Filled:
    """A cohort with `count` members; inside a write job."""
    dice = random.Random(count)
    today = weeks.day_of(now_ms, ZONE)
    start, end = today - timedelta(weeks=8), today + timedelta(weeks=18)
    cohort = hand.open(connection, name, start.isoformat(), end.isoformat(), ZONE.key)
    lead = dice.randbytes(16)
    hand.append(connection, cohort, ("lead.appointed", _leading(cohort, lead, start.isoformat())))
    streams.open_stream(connection, lead, streams.MEMBER)
    filler = _Filler(connection, cohort, now_ms, dice)
    pods = [filler.pod(number, hand.new_id()) for number in range(-(-count // PEOPLE_IN_POD))]
    for number in range(count):
        filler.member(pods[number // PEOPLE_IN_POD], number, hand)
    filler.write()
    return Filled(cohort, lead, pods)


def _leading(cohort: Cohort, lead: bytes, start: str) -> dict[str, object]:
    scope = {"scope": "cohort", "id": cohort.cohort, "start": start}
    return {"lead": base64url(lead), **scope, "name": "Cleo", "actor": OPERATOR}


class _Filler:
    """Collects rows, and writes each table at once."""

    def __init__(self, connection: Connection, cohort: Cohort, now_ms: int, dice: random.Random) -> None:
        self._connection = connection
        self._cohort = cohort
        self._now_ms = now_ms
        self._dice = dice
        self._version = generations.live(connection).version
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        self._people: dict[str, list[tuple[bytes, bool]]] = {}

    def pod(self, number: int, pod: str) -> str:
        """A pod with a session held, one planned, and sometimes neither."""
        stream, name = self._cohort.stream, f"{NAMES[number % len(NAMES)]} {number // len(NAMES) + 1}"
        self._add("pod", stream, pod, name, 5, 0)
        if number % 7:
            self._session(pod, -self._dice.randrange(1, 20), "held")
        if number % 3:
            self._session(pod, self._dice.randrange(1, 10), "scheduled")
        return pod

    def member(self, pod: str, number: int, hand: Cohorts) -> None:
        """Somebody in a pod, with milestones, consents, perhaps a request."""
        user, dice = self._dice.randbytes(16), self._dice
        stream = streams.open_stream(self._connection, user, streams.MEMBER).n
        name = f"{FIRST[number % len(FIRST)]} {number // len(FIRST) + 1}"
        since = self._now_ms - 40 * DAY_MS
        self._add("placement", self._cohort.stream, user, pod, None)
        self._add("member_pod", stream, user, pod, self._cohort.cohort, name, since)
        is_named = dice.random() < 0.3
        self._people.setdefault(pod, []).append((user, is_named))
        until = self._cohort.end
        for family in sorted(set(FAMILY_OF.values())):
            self._add("granted", stream, pod, "pod_total", family, "pod", since, until)
            if is_named:
                self._add("granted", stream, pod, "lead", family, "pod", since, until)
        for at in range(3):
            self._milestone(stream, hand.new_id(), dice.randrange(-20, 60), at)
        if dice.random() < 0.03:
            self._request(stream, pod, hand.new_id())

    def write(self) -> None:
        """Everything, table by table; the pods' weeks as they would have been added up."""
        for table, rows in self._rows.items():
            marks = ",".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 -- names of our own
        this_week = weeks.week_of(self._now_ms, ZONE)
        for pod, people in self._people.items():
            for back in range(1, WEEKS + 1):
                week = weeks.next_week(this_week, -back)
                total = Total(pod, week, weeks.end_ms(week, ZONE), msgspec.json.encode(self._week(people)))
                totals.put(self._connection, self._cohort.stream, total)

    def _week(self, people: Sequence[tuple[bytes, bool]]) -> PodWeek:
        contributors = tuple(Contributor(user, ("lead",) if is_named else ()) for user, is_named in people)
        return PodWeek(
            {measure: self._dice.randrange(6) for measure in FAMILY_OF},
            dict.fromkeys(FAMILY_OF.values(), contributors),
        )

    def _milestone(self, stream: int, id: str, days: int, at: int) -> None:
        due = (weeks.day_of(self._now_ms, ZONE) + timedelta(days=days)).isoformat()
        status = ("planned", "started", "blocked")[at]
        view = Milestone(
            id=id, kind=self._dice.choice(KINDS), start="2026-01-05", due_on=due, first_due=due, status=status,
            planned_on="2026-01-05",
        )  # fmt: skip
        self._view(stream, "milestone", id, view)

    def _request(self, stream: int, pod: str, id: str) -> None:
        at, event = self._now_ms - self._dice.randrange(10) * DAY_MS, id + "0" * 10
        cohort, v = self._cohort.cohort, self._version
        self._view(stream, "help", id, Help(id=id, to="lead", kind="unblock", asked_on="2026-01-05", event=event))
        words = Words(event=event, to="lead", text="Who can open a test account?", said_on="2026-01-05", ref=(id,))
        self._view(stream, "words", event, words)
        self._add(f"request_v{v}", stream, id, pod, cohort, "lead", "open", at)
        self._add(f"words_v{v}", stream, event, id, pod, cohort, "lead", 1, at)

    def _session(self, pod: str, days: int, state: str) -> None:
        at = datetime.fromtimestamp((self._now_ms + days * DAY_MS) // 1000, UTC)
        id = f"{len(self._rows.get('session', ())):016d}"
        self._add("session", self._cohort.stream, id, pod, at.strftime("%Y-%m-%dT%H:%M:%SZ"), 60, state)

    def _view(self, stream: int, kind: str, id: str, view: View) -> None:
        one = resolved(f"{kind}:{id}", view)
        assert one.view is not None
        self._add(
            f"progress_v{self._version}_view", stream, kind, id, one.standing, one.due, one.view.decode(), one.digest
        )

    def _add(self, table: str, *row: object) -> None:
        self._rows.setdefault(table, []).append(row)
