"""Folded events into tables, and what entries say about entries: doubles, retractions, settlements, erasures, stamps.

The rows are a set, and so is everything here: marks are computed from the rows about an entry, never counted up or
down. So any order, batching and repetition of the same events leaves the same tables, which a property test holds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from milepost.projections import corrections
from milepost.projections.aside import DOUBLE, double_entity
from milepost.projections.corrections import COPIED, ERASURE, RETRACTED, SETTLED, erased_marks, settled_marks, speaks
from milepost.projections.fold import Folded
from milepost.projections.kinds import added, is_erasable, is_sum, is_viewed, resolved, view_in, writes_about
from milepost.projections.rows import (
    ERASED,
    LEFT_OUT,
    NO_DATA,
    REPEATED,
    STRUCK,
    Entry,
    Row,
    Write,
    is_counted,
    kind_of,
    name_of,
)
from milepost.projections.tables import Resolved, Tables
from milepost.projections.tallies import is_tallied, tallies_of

# Rows come by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__
_SAID_ABOUT = STRUCK | ERASED | corrections.SETTLED_MARKS


class Projection:
    """Applies folded events to one stream's tables and resolves what they touched, inside the caller's transaction."""

    def __init__(self, tables: Tables, *, is_tallied: bool = False) -> None:
        """`is_tallied`: views come with what they add to contributions, which only a server needs."""
        self._tables = tables
        self._is_tallied = is_tallied
        self._restored: set[bytes] = set()

    def take_restored(self) -> set[bytes]:
        """Events that lost their rows to an erasure which no longer counts: read them again, and `fold_again`."""
        restored, self._restored = self._restored, set()
        return restored

    def apply(self, folded: Sequence[Folded]) -> None:
        """Add the rows of events, and note the entities to resolve. Idempotent, and free of order."""
        arrivals = self._expect(folded)
        for number, one in enumerate(folded):
            if arrivals.add(one):
                self._store(arrivals)
                self._replace_double(self._entry(one.event_id), one)
                arrivals = self._expect(folded[number:])
        self._store(arrivals)

    def fold_again(self, folded: Sequence[Folded]) -> None:
        """Replace the rows of events: an upgrade reads them now, a missing part came, or their devices count now."""
        entries = self._tables.entries({one.event_id for one in folded})
        for one in folded:
            entry = entries.get(one.event_id)
            if entry is not None and entry.order is not None and entry.order.hash == one.order.hash:
                self._forget(one.event_id)
        self.apply(folded)

    def move(self, ats: Mapping[bytes, int]) -> None:
        """Give events another `at`: their stamp came, or moved."""
        entries = [entry for entry in self._tables.entries(ats).values() if entry.order is not None]
        self._tables.put_entries(
            entry._replace(order=entry.order._replace(at=ats[entry.event_id])) for entry in entries if entry.order
        )
        self._touch(entity for entry in entries for entity in entry.touches)

    def resolve(self, limit: int) -> bool:
        """Resolve up to `limit` touched entities; True when none is left."""
        entities = self._tables.touched(limit)
        writes = self._tables.writes_of(entities)
        self._tables.put_views([self._resolved(entity, writes.get(entity, [])) for entity in entities])
        return len(entities) < limit

    def _resolved(self, entity: str, writes: list[Write]) -> Resolved:
        read = writes_about(entity, writes)
        found = resolved(entity, view_in(entity, read))
        tallies = tallies_of(entity, read) if self._is_tallied else ()
        return found._replace(tallies=tuple(tallies)) if tallies else found

    # Arrival

    def _expect(self, folded: Sequence[Folded]) -> "_Arrivals":
        return _Arrivals(self._tables.entries({one.event_id for one in folded}))

    def _store(self, arrivals: "_Arrivals") -> None:
        self._tables.put_rows(arrivals.rows)
        self._tables.put_entries(arrivals.entries.values())
        touches = {entity for entry in arrivals.entries.values() for entity in entry.touches}
        self._touch(touches - self._add_up(arrivals))
        copied = {entity for entity in touches if kind_of(entity) == COPIED}
        for entity in sorted(entity for entity in touches - copied if not is_viewed(entity)):
            self._hear(entity)
        self._count_copies(copied.union(corrections.entity(COPIED, event_id) for event_id in arrivals.awaited))

    def _add_up(self, arrivals: "_Arrivals") -> set[str]:
        """Add new rows to the views of kinds that are sums; the entities that need no resolving for it."""
        sums: dict[str, list[Write]] = {}
        is_added_to: dict[str, bool] = {}
        for entity, field, event_id, on, data in arrivals.rows:
            kind = kind_of(entity)
            if kind not in is_added_to:
                is_added_to[kind] = self._is_added_to(entity)
            if is_added_to[kind]:
                _, order, marks, _ = arrivals.entries[event_id]
                if order is not None and is_counted(marks):
                    sums.setdefault(entity, []).append(_new(Write, (field, event_id, on, data, *order, marks)))
        views = self._tables.settled(sums)
        self._tables.put_views([resolved(entity, added(entity, view, sums[entity])) for entity, view in views.items()])
        return set(views)

    def _is_added_to(self, entity: str) -> bool:
        # Tallies are made from all rows of an entity.
        return is_sum(entity) and not (self._is_tallied and is_tallied(entity))

    def _replace_double(self, entry: Entry, one: Folded) -> None:
        """A second event with an id in use: of the two the lower hash counts, so that arrival does not decide."""
        if entry.order is None or one.order.hash > entry.order.hash:
            self._list_double(entry, one.order.hash)
            return
        self._forget(one.event_id)
        self.apply([one])
        self._list_double(self._entry(one.event_id), entry.order.hash)

    def _list_double(self, entry: Entry, hash: bytes) -> None:
        entity = double_entity(hash)
        if entity not in entry.touches:
            # Its day is not kept: whichever of the two came first, the row must be the same.
            self._tables.put_rows([Row(entity, DOUBLE, entry.event_id, 0, NO_DATA)])
            self._tables.put_entries([entry._replace(touches=tuple(sorted((*entry.touches, entity))))])
            self._touch([entity])

    def _forget(self, event_id: bytes) -> None:
        """As if the event had not arrived yet; what others said about it stays."""
        self._drop(event_id)
        entry = self._entry(event_id)
        self._tables.put_entries([entry._replace(order=None, marks=entry.marks & ~LEFT_OUT)])

    def _drop(self, event_id: bytes) -> None:
        """Take an event's rows away, doubles of its id apart, and what it said about others with them."""
        entry = self._entry(event_id)
        kept = tuple(entity for entity in entry.touches if kind_of(entity) == DOUBLE)
        gone = [entity for entity in entry.touches if entity not in kept]
        self._tables.drop_rows(event_id, gone)
        # It is no copy of anything any more; whoever is left of its copies is counted anew below.
        self._tables.put_entries([entry._replace(touches=kept, marks=entry.marks & ~REPEATED)])
        self._touch(gone)
        for entity in gone:
            if not is_viewed(entity):
                self._hear(entity)

    def _touch(self, entities: Iterable[str]) -> None:
        self._tables.touch(sorted({entity for entity in entities if is_viewed(entity)}))

    # What entries say about entries

    def _hear(self, entity: str) -> None:
        """Compute the marks of the entry that `entity` is about, and of whatever depends on them."""
        seen: set[str] = set()
        copied: set[str] = set()
        waiting = [entity]
        while waiting:
            about = waiting.pop()
            if kind_of(about) == COPIED:
                copied.add(about)
            elif about not in seen:
                seen.add(about)
                waiting.extend(self._mark(bytes.fromhex(name_of(about))))
        # Last: which copy counts follows from the marks of all of them, and nothing follows from that.
        self._count_copies(copied)

    def _mark(self, event_id: bytes) -> list[str]:
        """Compute one entry's marks; the entities about entries that have to be heard again."""
        entry = self._entry(event_id)
        marks = entry.marks & ~_SAID_ABOUT | self._said_about(entry)
        spoken = [entity for entity in entry.touches if not is_viewed(entity)]
        if marks != entry.marks:
            self._tables.put_entries([entry._replace(marks=marks)])
            self._touch(entry.touches)
            if marks & ERASED and not entry.marks & ERASED:
                self._erase(entry)
            elif entry.marks & ERASED and not marks & ERASED and entry.order is not None:
                self._restored.add(event_id)
            return spoken
        # Along a chain of retractions everything is heard again: a chain that closed on itself is void all along.
        return [entity for entity in spoken if kind_of(entity) == RETRACTED]

    def _said_about(self, entry: Entry) -> int:
        about = {kind: self._tables.writes(corrections.entity(kind, entry.event_id)) for kind in corrections.KINDS}
        marks = settled_marks(about[SETTLED]) | erased_marks(about[ERASURE])
        stands = any(speaks(write.marks) and not self._is_void(write.event_id) for write in about[RETRACTED])
        return marks | STRUCK if stands else marks

    def _is_void(self, retraction: bytes) -> bool:
        """Whether the chain of a retraction returns to it."""
        seen = set()
        target = self._target(retraction)
        while target is not None and target not in seen:
            if target == retraction:
                return True
            seen.add(target)
            target = self._target(target)
        return False

    def _target(self, event_id: bytes) -> bytes | None:
        for entity in self._entry(event_id).touches:
            if kind_of(entity) == RETRACTED:
                return bytes.fromhex(name_of(entity))
        return None

    def _erase(self, entry: Entry) -> None:
        if is_erasable(entry.touches):
            self._drop(entry.event_id)

    def _count_copies(self, entities: Collection[str]) -> None:
        """Of several copies of one entry the lowest id counts, and none beside the entry itself.

        What was said once is taken back once: while one copy is retracted, none counts. A copy whose own device does
        not count, or that was erased, stands in no other's way.
        """
        if not entities:
            return
        writes = self._tables.writes_of(sorted(entities))
        origins = {entity: bytes.fromhex(name_of(entity)) for entity in entities}
        known = self._tables.entries({*origins.values(), *(one.event_id for found in writes.values() for one in found)})
        # An origin that is expected is known, so that its arrival is noticed.
        self._tables.put_entries(Entry(origin) for origin in origins.values() if origin not in known)
        for entity, found in writes.items():
            origin = known.get(origins[entity])
            self._choose([known[one.event_id] for one in found], has_origin=bool(origin and origin.order))

    def _choose(self, copies: Sequence[Entry], *, has_origin: bool) -> None:
        """Mark all copies of one entry but the one that counts."""
        fit = sorted(entry.event_id for entry in copies if is_counted(entry.marks & ~REPEATED))
        is_taken_back = any(entry.marks & STRUCK for entry in copies)
        counts = None if has_origin or is_taken_back or not fit else fit[0]
        for entry in copies:
            event_id = entry.event_id
            marks = entry.marks & ~REPEATED | (0 if event_id == counts else REPEATED)
            if marks != entry.marks:
                self._tables.put_entries([entry._replace(marks=marks)])
                self._touch(entry.touches)

    def _entry(self, event_id: bytes) -> Entry:
        return self._tables.entries([event_id]).get(event_id) or Entry(event_id)


class _Arrivals:
    """Events of one call that are new, with their rows, until they are stored together."""

    def __init__(self, known: dict[bytes, Entry]) -> None:
        self.known = known
        self.entries: dict[bytes, Entry] = {}
        self.rows: list[Row] = []
        self.awaited: list[bytes] = []

    def add(self, one: Folded) -> bool:
        """Take in an event; True if it is a second one with its id, which needs more than adding."""
        entry = self.known.get(one.event_id)
        if entry is None or entry.order is None:
            self._arrive(entry, one)
            return False
        return entry.order.hash != one.order.hash

    def _arrive(self, entry: Entry | None, one: Folded) -> None:
        event_id, order, rows, is_left_out = one
        marks, kept = (entry.marks, entry.touches) if entry else (0, ())
        if entry is not None:
            self.awaited.append(event_id)
        if is_left_out:
            marks |= LEFT_OUT
        if marks & ERASED and is_erasable(row.entity for row in rows):
            rows = ()
        touches = tuple(sorted({row[0] for row in rows}.union(kept)))
        self.known[event_id] = self.entries[event_id] = _new(Entry, (event_id, order, marks, touches))
        self.rows += rows
