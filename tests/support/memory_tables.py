"""The tables of one stream as plain dictionaries: the simplest thing that fulfils the port."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from milepost.projections.apply import Projection
from milepost.projections.fold import Fold, Folded, Stamped
from milepost.projections.rows import Entry, Row, Write
from milepost.projections.tables import Resolved


class MemoryTables:
    """`Tables` in memory."""

    def __init__(self) -> None:
        self.known: dict[bytes, Entry] = {}
        self.rows: dict[str, dict[tuple[str, bytes], Row]] = {}
        self.waiting: set[str] = set()
        self.views: dict[str, Resolved] = {}

    def entries(self, ids: Collection[bytes]) -> dict[bytes, Entry]:
        return {event_id: self.known[event_id] for event_id in ids if event_id in self.known}

    def put_entries(self, entries: Iterable[Entry]) -> None:
        self.known.update((entry.event_id, entry) for entry in entries)

    def put_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.rows.setdefault(row.entity, {}).setdefault((row.field, row.event_id), row)

    def drop_rows(self, event_id: bytes, entities: Iterable[str]) -> None:
        for entity in entities:
            kept = {place: row for place, row in self.rows.get(entity, {}).items() if place[1] != event_id}
            self.rows[entity] = kept

    def writes(self, entity: str) -> list[Write]:
        found = []
        for row in self.rows.get(entity, {}).values():
            entry = self.known[row.event_id]
            assert entry.order is not None, "a row without its event"
            found.append(Write(row.field, row.event_id, row.on, row.data, *entry.order, entry.marks))
        return found

    def writes_of(self, entities: Sequence[str]) -> dict[str, list[Write]]:
        return {entity: self.writes(entity) for entity in entities}

    def touch(self, entities: Iterable[str]) -> None:
        self.waiting.update(entities)

    def touched(self, limit: int) -> list[str]:
        return sorted(self.waiting)[:limit]

    def settled(self, entities: Iterable[str]) -> dict[str, bytes | None]:
        untouched = [entity for entity in entities if entity not in self.waiting]
        return {entity: self.views[entity].view if entity in self.views else None for entity in untouched}

    def put_views(self, resolved: Sequence[Resolved]) -> None:
        for one in resolved:
            self.waiting.discard(one.entity)
            if one.view is None:
                self.views.pop(one.entity, None)
            else:
                self.views[one.entity] = one

    def content(self) -> object:
        """Everything that must not depend on how it came here."""
        entries = {entry for entry in self.known.values() if entry.order is not None or entry.marks}
        rows = {row for held in self.rows.values() for row in held.values()}
        return entries, rows, self.views


def projected(batches: Iterable[Sequence[Stamped]], fold: Fold | None = None) -> MemoryTables:
    """Tables after batches of events, applied one by one and resolved after each."""
    fold = fold or Fold(is_own=True)
    tables = MemoryTables()
    seen: dict[bytes, Folded] = {}
    for batch in batches:
        folded = [fold(one) for one in batch]
        seen.update((one.order.hash, one) for one in folded)
        catch_up(tables, folded, seen)
    return tables


def catch_up(
    tables: MemoryTables, folded: Sequence[Folded], seen: Mapping[bytes, Folded], *, again: bool = False
) -> None:
    """Apply events (`again`: anew) and resolve what they touched; `seen` is the log, by hash."""
    projection = Projection(tables)
    if again:
        projection.fold_again(folded)
    else:
        projection.apply(folded)
    while restored := projection.take_restored():
        projection.fold_again([one for one in seen.values() if one.event_id in restored])
    while not projection.resolve(3):
        pass
