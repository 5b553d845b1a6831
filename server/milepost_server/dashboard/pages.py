"""The pages of a cohort: for each, what is read for it, what it is drawn with, and its tables.

Each reads the struct that the interface answers with, by the same function; so who may see what is decided in one
place, and none of it here.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from milepost import wording
from milepost.catalogue.sharing import WORDS
from milepost.disclosure.named import Card, MilestoneCard
from milepost.projections.milestones import CLOSED_STATUS, OPEN_STATUS
from milepost_server.dashboard import frame, moments, tables
from milepost_server.dashboard.deeds import DEEDS
from milepost_server.dashboard.query import Query
from milepost_server.dashboard.tables import Table
from milepost_server.reads import rules
from milepost_server.reads.audit import audit_page
from milepost_server.reads.blockers import BlockersPage, ClassRow, blockers_page
from milepost_server.reads.calendar import CalendarPage, calendar_page
from milepost_server.reads.due import DueInfo
from milepost_server.reads.figures import FigureInfo
from milepost_server.reads.member import member_page
from milepost_server.reads.pod import PodPage, pod_page
from milepost_server.reads.pods import PodsPage, pods_page
from milepost_server.reads.reader import Reader, Sight, sight_of, whole_sight_of
from milepost_server.reads.releases import releases_page
from milepost_server.reads.requests import requests_page
from milepost_server.reads.sessions import SessionInfo
from milepost_server.reads.setup import SetupPage, setup_page
from milepost_server.reads.skills import skills_page
from milepost_server.reads.week import CohortWeek, Participation, cohort_week
from milepost_server.store import Connection

# So many pods are seen at a glance; more of them can be looked for by name.
FEW_PODS = 10
_SHARES = {"under_half": "Under half", "half_or_more": "Half or more", "most": "Most"}


class Asked(NamedTuple):
    """What somebody asked for: a page of a cohort, of one of its pods, of one member there, and which part of it."""

    reader: Reader
    cohort: str
    now_ms: int
    pod: str = ""
    member: str = ""
    query: Query = Query()


class Page(NamedTuple):
    """One page. `read` raises NotFound for whoever may not see it."""

    name: str
    title: str
    read: Callable[[Connection, Asked], Any]
    tables: Callable[[Any], list[Table]] = lambda page: []
    extras: Callable[[Any], Mapping[str, Any]] = lambda page: {}

    def heading(self, found: Any) -> str:
        """What the page is called: by what it is about, where that has a name."""
        return str(getattr(found, "name", "")) if self.name in ("pod", "member") else self.title


def _sighted(
    read: Callable[[Connection, Sight, int], Any],
) -> Callable[[Connection, Asked], Any]:
    return lambda connection, asked: read(
        connection, whole_sight_of(connection, asked.reader, asked.cohort), asked.now_ms
    )


def _pods(connection: Connection, asked: Asked) -> Any:
    query = asked.query
    return pods_page(connection, asked.reader, asked.cohort, asked.now_ms, after=query.after, named=query.named)


def _pods_extras(page: PodsPage) -> Mapping[str, Any]:
    figures = [figure for pod in page.pods for figure in (pod.planned, pod.completed)]
    return {"pods_figures": figures, "few_pods": FEW_PODS}


def _requests(connection: Connection, asked: Asked) -> Any:
    return requests_page(connection, asked.reader, asked.cohort, after=asked.query.after)


def _releases(connection: Connection, asked: Asked) -> Any:
    sight = whole_sight_of(connection, asked.reader, asked.cohort)
    return releases_page(connection, sight, asked.now_ms, asked.query.after)


def _audit(connection: Connection, asked: Asked) -> Any:
    query = asked.query
    return audit_page(connection, asked.reader, asked.cohort, after=query.after, person=query.person, act=query.act)


def _rules(connection: Connection, asked: Asked) -> Any:
    return sight_of(connection, asked.reader, asked.cohort)


def _rules_extras(page: Sight) -> Mapping[str, Any]:
    return {"groups": rules.GROUPS, "audiences": wording.audiences()}


def _week_extras(page: CohortWeek) -> Mapping[str, Any]:
    weeks = tables.all_weeks(page)

    def weeks_of(name: str) -> list[tuple[str, FigureInfo]]:
        return [(week.week, week.figures[name]) for week in reversed(weeks)]

    return {
        "all_weeks": weeks,
        "weeks_of": weeks_of,
        "week_groups": figure_groups(page.figures),
        "participation_words": participation_words,
    }


def figure_groups(figures: Mapping[str, FigureInfo]) -> list[rules.Group]:
    """The groups of rules, with those alone that have a figure here."""
    kept = [
        rules.Group(group.title, tuple(rule for rule in group.rules if rule.name in figures)) for group in rules.GROUPS
    ]
    return [group for group in kept if group.rules]


def participation_words(participation: Participation) -> str:
    """Participation as it is said."""
    return _SHARES[participation.share] if participation.share else "Not shown"


def _blockers_extras(page: BlockersPage) -> Mapping[str, Any]:
    return {"top_figure": top_figure}


def top_figure(classes: Sequence[ClassRow]) -> int:
    """The largest figure of a list."""
    return max((row.figure.value or 0 for row in classes), default=0)


class Sum(NamedTuple):
    """A named card in a line: open milestones by their due date, the first day something is due, how many are done."""

    open: list[MilestoneCard]
    next_due: str | None
    done: int


def summed(card: Card) -> Sum:
    """A card in a line."""
    still = sorted((each for each in card.milestones if each.status in OPEN_STATUS), key=lambda each: each.due or "~")
    done = sum(each.status == "completed" for each in card.milestones)
    return Sum(still, next((each.due for each in still if each.due), None), done)


def _pod_extras(page: PodPage) -> Mapping[str, Any]:
    weeks = tables.pod_weeks(page.totals)
    statuses = Counter(each.status for one in page.cards for each in one.card.milestones)
    return {
        "shared": {one.member for one in page.cards},
        "total_weeks": weeks,
        "total_groups": figure_groups(weeks[0].figures) if weeks else [],
        "statuses": {name: statuses[name] for name in (*OPEN_STATUS, *CLOSED_STATUS) if statuses[name]},
        "summed": summed,
    }


class Entry(NamedTuple):
    """One day of the agenda."""

    day: str
    is_today: bool
    sessions: list[SessionInfo]
    due: list[DueInfo]


def agenda(page: CalendarPage) -> list[Entry]:
    """The days from today on on which something happens, in the cohort's zone."""
    by_day: dict[str, tuple[list[SessionInfo], list[DueInfo]]] = {}
    for session in page.sessions:
        day = moments.moment(session.start, page.cohort.zone).date().isoformat()
        by_day.setdefault(day, ([], []))[0].append(session)
    for due in page.due:
        by_day.setdefault(due.due, ([], []))[1].append(due)
    coming = sorted(day for day in by_day if day >= page.today)
    return [Entry(day, day == page.today, *by_day[day]) for day in coming]


