"""The fold: an event to its rows, a pure map. Total: whatever an event holds, it has rows or a reason why not.

Facts alone make digested rows, so that a server and a device that hold the same events reach the same digest. Private
text makes rows of own kinds (`own.py`), on the member's devices only.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from milepost.catalogue import INSTALLED, SEALED_TYPE, Catalogue, Unknown
from milepost.catalogue.codec import FactsReader, SetAside, read_facts
from milepost.clock import Order
from milepost.event import ZERO, Event
from milepost.projections import (
    aside,
    asking,
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
    **asking.FOLDERS,
    **corrections.FOLDERS,
}

_encode = msgspec.json.Encoder().encode
# Histories are folded by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__


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
        # One reader for all folds of this build: it prepares itself for each type that it meets, once.
        self._read = read_facts if catalogue is INSTALLED else FactsReader(catalogue).read
        self._is_own = is_own
        self._about_entries: dict[str, bool] = {}

    def __call__(self, stamped: Stamped) -> Folded:
        """The rows of an event. Never raises for what the event holds."""
        event, at, is_left_out = stamped
        event_id, on = event.id, event.on
        rows = [
            _new(Row, (entity, field, event_id, on, NO_DATA if data is None else _encode(data)))
            for entity, field, data in self._cells(event)
        ]
        order = _new(Order, (at, event.device, event.epoch, event.seq, event.hash))
        return _new(Folded, (event_id, order, tuple(rows), is_left_out))

    def _cells(self, event: Event) -> list[Cell]:
        if not FIRST_DAY <= event.on <= LAST_DAY:
            return [aside.broken(event, "on", "on_range", f"day {event.on} is in no calendar")]
        cells = self._digested(event)
        if self._is_own and event.private_commitment != ZERO:
            cells.extend(own.cells(self._catalogue, event))
        return cells

    def _digested(self, event: Event) -> list[Cell]:
        if event.type == SEALED_TYPE:
            return [days.entry(event, {})]
        if event.facts is None:
            return [aside.unknown(event)] if event.facts_commitment == ZERO else []
        facts = self._read(event.type, event.version, event.facts.text)
        if isinstance(facts, SetAside):
            first = facts.violations[0]
            return [aside.broken(event, first.field, first.code, first.message)]
        if isinstance(facts, Unknown):
            return [aside.unknown(event)]
        return self._known(event, facts)

    def _known(self, event: Event, facts: Facts) -> list[Cell]:
        type = event.type
        folder = FOLDERS.get(type)
        cells = [*folder(facts)] if folder is not None else []
        is_about_entries = self._about_entries.get(type)
        if is_about_entries is None:
            is_about_entries = self._about_entries[type] = self._is_about_entries(type)
        if not is_about_entries:
            cells.append(days.entry(event, facts))
            if "ref" in facts:
                cells += attached.cells(type, facts)
            if type == asking.SAID:
                cells += asking.said(event, facts)
            if "from" in facts:
                cells += corrections.copied(facts)
        return cells

    def _is_about_entries(self, type: str) -> bool:
        declared = self._catalogue.get(type)
        return declared is not None and (declared.control or type in corrections.FOLDERS)
