"""Looks: a page that shows members by name to somebody who leads them is noted in the audit log before it goes out."""

from typing import NamedTuple

from milepost.ids import from_base64url
from milepost_server.cohort import audit
from milepost_server.reads.calendar import CalendarPage
from milepost_server.reads.member import MemberPage
from milepost_server.reads.pod import PodPage
from milepost_server.reads.pods import PodsPage
from milepost_server.reads.reader import Reader
from milepost_server.site import Site
from milepost_server.store import Connection, cohorts

Shown = PodsPage | CalendarPage | PodPage | MemberPage
"""The pages that show members by name under a consent."""


class Look(NamedTuple):
    """Whom a page shows, and where: a pod's page has a pod."""

    cohort: str | None
    pod: str
    about: frozenset[bytes]


async def note(site: Site, reader: Reader, page: Shown, now_ms: int) -> None:
    """Have it on the disk that this reader is shown this page. Nothing is noted of members reading their own pod."""
    look = _look(page)
    if not look.about or not reader.leads:
        return
    if not await site.read(lambda connection: _note(connection, reader, look, now_ms, is_dry=True)):
        await site.write(lambda connection: _note(connection, reader, look, now_ms, is_dry=False))


def _note(connection: Connection, reader: Reader, look: Look, now_ms: int, *, is_dry: bool) -> bool:
    """Whether nothing is left to note."""
    pod = cohorts.pod(connection, look.pod) if look.pod else None
    cohort = cohorts.cohort_of(connection, pod.stream) if pod else cohorts.cohort(connection, look.cohort or "")
    if cohort is None or not (reader.is_lead_of(cohort) or look.cohort or ("pod", look.pod) in reader.leads):
        return True
    if is_dry:
        return audit.is_noted(connection, cohort.stream, now_ms, reader.user, look.pod, look.about)
    audit.looked(connection, cohort.stream, now_ms, reader.user, look.pod, look.about)
    return True


def _look(page: Shown) -> Look:
    if isinstance(page, PodsPage | CalendarPage):
        return Look(page.cohort.id, "", frozenset(from_base64url(due.member) for due in page.due))
    if isinstance(page, MemberPage):
        return Look(None, page.pod, frozenset((from_base64url(page.member),)))
    return Look(None, page.id, frozenset(from_base64url(each.member) for each in page.cards))
