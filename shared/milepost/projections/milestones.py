"""Milestones, their named outputs, and objectives.

Rows of `milestone:ID`: `plan`, `due` (planned and rescheduled), `status` (started, blocked, ... each with its data).
Rows of `output:ID`: `named` by a plan, `ticked` by a completion, `artifact` by what delivers it.
Children and outputs are joined where they are shown: an entity reads its own rows only, so a fold touches only what an
event names.
"""

from itertools import pairwise

import msgspec

from milepost.projections.calendar import days_between, iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Replacing, Said, Writes

BLOCKED = "blocked"
OPEN_STATUS = ("planned", "started", BLOCKED)
CLOSED_STATUS = ("completed", "stopped")


class Plan(Replacing, frozen=True, omit_defaults=True):
    """Data of `plan`."""

    kind: str = "other"
    start: str = ""
    buffer_days: int | None = None
    hours_per_week: int | None = None
    outputs: tuple[str, ...] = ()
    has_measure: bool = False
    objective: str | None = None
    parent: str | None = None
    terms: str | None = None
    skill: str | None = None


class Due(Replacing, frozen=True, omit_defaults=True):
    """Data of `due`."""

    due: str = ""
    reason: str | None = None


class Status(Replacing, frozen=True, omit_defaults=True, rename={"obstacle": "class"}):
    """Data of `status`: the word, and what the entry that said it adds."""

    status: str = "planned"
    obstacle: str | None = None
    remedy: str | None = None
    reason: str | None = None
    measure_met: str | None = None
    outputs_ticked: tuple[str, ...] = ()
    hypothesis_upheld: bool | None = None


class Move(msgspec.Struct, frozen=True, omit_defaults=True):
    """A later due date: when it was set, to what, and why."""

    on: str
    due: str
    reason: str | None = None


class Milestone(View, frozen=True, kw_only=True, omit_defaults=True):
    """A milestone as it stands. Lateness is against `first_due`; `moves` are the later ones."""

    id: str
    kind: str
    start: str
    due_on: str
    first_due: str
    status: str
    planned_on: str
    buffer_days: int | None = None
    hours_per_week: int | None = None
    outputs: tuple[str, ...] = ()
    has_measure: bool = False
    objective: str | None = None
    parent: str | None = None
    terms: str | None = None
    skill: str | None = None
    moves: tuple[Move, ...] = ()
    started_on: str | None = None
    closed_on: str | None = None
    blocked_on: str | None = None
    obstacle: str | None = None
    remedy: str | None = None
    reason: str | None = None
    measure_met: str | None = None
    outputs_ticked: tuple[str, ...] = ()
    hypothesis_upheld: bool | None = None

    @property
    def standing(self) -> str:
        return self.status

    @property
    def due(self) -> str:
        return self.due_on

    @property
    def is_open(self) -> bool:
        """Whether it is neither completed nor stopped."""
        return self.status in OPEN_STATUS

    @property
    def days_planned(self) -> int:
        """Days from its start to its first due date."""
        return days_between(self.start, self.first_due)

    @property
    def hours_planned(self) -> int | None:
        """Hours a week over its whole weeks: planned, which says nothing about what was spent."""
        return None if self.hours_per_week is None else self.hours_per_week * (self.days_planned // 7)

    @property
    def days_late(self) -> int:
        """Days that its end lies behind its first due date; 0 while it is open or if it was not late."""
        return 0 if self.closed_on is None else max(0, days_between(self.first_due, self.closed_on))


class Artifact(msgspec.Struct, frozen=True):
    """Data of `artifact` on an output: what delivers it."""

    artifact: str


class Named(msgspec.Struct, frozen=True):
    """Data of `named` and `ticked` on an output: whose it is."""

    milestone: str


class Output(View, frozen=True, kw_only=True, omit_defaults=True):
    """A named output. It is done when an artifact names it, or a completion ticked it."""

    id: str
    milestones: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    is_ticked: bool = False
    done_on: str | None = None

    @property
    def standing(self) -> str:
        return "done" if self.is_done else "open"

    @property
    def is_done(self) -> bool:
        """Whether it is there."""
        return self.done_on is not None


class ObjectiveSet(Replacing, frozen=True, omit_defaults=True):
    """Data of an objective's `set`."""

    horizon: str = "half"
    start: str = ""
    end: str = ""
    status: str = "open"
    skill: str | None = None


class Objective(View, frozen=True, kw_only=True, omit_defaults=True):
    """An objective as it stands."""

    id: str
    horizon: str
    start: str
    end: str
    status: str
    skill: str | None = None

    @property
    def standing(self) -> str:
        return self.status

    @property
    def due(self) -> str:
        return self.end


def _planned(facts: Facts) -> tuple[Cell, ...]:
    entity = key("milestone", facts["milestone"])
    named = Named(facts["milestone"])
    return (
        Cell(entity, "plan", data_of(facts, Plan)),
        Cell(entity, "due", data_of(facts, Due)),
        *(Cell(key("output", output), "named", named) for output in facts.get("outputs", ())),
    )


def _rescheduled(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("milestone", facts["milestone"]), "due", data_of(facts, Due)),)


