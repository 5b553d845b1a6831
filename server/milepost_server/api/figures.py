"""Figures of others over HTTP: a pod's totals, and what a cohort published of its weeks."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from milepost_server.reads.blockers import BlockersPage, blockers_page
from milepost_server.reads.paging import LIMIT_DEFAULT
from milepost_server.reads.reader import Sight, pod_sight_of, reader_of, whole_sight_of
from milepost_server.reads.releases import ReleasesPage, releases_page
from milepost_server.reads.skills import SkillsPage, skills_page
from milepost_server.reads.totals import PodTotals, pod_totals
from milepost_server.reads.week import CohortWeek, cohort_week
from milepost_server.site import Site
from milepost_server.store import Connection
from milepost_server.sync.tokens import Bearer

T = TypeVar("T")


@get("/v1/pods/{pod:str}/summary", tags=["pod"])
async def summary(pod: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> PodTotals:
    """A pod's totals, for its members and leads. For anybody else there is no such pod."""
    now_ms = site.world.now_ms()

    def read(connection: Connection) -> PodTotals:
        reader = reader_of(connection, bearer.stream, now_ms)
        return pod_totals(connection, pod_sight_of(connection, reader, pod), reader, now_ms)

    return await site.read(read)


@get("/v1/cohorts/{cohort:str}/week", tags=["cohort"])
async def week(cohort: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> CohortWeek:
    """The last week that the cohort published, beside the four before it. For its leads."""
    return await _of_cohort(site, bearer, cohort, cohort_week)


@get("/v1/cohorts/{cohort:str}/skills", tags=["cohort"])
async def skills(cohort: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> SkillsPage:
    """Skills that were rated again in the last published week. For the cohort's leads."""
    return await _of_cohort(site, bearer, cohort, skills_page)


@get("/v1/cohorts/{cohort:str}/blockers", tags=["cohort"])
async def blockers(cohort: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> BlockersPage:
    """What milestones were blocked by in the last published week. For the cohort's leads."""
    return await _of_cohort(site, bearer, cohort, blockers_page)


@get("/v1/cohorts/{cohort:str}/releases", tags=["cohort"])
async def releases(
    cohort: FromPath[str],
    bearer: NamedDependency[Bearer],
    site: NamedDependency[Site],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = LIMIT_DEFAULT,
) -> ReleasesPage:
    """Which weeks were published, and when; of weeks before `after`. For the cohort's leads."""
    return await _of_cohort(
        site, bearer, cohort, lambda connection, sight, now_ms: releases_page(connection, sight, now_ms, after, limit)
    )


async def _of_cohort(site: Site, bearer: Bearer, cohort: str, page: Callable[[Connection, Sight, int], T]) -> T:
    now_ms = site.world.now_ms()

    def read(connection: Connection) -> T:
        reader = reader_of(connection, bearer.stream, now_ms)
        return page(connection, whole_sight_of(connection, reader, cohort), now_ms)

    return await site.read(read)


HANDLERS: list[Any] = [summary, week, skills, blockers, releases]
