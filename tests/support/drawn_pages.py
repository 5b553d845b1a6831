"""Made-up pages of the dashboard, in every state, drawn by its own templates: for judges of how they look and read."""

from typing import Any, NamedTuple

from milepost_server.dashboard import pages
from milepost_server.dashboard.frame import CohortLink, Frame, NavItem, Said, Typed
from milepost_server.reads.blockers import BlockersPage, ClassRow
from milepost_server.reads.cohort import CohortInfo
from milepost_server.reads.due import DueInfo
from milepost_server.reads.figures import FigureInfo
from milepost_server.reads.pods import PodRow, PodsPage
from milepost_server.reads.releases import ReleasesPage
from milepost_server.reads.requests import AnswerInfo, RequestInfo, RequestsPage
from milepost_server.reads.sessions import SessionInfo
from milepost_server.reads.skills import SkillRow, SkillsPage
from milepost_server.reads.totals import WeekFigures
from milepost_server.reads.week import CohortWeek, Participation, ReleaseInfo, WeekParticipation

NOW_MS = 1_795_604_400_000  # 2026-11-25 09:00 UTC, a Wednesday
TODAY = "2026-11-25"
COHORT = CohortInfo("c" * 26, "Spring 2027", "2026-10-05", "2027-04-05", "Europe/Berlin", False)
HIDDEN, NO_DATA, PENDING = FigureInfo("hidden"), FigureInfo("no_data"), FigureInfo("pending")
ZERO = FigureInfo("value", 0)
RELEASE = ReleaseInfo("2026-W47", "2026-11-23T05:00:00Z", 2)
STALE = ReleaseInfo("2026-W45", "2026-11-09T05:00:00Z", 16)


class Drawn(NamedTuple):
    """A page in a state, as bytes of HTML."""

    page: str
    state: str
    html: bytes


def value(n: int) -> FigureInfo:
    return FigureInfo("value", n)


def surroundings(here: str) -> Frame:
    """The frame of a lead of the cohort."""
    names = ("pods", "requests", "week", "skills", "blockers", "calendar", "setup")
    titles = ("Pods", "Requests", "Cohort week", "Skills", "Blockers", "Calendar", "Set up")
    nav = [
        NavItem(title, f"/dashboard/{COHORT.id}/{name}", name == here, 2 if name == "requests" else 0)
        for name, title in zip(names, titles, strict=True)
    ]
    cohorts = [
        CohortLink(COHORT.name, f"/dashboard/{COHORT.id}", True),
        CohortLink("Autumn 2026", "/dashboard/b", False),
    ]
    return Frame(COHORT.id, COHORT.name, COHORT.zone, TODAY, "form-token", nav, cohorts)


def session(n: int, pod: str, start: str, state: str) -> SessionInfo:
    return SessionInfo(f"session-{n}", f"pod-{pod.lower()}", pod, start, 60, state)


def pod_row(name: str, joined: int, invited: int, planned: FigureInfo, completed: FigureInfo, **more: Any) -> PodRow:
    given: dict[str, Any] = {
        "last_session": session(1, name, "2026-11-18T17:00:00Z", "held"),
        "next_session": session(2, name, "2026-11-26T17:00:00Z", "scheduled"),
        "open_requests": 0,
        "oldest_request_at": None,
        "quiet": False,
        "closed": False,
        "week": "2026-W47",
        "blocked": HIDDEN,
        **more,
    }
    return PodRow(
        id=f"pod-{name.lower()}", name=name, capacity=5, joined=joined, invited=invited, planned=planned,
        completed=completed, **given,
    )  # fmt: skip


def due(pod: str, name: str, kind: str, day: str, title: str | None = None) -> DueInfo:
    return DueInfo(
        pod=f"pod-{pod.lower()}", pod_name=pod, member=name.lower(), name=name, milestone=f"milestone-{name.lower()}",
        kind=kind, due=day, title=title,
    )  # fmt: skip


