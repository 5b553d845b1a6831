"""The releases of a cohort: of which weeks, and when each was published."""

import msgspec

from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT, checked_limit
from milepost_server.reads.reader import Sight
from milepost_server.reads.week import ReleaseInfo, release_info
from milepost_server.store import Connection, releases


class ReleasesPage(msgspec.Struct, frozen=True):
    """A cohort's releases, newest first. `next` is the `after` of the next page, null on the last."""

    cohort: CohortInfo
    releases: list[ReleaseInfo]
    next: str | None


def releases_page(
    connection: Connection, sight: Sight, now_ms: int, after: str | None = None, limit: int = LIMIT_DEFAULT
) -> ReleasesPage:
    """The releases of weeks before `after`, for the cohort's leads."""
    found = releases.newest(connection, sight.cohort.stream, checked_limit(limit) + 1, *([after] if after else []))
    more = found[limit - 1].week if len(found) > limit else None
    shown = [release_info(release, now_ms) for release in found[:limit]]
    return ReleasesPage(cohort_info(sight.cohort), shown, more)
