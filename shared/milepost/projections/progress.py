"""Progress: what a member is shown of themselves, on a device and by the server, from the same resolved entities.

Counts and cards only; names are joined where they are known. Counting rules of events.md live here and in the views.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

import msgspec

from milepost.projections.aside import BROKEN, DOUBLE, UNKNOWN, Aside
from milepost.projections.attached import Attached
from milepost.projections.days import Count, Day, Review
from milepost.projections.evidence import Artifact
from milepost.projections.goals import Goal
from milepost.projections.measures import Metric
from milepost.projections.milestones import CLOSED_STATUS, OPEN_STATUS, Milestone, Objective, Output
from milepost.projections.people import Contact
from milepost.projections.sharing import Consent, Membership
from milepost.projections.skills import Skill
from milepost.projections.view import View

AnyView = TypeVar("AnyView", bound=View)

# What the texts call usual, whatever the kind; a card says longer or shorter as information.
USUAL_WEEKS = (2, 8)
WEEKS_DEFAULT = 12


class Shelf(Protocol):
    """Resolved entities, as tables hold them or as of a day."""

    def get(self, type: type[AnyView], id: str) -> AnyView | None:
        """One view."""

    def all(self, type: type[AnyView], *standings: str) -> list[AnyView]:
        """The views of a kind, of these standings if any are given, by due day and name."""

    def counts(self, type: type[View]) -> Mapping[str, int]:
        """How many views of a kind have each standing."""

    def between(self, type: type[AnyView], first: str, last: str) -> list[AnyView]:
        """The views of a kind whose due day lies between two ISO days, both included."""

    def day_counts(self) -> Iterable[Count]:
        """What all days count, by type and sort."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone with what hangs off it. `children` are counted under it."""

    milestone: Milestone
    outputs_named: int
    outputs_done: int
    children: tuple[str, ...]
    minutes: int
    artifacts: int
    feedback: int
    usual_length: str

    @property
    def is_child(self) -> bool:
        """Whether it counts under another milestone."""
        return self.milestone.parent is not None


class MilestoneCounts(msgspec.Struct, frozen=True):
    """Top-level milestones by status: children count under their parent."""

    planned: int
    started: int
    blocked: int
    completed: int
    stopped: int

    @property
    def total(self) -> int:
        """Every top-level milestone."""
        return self.planned + self.started + self.blocked + self.completed + self.stopped


class GoalCounts(msgspec.Struct, frozen=True):
    """Goals by how they stand."""

    open: int
    done: int
    missed: int
    dropped: int
    reframed: int


class People(msgspec.Struct, frozen=True):
    """Relationships, each once however often recorded, and touches by kind."""

    relationships: int
    by_class: dict[str, int]
    targeted: int
    targeted_met: int
    unthanked: int


class Week(msgspec.Struct, frozen=True):
    """One ISO week. Unlogged weeks have no measures: neither an entry nor a review was made for them."""

    week: str
    first_day: str
    is_logged: bool
    minutes: int | None
    goals_done: int | None
    touches: int | None
    feedback: int | None
    has_review: bool


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a member's progress says, without names."""

    as_of: str
    goals: GoalCounts
    goals_open: tuple[Goal, ...]
    milestones: MilestoneCounts
    cards: tuple[Card, ...]
    objectives: tuple[Objective, ...]
    skills: tuple[Skill, ...]
    metrics: tuple[Metric, ...]
    people: People
    minutes: int
    touches: int
    feedback: int
    reviews: int
    artifacts: int
    membership: Membership | None
    consents: tuple[Consent, ...]
    set_aside: int
    unknown: int


def progress(shelf: Shelf, today: date) -> Progress:
    """The progress of a member on a day. A shelf as of an earlier day gives that day's."""
    cards = tuple(cards_of(shelf))
    entries, minutes = _totals(shelf.day_counts())
    aside = shelf.counts(Aside)
    return Progress(
        as_of=today.isoformat(),
        goals=_goal_counts(shelf.counts(Goal)),
        goals_open=tuple(shelf.all(Goal, "open")),
        milestones=_milestone_counts(cards),
        cards=cards,
        objectives=tuple(shelf.all(Objective)),
        skills=tuple(shelf.all(Skill)),
        metrics=tuple(shelf.all(Metric)),
        people=people_of(shelf.all(Contact)),
        minutes=minutes["time.spent"],
        touches=entries["touchpoint.logged"],
        feedback=entries["feedback.received"],
        reviews=sum(shelf.counts(Review).values()),
        artifacts=sum(shelf.counts(Artifact).values()),
        membership=shelf.get(Membership, "pod"),
        consents=tuple(shelf.all(Consent)),
        set_aside=aside.get(BROKEN, 0) + aside.get(DOUBLE, 0),
        unknown=aside.get(UNKNOWN, 0),
    )