def pods_running() -> PodsPage:
    rows = [
        pod_row("Beacon", 5, 5, value(9), value(6), blocked=value(3), open_requests=1,
                oldest_request_at="2026-11-25T06:40:00Z"),
        pod_row("Cove", 4, 5, value(6), value(6), blocked=HIDDEN, next_session=None),
        pod_row("Harbour", 4, 4, value(12), value(7), blocked=value(4), open_requests=2,
                oldest_request_at="2026-11-22T18:00:00Z"),
        pod_row("Lantern", 3, 5, HIDDEN, HIDDEN, last_session=session(3, "Lantern", "2026-11-04T17:00:00Z", "held"),
                next_session=None, quiet=True),
        pod_row("Quay", 4, 5, PENDING, PENDING, blocked=PENDING),
        pod_row("Tern", 1, 4, NO_DATA, NO_DATA, blocked=NO_DATA, last_session=None, next_session=None, week=None),
    ]  # fmt: skip
    falling_due = [
        due("Beacon", "Mara", "course", "2026-11-25", "Finish the statistics course"),
        due("Harbour", "Noor", "project", "2026-11-28"),
        due("Harbour", "Sam", "talk", "2026-12-04", "Talk at the meetup"),
    ]
    return PodsPage(cohort=COHORT, state="running", joined=21, pods=rows, due=falling_due, next=None)


def pods_waiting() -> PodsPage:
    rows = [
        pod_row("Beacon", 2, 5, NO_DATA, NO_DATA, blocked=NO_DATA, last_session=None, week=None),
        pod_row("Cove", 1, 4, NO_DATA, NO_DATA, blocked=NO_DATA, last_session=None, next_session=None, week=None),
    ]
    return PodsPage(cohort=COHORT, state="waiting", joined=3, pods=rows, due=[], next=None)


def pods_empty() -> PodsPage:
    return PodsPage(cohort=COHORT, state="empty", joined=0, pods=[], due=[], next=None)


def request(n: int, name: str, text: str | None, **more: Any) -> RequestInfo:
    given: dict[str, Any] = {
        "kind": "review", "to": "lead", "asked_at": "2026-11-25T06:40:00Z", "state": "open", "about": None,
        "answers": [], **more,
    }  # fmt: skip
    return RequestInfo(
        id=f"request-{n}", pod="pod-harbour", pod_name="Harbour", member=f"m{n}", name=name, text=text, **given
    )


def requests_open() -> RequestsPage:
    items = [
        request(1, "Noor", "Could somebody look over my project plan before Friday? I am not sure the steps are small "
                "enough.", about="milestone", asked_at="2026-11-22T18:00:00Z"),
        request(2, "Sam", "Who knows somebody in publishing?", kind="introduction", to="pod", state="answered",
                answers=[AnswerInfo("Ask Rafael, he worked there until spring.", "Dana", "2026-11-24T08:10:00Z")]),
        request(3, "Ines", None),
    ]  # fmt: skip
    return RequestsPage(COHORT, items, None)


