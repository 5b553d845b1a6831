"""Every kind of entity, and how one is resolved."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from milepost.projections import (
    aims,
    aside,
    asking,
    attached,
    corrections,
    days,
    direction,
    evidence,
    goals,
    measures,
    milestones,
    own,
    people,
    sharing,
    skills,
)
from milepost.projections.rows import Write, kind_of, name_of
from milepost.projections.tables import Resolved
from milepost.projections.view import Kind, View
from milepost.projections.writes import Writes

KINDS: Mapping[str, Kind] = {
    **goals.KINDS,
    **milestones.KINDS,
    **skills.KINDS,
    **people.KINDS,
    **measures.KINDS,
    **evidence.KINDS,
    **days.KINDS,
    **attached.KINDS,
    **sharing.KINDS,
    **asking.KINDS,
    **aside.KINDS,
    **own.KINDS,
    **aims.KINDS,
    **direction.KINDS,
}

KINDS_OF: Mapping[type[View], tuple[str, ...]] = {
    kind.view: tuple(name for name in KINDS if KINDS[name].view is kind.view) for kind in KINDS.values()
}
"""The kinds whose entities resolve to a view of this type: one, nearly always."""

OWN_KINDS = frozenset(name for name, kind in KINDS.items() if kind.is_own)

_SUMS = frozenset(name for name, kind in KINDS.items() if kind.add is not None)

# An erasure takes the parts of an entry, never what the log itself rests on.
_INERASABLE = frozenset(name for name, kind in KINDS.items() if kind.is_control) | {corrections.ERASURE}

_DECODERS = {name: msgspec.json.Decoder(kind.view) for name, kind in KINDS.items()}
_ENCODER = msgspec.json.Encoder(order="deterministic")


def is_viewed(entity: str) -> bool:
    """Whether an entity has a view; what was said about entries has none."""
    return kind_of(entity) not in corrections.KINDS


def is_erasable(touches: Iterable[str]) -> bool:
    """Whether an entry with rows of these entities can lose them to an erasure: control entries cannot."""
    return not any(kind_of(entity) in _INERASABLE for entity in touches)


def view_of(entity: str, writes: Iterable[Write], *, until: int | None = None) -> View | None:
    """The view of an entity, or None when nothing about it stands. `until`: as of that day (since 1970-01-01)."""
    return view_in(entity, writes_about(entity, writes, until=until))


def writes_about(entity: str, writes: Iterable[Write], *, until: int | None = None) -> Writes:
    """An entity's rows as its resolver sees them, all or those up to a day."""
    return Writes(writes, until=until, is_control=KINDS[kind_of(entity)].is_control)


def view_in(entity: str, writes: Writes) -> View | None:
    """The view of an entity whose rows are read already, or None when nothing about it stands."""
    return KINDS[kind_of(entity)].resolve(name_of(entity), writes)


def is_sum(entity: str) -> bool:
    """Whether further rows can be added to its view without reading those that made it."""
    return kind_of(entity) in _SUMS


def added(entity: str, view: bytes | None, writes: Iterable[Write]) -> View | None:
    """The view of a sum with further rows added to what it was."""
    kind = KINDS[kind_of(entity)]
    if view is None or kind.add is None:
        return kind.resolve(name_of(entity), Writes(writes))
    return kind.add(decode_view(entity, view), Writes(writes))


def resolved(entity: str, view: View | None) -> Resolved:
    """A view as tables hold it."""
    if view is None:
        return Resolved(entity, None, None, None, None, None)
    text = _ENCODER.encode(view)
    return Resolved(entity, text, sha256(text).digest(), view.standing, view.due, view.folded_name, view.notices)


def decode_view(entity: str, text: bytes) -> View:
    """The view that `resolved` encoded."""
    return _DECODERS[kind_of(entity)].decode(text)
