"""What only the member's devices know: names, capacity, and texts that cannot be read. In no digest, on no server.

Rows of `name:KIND/ID`: `name`. Rows of `capacity:week`: `set`. Rows of `unread:HASH`: a private part under a key that
is not here, or one that breaks a rule: the event stands, its text is shown as unreadable. Types without facts that make
views of several kinds have a file of their own: `FOLDERS` names them.
"""

from collections.abc import Iterator, Mapping

import msgspec

from milepost.catalogue import SEALED_TYPE, Catalogue, Unknown
from milepost.event import ZERO, Event
from milepost.ids import base32
from milepost.projections import aims, direction, money
from milepost.projections.rows import Cell, is_counted, key
from milepost.projections.view import Facts, Folder, Kind, View, data_of, fold_case
from milepost.projections.writes import Replacing, Writes

LOCKED = "locked"
BROKEN = "broken"
UNKNOWN = "unknown"

# Which field of a type's text is the name of which kind of thing.
NAMED_BY = {
    "goal.set": ("goal", "text"),
    "goal.reframed": ("goal", "text"),
    "milestone.planned": ("milestone", "title"),
    "objective.set": ("objective", "statement"),
    "skill.named": ("skill", "label"),
    "contact.added": ("contact", "name"),
    "metric.defined": ("metric", "name"),
    "artifact.added": ("artifact", "title"),
    "credential.earned": ("credential", "name"),
    "impact.stated": ("impact", "result"),
    "narrative.published": ("narrative", "title"),
    "offering.priced": ("offering", "name"),
    "demand.sampled": ("term", "label"),
    "role.briefed": ("role", "title"),
    "value.named": ("value", "name"),
    "position.recorded": ("position", "title"),
}
# Rows of types without facts, from their private values.
FOLDERS: Mapping[str, Folder] = {**direction.FOLDERS, **money.FOLDERS}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Naming(Replacing, frozen=True, omit_defaults=True):
    """Data of `name`."""

    text: str = ""


class Name(View, frozen=True, kw_only=True, omit_defaults=True):
    """What the member calls a thing."""

    kind: str
    id: str
    text: str

    @property
    def standing(self) -> str:
        return self.kind

    @property
    def folded_name(self) -> str:
        return fold_case(self.text)


class CapacitySet(Replacing, frozen=True, omit_defaults=True):
    """Data of the capacity's `set`."""

    from_date: str = ""
    minutes: dict[str, int] = msgspec.field(default_factory=dict)


class Capacity(View, frozen=True, kw_only=True, omit_defaults=True):
    """Minutes per weekday, from each date on; a weekday left out keeps what it had."""

    spans: tuple[CapacitySet, ...]

    def minutes(self, day: str, weekday: int) -> int | None:
        """Minutes on an ISO day (`weekday` 0 is Monday); None where nothing was said."""
        found = None
        for span in self.spans:
            if span.from_date <= day:
                found = span.minutes.get(WEEKDAYS[weekday], found)
        return found


class Unread(View, frozen=True, kw_only=True, omit_defaults=True):
    """An entry whose text cannot be shown: locked, broken, or from a newer Milepost."""

    hash: str
    event: str
    reason: str

    @property
    def standing(self) -> str:
        return self.reason


def cells(catalogue: Catalogue, event: Event) -> Iterator[Cell]:
    """The rows of an event's private text. Total, like the fold of its facts."""
    if event.private is None:
        if event.private_commitment != ZERO and event.sealed is not None:
            yield _unread(event, LOCKED)
        return
    facts = event.facts.text if event.facts else None
    entry = catalogue.decode(event.type, event.version, facts, event.private.text)
    if isinstance(entry, Unknown):
        if event.type == SEALED_TYPE:
            yield _unread(event, UNKNOWN)
    elif entry.private is None or catalogue.violations(entry.type, entry.version, None, entry.private):
        yield _unread(event, BROKEN)
    else:
        yield from _known(entry.type, entry.facts or {}, entry.private)


def _known(type: str, facts: Facts, private: Facts) -> Iterator[Cell]:
    if type in NAMED_BY:
        kind, field = NAMED_BY[type]
        text, id = private.get(field), facts.get(kind) or private.get(kind)
        if isinstance(text, str) and isinstance(id, str):
            yield Cell(key("name", f"{kind}/{id}"), "name", Naming(text=text))
    if type == "capacity.set":
        yield Cell("capacity:week", "set", data_of(private, CapacitySet))
    if type in FOLDERS:
        yield from FOLDERS[type](private)
    if type in aims.WORDED:
        yield from aims.WORDED[type](facts, private)


def _unread(event: Event, reason: str) -> Cell:
    return Cell(key("unread", event.hash.hex()), reason)


def resolve_name(name: str, writes: Writes) -> Name | None:
    """The name, or None when no entry that gave it stands."""
    kind, _, id = name.partition("/")
    found = writes.ordered("name", Naming)
    return Name(kind=kind, id=id, text=found[-1].data.text) if found else None


def resolve_capacity(_: str, writes: Writes) -> Capacity | None:
    """The capacity, or None where the member never set one."""
    spans = [said.data for said in writes.ordered("set", CapacitySet)]
    # Stable: of two that begin on one day, the later write comes last.
    spans.sort(key=lambda span: span.from_date)
    return Capacity(spans=tuple(spans)) if spans else None


def resolve_unread(name: str, writes: Writes) -> Unread | None:
    """The entry that cannot be read, or None."""
    for reason in (LOCKED, BROKEN, UNKNOWN):
        for write in writes.every(reason):
            if is_counted(write.marks):
                return Unread(hash=name, event=base32(write.event_id), reason=reason)
    return None


KINDS = {
    "name": Kind(resolve_name, Name, is_own=True),
    "capacity": Kind(resolve_capacity, Capacity, is_own=True),
    "unread": Kind(resolve_unread, Unread, is_own=True),
}