def _setup(connection: Connection, asked: Asked) -> Any:
    return setup_page(
        connection,
        asked.reader,
        asked.cohort,
        asked.now_ms,
        after=asked.query.after,
        pods_after=asked.query.pods_after,
        named=asked.query.named,
    )


def _setup_extras(page: SetupPage) -> Mapping[str, Any]:
    anchors = {step.key: _ANCHORS[step.key] for step in page.steps if step.key in _ANCHORS}
    return {"anchors": anchors, "few_pods": FEW_PODS}


_ANCHORS = {"pods": "pods", "codes": "codes", "leads": "leads", "invites": "invites", "members": "members"}


PAGES = {
    page.name: page
    for page in (
        Page("pods", "Pods", _pods, tables.of_pods, _pods_extras),
        Page(
            "requests",
            "Requests",
            _requests,
            tables.of_requests,
            lambda page: {"answer_chars_max": WORDS.length_max},
        ),
        Page("week", "Cohort week", _sighted(cohort_week), tables.of_week, _week_extras),
        Page("skills", "Skills", _sighted(skills_page), tables.of_skills),
        Page("blockers", "Blockers", _sighted(blockers_page), tables.of_blockers, _blockers_extras),
        Page(
            "calendar",
            "Calendar",
            lambda connection, asked: calendar_page(connection, asked.reader, asked.cohort, asked.now_ms),
            tables.of_calendar,
            lambda page: {"agenda": agenda(page)},
        ),
        Page("setup", "Set up", _setup, tables.of_setup, _setup_extras),
        Page(
            "pod",
            "Pod",
            lambda connection, asked: pod_page(connection, asked.reader, asked.pod, asked.now_ms),
            tables.of_pod,
            _pod_extras,
        ),
        Page(
            "member",
            "Member",
            lambda connection, asked: member_page(connection, asked.reader, asked.pod, asked.member, asked.now_ms),
            tables.of_member,
            lambda page: {"rules": rules.BY_NAME},
        ),
        Page("releases", "History of releases", _releases, tables.of_releases),
        Page("audit", "Audit log", _audit, tables.of_audit, lambda page: {"deeds": DEEDS}),
        Page("rules", "How every figure is counted", _rules, extras=_rules_extras),
    )
}


def url_of(page: Page, asked: Asked) -> str:
    """The address of a page."""
    cohort = f"/dashboard/{asked.cohort}"
    match page.name:
        case "pod":
            return f"{cohort}/pod/{asked.pod}"
        case "member":
            return f"{cohort}/pod/{asked.pod}/members/{asked.member}"
        case name:
            return f"{cohort}/{name}"


def drawn(
    page: Page,
    found: Any,
    surroundings: frame.Frame,
    said: frame.Said,
    now_ms: int,
    url: str,
    query: Query = Query(),  # noqa: B008 -- a NamedTuple, never written
) -> bytes:
    """A page of what was read for it. `url` is its own address: its tables are below that, of the same part."""

    def csv_url(table: str) -> str:
        return f"{url}/csv/{table}{query.text()}"

    return frame.draw(
        f"{page.name}.html",
        frame=surroundings,
        heading=page.heading(found),
        page=found,
        said=said._replace(refused=moments.spelled(said.refused, surroundings.zone)),
        now=moments.utc(now_ms),
        csv_url=csv_url,
        query=query,
        **page.extras(found),
    )
