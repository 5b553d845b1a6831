"""The fold: an event to its rows, a pure map. Total: whatever an event holds, it has rows or a reason why not.

Facts alone make digested rows, so that a server and a device that hold the same events reach the same digest. Private
text makes rows of own kinds (`own.py`), on the member's devices only.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from milepost.catalogue import INSTALLED, SEALED_TYPE, Catalogue, Unknown
from milepost.catalogue.codec import FactsReader, SetAside
from milepost.clock import Order
from milepost.event import ZERO, Event
from milepost.projections import (
    aside,
    attached,
    corrections,
    days,
    evidence,
    goals,
    measures,
    milestones,
    own,
    people,
    sharing,
    skills,
)
from milepost.projections.calendar import FIRST_DAY, LAST_DAY
from milepost.projections.rows import NO_DATA, Cell, Row
from milepost.projections.view import Facts, Folder

FOLDERS: Mapping[str, Folder] = {
    **goals.FOLDERS,
    **milestones.FOLDERS,
    **skills.FOLDERS,
    **people.FOLDERS,
    **measures.FOLDERS,
    **evidence.FOLDERS,
    **days.FOLDERS,
    **sharing.FOLDERS,
    **corrections.FOLDERS,
}


class Folded(NamedTuple):
    """An event with its rows."""

    event_id: bytes
    order: Order
    rows: tuple[Row, ...]
    is_left_out: bool = False


class Stamped(NamedTuple):
    """An event with its place in the one order. `is_left_out`: its device does not count (`milepost.trust`)."""

    event: Event
    at: int
    is_left_out: bool = False

    @property
    def order(self) -> Order:
        event = self.event
        return Order(self.at, event.device, event.epoch, event.seq, event.hash)


class Fold:
    """Folds events under a catalogue. `is_own`: also the rows of private text, which only the member's devices have."""

    def __init__(self, catalogue: Catalogue = INSTALLED, *, is_own: bool = False) -> None:
        self._catalogue = catalogue
        self._read = FactsReader(catalogue).read
        self._is_own = is_own

    def __call__(self, stamped: Stamped) -> Folded:
        """The rows of an event. Never raises for what the event holds."""
        event = stamped.event
        event_id = event.id
        rows = tuple(Row(cell.entity, cell.field, event_id, event.on, _data(cell.data)) for cell in self._cells(event))
        return Folded(event_id, stamped.order, rows, stamped.is_left_out)

    def _cells(self, event: Event) -> Iterator[Cell]:
        if not FIRST_DAY <= event.on <= LAST_DAY:
            yield aside.broken(event, "on", "on_range", f"day {event.on} is in no calendar")
            return
        yield from self._digested(event)
        if self._is_own:
            yield from own.cells(self._catalogue, event)

    def _digested(self, event: Event) -> Iterator[Cell]:
        if event.type == SEALED_TYPE:
            yield days.entry(event, {})
        elif event.facts is not None:
            match self._read(event.type, event.version, event.facts.text):
                case SetAside(violations):
                    first = violations[0]
                    yield aside.broken(event, first.field, first.code, str(first.message))
                case Unknown():
                    yield aside.unknown(event)
                case facts:
                    yield from self._known(event, facts)
        elif event.facts_commitment == ZERO:
            yield aside.unknown(event)

    def _known(self, event: Event, facts: Facts) -> Iterator[Cell]:
        folder = FOLDERS.get(event.type)
        if folder is not None:
            yield from folder(facts)
        if not self._is_about_entries(event.type):
            yield days.entry(event, facts)
            yield from attached.cells(event.type, facts)
            yield from corrections.copied(facts)

    def _is_about_entries(self, type: str) -> bool:
        declared = self._catalogue.get(type)
        return declared is not None and (declared.control or type in corrections.FOLDERS)


def _data(data: msgspec.Struct | None) -> bytes:
    return NO_DATA if data is None else msgspec.json.encode(data)
