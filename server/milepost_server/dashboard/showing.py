"""Showing pages: what is read for whom, what surrounds it, and its tables as files."""

from typing import Any, NamedTuple

from milepost_server.api import looks
from milepost_server.dashboard import moments
from milepost_server.dashboard.frame import CohortLink, Frame, NavItem, Said
from milepost_server.dashboard.pages import PAGES, Asked, Page, drawn, url_of
from milepost_server.dashboard.query import Query
from milepost_server.dashboard.tables import Table
from milepost_server.dashboard.visitor import Visitor
from milepost_server.reads.reader import Reader, Sight, reader_of, sight_of, unseen
from milepost_server.reads.requests import waiting
from milepost_server.site import Site
from milepost_server.store import Connection, cohorts, releases, streams

FOR_POD_LEADS = ("pods", "requests", "calendar")
FOR_COHORT_LEADS = ("pods", "requests", "week", "skills", "blockers", "calendar", "setup")
# Pages of one pod stand in the navigation as the pods.
_STANDS_AS = {"pod": "pods", "member": "pods"}


class Wanted(NamedTuple):
    """What an address names, before it is known who asks."""

    cohort: str
    pod: str = ""
    member: str = ""
    query: Query = Query()


class Found(NamedTuple):
    """A page as it was read: what was asked, the struct, and what surrounds it."""

    asked: Asked
    contents: Any
    frame: Frame


async def find(site: Site, visitor: Visitor, page: Page, wanted: Wanted, base: str) -> Found:
    """The page as the visitor may see it, read on one snapshot. Raises NotFound.

    Where it shows people by name, the look is in the audit log before this returns.
    """
    now_ms, server_url = site.world.now_ms(), site.settings.url or base

    def read(connection: Connection) -> Found:
        reader = reader_for(connection, visitor, now_ms)
        asked = Asked(reader, wanted.cohort, now_ms, wanted.pod, wanted.member, wanted.query)
        sight = sight_of(connection, reader, asked.cohort)
        if asked.pod and not _is_of(connection, asked.pod, sight):
            raise unseen()
        contents = page.read(connection, asked)
        around = surroundings(connection, visitor, reader, sight, page.name, now_ms, server_url)
        return Found(asked, contents, around)

    found = await site.read(read)
    if isinstance(found.contents, looks.Shown):
        await looks.note(site, found.asked.reader, found.contents, now_ms)
    return found


def draw(page: Page, found: Found, said: Said) -> bytes:
    """A page that was found, as HTML."""
    asked = found.asked
    return drawn(page, found.contents, found.frame, said, asked.now_ms, url_of(page, asked), asked.query)


def table(page: Page, found: Found, name: str) -> Table:
    """One table of a page. Raises NotFound."""
    for each in page.tables(found.contents):
        if each.name == name:
            return each
    raise unseen()


def reader_for(connection: Connection, visitor: Visitor, now_ms: int) -> Reader:
    """The visitor as a reader. Raises NotFound for an account that is gone."""
    stream = streams.find(connection, visitor.user)
    if stream is None:
        raise unseen()
    return reader_of(connection, stream, now_ms)


def home(connection: Connection, visitor: Visitor, now_ms: int, cohort_id: str | None = None) -> str:
    """Where a visitor begins: in the newest cohort they lead anything of, or in a given one.

    That is set-up until its first release, for who leads all of it; else its pods. Raises NotFound.
    """
    reader = reader_for(connection, visitor, now_ms)
    mine = led(connection, reader)
    if cohort_id is None and not mine:
        raise unseen()
    cohort = sight_of(connection, reader, cohort_id or mine[0].cohort).cohort
    is_young = not releases.newest(connection, cohort.stream, 1)
    name = "setup" if reader.is_lead_of(cohort) and is_young else "pods"
    return f"/dashboard/{cohort.cohort}/{name}"


def led(connection: Connection, reader: Reader) -> list[cohorts.Cohort]:
    """The cohorts of which a reader leads anything, newest first."""
    found = [cohorts.pod(connection, id) for scope, id in reader.leads if scope == "pod"]
    with_pods = {pod.stream for pod in found if pod is not None}
    mine = [each for each in cohorts.cohorts(connection) if reader.is_lead_of(each) or each.stream in with_pods]
    return mine[::-1]


def surroundings(
    connection: Connection, visitor: Visitor, reader: Reader, sight: Sight, here: str, now_ms: int, server_url: str
) -> Frame:
    """What surrounds a page of a cohort."""
    cohort = sight.cohort
    waits = _waiting(connection, sight)
    nav = [
        NavItem(
            PAGES[name].title,
            f"/dashboard/{cohort.cohort}/{name}",
            name == _STANDS_AS.get(here, here),
            waits if name == "requests" else 0,
        )
        for name in (FOR_COHORT_LEADS if sight.pods is None else FOR_POD_LEADS)
    ]
    links = [
        CohortLink(each.name, f"/dashboard/{each.cohort}", each.cohort == cohort.cohort)
        for each in led(connection, reader)
    ]
    today = moments.today_in(cohort.zone, now_ms)
    is_whole = sight.pods is None
    return Frame(cohort.cohort, cohort.name, cohort.zone, today, server_url, visitor.form_token, nav, links, is_whole)


def _waiting(connection: Connection, sight: Sight) -> int:
    """How many requests wait for an answer in the pods that are led."""
    pods = [pod.pod for pod in cohorts.pods(connection, sight.cohort.stream) if sight.shows(pod.pod)]
    return sum(each.requests for each in waiting(connection, pods).values())


def _is_of(connection: Connection, pod_id: str, sight: Sight) -> bool:
    """Whether a pod is of the cohort in whose address it stands, and its row is shown."""
    pod = cohorts.pod(connection, pod_id)
    return pod is not None and pod.stream == sight.cohort.stream and sight.shows(pod_id)