def _started(facts: Facts) -> tuple[Cell, ...]:
    return _status(facts, "started")


def _resumed(facts: Facts) -> tuple[Cell, ...]:
    return _status(facts, "started")


def _blocked(facts: Facts) -> tuple[Cell, ...]:
    return _status(facts, BLOCKED)


def _stopped(facts: Facts) -> tuple[Cell, ...]:
    return _status(facts, "stopped")


def _completed(facts: Facts) -> tuple[Cell, ...]:
    named = Named(facts["milestone"])
    ticked = (Cell(key("output", output), "ticked", named) for output in facts.get("outputs_ticked", ()))
    return (*_status(facts, "completed"), *ticked)


def _status(facts: Facts, status: str) -> tuple[Cell, ...]:
    data = msgspec.structs.replace(data_of(facts, Status), status=status)
    return (Cell(key("milestone", facts["milestone"]), "status", data),)


def _objective(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("objective", facts["objective"]), "set", data_of(facts, ObjectiveSet)),)


def resolve(id: str, writes: Writes) -> Milestone | None:
    """The milestone, or None when no plan of it stands."""
    plan = writes.single("plan", Plan, is_worded=True)
    due = writes.single("due", Due)
    if plan is None or due is None:
        return None
    dues = writes.ordered("due", Due)
    status = writes.single("status", Status)
    said = status.data if status else Status()
    story = writes.ordered("status", Status)
    return Milestone(
        id=id,
        kind=plan.data.kind,
        start=plan.data.start,
        due_on=due.data.due,
        first_due=dues[0].data.due,
        status=said.status,
        planned_on=iso_day(min(one.on for one in writes.ordered("plan", Plan))),
        buffer_days=plan.data.buffer_days,
        hours_per_week=plan.data.hours_per_week,
        outputs=plan.data.outputs,
        has_measure=plan.data.has_measure,
        objective=plan.data.objective,
        parent=plan.data.parent,
        terms=plan.data.terms,
        skill=plan.data.skill,
        moves=_moves(dues)[-SHOWN_MAX:],
        started_on=_first_day(story, "started"),
        closed_on=iso_day(status.on) if status and said.status in CLOSED_STATUS else None,
        blocked_on=iso_day(status.on) if status and said.status == BLOCKED else None,
        obstacle=said.obstacle,
        remedy=said.remedy,
        reason=said.reason,
        measure_met=said.measure_met,
        outputs_ticked=said.outputs_ticked,
        hypothesis_upheld=said.hypothesis_upheld,
        heads=writes.heads,
    )


def _moves(dues: list[Said[Due]]) -> tuple[Move, ...]:
    return tuple(
        Move(iso_day(later.on), later.data.due, later.data.reason)
        for earlier, later in pairwise(dues)
        if later.data.due != earlier.data.due
    )


def _first_day(story: list[Said[Status]], status: str) -> str | None:
    days = [said.on for said in story if said.data.status == status]
    return iso_day(min(days)) if days else None


def resolve_output(id: str, writes: Writes) -> Output | None:
    """The output, or None when nothing names it."""
    named = writes.readings("named", Named)
    ticked = writes.readings("ticked", Named)
    artifacts = writes.readings("artifact", Artifact)
    done = [said.on for said in ticked] + [said.on for said in artifacts]
    if not named and not done:
        return None
    return Output(
        id=id,
        milestones=tuple(sorted({said.data.milestone for said in (*named, *ticked)})),
        artifacts=tuple(sorted({said.data.artifact for said in artifacts})),
        is_ticked=bool(ticked),
        done_on=iso_day(min(done)) if done else None,
    )


def resolve_objective(id: str, writes: Writes) -> Objective | None:
    """The objective, or None when nothing that set it stands."""
    set_ = writes.single("set", ObjectiveSet, is_worded=True)
    if set_ is None:
        return None
    data = set_.data
    return Objective(
        id=id,
        horizon=data.horizon,
        start=data.start,
        end=data.end,
        status=data.status,
        skill=data.skill,
        heads=writes.heads,
    )


FOLDERS = {
    "objective.set": _objective,
    "milestone.planned": _planned,
    "milestone.started": _started,
    "milestone.resumed": _resumed,
    "milestone.rescheduled": _rescheduled,
    "milestone.blocked": _blocked,
    "milestone.completed": _completed,
    "milestone.stopped": _stopped,
}
KINDS = {
    "milestone": Kind(resolve, Milestone),
    "output": Kind(resolve_output, Output),
    "objective": Kind(resolve_objective, Objective),
}
