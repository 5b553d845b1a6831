"""What hangs off a thing: minutes, feedback, touches, readings and artifacts whose `ref` names it.

Rows of `attached:ID`, whatever kind of thing the id is: a `ref` does not say. An entry that names two things stands
under both, and in its day once.
"""

from collections.abc import Iterator

import msgspec

from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View
from milepost.projections.writes import Writes

_TYPES = frozenset(
    ("time.spent", "feedback.received", "touchpoint.logged", "metric.recorded", "artifact.added", "goal.set")
)


class Hung(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an attached row: minutes of time spent, and the goal or artifact it is."""

    minutes: int = 0
    thing: str | None = None


class Attached(View, frozen=True, kw_only=True, omit_defaults=True):
    """What hangs off the thing of this id."""

    id: str
    last_on: str
    minutes: int = 0
    feedback: int = 0
    touches: int = 0
    readings: int = 0
    artifacts: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()

    @property
    def due(self) -> str:
        return self.last_on


def cells(type: str, facts: Facts) -> Iterator[Cell]:
    """The rows of an entry under each thing that it names."""
    if type not in _TYPES:
        return
    minutes = facts["minutes"] if type == "time.spent" else 0
    thing = facts.get("artifact") if type == "artifact.added" else facts.get("goal") if type == "goal.set" else None
    data = Hung(minutes, thing) if minutes or thing else None
    for name in facts.get("ref", ()):
        yield Cell(key("attached", name), type, data)


def resolve(id: str, writes: Writes) -> Attached | None:
    """What hangs off it, or None when nothing does."""
    found = {type: writes.ordered(type, Hung) for type in writes.fields()}
    days = [said.on for every in found.values() for said in every]
    if not days:
        return None
    return Attached(
        id=id,
        last_on=iso_day(max(days)),
        minutes=sum(said.data.minutes for said in found.get("time.spent", ())),
        feedback=len(found.get("feedback.received", ())),
        touches=len(found.get("touchpoint.logged", ())),
        readings=len(found.get("metric.recorded", ())),
        artifacts=tuple(sorted({said.data.thing or "" for said in found.get("artifact.added", ())})),
        goals=tuple(sorted({said.data.thing or "" for said in found.get("goal.set", ())})),
    )


KINDS = {"attached": Kind(resolve, Attached)}
