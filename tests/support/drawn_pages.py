"""Made-up pages of the dashboard, in every state, drawn by its own templates: for judges of how they look and read."""

from typing import Any, NamedTuple

import msgspec

from milepost.disclosure.named import Card, MilestoneCard, Scope
from milepost_server.cohort.weeks import next_week
from milepost_server.dashboard import pages
from milepost_server.dashboard.frame import CohortLink, Frame, NavItem, Said, Typed
from milepost_server.reads.audit import AuditPage, AuditRow, ChainInfo
from milepost_server.reads.blockers import BlockersPage, ClassRow
from milepost_server.reads.calendar import CalendarPage, WeekInfo
from milepost_server.reads.cohort import CohortInfo
from milepost_server.reads.due import DueInfo
from milepost_server.reads.figures import FigureInfo
from milepost_server.reads.member import MemberPage
from milepost_server.reads.pod import LeadInfo, MemberCard, OfferedRow, PodPage, RosterRow
from milepost_server.reads.pods import PodRow, PodsPage
from milepost_server.reads.releases import ReleasesPage
from milepost_server.reads.requests import AnswerInfo, RequestInfo, RequestsPage
from milepost_server.reads.sessions import SessionInfo
from milepost_server.reads.setup import CodeRow, InviteRow, LeadRow, PersonRow, PodPlaces, SetupPage, Step
from milepost_server.reads.skills import SkillRow, SkillsPage
from milepost_server.reads.totals import PodTotals, WeekFigures
from milepost_server.reads.week import CohortWeek, Participation, ReleaseInfo, WeekParticipation
from milepost_server.reads.words import WordsInfo

