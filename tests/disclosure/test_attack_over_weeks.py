"""The attacker of privacy.md with patience: everything that a server shows over weeks, in which people come and go.

test_attacker.py looks at one week, as deep as it goes. Here the server itself lives through weeks: people join, move,
leave, grant, withdraw, and send late what they wrote offline. Every total and release that anybody is shown becomes a
line of one sum over what people recorded. Whoever attacks is given more than there is to see: which entries each line
is over. Of nobody outside every shown pod total may any combination of lines, one's own entries and those seen by name
come to the count of a week.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple
from unittest.mock import patch

import msgspec
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from milepost.disclosure import VALUE, Asked, Figure, decide
from milepost.disclosure.cohorts import CohortSum, summed
from milepost.disclosure.pods import LEAD, POD, PodWeek
from milepost_server.figures import releases
from milepost_server.store import totals
from tests.support.programme import Person, Programme, week_name

FAMILY, MEASURE = "progress", "goals_set"
TUESDAY, THURSDAY, SUNDAY = 1, 3, 6
SIZES = (3, 3, 2)
WEEKS = 2

Line = frozenset[int]
"""The entries that a shown figure is over."""


class Entry(NamedTuple):
    """Goals that somebody set in one go: who, how many, when the server received them, in which week and pod."""

    person: int
    goals: int
    at: int
    week: int
    pod: str


class Party(NamedTuple):
    """Who attacks together: some members, and perhaps the lead."""

    members: tuple[int, ...]
    has_lead: bool = False


class Life:
    """A cohort that lives, and all that is shown of it to whom."""

    def __init__(self, summing: Sequence[bool], naming: Sequence[str]) -> None:
        self.programme = Programme()
        self.entries: list[Entry] = []
        self.named: dict[int, set[str]] = {}
        self.pods_of: dict[int, set[str]] = {}
        self.releases: dict[int, Line] = {}
        self.totals: dict[tuple[str, str, int], Line] = {}
        self.seen_by: dict[tuple[str, str, int], set[int]] = {}
        self.exposed: set[tuple[int, str]] = set()
        self.week = 0
        self.pods = [self.programme.pod(f"pod {number}") for number in range(len(SIZES))]
        homes = [pod for pod, size in zip(self.pods, SIZES, strict=True) for _ in range(size)]
        for pod, sums, audience in zip(homes, summing, naming, strict=True):
            self.join(pod, "cohort_total", *(["pod_total"] if sums else []), *([audience] if audience else []))
        self.lead = self.join("", lead=True)

    @property
    def people(self) -> list[Person]:
        return self.programme.people

    def join(self, pod: str, *audiences: str, lead: bool = False) -> int:
        """Somebody comes, into a pod or to lead the cohort; their number."""
        number = len(self.people)
        if lead:
            person = Person(self.programme, number + 1)
            self.people.append(person)
            self.programme.lead(person, "cohort", self.programme.cohort.cohort)
        else:
            self.programme.person(pod, *audiences)
            self.pods_of[number] = {pod}
            self.named[number] = {audience for audience in audiences if audience in (POD, LEAD)}
        return number

    def sets(self, number: int, count: int, *, offline: bool = False) -> None:
        """Goals are set; those set offline were written when that device was last used. None is a number as well."""
        person = self.people[number]
        person.sets_goals(count, written_now=not offline)
        self.entries.append(Entry(number, count, self.programme.store.now_ms, self.week, person.pod))

    def all_set(self, counts: Sequence[int]) -> list[int]:
        """What everybody sets; those who came later, nothing."""
        return [*counts, *[0] * (len(self.people) - len(counts))]

    def does(self, what: str, number: int, pod: int) -> None:
        """One thing that somebody does in mid-week."""
        person = self.people[number]
        match what:
            case "joins":
                self.join(self.pods[pod], "cohort_total", "pod_total")
            case "moves":
                if person.pod and person.pod != self.pods[pod]:
                    self.programme.remove(person, person.pod)
                    self.programme.place(person, self.pods[pod])
                    person.joins(self.pods[pod])
                    self.pods_of[number].add(person.pod)
            case "leaves":
                place = {"pod": person.pod, "cohort": self.programme.cohort.cohort, "erase": False}
                person.write("pod.left", place)
            case "sends":
                self.sets(number, 2, offline=True)
            case _:
                verb, audience = what.split()
                getattr(person, verb)(audience)
                if verb == "grants" and audience in (POD, LEAD):
                    self.named[number].add(audience)

    def goes_to(self, week: int, day: int = 0, hour: int = 12) -> None:
        """Time passes, and everybody looks."""
        with recorded() as asked:
            self.programme.at(week, day, hour)
        self.week = week
        for question in asked:
            users = {part.member for part in summed(question)}
            self.releases[week - 1] = self._line(self._numbers(users), week=week - 1)
        self.looks()

    def looks(self) -> None:
        """Everybody who may see the totals of a pod looks at them."""
        connection, stream = self.programme.store.connection, self.programme.cohort.stream
        for pod in self.pods:
            kept = {total.week: total for total in totals.newest(connection, stream, pod, WEEKS + 2)}
            for number, person in enumerate(self.people):
                if number != self.lead and person.pod != pod:
                    continue
                shown = self.programme.totals(pod, person) if self._is_in(person, number) else None
                if shown is None:
                    continue
                for week, figures in [(shown.week, shown.figures), *((one.week, one.figures) for one in shown.earlier)]:
                    figure = figures.get(MEASURE)
                    if week is not None and figure is not None and figure.state == VALUE:
                        self._was_shown(pod, kept[week], number, figure.value)

    def _is_in(self, person: Person, number: int) -> bool:
        return number == self.lead or any(
            person.user == user
            for (user,) in self.programme.store.connection.execute(
                "SELECT user FROM in_pod WHERE pod = ?", (person.pod,)
            )
        )

    def _was_shown(self, pod: str, total: totals.Total, number: int, value: int | None) -> None:
        key = pod, total.week, total.at
        summing = msgspec.json.decode(total.contents, type=PodWeek).contributors[FAMILY]
        numbers = self._numbers({each.member for each in summing})
        week = next(n for n in range(WEEKS + 3) if week_name(n) == total.week)
        self.totals[key] = self._line(numbers, week=week, pod=pod, until=total.at)
        assert sum(self.entries[n].goals for n in self.totals[key]) == value, "the line is what was shown"
        self.seen_by.setdefault(key, set()).add(number)
        self.exposed |= {(each, total.week) for each in numbers}

    def _numbers(self, users: set[bytes]) -> set[int]:
        return {number for number, person in enumerate(self.people) if person.user in users}

    def _line(self, numbers: set[int], *, week: int, pod: str = "", until: int = 1 << 62) -> Line:
        return frozenset(
            n
            for n, one in enumerate(self.entries)
            if one.person in numbers and one.week == week and one.at <= until and pod in ("", one.pod)
        )

    # The attack

    def told(self) -> list[tuple[Party, int, int]]:
        """Whose count of which week a party can tell."""
        return [(party, *target) for party in self._parties() for target in self._told_to(party)]

    def _parties(self) -> Iterator[Party]:
        members = [number for number in range(len(self.people)) if number != self.lead]
        yield Party(())
        yield Party((), has_lead=True)
        yield from (Party((number,), has_lead=True) for number in members)
        yield from (Party(pair) for pair in combinations(members, 2))

    def _told_to(self, party: Party) -> Iterator[tuple[int, int]]:
        known = self._known(party)
        eyes = {*party.members, *([self.lead] if party.has_lead else [])}
        lines = [*self.releases.values(), *(line for key, line in self.totals.items() if self.seen_by[key] & eyes)]
        free = [n for n, one in enumerate(self.entries) if one.person not in known]
        basis = reduced([[int(n in line) for n in free] for line in lines])
        for number in sorted({one.person for one in self.entries} - known):
            for week in sorted(self.releases):
                mine = self._line({number}, week=week)
                if mine and (number, week_name(week)) not in self.exposed:
                    target = [int(n in mine) for n in free]
                    if is_spanned(basis, target):
                        yield number, week

    def _known(self, party: Party) -> set[int]:
        """The party itself, and whoever it sees by name, at any time."""
        seen = set(party.members)
        for number, audiences in self.named.items():
            is_mate = any(self.pods_of[number] & self.pods_of[other] for other in party.members)
            if (POD in audiences and is_mate) or (LEAD in audiences and party.has_lead):
                seen.add(number)
        return seen


@contextmanager
def recorded() -> Iterator[list[CohortSum]]:
    """The sums that are published meanwhile."""
    found: list[CohortSum] = []

    def deciding(asked: Asked) -> Figure:
        figure = decide(asked)
        if isinstance(asked, CohortSum) and figure.state == VALUE:
            found.append(asked)
        return figure

    with patch.object(releases, "decide", deciding):
        yield found


Row = list[Fraction]


def reduced(rows: Sequence[Sequence[int]]) -> list[Row]:
    """Rows in echelon form, each with a leading 1."""
    basis: list[Row] = []
    for row in rows:
        left = rest(basis, [Fraction(n) for n in row])
        lead = next((n for n in left if n), None)
        if lead is not None:
            basis.append([n / lead for n in left])
    return basis


def rest(basis: Sequence[Row], row: Row) -> Row:
    """What no combination of the basis comes to."""
    for each in basis:
        place = next(n for n, value in enumerate(each) if value)
        row = [a - row[place] * b for a, b in zip(row, each, strict=True)]
    return row


def is_spanned(basis: Sequence[Row], target: Sequence[int]) -> bool:
    """Whether a combination of the basis comes to the target."""
    return not any(rest(basis, [Fraction(n) for n in target]))


ACTS = (
    "joins", "moves", "leaves", "sends", "grants pod_total", "withdraws pod_total", "withdraws cohort_total",
    "grants lead", "grants pod",
)  # fmt: skip
SOMEBODY, SOME_POD = st.integers(0, sum(SIZES) - 1), st.integers(0, len(SIZES) - 1)
acts = st.lists(st.tuples(st.sampled_from(ACTS), SOMEBODY, SOME_POD), max_size=1)


class Week(NamedTuple):
    """What is set on Monday by whom, done on Tuesday, set besides on Wednesday, and done on Thursday."""

    counts: tuple[int, ...]
    early: Sequence[tuple[str, int, int]] = ()
    more: Sequence[tuple[int, int]] = ()
    late: Sequence[tuple[str, int, int]] = ()


def by_pod(choices: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """For everybody of a pod the same, for most pods: shares of single people seldom come to anything shown."""
    return st.tuples(*(choices for _ in SIZES)).map(
        lambda drawn: tuple(one for one, size in zip(drawn, SIZES, strict=True) for _ in range(size))
    )


a_week = st.builds(
    Week,
    st.tuples(*[st.sampled_from((1, 1, 2, 3, 0))] * sum(SIZES)),
    acts,
    st.lists(st.tuples(SOMEBODY, st.integers(1, 3)), max_size=2),
    acts,
)
QUIET = Week((1, 2, 1, 1, 2, 1, 1, 2))
NOBODY = ("",) * sum(SIZES)


@settings(max_examples=18, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    by_pod(st.sampled_from((True, True, False))),
    st.one_of(st.just(NOBODY), by_pod(st.sampled_from((LEAD, POD, "")))),
    st.lists(a_week, min_size=WEEKS, max_size=WEEKS),
)
@example((True,) * 6 + (False,) * 2, NOBODY, [QUIET, QUIET])
@example((False,) * 8, (LEAD,) * 6 + ("",) * 2, [QUIET, QUIET])
@example((True,) * 8, NOBODY, [QUIET, Week(QUIET.counts, [("moves", 0, 2)], [(0, 3)], [("sends", 6, 0)])])
@example((True,) * 6 + (False,) * 2, NOBODY, [QUIET, Week(QUIET.counts, [("withdraws cohort_total", 0, 0)])])
def test_nothing_that_is_shown_over_weeks_adds_up_to_one_members_count(summing, naming, weeks):
    life = Life(summing, naming)
    for number, week in enumerate(weeks, 1):
        life.goes_to(number)
        for person, count in enumerate(life.all_set(week.counts)):
            life.sets(person, count)
        life.goes_to(number, TUESDAY)
        for act in week.early:
            life.does(*act)
        life.looks()
        for person, count in week.more:
            life.sets(person, count)
        life.goes_to(number, THURSDAY)
        for act in week.late:
            life.does(*act)
        life.goes_to(number, SUNDAY)
        life.goes_to(number + 1, hour=7)
    event(f"{len(life.releases)} releases, {min(len(life.totals), 5)} totals")
    assert life.told() == []
