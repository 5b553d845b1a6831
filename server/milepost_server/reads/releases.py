"""The releases of a cohort: of which weeks, and when each was published."""

import msgspec

from milepost_server.reads.reader import Sight
from milepost_server.reads.week import ReleaseInfo, release_info
from milepost_server.store import Connection, releases

LIMIT_MAX = 100


class ReleasesPage(msgspec.Struct, frozen=True):
    """A cohort's releases, newest first. `next` is the `after` of the next page, null on the last."""

    cohort: str
    name: str
    releases: list[ReleaseInfo]
    next: str | None


def releases_page(
    connection: Connection, sight: Sight, now_ms: int, after: str | None = None, limit: int = LIMIT_MAX
) -> ReleasesPage:
    """The releases of weeks before `after`, for the cohort's leads."""
    limit = min(max(limit, 1), LIMIT_MAX)
    found = releases.newest(connection, sight.cohort.stream, limit + 1, *([after] if after else []))
    more = found[limit - 1].week if len(found) > limit else None
    shown = [release_info(release, now_ms) for release in found[:limit]]
    return ReleasesPage(sight.cohort.cohort, sight.cohort.name, shown, more)
