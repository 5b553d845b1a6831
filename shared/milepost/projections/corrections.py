"""Entries about entries: retractions, settlements, erasures, copies. Their rows become marks on the entry they name.

Rows of `retracted:EVENT`, `settled:EVENT`, `erased:EVENT` and `copied:EVENT`, which never become views. Marks are
computed from these rows alone, so no order of arrival matters: a retraction that comes first waits here for its target.
"""

from collections.abc import Iterable

from milepost.projections.rows import (
    ACCEPTED,
    DISMISSED,
    ERASED,
    LEFT_OUT,
    STRUCK,
    YIELDED,
    Cell,
    Write,
    event_named,
)
from milepost.projections.view import Facts

RETRACTED = "retracted"
SETTLED = "settled"
ERASURE = "erased"
COPIED = "copied"

KINDS = frozenset((RETRACTED, SETTLED, ERASURE, COPIED))
"""Kinds of entity that are never resolved to a view."""

SETTLED_MARKS = ACCEPTED | YIELDED | DISMISSED
_SETTLED_AS = {"accept": ACCEPTED, "keep": YIELDED, "dismiss": DISMISSED}


def entity(kind: str, event_id: bytes) -> str:
    """The entity that holds what was said about an event."""
    return f"{kind}:{event_id.hex()}"


def _retracted(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(entity(RETRACTED, event_named(facts["target"])), RETRACTED),)


def _settled(facts: Facts) -> tuple[Cell, ...]:
    # The first of those kept stands, the others yield to it.
    targets = facts["targets"][1:] if facts["as"] == "keep" else facts["targets"]
    return tuple(Cell(entity(SETTLED, event_named(target)), facts["as"]) for target in targets)


def _erased(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(entity(ERASURE, event_named(facts["target"])), ERASURE),)


def copied(facts: Facts) -> tuple[Cell, ...]:
    """The row of an entry that is a copy of another log's."""
    origin = facts.get("from")
    return (Cell(entity(COPIED, event_named(origin)), COPIED),) if origin else ()


def settled_marks(writes: Iterable[Write]) -> int:
    """The marks that settlements give."""
    marks = 0
    for write in writes:
        if speaks(write.marks):
            marks |= _SETTLED_AS[write.field]
    return marks


def erased_marks(writes: Iterable[Write]) -> int:
    """The mark that an erasure gives. It is control: nothing takes it back."""
    return ERASED if any(not write.marks & LEFT_OUT for write in writes) else 0


def speaks(marks: int) -> bool:
    """Whether an entry with these marks may say something about others.

    One that was left out may not, accepted or not: else it could retract the very settlement that accepted it.
    """
    return not marks & (STRUCK | ERASED | LEFT_OUT)


FOLDERS = {"entry.retracted": _retracted, "entry.settled": _settled, "entry.erased": _erased}