def _totals(counts: Iterable[Count]) -> tuple[Counter[str], Counter[str]]:
    """Entries and minutes by type."""
    entries: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for one in counts:
        entries[one.type] += one.count
        minutes[one.type] += one.minutes
    return entries, minutes


def cards_of(shelf: Shelf, *standings: str) -> Iterator[Card]:
    """The milestones of these standings (all, when none is given), each with its outputs, children and efforts."""
    every = shelf.all(Milestone)
    children: dict[str, list[str]] = {}
    for milestone in every:
        if milestone.parent is not None:
            children.setdefault(milestone.parent, []).append(milestone.id)
    for milestone in every:
        if not standings or milestone.standing in standings:
            yield _card(shelf, milestone, tuple(children.get(milestone.id, ())))


def people_of(contacts: Sequence[Contact]) -> People:
    """Who was met: 8 product managers and 2 recruiters are ten; only those on the target list count against it."""
    met = [contact for contact in contacts if contact.is_met]
    return People(
        relationships=len(met),
        by_class=dict(sorted(Counter(contact.role for contact in met).items())),
        targeted=sum(contact.on_target_list for contact in contacts),
        targeted_met=sum(contact.on_target_list for contact in met),
        unthanked=sum(len(contact.unthanked) for contact in contacts),
    )


def weeks(shelf: Shelf, today: date, count: int = WEEKS_DEFAULT) -> list[Week]:
    """The last `count` ISO weeks, the oldest first."""
    monday = today - timedelta(days=today.weekday() + 7 * (count - 1))
    last = monday + timedelta(days=7 * count - 1)
    by_week: dict[str, list[Day]] = {}
    for day in shelf.between(Day, monday.isoformat(), last.isoformat()):
        by_week.setdefault(_week_of(date.fromisoformat(day.date)), []).append(day)
    starts = [monday + timedelta(weeks=number) for number in range(count)]
    return [_week(shelf, start, by_week.get(_week_of(start), [])) for start in starts]


def _week(shelf: Shelf, monday: date, days: list[Day]) -> Week:
    name = _week_of(monday)
    has_review = shelf.get(Review, name) is not None
    if not days and not has_review:
        return Week(name, monday.isoformat(), False, None, None, None, None, False)
    return Week(
        name,
        monday.isoformat(),
        True,
        sum(day.minutes_spent for day in days),
        sum(day.count("goal.closed", "done") for day in days),
        sum(day.count("touchpoint.logged") for day in days),
        sum(day.count("feedback.received") for day in days),
        has_review,
    )


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _card(shelf: Shelf, milestone: Milestone, children: tuple[str, ...]) -> Card:
    outputs = [shelf.get(Output, output) for output in milestone.outputs]
    hung = shelf.get(Attached, milestone.id)
    return Card(
        milestone=milestone,
        outputs_named=len(outputs),
        outputs_done=sum(output is not None and output.is_done for output in outputs),
        children=children,
        minutes=hung.minutes if hung else 0,
        artifacts=len(hung.artifacts) if hung else 0,
        feedback=hung.feedback if hung else 0,
        usual_length=_usual(milestone.days_planned),
    )


def _usual(days: int) -> str:
    shortest, longest = USUAL_WEEKS
    if days < 7 * shortest:
        return "shorter"
    return "longer" if days > 7 * longest else "usual"


def _goal_counts(counts: Mapping[str, int]) -> GoalCounts:
    return GoalCounts(*(counts.get(standing, 0) for standing in GoalCounts.__struct_fields__))


def _milestone_counts(cards: Sequence[Card]) -> MilestoneCounts:
    counts = Counter(card.milestone.status for card in cards if not card.is_child)
    known = [counts.get(status, 0) for status in (*OPEN_STATUS, *CLOSED_STATUS)]
    return MilestoneCounts(*known)
