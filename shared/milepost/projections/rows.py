"""Rows: what a fold makes of an event, and what a resolver reads back.

A row is named by (entity, field, event id); adding one twice changes nothing, so a set of rows has no order, no
batching and no repetition to depend on. The entity is text, `kind:id`; `data` is compact JSON of a
struct in the domain's file.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from milepost.clock import Order
from milepost.ids import EVENT_ID_BYTES, from_base32

NO_DATA = b""


class Cell(NamedTuple):
    """One row's worth of an event, before the event itself is attached."""

    entity: str
    field: str
    data: msgspec.Struct | None = None


class Row(NamedTuple):
    """A cell with its event. `on` is days since 1970-01-01."""

    entity: str
    field: str
    event_id: bytes
    on: int
    data: bytes


class Write(NamedTuple):
    """A row as read back: with the order of its event, and what other entries made of that event.

    Flat, in the order of the columns: a long history is read by the hundred thousand.
    """

    field: str
    event_id: bytes
    on: int
    data: bytes | str
    at: int
    device: bytes
    epoch: int
    seq: int
    hash: bytes
    marks: int

    @property
    def order(self) -> Order:
        """The order key of its event."""
        return Order(self.at, self.device, self.epoch, self.seq, self.hash)


def by_entity(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, list[Write]]]:
    """Every entity with its writes. Each of `rows` is the columns of a write, then its entity; they come by entity."""
    place = len(Write._fields)
    for entity, found in groupby(rows, itemgetter(place)):
        yield entity, [tuple.__new__(Write, row[:place]) for row in found]


class Entry(NamedTuple):
    """What the tables know of an event. `order` is None while only others named it: a retraction may come first.

    `touches` are the entities that its rows belong to.
    """

    event_id: bytes
    order: Order | None = None
    marks: int = 0
    touches: tuple[str, ...] = ()


# Marks: what became of an entry through others. Bits, so that one column holds them and one comparison reads them.
STRUCK = 1
"""Retracted, by a retraction that stands."""
ERASED = 2
"""Its parts are gone everywhere; it has no rows."""
LEFT_OUT = 4
"""Its device does not count: never enrolled, or revoked before this."""
ACCEPTED = 8
"""Left out, but the member accepted it from the inbox."""
YIELDED = 16
"""The member kept another write of the same field, or dismissed the conflict."""
DISMISSED = 32
"""The member wants it out of the inbox."""
REPEATED = 64
"""Another copy of the same entry of another log counts already."""


def is_counted(marks: int) -> bool:
    """Whether an entry with these marks belongs into views."""
    return not marks & (STRUCK | ERASED | REPEATED) and (not marks & LEFT_OUT or bool(marks & ACCEPTED))


def key(kind: str, name: object) -> str:
    """The entity of a kind and a name."""
    return f"{kind}:{name}"


def kind_of(entity: str) -> str:
    """The kind of an entity."""
    return entity.partition(":")[0]


def name_of(entity: str) -> str:
    """The name of an entity within its kind."""
    return entity.partition(":")[2]


def event_named(name: str) -> bytes:
    """The bytes of an event id as facts write it; the catalogue has checked its shape."""
    return from_base32(name, EVENT_ID_BYTES)