def week_figures(step: int) -> dict[str, FigureInfo]:
    """One week's figures, smaller the longer ago, some of them left out."""
    numbers = {
        "milestones_planned": 31, "milestones_started": 24, "milestones_completed": 17, "milestones_blocked": 9,
        "milestones_rescheduled": 6, "outputs_named": 44, "outputs_done": 28, "goals_set": 63, "goals_closed": 51,
        "reviews_held": 38, "feedback_received": 12, "touch_outreach": 40, "touch_interview": 11, "touch_thanks": 8,
        "touch_follow_up": 14, "touch_mentor_session": None, "touch_pod_session": 52, "touch_other": None,
        "artifacts_added": 19, "readings_recorded": 72, "skills_rerated": 15, "skills_rose": 11,
    }  # fmt: skip
    return {
        name: HIDDEN if n is None or (step == 3 and n < 12) else value(max(4, n - step * n // 9 + (step * 7) % 5))
        for name, n in numbers.items()
    }


def week(state: str, release: ReleaseInfo | None) -> CohortWeek:
    if release is None:
        return CohortWeek(
            COHORT.id,
            COHORT.name,
            state,
            "2026-11-30",
            "2026-11-30T05:00:00Z",
            None,
            {},
            Participation("hidden"),
            [],
            [],
        )
    earlier = ("2026-W46", "2026-W45", "2026-W44", "2026-W43")
    shares = ("most", "half_or_more", "half_or_more", "under_half")
    return CohortWeek(
        COHORT.id,
        COHORT.name,
        state,
        "2026-10-12",
        "2026-11-30T05:00:00Z",
        release,
        week_figures(0),
        Participation("value", "most"),
        [WeekFigures(each, week_figures(n + 1)) for n, each in enumerate(earlier)],
        [WeekParticipation(each, Participation("value", share)) for each, share in zip(earlier, shares, strict=True)],
    )


def skills(state: str, release: ReleaseInfo | None) -> SkillsPage:
    codes = [
        SkillRow("STAT", "Statistics", "value", 2.4, 3.1),
        SkillRow("WRIT", "Writing for others", "value", 3.0, 3.6),
        SkillRow("INTV", "Interviewing", "hidden", None, None),
    ]
    if release is None:
        codes = [SkillRow(row.code, row.label, "hidden", None, None) for row in codes]
    figures = (HIDDEN, HIDDEN) if release is None else (value(15), value(11))
    return SkillsPage(COHORT.id, COHORT.name, state, release, *figures, codes)


def blockers(state: str, release: ReleaseInfo | None) -> BlockersPage:
    classes = [ClassRow("time", value(14)), ClassRow("skill", value(9)), ClassRow("access", value(5)),
               ClassRow("people", HIDDEN), ClassRow("other", HIDDEN)]  # fmt: skip
    remedies = [ClassRow("peer", value(11)), ClassRow("method", value(8)), ClassRow("mentor", value(4)),
                ClassRow("audit", HIDDEN), ClassRow("none", HIDDEN)]  # fmt: skip
    return BlockersPage(COHORT.id, COHORT.name, state, release, classes, remedies)


def releases() -> ReleasesPage:
    found = [ReleaseInfo(f"2026-W{47 - n}", f"2026-11-{23 - 7 * n:02}T05:00:00Z", 2 + 7 * n) for n in range(4)]
    return ReleasesPage(COHORT.id, COHORT.name, found, None)


REFUSED = Said(refused="The answer is empty.", typed=Typed({"request": "request-1", "text": ""}))
DONE = Said(done="The answer is on its way to Noor.")

STATES: dict[str, dict[str, tuple[Any, Said]]] = {
    "pods": {
        "running": (pods_running(), Said()),
        "waiting": (pods_waiting(), Said()),
        "empty": (pods_empty(), Said()),
    },
    "requests": {
        "open": (requests_open(), Said()),
        "empty": (RequestsPage(COHORT, [], None), Said()),
        "done": (requests_open(), DONE),
        "refused": (requests_open(), REFUSED),
    },
    "week": {
        "published": (week("published", RELEASE), Said()),
        "stale": (week("stale", STALE), Said()),
        "first_release": (week("first_release", None), Said()),
    },
    "skills": {
        "published": (skills("published", RELEASE), Said()),
        "stale": (skills("stale", STALE), Said()),
        "first_release": (skills("first_release", None), Said()),
        "empty": (SkillsPage(COHORT.id, COHORT.name, "first_release", None, HIDDEN, HIDDEN, []), Said()),
    },
    "blockers": {
        "published": (blockers("published", RELEASE), Said()),
        "stale": (blockers("stale", STALE), Said()),
        "first_release": (blockers("first_release", None), Said()),
    },
    "releases": {
        "published": (releases(), Said()),
        "first_release": (ReleasesPage(COHORT.id, COHORT.name, [], None), Said()),
    },
    "rules": {"published": (None, Said())},
}


def every() -> list[Drawn]:
    """Every page in every state."""
    return [
        Drawn(name, state, drawn(name, found, said))
        for name, states in STATES.items()
        for state, (found, said) in states.items()
    ]


def drawn(name: str, found: Any, said: Said = Said()) -> bytes:  # noqa: B008 -- a NamedTuple, never written
    """A page of a struct."""
    return pages.drawn(pages.PAGES[name], found, surroundings(name), said, NOW_MS, f"/dashboard/{COHORT.id}/{name}")
