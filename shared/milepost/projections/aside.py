"""What is not in the views, and why: the part of the inbox that every replica agrees on.

Rows of `aside:HASH`: facts that break a rule, or that this build does not know. Rows of `double:HASH`: a second event
with an id already used. The hash names the event, for its id may be what is wrong with it.
"""

import msgspec

from milepost.event import Event
from milepost.ids import base32
from milepost.projections.rows import DISMISSED, STRUCK, Cell, key
from milepost.projections.view import Kind, View
from milepost.projections.writes import Writes, data_in

BROKEN = "broken"
UNKNOWN = "unknown"
DOUBLE = "double"


class Why(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an aside row."""

    type: str = ""
    version: int = 0
    field: str | None = None
    code: str | None = None
    message: str | None = None


class Aside(View, frozen=True, kw_only=True, omit_defaults=True):
    """An event that is left out of views. `reason` is broken, unknown (from a newer Milepost) or double."""

    hash: str
    event: str
    reason: str
    type: str = ""
    version: int = 0
    field: str | None = None
    code: str | None = None
    message: str | None = None
    is_dismissed: bool = False

    @property
    def standing(self) -> str:
        return "dismissed" if self.is_dismissed else self.reason


def broken(event: Event, field: str, code: str, message: str) -> Cell:
    """The row of an event whose facts break a rule."""
    return Cell(key("aside", event.hash.hex()), BROKEN, Why(event.type, event.version, field, code, message))


def unknown(event: Event) -> Cell:
    """The row of an event that a newer build wrote, or that nobody can read."""
    return Cell(key("aside", event.hash.hex()), UNKNOWN, Why(event.type, event.version))


def double_entity(hash: bytes) -> str:
    """The entity of an event whose id was used already."""
    return key(DOUBLE, hash.hex())


def resolve(name: str, writes: Writes) -> Aside | None:
    """The event set aside, or None when nothing is wrong with it."""
    for reason in (BROKEN, UNKNOWN, DOUBLE):
        for write in writes.every(reason):
            why = data_in(write, Why)
            return Aside(
                hash=name,
                event=base32(write.event_id),
                reason=reason,
                type=why.type,
                version=why.version,
                field=why.field,
                code=why.code,
                message=why.message,
                is_dismissed=bool(write.marks & (DISMISSED | STRUCK)),
            )
    return None


KINDS = {"aside": Kind(resolve, Aside), "double": Kind(resolve, Aside)}
