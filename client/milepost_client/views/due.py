"""What is due: the views as the nudges of `status` read them (`milepost.checks.nudge`)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import cast

from milepost.checks.context import GoalState, InterviewState, MilestoneState, MilestoneStatus
from milepost.projections.attached import Attached
from milepost.projections.days import Review
from milepost.projections.goals import OPEN, Goal
from milepost.projections.milestones import BLOCKED, CLOSED_STATUS, OPEN_STATUS, Milestone
from milepost.projections.own import Capacity
from milepost.projections.people import Contact
from milepost.projections.progress import Shelf
from milepost.projections.skills import Skill
from milepost_client.views.pauses import WEEK_DAYS, is_pause

MENTOR = "mentor"
SESSION = "mentor_session"
SHORT = 4


class Due:
    """`milepost.checks.context.DueContext` over resolved views."""

    def __init__(
        self,
        shelf: Shelf,
        name: Callable[[str, str], str],
        first_day: date | None,
        today: date,
        *,
        wants_goals: bool,
    ) -> None:
        """`name` gives what the member calls a thing, `first_day` is the day of the first entry."""
        self._shelf = shelf
        self._name = name
        self._first_day = first_day
        self._wants_goals = wants_goals
        self._today = today

    @property
    def today(self) -> date:
        return self._today

    @property
    def last_review(self) -> date | None:
        held = max((_day(review.held_on) for review in self._shelf.all(Review)), default=self._first_day)
        capacity = self._shelf.get(Capacity, "week")
        monday = self._today - timedelta(days=self._today.weekday())
        if held is None or is_pause(capacity, monday):
            return None
        # Weeks that were meant to be empty are not reviewed, nor made up for.
        while (monday := monday - timedelta(days=WEEK_DAYS)) > held:
            if is_pause(capacity, monday):
                return monday + timedelta(days=WEEK_DAYS - 1)
        return held

    @property
    def last_audit(self) -> date | None:
        skills = self._shelf.all(Skill)
        if not any(skill.gap for skill in skills):
            return None
        return max((_day(skill.ratings[-1].on) for skill in skills if skill.ratings), default=None)

    @property
    def last_mentor_session(self) -> date | None:
        mentors = [contact for contact in self._shelf.all(Contact) if contact.role == MENTOR]
        sessions = [_day(each.last[SESSION]) for each in mentors if SESSION in each.last]
        added = [_day(contact.added_on) for contact in mentors if contact.added_on]
        return max(sessions or added, default=None)

    @property
    def between_goals_since(self) -> date | None:
        if not self._wants_goals or self._is_busy():
            return None
        goals = [_day(goal.closed_on) for goal in self._shelf.all(Goal) if goal.closed_on]
        ended = [_day(one.closed_on) for one in self._shelf.all(Milestone, *CLOSED_STATUS) if one.closed_on]
        return max(goals + ended, default=None)

    def _is_busy(self) -> bool:
        goals, milestones = self._shelf.counts(Goal), self._shelf.counts(Milestone)
        return goals.get(OPEN, 0) > 0 or any(milestones.get(status, 0) for status in OPEN_STATUS)

    def unthanked_interviews(self) -> Iterable[InterviewState]:
        for contact in self._shelf.all(Contact, "due"):
            label = self._label("contact", contact.id)
            yield from (InterviewState(contact.id, label, _day(touch.on)) for touch in contact.unthanked)

    def goals_open(self) -> Iterable[GoalState]:
        reviews = [review.held_on for review in self._shelf.all(Review)]
        for goal in self._shelf.all(Goal, "open"):
            periods = {period.first_day: period.result for period in goal.periods}
            stale = self._reviews_since(goal, reviews)
            yield GoalState(goal.id, self._label("goal", goal.id), None, goal.repeat, periods, stale)

    def milestones_blocked(self) -> Iterable[MilestoneState]:
        for milestone in self._shelf.all(Milestone, BLOCKED):
            hung = self._shelf.get(Attached, milestone.id)
            yield MilestoneState(
                milestone.id,
                self._label("milestone", milestone.id),
                milestone.kind,
                cast("MilestoneStatus", milestone.status),
                _day(milestone.start),
                milestone.has_measure,
                milestone.measure_met,
                _day(milestone.blocked_on) if milestone.blocked_on else None,
                len(hung.artifacts) if hung else 0,
            )

    def _reviews_since(self, goal: Goal, reviews: Sequence[str]) -> int:
        """Reviews held since anything was logged on a goal, or since it was set."""
        hung = self._shelf.get(Attached, goal.id)
        moved = max([goal.set_on, *(period.first_day for period in goal.periods)])
        last = max(moved, hung.last_on) if hung else moved
        return sum(held_on > last for held_on in reviews)

    def _label(self, kind: str, id: str) -> str:
        return self._name(kind, id) or id[:SHORT]


def _day(text: str) -> date:
    return date.fromisoformat(text)
