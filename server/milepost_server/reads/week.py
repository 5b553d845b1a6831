"""The cohort's week: its last release, beside the four before it."""

from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure.cohorts import CLASSES
from milepost.disclosure.parts import PARTICIPATION
from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.figures import contributors
from milepost_server.figures.releases import Contents
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.figures import FigureInfo, published
from milepost_server.reads.reader import Sight
from milepost_server.reads.totals import WeekFigures
from milepost_server.store import Connection, cohorts, releases

WEEKS_BESIDE = 4
STALE_DAYS = 8
DAY_MS = 86_400_000

FIRST_RELEASE = "first_release"
PUBLISHED = "published"
STALE = "stale"
ENDED = "ended"


class ReleaseInfo(msgspec.Struct, frozen=True):
    """One release: of which week, when it was published (UTC), and how many whole days ago."""

    week: str
    published_at: str
    age_days: int


class Participation(msgspec.Struct, frozen=True):
    """How many of those who share recorded anything: under_half, half_or_more or most; never a number."""

    state: str
    share: str | None = None


class WeekParticipation(msgspec.Struct, frozen=True):
    """The participation of one week."""

    week: str
    participation: Participation


class CohortWeek(msgspec.Struct, frozen=True):
    """A cohort's figures of the last week that was published, and of the four before it, newest first.

    `state`: first_release until there is one, stale when the last is older than eight days, ended once there will be no
    other; `next_release` (UTC) is null then.
    """

    cohort: CohortInfo
    state: str
    first_release: str
    next_release: str | None
    release: ReleaseInfo | None
    figures: dict[str, FigureInfo]
    participation: Participation
    weeks: list[WeekFigures]
    participation_before: list[WeekParticipation]


def cohort_week(connection: Connection, sight: Sight, now_ms: int) -> CohortWeek:
    """The cohort's week, for its leads."""
    cohort = sight.cohort
    found = releases.newest(connection, cohort.stream, 1 + WEEKS_BESIDE)
    contents = [msgspec.json.decode(release.contents, type=Contents) for release in found]
    last = release_info(found[0], now_ms) if found else None
    return CohortWeek(
        cohort_info(cohort),
        state_of(cohort, last),
        first_release(connection, cohort),
        None if is_ended(cohort, last) else next_release(cohort, now_ms),
        last,
        week_figures(contents[0]).figures if contents else {},
        participation(contents[0] if contents else None),
        [week_figures(each) for each in contents[1:]],
        [WeekParticipation(each.week, participation(each)) for each in contents[1:]],
    )


def release_info(release: releases.Release, now_ms: int) -> ReleaseInfo:
    """A release as pages name it."""
    return ReleaseInfo(release.week, weeks.instant(release.at), max(0, now_ms - release.at) // DAY_MS)


def is_ended(cohort: cohorts.Cohort, last: ReleaseInfo | None) -> bool:
    """Whether nothing is published any more: the cohort was closed, or its last week is out."""
    return bool(cohort.closed) or (last is not None and last.week >= weeks.week_of_day(cohort.end))


def state_of(cohort: cohorts.Cohort, last: ReleaseInfo | None) -> str:
    """The state of every page that shows the last release."""
    if is_ended(cohort, last):
        return ENDED
    if last is None:
        return FIRST_RELEASE
    return STALE if last.age_days >= STALE_DAYS else PUBLISHED


def last_contents(connection: Connection, cohort: cohorts.Cohort) -> tuple[releases.Release, Contents] | None:
    """The last release, with what it says."""
    found = releases.newest(connection, cohort.stream, 1)
    return (found[0], msgspec.json.decode(found[0].contents, type=Contents)) if found else None


def week_figures(contents: Contents) -> WeekFigures:
    """The figures of a release that every cohort has, by measure."""
    return WeekFigures(contents.week, {measure: published(contents.figures, measure) for measure in FAMILY_OF})


def participation(contents: Contents | None) -> Participation:
    """How many recorded anything."""
    figure = published(contents.figures if contents else {}, PARTICIPATION)
    return Participation(figure.state, None if figure.value is None else CLASSES[figure.value])


def first_release(connection: Connection, cohort: cohorts.Cohort) -> str:
    """The day of a cohort's first release: the Monday after its first week."""
    return weeks.monday(weeks.next_week(contributors.first_week(connection, cohort))).isoformat()


def next_release(cohort: cohorts.Cohort, now_ms: int) -> str:
    """When the next release is due, UTC."""
    zone = ZoneInfo(cohort.zone)
    week = weeks.week_of(now_ms, zone)
    before = weeks.release_ms(weeks.next_week(week, -1), zone)
    return weeks.instant(before if before > now_ms else weeks.release_ms(week, zone))
