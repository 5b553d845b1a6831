"""Tables as files: what a page shows, one CSV a table, of the same struct."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from milepost.disclosure.named import MilestoneCard
from milepost_server.dashboard.figures import cell
from milepost_server.reads.audit import AuditPage
from milepost_server.reads.blockers import BlockersPage, ClassRow
from milepost_server.reads.calendar import CalendarPage
from milepost_server.reads.due import DueInfo
from milepost_server.reads.member import MemberPage
from milepost_server.reads.pod import PodPage
from milepost_server.reads.pods import PodsPage
from milepost_server.reads.releases import ReleasesPage
from milepost_server.reads.requests import RequestInfo, RequestsPage
from milepost_server.reads.rules import said_name
from milepost_server.reads.sessions import SessionInfo
from milepost_server.reads.setup import InviteRow, SetupPage
from milepost_server.reads.skills import SkillsPage
from milepost_server.reads.totals import PodTotals, WeekFigures
from milepost_server.reads.week import CohortWeek

# A cell that begins with one of these is a formula to a spreadsheet; members write some of these cells.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | None


class Table(NamedTuple):
    """A table of a page: its name in addresses, the names of its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def csv(self) -> bytes:
        """The table as RFC 4180 has it, in UTF-8."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.columns)
        writer.writerows([_plain(value) for value in row] for row in self.rows)
        return text.getvalue().encode()


def of_pods(page: PodsPage) -> list[Table]:
    """The pods, and what is due in them."""
    columns = (
        "pod", "joined", "invited", "capacity", "last_session", "next_session", "open_requests",
        "oldest_request_at", "quiet", "week", "planned", "completed", "blocked",
    )  # fmt: skip
    pods: list[tuple[Cell, ...]] = [
        (
            pod.name,
            pod.joined,
            pod.invited,
            pod.capacity,
            _start(pod.last_session),
            _start(pod.next_session),
            pod.open_requests,
            pod.oldest_request_at,
            "yes" if pod.quiet else "no",
            pod.week,
            cell(pod.planned),
            cell(pod.completed),
            cell(pod.blocked),
        )
        for pod in page.pods
    ]
    return [Table("pods", columns, pods), due_table(page.due)]


def due_table(due: Sequence[DueInfo]) -> Table:
    """What falls due as one table."""
    rows: list[tuple[Cell, ...]] = [(each.due, each.name, each.pod_name, each.kind, each.title) for each in due]
    return Table("due", ("due", "name", "pod", "kind", "title"), rows)


def of_requests(page: RequestsPage) -> list[Table]:
    """The requests, each with its last answer."""
    return [requests_table(page.items)]


def requests_table(items: Sequence[RequestInfo]) -> Table:
    """Requests as one table."""
    columns = ("name", "pod", "kind", "to", "text", "asked_at", "state", "last_answer")
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            each.pod_name,
            each.kind,
            each.to,
            each.text,
            each.asked_at,
            each.state,
            each.answers[-1].text if each.answers else None,
        )
        for each in items
    ]
    return Table("requests", columns, rows)


def of_week(page: CohortWeek) -> list[Table]:
    """The weeks, a column each, newest first."""
    weeks = all_weeks(page)
    return [Table("week", ("figure", *[week.week for week in weeks]), _by_week(weeks))] if weeks else []


def all_weeks(page: CohortWeek) -> list[WeekFigures]:
    """The released week and those before it, newest first."""
    return [WeekFigures(page.release.week, page.figures), *page.weeks] if page.release else []


def of_skills(page: SkillsPage) -> list[Table]:
    """The codes, with their means before and after."""
    rows: list[tuple[Cell, ...]] = [
        (row.code, row.label, _or_word(row.before, row.state), _or_word(row.after, row.state)) for row in page.codes
    ]
    return [Table("skills", ("code", "label", "before", "after"), rows)]


def of_blockers(page: BlockersPage) -> list[Table]:
    """The classes of blockers, and the remedies."""
    return [_of_classes("classes", page.classes), _of_classes("remedies", page.remedies)]


def of_releases(page: ReleasesPage) -> list[Table]:
    """The releases."""
    rows: list[tuple[Cell, ...]] = [(each.week, each.published_at, each.age_days) for each in page.releases]
    return [Table("releases", ("week", "published_at", "age_days"), rows)]


def of_audit(page: AuditPage) -> list[Table]:
    """The rows of the audit log; its hashes are the server's own to keep."""
    rows: list[tuple[Cell, ...]] = [
        (row.n, row.at, row.by, row.act, row.pod_name, ", ".join(row.about)) for row in page.items
    ]
    return [Table("audit", ("row", "at", "by", "act", "pod", "about"), rows)]


