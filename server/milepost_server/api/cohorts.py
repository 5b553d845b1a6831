"""A cohort over HTTP, for who leads it or a pod of it: its pods, set-up, requests, calendar and audit log."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from milepost_server.api import looks
from milepost_server.reads.audit import AuditPage, audit_page
from milepost_server.reads.calendar import CalendarPage, calendar_page, icalendar
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT
from milepost_server.reads.pods import PodsPage, pods_page
from milepost_server.reads.reader import Reader, reader_of, sight_of
from milepost_server.reads.requests import RequestsPage, requests_page
from milepost_server.reads.setup import SetupPage, setup_page
from milepost_server.site import Site
from milepost_server.store import Connection
from milepost_server.sync.tokens import Bearer

T = TypeVar("T")
CALENDAR_TYPE = "text/calendar; charset=utf-8"

Id = FromPath[str]
After = FromQuery[str | None]
Limit = FromQuery[int]
Part = FromQuery[str | None]


@get("/v1/cohorts/{cohort:str}", tags=["cohort"])
async def cohort(cohort: Id, bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> CohortInfo:
    """A cohort: its name, its days, its zone."""
    _, found = await read_as(
        site, bearer, lambda connection, reader, _: cohort_info(sight_of(connection, reader, cohort).cohort)
    )
    return found


@get("/v1/cohorts/{cohort:str}/pods", tags=["cohort"])
async def pods(
    cohort: Id,
    bearer: NamedDependency[Bearer],
    site: NamedDependency[Site],
    after: After = None,
    limit: Limit = LIMIT_DEFAULT,
    named: Part = None,
) -> PodsPage:
    """The pods I lead: size, sessions, requests, figures, and what falls due of those who share it by name.

    `named` keeps those that have it in their name.
    """
    reader, page = await read_as(
        site,
        bearer,
        lambda connection, reader, now_ms: pods_page(
            connection, reader, cohort, now_ms, after=after, limit=limit, named=named
        ),
    )
    await looks.note(site, reader, page, site.world.now_ms())
    return page


@get("/v1/cohorts/{cohort:str}/setup", tags=["cohort"])
async def setup(
    cohort: Id,
    bearer: NamedDependency[Bearer],
    site: NamedDependency[Site],
    after: After = None,
    limit: Limit = LIMIT_DEFAULT,
    pods_after: After = None,
    named: Part = None,
) -> SetupPage:
    """What is set up and what is not: pods, codes, invites, leads, people without a pod. For the cohort's leads.

    `after` goes on in the invites, `pods_after` in the pods; `named` keeps pods that have it in their name.
    """
    _, page = await read_as(
        site,
        bearer,
        lambda connection, reader, now_ms: setup_page(
            connection, reader, cohort, now_ms, after=after, limit=limit, pods_after=pods_after, named=named
        ),
    )
    return page


@get("/v1/cohorts/{cohort:str}/requests", tags=["cohort"])
async def requests(
    cohort: Id,
    bearer: NamedDependency[Bearer],
    site: NamedDependency[Site],
    standing: FromQuery[str] = "open",
    after: After = None,
    limit: Limit = LIMIT_DEFAULT,
) -> RequestsPage:
    """The requests for help in the pods I lead, oldest first; `standing=closed` has those that ended."""
    _, page = await read_as(
        site,
        bearer,
        lambda connection, reader, _: requests_page(
            connection, reader, cohort, standing=standing, after=after, limit=limit
        ),
    )
    return page


@get("/v1/cohorts/{cohort:str}/calendar", tags=["cohort"])
async def calendar(cohort: Id, bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> CalendarPage:
    """Sessions, weeks and due milestones of the pods I lead."""
    return await _calendar(site, bearer, cohort)


@get("/v1/cohorts/{cohort:str}/calendar.ics", tags=["cohort"], media_type=CALENDAR_TYPE)
async def calendar_file(cohort: Id, bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> Response[bytes]:
    """The same as an iCalendar file."""
    page = await _calendar(site, bearer, cohort)
    return Response(icalendar(page, site.world.now_ms()), media_type=CALENDAR_TYPE)


@get("/v1/cohorts/{cohort:str}/audit", tags=["cohort"])
async def audit(
    cohort: Id,
    bearer: NamedDependency[Bearer],
    site: NamedDependency[Site],
    after: After = None,
    limit: Limit = LIMIT_DEFAULT,
    person: Part = None,
    act: Part = None,
) -> AuditPage:
    """Who did what, and who was shown whom by name, newest first. For the cohort's leads.

    `chain` says whether the rows of this page continue each other, and where the log ends. `person`, a name or a key,
    keeps what was done by and about them; `act` keeps one act.
    """
    _, page = await read_as(
        site,
        bearer,
        lambda connection, reader, _: audit_page(
            connection, reader, cohort, after=after, limit=limit, person=person, act=act
        ),
    )
    return page


async def read_as(site: Site, bearer: Bearer, read: Callable[[Connection, Reader, int], T]) -> tuple[Reader, T]:
    """What a read gives to who asks, and who they are as a reader; both of one snapshot."""
    now_ms = site.world.now_ms()

    def job(connection: Connection) -> tuple[Reader, T]:
        reader = reader_of(connection, bearer.stream, now_ms)
        return reader, read(connection, reader, now_ms)

    return await site.read(job)


async def _calendar(site: Site, bearer: Bearer, cohort: str) -> CalendarPage:
    reader, page = await read_as(
        site, bearer, lambda connection, reader, now_ms: calendar_page(connection, reader, cohort, now_ms)
    )
    await looks.note(site, reader, page, site.world.now_ms())
    return page


HANDLERS: list[Any] = [cohort, pods, setup, requests, calendar, calendar_file, audit]
