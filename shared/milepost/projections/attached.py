"""What hangs off a thing: minutes, feedback, touches, readings and artifacts whose `ref` names it.

Rows of `attached:ID`, whatever kind of thing the id is: a `ref` does not say. An entry that names two things stands
under both, and in its day once.
"""

import msgspec

from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell
from milepost.projections.view import Facts, Kind, View
from milepost.projections.writes import Writes

_TYPES = frozenset(("time.spent", "feedback.received", "touchpoint.logged", "metric.recorded", "artifact.added"))


class Hung(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an attached row: minutes of time spent, and the artifact it is."""

    minutes: int = 0
    artifact: str | None = None


class Attached(View, frozen=True, kw_only=True, omit_defaults=True):
    """What hangs off the thing of this id."""

    id: str
    last_on: str
    minutes: int = 0
    feedback: int = 0
    touches: int = 0
    readings: int = 0
    artifacts: tuple[str, ...] = ()

    @property
    def due(self) -> str:
        return self.last_on


def cells(type: str, facts: Facts) -> list[Cell]:
    """The rows of an entry under each thing that its `ref` names."""
    if type not in _TYPES:
        return []
    minutes = facts["minutes"] if type == "time.spent" else 0
    artifact = facts["artifact"] if type == "artifact.added" else None
    data = Hung(minutes, artifact) if minutes or artifact else None
    return [Cell(f"attached:{name}", type, data) for name in facts["ref"]]


def resolve(id: str, writes: Writes) -> Attached | None:
    """What hangs off it, or None when nothing does."""
    return add(Attached(id=id, last_on=""), writes)


def add(before: Attached, writes: Writes) -> Attached | None:
    """`before` and what `writes` add to it. Sums and sets only: which of them came first makes no difference."""
    days = writes.days()
    if not days:
        return before if before.last_on else None
    found = {type: writes.counted(type, Hung) for type in writes.fields()}
    return Attached(
        id=before.id,
        last_on=max(before.last_on, iso_day(max(days))),
        minutes=before.minutes + sum(hung.minutes for hung in found.get("time.spent", ())),
        feedback=before.feedback + len(found.get("feedback.received", ())),
        touches=before.touches + len(found.get("touchpoint.logged", ())),
        readings=before.readings + len(found.get("metric.recorded", ())),
        artifacts=tuple(
            sorted({*before.artifacts, *(hung.artifact or "" for hung in found.get("artifact.added", ()))})
        ),
    )


KINDS = {"attached": Kind(resolve, Attached, add=add)}