def of_pod(page: PodPage) -> list[Table]:
    """Who is in a pod, its sessions, its totals, what is shared by name, and the invites that wait."""
    people: list[tuple[Cell, ...]] = [(one.name, "yes" if one.is_lead else "no", one.since) for one in page.roster]
    cards: list[tuple[Cell, ...]] = [
        (one.name, *milestone) for one in page.cards for milestone in _milestones(one.card.milestones)
    ]
    return [
        Table("roster", ("name", "leads", "since"), people),
        sessions_table(page.sessions),
        totals_table(pod_weeks(page.totals)),
        Table("cards", ("name", *_MILESTONE), cards),
        invites_table(page.invites),
    ]


def pod_weeks(totals: PodTotals) -> list[WeekFigures]:
    """The weeks of a pod's totals, newest first."""
    newest = [WeekFigures(totals.week, totals.figures)] if totals.week and totals.figures else []
    return [*newest, *totals.earlier]


def of_member(page: MemberPage) -> list[Table]:
    """A member's milestones and counts."""
    counts: list[tuple[Cell, ...]] = list(page.card.counts.items())
    return [
        Table("milestones", _MILESTONE, _milestones(page.card.milestones)),
        Table("counts", ("figure", "count"), counts),
    ]


def of_calendar(page: CalendarPage) -> list[Table]:
    """The sessions, what is due, and the weeks."""
    weeks: list[tuple[Cell, ...]] = [(each.week, each.first_day, each.last_day) for each in page.weeks]
    return [
        sessions_table(page.sessions),
        due_table(page.due),
        Table("weeks", ("week", "first_day", "last_day"), weeks),
    ]


def of_setup(page: SetupPage) -> list[Table]:
    """Everything that is set up: pods, codes, invites, leads, people without a pod."""
    return [
        Table(
            "places",
            ("pod", "capacity", "placed", "joined", "closed"),
            [(pod.name, pod.capacity, pod.placed, pod.joined, "yes" if pod.closed else "no") for pod in page.pods],
        ),
        Table("codes", ("code", "label"), [(row.code, row.label) for row in page.codes]),
        invites_table(page.invites),
        Table(
            "leads",
            ("name", "leads", "start", "end"),
            [(lead.name, lead.target_name, lead.start, lead.end) for lead in page.leads],
        ),
        Table("unplaced", ("name", "state", "pod"), [(one.name, one.state, one.pod_name) for one in page.unplaced]),
    ]


def invites_table(invites: Iterable[InviteRow]) -> Table:
    """Invites as one table; a code is in none."""
    rows: list[tuple[Cell, ...]] = [
        (row.name, row.used_by, row.role, row.target_name, row.state, row.expires) for row in invites
    ]
    return Table("invites", ("name", "used_by", "role", "into", "state", "expires"), rows)


_MILESTONE = ("title", "kind", "status", "start", "due", "done_on", "outputs_done", "outputs_named")


def _milestones(milestones: Iterable[MilestoneCard]) -> list[tuple[Cell, ...]]:
    return [
        (each.title, each.kind, each.status, each.start, each.due, each.done_on, each.outputs_done, each.outputs_named)
        for each in milestones
    ]


def sessions_table(sessions: Iterable[SessionInfo]) -> Table:
    """Sessions as one table."""
    rows: list[tuple[Cell, ...]] = [(each.start, each.minutes, each.pod_name, each.state) for each in sessions]
    return Table("sessions", ("start", "minutes", "pod", "state"), rows)


def totals_table(weeks: Sequence[WeekFigures]) -> Table:
    """A pod's totals, a column a week."""
    return Table("totals", ("figure", *[week.week for week in weeks]), _by_week(weeks))


def _by_week(weeks: Sequence[WeekFigures]) -> list[tuple[Cell, ...]]:
    names = list(weeks[0].figures) if weeks else []
    return [(name, *[cell(week.figures[name]) for week in weeks if name in week.figures]) for name in names]


def _of_classes(name: str, classes: Sequence[ClassRow]) -> Table:
    return Table(name, ("class", "count"), [(said_name(row.name), cell(row.figure)) for row in classes])


def _start(session: SessionInfo | None) -> Cell:
    return session.start if session else None


def _or_word(value: float | None, state: str) -> Cell:
    return said_name(state) if value is None else value


def _plain(value: Cell) -> Cell:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
