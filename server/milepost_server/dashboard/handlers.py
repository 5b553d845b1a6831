"""The addresses of pages: each page is shown, takes the forms that stand on it, and gives its tables as CSV."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_304_NOT_MODIFIED, HTTP_422_UNPROCESSABLE_ENTITY

from milepost_server.dashboard import forms, frame, showing
from milepost_server.dashboard.frame import Said
from milepost_server.dashboard.pages import PAGES, Page
from milepost_server.dashboard.pulse import Pulse
from milepost_server.dashboard.query import Query
from milepost_server.dashboard.showing import Wanted
from milepost_server.dashboard.visitor import Visitor, is_refresh
from milepost_server.reads.calendar import icalendar
from milepost_server.reads.reader import unseen
from milepost_server.site import Site

CSV = "text/csv"
ICS = "text/calendar"
OF_COHORT = ("pods", "requests", "week", "skills", "blockers", "calendar", "setup", "releases", "audit", "rules")

AnyRequest = Request[Any, Any, Any]


@get("/", include_in_schema=False)
async def home(visitor: NamedDependency[Visitor], site: NamedDependency[Site]) -> Response[Any]:
    """To where the visitor begins."""
    now_ms = site.world.now_ms()
    return _see(await site.read(lambda connection: showing.home(connection, visitor, now_ms)))


@get("/{cohort:str}", include_in_schema=False)
async def cohort_home(
    cohort: FromPath[str], visitor: NamedDependency[Visitor], site: NamedDependency[Site]
) -> Response[Any]:
    """To where a cohort begins."""
    now_ms = site.world.now_ms()
    return _see(await site.read(lambda connection: showing.home(connection, visitor, now_ms, cohort)))


@get("/{cohort:str}/{name:str}", include_in_schema=False)
async def page(
    cohort: FromPath[str],
    name: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
    pulse: NamedDependency[Pulse],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """A page of a cohort."""
    wanted = Wanted(cohort, query=Query.of(request.query_params))
    if name == "calendar.ics":
        return await _ics(request, visitor, site, wanted)
    return await _show(_of_cohort(name), wanted, request, visitor, site, pulse, done)


@post("/{cohort:str}/{name:str}", include_in_schema=False)
async def page_form(
    cohort: FromPath[str],
    name: FromPath[str],
    request: AnyRequest,
    form: NamedDependency[Mapping[str, str]],
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
) -> Response[Any]:
    """A form on a page of a cohort, or on a part of one: that is where it comes back to."""
    wanted = Wanted(cohort, query=Query.of(request.query_params))
    return await _act(_of_cohort(name), wanted, request, form, visitor, site)


@get("/{cohort:str}/{name:str}/csv/{table:str}", include_in_schema=False)
async def page_table(
    cohort: FromPath[str],
    name: FromPath[str],
    table: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
) -> Response[bytes]:
    """A table of a page of a cohort."""
    wanted = Wanted(cohort, query=Query.of(request.query_params))
    return await _table(_of_cohort(name), wanted, table, request, visitor, site)


@get("/{cohort:str}/pod/{pod:str}", include_in_schema=False)
async def pod(
    cohort: FromPath[str],
    pod: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
    pulse: NamedDependency[Pulse],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """A pod."""
    return await _show(PAGES["pod"], Wanted(cohort, pod), request, visitor, site, pulse, done)


@post("/{cohort:str}/pod/{pod:str}", include_in_schema=False)
async def pod_form(
    cohort: FromPath[str],
    pod: FromPath[str],
    request: AnyRequest,
    form: NamedDependency[Mapping[str, str]],
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
) -> Response[Any]:
    """A form on a pod's page."""
    return await _act(PAGES["pod"], Wanted(cohort, pod), request, form, visitor, site)


@get("/{cohort:str}/pod/{pod:str}/csv/{table:str}", include_in_schema=False)
async def pod_table(
    cohort: FromPath[str],
    pod: FromPath[str],
    table: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
) -> Response[bytes]:
    """A table of a pod's page."""
    return await _table(PAGES["pod"], Wanted(cohort, pod), table, request, visitor, site)


@get("/{cohort:str}/pod/{pod:str}/members/{member:str}", include_in_schema=False)
async def member(
    cohort: FromPath[str],
    pod: FromPath[str],
    member: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
    pulse: NamedDependency[Pulse],
) -> Response[Any]:
    """A member, as far as they share by name."""
    return await _show(PAGES["member"], Wanted(cohort, pod, member), request, visitor, site, pulse, "")


@get("/{cohort:str}/pod/{pod:str}/members/{member:str}/csv/{table:str}", include_in_schema=False)
async def member_table(
    cohort: FromPath[str],
    pod: FromPath[str],
    member: FromPath[str],
    table: FromPath[str],
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    site: NamedDependency[Site],
) -> Response[bytes]:
    """A table of a member's page."""
    return await _table(PAGES["member"], Wanted(cohort, pod, member), table, request, visitor, site)


def _of_cohort(name: str) -> Page:
    if name not in OF_COHORT:
        raise unseen()
    return PAGES[name]


async def _show(
    page: Page, wanted: Wanted, request: AnyRequest, visitor: Visitor, site: Site, pulse: Pulse, done: str
) -> Response[Any]:
    """The page; or that nothing was stored since, to one that refreshes itself."""
    tag = pulse.tag(site.world.now_ms())
    if is_refresh(request) and request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers={"etag": tag})
    found = await showing.find(site, visitor, page, wanted, _base(request))
    answer = frame.answer(showing.draw(page, found, Said(done=forms.DONE.get(done, ""))))
    answer.headers["etag"] = tag
    return answer


async def _act(
    page: Page, wanted: Wanted, request: AnyRequest, form: Mapping[str, str], visitor: Visitor, site: Site
) -> Response[Any]:
    """Do what the form asks, and see the page again; where something was refused or is shown once, see it at once."""
    said = await forms.act(site, visitor, wanted, form)
    if said.done and not said.code:
        part = wanted.query.text()
        return _see(f"{request.url.path}{part}{'&' if part else '?'}done={form['act']}")
    found = await showing.find(site, visitor, page, wanted, _base(request))
    status = HTTP_422_UNPROCESSABLE_ENTITY if said.refused else 200
    return frame.answer(showing.draw(page, found, said), status)


async def _table(
    page: Page, wanted: Wanted, name: str, request: AnyRequest, visitor: Visitor, site: Site
) -> Response[bytes]:
    found = await showing.find(site, visitor, page, wanted, _base(request))
    table = showing.table(page, found, name)
    return _file(table.csv(), CSV, f"{table.name}.csv")


async def _ics(request: AnyRequest, visitor: Visitor, site: Site, wanted: Wanted) -> Response[bytes]:
    found = await showing.find(site, visitor, PAGES["calendar"], wanted, _base(request))
    return _file(icalendar(found.contents, found.asked.now_ms), ICS, "milepost.ics")


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(body, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def _see(path: str) -> Response[Any]:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def _base(request: AnyRequest) -> str:
    return str(request.base_url).rstrip("/")


HANDLERS: list[Any] = [
    home,
    cohort_home,
    page,
    page_form,
    page_table,
    pod,
    pod_form,
    pod_table,
    member,
    member_table,
]
