"""What the operator may ask of figures ahead of their hour: a pod's totals now, the release of a week that has ended.

Neither can be asked for twice with another answer: a release is published once, and a week that is closed stays so.
"""

import msgspec

from milepost.errors import UsageError
from milepost_server.acts.desk import Action, Desk
from milepost_server.cohort import audit, weeks
from milepost_server.cohort.cohorts import OPERATOR, found_cohort
from milepost_server.figures import contributors, releases, totals
from milepost_server.refusals import Conflict
from milepost_server.store import Connection, cohorts
from milepost_server.store import releases as rows

RELEASES_SHOWN = 100
TOTALS_NOW = "totals/now"
RELEASES_NOW = "releases/now"


class OfCohort(msgspec.Struct, frozen=True):
    """A cohort, by name or id; it may be left out where there is one."""

    cohort: str | None = None


class AddedUp(msgspec.Struct, frozen=True):
    """How many pods were added up; the others are closed, for this week or for good."""

    cohort: str
    pods: int


class Published(msgspec.Struct, frozen=True):
    """A release: of which week, when (UTC), and how many figures it has."""

    cohort: str
    week: str
    published_at: str
    figures: int


def totals_now(connection: Connection, desk: Desk, asked: OfCohort) -> AddedUp:
    """Add up the pods of a cohort now."""
    cohort, now_ms = _cohort(connection, asked), desk.world.now_ms()
    found = totals.add_up(connection, cohort, now_ms)
    totals.keep(connection, cohort, found, now_ms)
    audit.write(connection, cohort.stream, now_ms, OPERATOR, TOTALS_NOW)
    return AddedUp(cohort.cohort, len({total.pod for total in found}))


def release_now(connection: Connection, desk: Desk, asked: OfCohort) -> list[Published]:
    """Publish every week that has ended and is not published, without waiting for the morning."""
    cohort, now_ms = _cohort(connection, asked), desk.world.now_ms()
    due = releases.due(connection, cohort, now_ms, early=True)
    if due and contributors.is_waiting(connection, now_ms):
        raise Conflict("entries that came are still being counted", remedy="try again in a minute")
    if due:
        totals.keep(connection, cohort, totals.add_up(connection, cohort, now_ms), now_ms)
    for week in due:
        drafted = releases.draft(connection, cohort, week, now_ms)
        releases.publish(connection, desk.cohorts, cohort, drafted, now_ms, OPERATOR)
        audit.write(connection, cohort.stream, now_ms, OPERATOR, RELEASES_NOW)
    return [one for one in list_releases(connection, desk, asked) if one.week in due]


def list_releases(connection: Connection, desk: Desk, asked: OfCohort) -> list[Published]:
    """The releases of a cohort, newest first."""
    cohort = _cohort(connection, asked)
    return [_published(cohort, release) for release in rows.newest(connection, cohort.stream, RELEASES_SHOWN)]


def _published(cohort: cohorts.Cohort, release: rows.Release) -> Published:
    contents = msgspec.json.decode(release.contents, type=releases.Contents)
    return Published(cohort.cohort, release.week, weeks.instant(release.at), len(contents.figures))


def _cohort(connection: Connection, asked: OfCohort) -> cohorts.Cohort:
    if asked.cohort is not None:
        return found_cohort(connection, asked.cohort)
    every = cohorts.cohorts(connection)
    if len(every) != 1:
        raise UsageError("there is more than one cohort, or none", remedy="name it with --cohort")
    return every[0]


ACTIONS = {
    TOTALS_NOW: Action(OfCohort, AddedUp, totals_now),
    RELEASES_NOW: Action(OfCohort, list[Published], release_now),
    "releases/list": Action(OfCohort, list[Published], list_releases),
}
