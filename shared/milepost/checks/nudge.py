"""Nudges: what `status` and `status --due` remind of. A reminder names what is due and the command that answers it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from milepost.checks.context import DueContext

REVIEW_DAYS = 8
THANKS_DAYS = 2
AUDIT_DAYS = 7
MENTOR_DAYS = 45
BLOCKED_DAYS = 7
STUCK_REVIEWS = 2
BETWEEN_GOALS_DAYS = 28


class Nudge(NamedTuple):
    """One reminder: a stable code, a sentence, and the command to type next."""

    code: str
    message: str
    command: str


def nudges(context: DueContext) -> list[Nudge]:
    """What is due, the most pressing first."""
    rules = (_thanks_due, _blocked, _review_due, _goal_stuck, _mentor_due, _audit_old, _between_goals)
    return [nudge for rule in rules for nudge in rule(context)]


def _thanks_due(context: DueContext) -> Iterator[Nudge]:
    for interview in context.unthanked_interviews():
        # 48 hours, in the only measure an entry has of a day.
        if _days_since(context, interview.on) >= THANKS_DAYS:
            message = f"thank {interview.label} for the interview of {interview.on.isoformat()}"
            yield Nudge("thanks_due", message, f"mp touch {interview.contact} thanks --recap")


def _blocked(context: DueContext) -> Iterator[Nudge]:
    for milestone in context.milestones_blocked():
        since = milestone.blocked_since
        if since is not None and (days := _days_since(context, since)) > BLOCKED_DAYS:
            offers = "redo the audit, change the method, ask a peer, or ask a mentor"
            message = f"{milestone.label} has been blocked for {days} days: {offers}"
            yield Nudge("blocked_long", message, f"mp milestone block {milestone.id} --remedy mentor")


def _review_due(context: DueContext) -> Iterator[Nudge]:
    if context.last_review is not None and (days := _days_since(context, context.last_review)) >= REVIEW_DAYS:
        yield Nudge("review_due", f"no weekly review for {days} days", "mp review")


def _goal_stuck(context: DueContext) -> Iterator[Nudge]:
    for goal in context.goals_open():
        if goal.reviews_without_progress >= STUCK_REVIEWS:
            message = f"{goal.reviews_without_progress} reviews without progress on {goal.label}: reframe it"
            yield Nudge("goal_stuck", message, f'mp reframe {goal.id} "a smaller step"')


def _mentor_due(context: DueContext) -> Iterator[Nudge]:
    last = context.last_mentor_session
    if last is not None and (days := _days_since(context, last)) >= MENTOR_DAYS:
        yield Nudge("mentor_due", f"no mentor session for {days} days", "mp touch NAME mentor_session 30m")


def _audit_old(context: DueContext) -> Iterator[Nudge]:
    if context.last_audit is not None and (days := _days_since(context, context.last_audit)) > AUDIT_DAYS:
        yield Nudge("audit_old", f"the skills audit is {days} days old", "mp skill list --gaps")


def _between_goals(context: DueContext) -> Iterator[Nudge]:
    since = context.between_goals_since
    if since is not None and (days := _days_since(context, since)) >= BETWEEN_GOALS_DAYS:
        yield Nudge("between_goals", f"between goals for {days // 7} weeks: look at the skill map", "mp skill map")


def _days_since(context: DueContext, day: date) -> int:
    return (context.today - day).days