NOW_MS = 1_795_604_400_000  # 2026-11-25 09:00 UTC, a Wednesday
TODAY = "2026-11-25"
COHORT = CohortInfo("c" * 26, "Spring 2027", "2026-10-05", "2027-04-05", "Europe/Berlin", False)
ENDED = CohortInfo("c" * 26, "Spring 2027", "2026-10-05", "2027-04-05", "Europe/Berlin", True)
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
    return Frame(
        COHORT.id,
        COHORT.name,
        COHORT.zone,
        TODAY,
        "https://milepost.example.org",
        "form-token",
        nav,
        cohorts,
        is_whole=True,
    )


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
            COHORT,
            state,
            "2026-11-30",
            "2026-11-30T05:00:00Z",
            None,
            {},
            Participation("hidden"),
            [],
            [],
        )
    earlier = [next_week(release.week, -n) for n in range(1, 5)]
    shares = ("most", "half_or_more", "half_or_more", "under_half")
    return CohortWeek(
        COHORT,
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
    return SkillsPage(COHORT, state, release, *figures, codes)


def blockers(state: str, release: ReleaseInfo | None) -> BlockersPage:
    classes = [ClassRow("time", value(14)), ClassRow("skill", value(9)), ClassRow("access", value(5)),
               ClassRow("people", HIDDEN), ClassRow("other", HIDDEN)]  # fmt: skip
    remedies = [ClassRow("peer", value(11)), ClassRow("method", value(8)), ClassRow("mentor", value(4)),
                ClassRow("audit", HIDDEN), ClassRow("none", HIDDEN)]  # fmt: skip
    return BlockersPage(COHORT, state, release, classes, remedies)


def releases() -> ReleasesPage:
    found = [ReleaseInfo(f"2026-W{47 - n}", f"2026-11-{23 - 7 * n:02}T05:00:00Z", 2 + 7 * n) for n in range(4)]
    return ReleasesPage(COHORT, found, None)


def milestone(n: int, kind: str, status: str, start: str, due: str, done_on: str | None, title: str | None):
    return MilestoneCard(
        id=f"milestone-{n}", kind=kind, status=status, start=start, due=due, done_on=done_on, outputs_done=n % 3,
        outputs_named=3, title=title,
    )  # fmt: skip


MILESTONES = (
    milestone(1, "course", "started", "2026-10-12", "2026-12-04", None, "Finish the statistics course"),
    milestone(2, "project", "blocked", "2026-10-26", "2026-11-28", None, None),
    milestone(3, "talk", "planned", "2026-11-30", "2027-01-15", None, "Talk at the meetup"),
    milestone(4, "application", "completed", "2026-10-05", "2026-11-06", "2026-11-03", None),
)
CARD = Card(
    (Scope("evidence", "2026-10-12", "2027-04-05"), Scope("progress", "2026-10-12", "2027-04-05")),
    MILESTONES,
    {
        "milestones_planned": 3,
        "milestones_completed": 1,
        "outputs_done": 4,
        "artifacts_added": 2,
        "readings_recorded": 0,
    },
)
QUIET_CARD = Card((Scope("progress", "2026-11-23", "2027-04-05"),), (), {"milestones_planned": 0})


def member(card: Card) -> MemberPage:
    said = {
        "evidence": "evidence: artifacts and readings: how many",
        "progress": "progress: goals, milestones and objectives: kinds, dates, outputs done of named, results",
    }
    return MemberPage("mara", "Mara", "pod-harbour", "Harbour", card, [said[scope.family] for scope in card.scopes])


def totals(state: str) -> PodTotals:
    next_at = "2026-11-26T05:00:00Z"
    if state == "none_yet":
        return PodTotals(state, None, None, next_at, {}, [])
    figures = {
        name: value((info.value or 0) // 4) if info.value and info.value > 11 else HIDDEN
        for name, info in week_figures(0).items()
    }
    earlier = [
        WeekFigures("2026-W46", {name: info if n % 3 else HIDDEN for n, (name, info) in enumerate(figures.items())})
    ]
    if state == "closed":
        return PodTotals(state, "2026-W48", None, next_at, dict.fromkeys(figures, HIDDEN), earlier)
    return PodTotals(state, "2026-W47", "2026-11-23T05:00:00Z", next_at, figures, earlier)


def pod(state: str) -> PodPage:
    names = ("Ines", "Mara", "Noor", "Sam") if state != "none_yet" else ()
    roster = [RosterRow(name.lower(), name, False, name == "Sam", "2026-10-05") for name in names]
    starts = ("2026-10-14", "2026-10-21", "2026-10-28", "2026-11-04", "2026-11-18", "2026-11-26", "2026-12-03")
    states = ("held", "held", "cancelled", "held", "held", "scheduled", "scheduled")
    sessions = [
        session(n, "Harbour", f"{day}T17:00:00Z", each)
        for n, (day, each) in enumerate(zip(starts, states, strict=True))
    ]
    is_running = state != "none_yet"
    return PodPage(
        id="pod-harbour", name="Harbour", capacity=5, closed=False, cohort=COHORT, roster=roster,
        leads=[LeadInfo("Sam", "pod", "2026-10-05"), LeadInfo("Dana", "cohort", "2026-10-01")], totals=totals(state),
        sessions=sessions if is_running else [],
        cards=[MemberCard("mara", "Mara", CARD), MemberCard("noor", "Noor", QUIET_CARD)] if is_running else [],
        wins=[WordsInfo("Ines", "First interview done, and I would do it again.", "2026-11-24T09:30:00Z")]
        if is_running else [],
        requests=requests_open().items[:2] if is_running else [],
        offered=[OfferedRow("lin", "Lin")] if is_running else [],
        invites=[
            InviteRow("i1", "member", "pod", "pod-harbour", "Harbour", "2026-12-06T09:00:00Z", "open", "Rafael", None),
            InviteRow("i2", "member", "pod", "pod-harbour", "Harbour", "2026-11-20T09:00:00Z", "expired", None, None),
        ] if is_running else [],
    )  # fmt: skip


def calendar(is_empty: bool = False) -> CalendarPage:
    weeks = [WeekInfo(each, monday, sunday) for each, monday, sunday in (
        ("2026-W46", "2026-11-09", "2026-11-15"), ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-W48", "2026-11-23", "2026-11-29"), ("2026-W49", "2026-11-30", "2026-12-06"),
        ("2026-W50", "2026-12-07", "2026-12-13"),
    )]  # fmt: skip
    if is_empty:
        return CalendarPage(COHORT, TODAY, [], weeks, [])
    sessions = [
        session(1, "Beacon", "2026-11-25T17:00:00Z", "scheduled"),
        session(2, "Harbour", "2026-11-26T17:00:00Z", "scheduled"),
        session(3, "Quay", "2026-11-26T18:30:00Z", "cancelled"),
    ]
    return CalendarPage(COHORT, TODAY, sessions, weeks, pods_running().due)


def setup(is_new: bool = False) -> SetupPage:
    titles = {
        "cohort": "Open the cohort",
        "pods": "Form pods of 3 to 5",
        "codes": "Publish skill codes",
        "leads": "Appoint who leads each pod",
        "invites": "Invite the members",
        "members": "Members take their places",
        "sessions": "Schedule each pod's first session",
    }
    hints = {"pods": "mp pod form Harbour", "invites": "mp pod invite Harbour", "members": "mp join SERVER CODE"}
    counts = {
        "cohort": (1, 1),
        "pods": (4, 4),
        "codes": (3, 1),
        "leads": (2, 4),
        "invites": (16, 16),
        "members": (9, 16),
        "sessions": (1, 4),
    }
    if is_new:
        counts = {
            "cohort": (1, 1),
            "pods": (0, 1),
            "codes": (0, 1),
            "leads": (0, 1),
            "invites": (0, 1),
            "members": (0, 1),
            "sessions": (0, 1),
        }
    steps = [
        Step(key, titles[key], n >= of, min(n, of), of, hints.get(key, "mp help pod"))
        for key, (n, of) in counts.items()
    ]
    if is_new:
        return SetupPage(
            cohort=COHORT, first_release="2026-11-30", steps=steps, pods=[], pods_count=0, pods_next=None,
            invites=[], codes=[], leads=[],
            unplaced=[], next=None,
        )  # fmt: skip
    return SetupPage(
        cohort=COHORT, first_release="2026-11-30", steps=steps,
        pods=[PodPlaces(f"pod-{name.lower()}", name, 5, n + 1, n, name == "Tern")
              for n, name in enumerate(("Beacon", "Cove", "Harbour", "Tern"), 1)],
        pods_count=4,
        pods_next=None,
        invites=[
            InviteRow("i1", "member", "pod", "pod-harbour", "Harbour", "2026-12-06T09:00:00Z", "open", "Rafael", None),
            InviteRow("i2", "member", "pod", "pod-harbour", "Harbour", "2026-12-06T09:00:00Z", "used", "Noor", "Noor"),
            InviteRow("i3", "lead", "pod", "pod-cove", "Cove", "2026-11-20T09:00:00Z", "expired", None, None),
            InviteRow("i4", "member", "pod", "pod-cove", "Cove", "2026-12-06T09:00:00Z", "revoked", "Lin", None),
        ],
        codes=[CodeRow("STAT", "Statistics"), CodeRow("WRIT", "Writing for others"), CodeRow("INTV", "Interviewing")],
        leads=[LeadRow("dana", "Dana", "cohort", COHORT.id, COHORT.name, "2026-10-01", None, True),
               LeadRow("sam", "Sam", "pod", "pod-harbour", "Harbour", "2026-10-05", "2027-04-05", True)],
        unplaced=[PersonRow("uma", "Uma", "offered", "Cove"), PersonRow("lin", "Lin", "unplaced", None)],
        next=None,
    )  # fmt: skip


def audit(broken: tuple[int, ...] = ()) -> AuditPage:
    items = [
        AuditRow(212, "2026-11-25T08:41:00Z", "Dana", "people/read", "Harbour", ["Mara", "Noor"]),
        AuditRow(211, "2026-11-25T08:12:00Z", "Sam", "requests/answer", "Harbour", ["Noor"]),
        AuditRow(210, "2026-11-24T15:03:00Z", "Dana", "invites/issue", "Cove", []),
        AuditRow(209, "2026-11-24T14:58:00Z", "Dana", "members/move", "Cove", ["Lin"]),
        AuditRow(208, "2026-11-23T10:20:00Z", "the operator", "totals/now", None, []),
    ]
    return AuditPage(COHORT, items, "208", ChainInfo(212, "5f1c2ab09d3e4476" * 4, list(broken)))


def setup_of_many() -> SetupPage:
    """A cohort whose pods are no longer seen at a glance."""
    names = [f"{name} {n}" for n in range(1, 5) for name in ("Beacon", "Cove", "Quay")]
    pods = [PodPlaces(f"pod-{n}", name, 5, 5, 4, False) for n, name in enumerate(names)]
    return msgspec.structs.replace(setup(), pods=pods, pods_count=120, pods_next="pod-11")


CODE = "mp1-0a2b3c-4d5e6f-7g8h9j-0k1m2n-3p4q5r-6s7t8v-9w0x1y"
REFUSED = Said(
    refused="The answer is empty.",
    typed=Typed({"act": "requests/answer", "help": "request-1", "text": ""}),
    field="text",
)
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
        "ended": (msgspec.structs.replace(week("ended", STALE), cohort=ENDED, next_release=None), Said()),
        "first_release": (week("first_release", None), Said()),
    },
    "skills": {
        "published": (skills("published", RELEASE), Said()),
        "stale": (skills("stale", STALE), Said()),
        "first_release": (skills("first_release", None), Said()),
        "empty": (SkillsPage(COHORT, "first_release", None, HIDDEN, HIDDEN, []), Said()),
    },
    "blockers": {
        "published": (blockers("published", RELEASE), Said()),
        "stale": (blockers("stale", STALE), Said()),
        "first_release": (blockers("first_release", None), Said()),
    },
    "pod": {
        "shown": (pod("shown"), Said()),
        "closed": (pod("closed"), Said()),
        "none_yet": (pod("none_yet"), Said()),
        "refused": (
            pod("shown"),
            Said(
                refused="2026-11-02T17:00:00Z is in the past.",
                typed=Typed({"act": "sessions/schedule", "day": "2026-11-02", "time": "18:00", "minutes": "60"}),
                field="day",
            ),
        ),
        "unsure": (
            pod("shown"),
            Said(
                refused="This cannot be undone; tick the box if it is meant.",
                typed=Typed({"act": "members/remove", "member": "noor"}),
                field="sure",
            ),
        ),
        "code": (pod("shown"), Said(done="The invite is made.", code=CODE)),
    },
    "member": {
        "shared": (member(CARD), Said()),
        "empty": (member(QUIET_CARD), Said()),
    },
    "calendar": {
        "planned": (calendar(), Said()),
        "empty": (calendar(is_empty=True), Said()),
    },
    "setup": {
        "under_way": (setup(), Said()),
        "empty": (setup(is_new=True), Said()),
        "code": (setup(), Said(done="The invite is made.", code=CODE)),
        "refused": (
            setup(),
            Said(
                refused="A pod of that name is there.",
                typed=Typed({"act": "pods/form", "name": "Cove", "capacity": "5"}),
                field="name",
            ),
        ),
        "ended": (msgspec.structs.replace(setup(), cohort=ENDED), Said()),
        "many": (setup_of_many(), Said()),
    },
    "releases": {
        "published": (releases(), Said()),
        "first_release": (ReleasesPage(COHORT, [], None), Said()),
    },
    "audit": {
        "whole": (audit(), Said()),
        "broken": (audit(broken=(210,)), Said()),
        "empty": (AuditPage(COHORT, [], None, ChainInfo(212, "5f1c2ab09d3e4476" * 4, [])), Said()),
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
