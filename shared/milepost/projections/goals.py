"""Goals: open or closed, kept per period when they repeat, in lines of attempts when they are reframed.

Rows of `goal:ID`: `set`, `result`, `period/DAY`, `reframes` (this one took another's place), `reframed` (another took
this one's).
"""

import msgspec

from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Replacing, Said, Writes

PERIOD = "period/"
OPEN = "open"


class GoalSet(Replacing, frozen=True, omit_defaults=True):
    """Data of `set`."""

    ref: tuple[str, ...] = ()
    due: str | None = None
    estimate_minutes: int | None = None
    learning: bool = False
    visible: bool = False
    has_test: bool = False
    repeat: str | None = None


class GoalResult(Replacing, frozen=True, omit_defaults=True):
    """Data of `result` and of `period/DAY`."""

    result: str = "done"


class Reframing(Replacing, frozen=True, omit_defaults=True):
    """Data of `reframes` and `reframed`: the other goal, and why."""

    goal: str = ""
    reason: str = ""


class Period(msgspec.Struct, frozen=True, omit_defaults=True):
    """One period of a repeating goal: its first day, and how it ended."""

    first_day: str
    result: str


class Goal(View, frozen=True, kw_only=True, omit_defaults=True):
    """A goal as it stands. Lateness is against `first_due`; `due` is the last one set."""

    id: str
    set_on: str
    ref: tuple[str, ...] = ()
    due_on: str | None = None
    first_due: str | None = None
    estimate_minutes: int | None = None
    learning: bool = False
    visible: bool = False
    has_test: bool = False
    repeat: str | None = None
    result: str | None = None
    closed_on: str | None = None
    periods: tuple[Period, ...] = ()
    replaces: str | None = None
    replaced_by: str | None = None

    @property
    def standing(self) -> str:
        return self.result or ("reframed" if self.replaced_by else OPEN)

    @property
    def due(self) -> str | None:
        return self.due_on

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a result."""
        return self.standing == OPEN

    @property
    def periods_kept(self) -> int:
        """Periods that were done."""
        return sum(period.result == "done" for period in self.periods)


def _set(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("goal", facts["goal"]), "set", data_of(facts, GoalSet)),)


def _closed(facts: Facts) -> tuple[Cell, ...]:
    period = facts.get("period")
    field = "result" if period is None else PERIOD + str(period)
    return (Cell(key("goal", facts["goal"]), field, data_of(facts, GoalResult)),)


def _reframed(facts: Facts) -> tuple[Cell, ...]:
    new, old, reason = facts["goal"], facts["replaces_goal"], facts["reason"]
    return (
        Cell(key("goal", new), "reframes", Reframing(goal=old, reason=reason)),
        Cell(key("goal", old), "reframed", Reframing(goal=new, reason=reason)),
    )


def resolve(id: str, writes: Writes) -> Goal | None:
    """The goal, or None when nothing that set it stands."""
    set_ = writes.single("set", GoalSet, is_worded=True)
    reframes = writes.single("reframes", Reframing)
    first = set_ or reframes
    if first is None:
        return None
    data = set_.data if set_ else GoalSet()
    story = writes.ordered("set", GoalSet)
    result = writes.single("result", GoalResult)
    reframed = writes.single("reframed", Reframing)
    return Goal(
        id=id,
        set_on=iso_day(min(said.on for said in story) if story else first.on),
        ref=data.ref,
        due_on=data.due,
        first_due=next((said.data.due for said in story if said.data.due), None),
        estimate_minutes=data.estimate_minutes,
        learning=data.learning,
        visible=data.visible,
        has_test=data.has_test,
        repeat=data.repeat,
        result=result.data.result if result else None,
        closed_on=iso_day(result.on) if result else iso_day(reframed.on) if reframed else None,
        periods=_periods(writes),
        replaces=reframes.data.goal if reframes else None,
        replaced_by=reframed.data.goal if reframed else None,
        heads=writes.heads,
    )


def _periods(writes: Writes) -> tuple[Period, ...]:
    found: list[tuple[str, Said[GoalResult] | None]] = [
        (field.removeprefix(PERIOD), writes.single(field, GoalResult)) for field in writes.fields(PERIOD)
    ]
    return tuple(Period(day, said.data.result) for day, said in found if said)


FOLDERS = {"goal.set": _set, "goal.closed": _closed, "goal.reframed": _reframed}
KINDS = {"goal": Kind(resolve, Goal)}
