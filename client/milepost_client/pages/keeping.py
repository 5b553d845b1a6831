"""Repeating goals: periods kept of periods due. No streak: what was kept before a gap counts as it did.

A period in a week that nobody logged is neither kept nor missed: nobody knows.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from milepost.projections.goals import Goal
from milepost.projections.own import Capacity
from milepost_client.recording.dates import week_of
from milepost_client.views.pauses import WEEK_DAYS, is_pause

State = Literal["kept", "missed", "pause", "unlogged", "waiting"]
MARKS: dict[State, str] = {"kept": "●", "missed": "○", "pause": "‖", "unlogged": "-", "waiting": "·"}
"""How a period is drawn; `waiting` is the one that today lies in."""
MARKS_SHOWN = 8
_MEANS: dict[State, str] = {
    "kept": "kept",
    "missed": "not kept",
    "pause": "pause",
    "unlogged": "not logged",
    "waiting": "under way",
}

Holds = Callable[[str, str], bool]
"""Whether there is a view of this kind and id: the days and reviews that make a week a logged one."""


class Period(NamedTuple):
    """One period since the goal was set: its first day, and what became of it."""

    first_day: str
    state: State


class Kept(NamedTuple):
    """What was kept of a repeating goal, period by period. `unit` is what a period is: day or week."""

    unit: str
    periods: Sequence[Period]

    @property
    def kept(self) -> int:
        """Periods kept."""
        return sum(period.state == "kept" for period in self.periods)

    @property
    def due(self) -> int:
        """Periods that are over or kept already; pauses and weeks that nobody logged are not due."""
        return sum(period.state in ("kept", "missed") for period in self.periods)

    @property
    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        periods = [period._asdict() for period in self.periods]
        return {"unit": self.unit, "kept": self.kept, "due": self.due, "periods": periods}

    def __str__(self) -> str:
        marks = "".join(MARKS[period.state] for period in self.periods[-MARKS_SHOWN:])
        return f"{marks} {self.kept} of {self.due}"


def legend(states: Sequence[str]) -> str:
    """What the marks mean that are drawn for periods of these states."""
    drawn = set(states[-MARKS_SHOWN:])
    return ", ".join(f"{MARKS[state]} {means}" for state, means in _MEANS.items() if state in drawn)


def kept_of(goal: Goal, capacity: Capacity | None, holds: Holds, today: date) -> Kept | None:
    """What was kept of a goal; None for one that does not repeat."""
    if goal.repeat is None:
        return None
    unit = "day" if goal.repeat in ("daily", "weekdays") else "week"
    return Kept(unit, [*_periods(goal, unit, capacity, holds, today)])


def _periods(goal: Goal, unit: str, capacity: Capacity | None, holds: Holds, today: date) -> Iterator[Period]:
    closed = {date.fromisoformat(period.first_day): period.result for period in goal.periods}
    first = min([date.fromisoformat(goal.set_on), *closed])
    last = max([date.fromisoformat(goal.closed_on) if goal.closed_on else today, *closed])
    length = 1 if unit == "day" else WEEK_DAYS
    start = first if unit == "day" else _monday(first)
    while start <= last:
        within = [result for day, result in closed.items() if start <= day < start + timedelta(days=length)]
        if within or not (goal.repeat == "weekdays" and start.weekday() >= 5):
            is_over = start + timedelta(days=length) <= today
            state = _state(goal, within, is_over=is_over, is_paused=is_pause(capacity, _monday(start)))
            if state == "missed" and not within and not _is_logged(_monday(start), holds):
                state = "unlogged"
            yield Period(start.isoformat(), state)
        start += timedelta(days=length)


def _state(goal: Goal, results: Sequence[str], *, is_over: bool, is_paused: bool) -> State:
    if results.count("done") >= _wanted(goal.repeat or ""):
        return "kept"
    if is_paused:
        return "pause"
    # Three times a week may still become three; a day or a week that was closed as missed stays missed.
    is_settled = bool(results) and _wanted(goal.repeat or "") == 1
    return "missed" if is_over or is_settled else "waiting"


def _is_logged(monday: date, holds: Holds) -> bool:
    """Whether a week has any entry, or a review for it."""
    days = (monday + timedelta(days=number) for number in range(WEEK_DAYS))
    return any(holds("day", day.isoformat()) for day in days) or holds("review", week_of(monday))


def _wanted(repeat: str) -> int:
    """How often a period has to be done: `3_per_week` is three times."""
    return int(repeat[0]) if repeat[0].isdigit() else 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
