"""Releases: the figures of a cohort's week, published once, on the Monday after it, and never again.

What may be said is decided by milepost.disclosure; here the parts are put together from contributions, and what was
decided is frozen: as an event in the cohort's stream, and as the row that pages read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure import Asked, decide
from milepost.disclosure.cohorts import (
    CONTRIBUTORS_MIN,
    OUTCOMES_MIN,
    CohortMean,
    CohortShare,
    CohortSum,
    Part,
    raters,
    standing,
)
from milepost.disclosure.parts import PARTICIPATION, after, before, is_outcome, mean_part, released, takes_part
from milepost.disclosure.pods import PodWeek, Shown, shown
from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.figures import contributors
from milepost_server.figures.contributors import Member
from milepost_server.store import Connection, cohorts, releases, totals
from milepost_server.store.releases import Release

COHORT_TOTAL = "cohort_total"
VERSION = 1

Counts = Mapping[int, Counter[str]]


class Contents(msgspec.Struct, frozen=True):
    """What was published of a week. A measure that is not among `figures` is suppressed; nothing says why."""

    week: str
    figures: dict[str, int]
    version: int = VERSION


class Draft(NamedTuple):
    """A week's figures, decided and not yet published. `raters` are those of each mean that was ever published."""

    contents: Contents
    raters: dict[str, list[bytes]]


def due(connection: Connection, cohort: cohorts.Cohort, now_ms: int, *, early: bool = False) -> list[str]:
    """The weeks whose release is due and not published, oldest first. `early`: due once they have ended."""
    if cohort.closed:
        return []
    zone = ZoneInfo(cohort.zone)
    last = releases.newest(connection, cohort.stream, 1)
    week = weeks.next_week(last[0].week) if last else contributors.first_week(connection, cohort)
    when = weeks.end_ms if early else weeks.release_ms
    found = []
    while week <= weeks.week_of_day(cohort.end) and when(week, zone) <= now_ms:
        found.append(week)
        week = weeks.next_week(week)
    return found


def draft(connection: Connection, cohort: cohorts.Cohort, week: str, now_ms: int) -> Draft:
    """The figures of a week that has ended, decided on what stands now."""
    people = _People(connection, cohort, week, now_ms)
    figures = {}
    for measure, asked in _questions(people):
        value = decide(asked).value
        if value is not None:
            figures[measure] = value
    held = _raters_before(connection, cohort)
    for code in people.codes:
        was, came = _means(people, code, held.get(code))
        before_, after_ = decide(was).value, decide(came).value
        # One without the other would say more of the other than was decided.
        if before_ is not None and after_ is not None:
            figures[before(code)], figures[after(code)] = before_, after_
            held[code] = raters(was.parts)
    return Draft(Contents(week, figures), {code: sorted(found) for code, found in held.items()})


def publish(
    connection: Connection, hand: Cohorts, cohort: cohorts.Cohort, drafted: Draft, now_ms: int, actor: str
) -> bool:
    """Freeze a draft, in a write job; False where another has published the week."""
    week = drafted.contents.week
    if releases.of_week(connection, cohort.stream, week) is not None:
        return False
    contents = msgspec.to_builtins(drafted.contents)
    hand.append(connection, cohort, ("release.published", {"week": week, "contents": contents, "actor": actor}))
    release = Release(week, now_ms, msgspec.json.encode(drafted.contents), msgspec.json.encode(drafted.raters))
    releases.put(connection, cohort.stream, release)
    return True


