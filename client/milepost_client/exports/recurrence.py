"""Goals that repeat, as to-dos that recur: from the next period that is still to be done, by a rule of RFC 5545.

What was kept or missed stays out. A calendar would show each of those periods as overdue; and where one comes with the
file after this, the to-do moves on, as it does in programs for tasks when somebody ticks it off.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from milepost.projections.goals import Goal
from milepost_client.pages.keeping import Kept
from milepost_client.views.pauses import WEEK_DAYS

_WORKDAYS = ("MO", "TU", "WE", "TH", "FR")
_SATURDAY = 5


class Recurrence(NamedTuple):
    """The first period still to be done, its last day where that is another, and the rule by which it comes back."""

    start: date
    due: date | None
    rule: Mapping[str, object]


def recurrence(goal: Goal, kept: Kept) -> Recurrence | None:
    """How an open goal comes back from here on; None where its due day, the last of all, is over by then."""
    length = WEEK_DAYS if kept.unit == "week" else 1
    start = _next(goal, kept, length)
    rule: dict[str, object] = {"FREQ": "DAILY"} if goal.repeat == "daily" else {"FREQ": "WEEKLY"}
    if goal.repeat == "weekdays":
        rule["BYDAY"] = list(_WORKDAYS)
    if goal.due_on is not None:
        rule["UNTIL"] = last = date.fromisoformat(goal.due_on)
        if last < start:
            return None
    # A to-do of one day has no other to be due on: DUE has to be later than DTSTART (RFC 5545, 3.8.2.3).
    return Recurrence(start, start + timedelta(days=length - 1) if length > 1 else None, rule)


def times(goal: Goal) -> str:
    """`, 3 times a week` for what no rule of a calendar can say; empty for the others."""
    count, says, _ = (goal.repeat or "").partition("_per_week")
    return f", {count} times a week" if says else ""


def _next(goal: Goal, kept: Kept, length: int) -> date:
    """The first day of the first period that waits to be done: today's, or the one after all that are known."""
    first = date.fromisoformat(goal.set_on)
    if length > 1:
        first -= timedelta(days=first.weekday())
    for period in kept.periods:
        first = date.fromisoformat(period.first_day)
        if period.state == "waiting":
            break
        first += timedelta(days=length)
    while goal.repeat == "weekdays" and first.weekday() >= _SATURDAY:
        first += timedelta(days=1)
    return first