class _People:
    """The members of a cohort with what a week counted, and how each stands to the pod totals that were shown."""

    def __init__(self, connection: Connection, cohort: cohorts.Cohort, week: str, now_ms: int) -> None:
        today = weeks.day_of(now_ms, ZoneInfo(cohort.zone))
        found = contributors.of_week(connection, cohort, COHORT_TOTAL, week, now_ms)
        # What is not all counted after a whole morning stands in quarantine, and would be a wrong part.
        self.members = [member for member in found if not member.is_pending]
        self.counts: Counts = contributors.counts(connection, cohort, week)
        self.codes = [code for code, _ in cohorts.skill_codes(connection, cohort.stream)]
        appointed = cohorts.appointed(connection, cohort.stream)
        self._leads = {each.user for each in appointed if each.scope == "cohort" and each.holds(today)}
        self._shown = _ShownTotals(connection, cohort, week)
        self._families: dict[str, list[tuple[int, bytes, str, bool, str]]] = {}

    def parts(self, family: str, count: Callable[[Counter[str]], int]) -> list[Part]:
        """A part for everybody whose family may be summed."""
        nothing: Counter[str] = Counter()
        return [
            Part(user, pod, count(self.counts.get(stream, nothing)), is_known, stands)
            for stream, user, pod, is_known, stands in self._of_family(family)
        ]

    def _of_family(self, family: str) -> list[tuple[int, bytes, str, bool, str]]:
        """Whose family may be summed, and how they stand. Asked for each of its measures."""
        if family not in self._families:
            self._families[family] = [
                (
                    member.stream,
                    member.user,
                    member.pod,
                    member.user in self._leads or bool(member.named.get(family)),
                    self._shown.standing(member, family),
                )
                for member in self.members
                if family in member.summed
            ]
        return self._families[family]

    def answers(self) -> list[Part]:
        """A part for everybody who shares anything: whether they recorded any of that."""
        nothing: Counter[str] = Counter()
        return [
            Part(
                member.user,
                member.pod,
                int(takes_part(self.counts.get(member.stream, nothing), member.summed)),
                member.user in self._leads or bool(member.named),
            )
            for member in self.members
            if member.summed
        ]


class _ShownTotals:
    """Which totals of the week went out, to whom, and over whom."""

    def __init__(self, connection: Connection, cohort: cohorts.Cohort, week: str) -> None:
        zone = ZoneInfo(cohort.zone)
        start, end = weeks.start_ms(week, zone), weeks.end_ms(week, zone)
        self._weeks: dict[str, PodWeek] = {}
        self._gone: set[str] = set()
        for pod, total in totals.of_week(connection, cohort.stream, week).items():
            self._weeks[pod] = msgspec.json.decode(total.contents, type=PodWeek)
            if totals.is_marked(connection, pod, start, end) or totals.is_erased(connection, pod, start):
                self._gone.add(pod)
        self._families: dict[tuple[str, str], tuple[Shown, frozenset[bytes], bool]] = {}

    def standing(self, member: Member, family: str) -> str:
        """How a member stands to the totals of their pod."""
        if (member.pod, family) not in self._families:
            self._families[member.pod, family] = self._of(member.pod, family)
        went_out, summed, is_gone = self._families[member.pod, family]
        return standing(went_out, is_summed=member.user in summed, is_gone=is_gone)

    def _of(self, pod: str, family: str) -> tuple[Shown, frozenset[bytes], bool]:
        week = self._weeks.get(pod, PodWeek())
        measures = [measure for measure, of in FAMILY_OF.items() if of == family]
        went_out = shown(msgspec.structs.replace(week, closed=False), family, measures)
        summed = frozenset(each.member for each in week.contributors.get(family, ()))
        return went_out, summed, week.closed or pod in self._gone


def _questions(people: _People) -> Iterator[tuple[str, Asked]]:
    """Every question of a week but those about single codes."""
    counted = {name for counts in people.counts.values() for name in counts}
    for measure in released(people.codes, counted):
        contributors_min = OUTCOMES_MIN if is_outcome(measure.name) else CONTRIBUTORS_MIN
        yield measure.name, CohortSum(people.parts(measure.family, measure.part), contributors_min)
    yield PARTICIPATION, CohortShare(people.answers())


def _means(people: _People, code: str, before_: frozenset[bytes] | None) -> tuple[CohortMean, CohortMean]:
    """The two questions about a code: those who rated it again, with the mean of theirs where it was more than once."""

    def of(name: str) -> Sequence[Part]:
        parts = people.parts("skills", lambda counts: mean_part(name, code, counts))
        return [part for part in parts if part.amount]

    return CohortMean(of(before(code)), before_), CohortMean(of(after(code)), before_)


def _raters_before(connection: Connection, cohort: cohorts.Cohort) -> dict[str, frozenset[bytes]]:
    last = releases.newest(connection, cohort.stream, 1)
    if not last:
        return {}
    kept = msgspec.json.decode(last[0].raters, type=dict[str, list[bytes]])
    return {code: frozenset(found) for code, found in kept.items()}
