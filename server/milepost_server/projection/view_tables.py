"""The tables of the read models: one set for each version of the projection, each row led by its stream.

    progress_v1          rows per (stream, entity, field, event id)
    progress_v1_entry    an event's order, what others said about it, and when it was received
    progress_v1_view     what each entity stands at, as JSON, with its digest
    progress_v1_touched  entities that wait to be resolved
    progress_v1_reach    up to where each line of the stream counts
    progress_v1_digest   the sum in a stream's view digest, kept up to date with every view that changes
    progress_v1_tally    what an entity adds to contributions, and the event that earned it
    contribution_v1      one member's share of a measure, by the pod they were in and the week it was received
    request_v1, words_v1 what was asked and said where (`asked_tables`)

Nothing here is truth: a version can be dropped and built again from the events.
"""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from milepost.clock import Order
from milepost.projections.days import Count, Day, summed
from milepost.projections.digest import MODULUS, SUM_BYTES, term
from milepost.projections.kinds import KINDS_OF, decode_view
from milepost.projections.progress import AnyView
from milepost.projections.rows import Entry, Row, Write, by_entity, key, kind_of, name_of
from milepost.projections.tables import Resolved
from milepost.projections.tallies import is_tallied
from milepost.projections.view import View
from milepost_server.projection import asked_tables
from milepost_server.store import Connection

IDS_MAX = 500
# The name of a factor may hold a blank; no entity holds a line end.
_BETWEEN_ENTITIES = "\n"

# Rows come by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS progress_v{v} (
        stream INTEGER NOT NULL, entity TEXT NOT NULL, field TEXT NOT NULL, event_id BLOB NOT NULL,
        day INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (stream, entity, field, event_id)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS progress_v{v}_entry (
        stream INTEGER NOT NULL, event_id BLOB NOT NULL, at INTEGER, device BLOB, epoch INTEGER, seq INTEGER, hash BLOB,
        marks INTEGER NOT NULL, touches TEXT NOT NULL, received_at INTEGER,
        PRIMARY KEY (stream, event_id)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS progress_v{v}_view (
        stream INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, standing TEXT, due TEXT,
        view TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (stream, kind, id))""",
    """CREATE TABLE IF NOT EXISTS progress_v{v}_touched (
        stream INTEGER NOT NULL, entity TEXT NOT NULL, PRIMARY KEY (stream, entity)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS progress_v{v}_reach (
        stream INTEGER NOT NULL, line INTEGER NOT NULL, upto INTEGER, PRIMARY KEY (stream, line)) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS progress_v{v}_digest (stream INTEGER PRIMARY KEY, total BLOB NOT NULL)",
    """CREATE TABLE IF NOT EXISTS progress_v{v}_tally (
        stream INTEGER NOT NULL, entity TEXT NOT NULL, event_id BLOB NOT NULL, measure TEXT NOT NULL,
        pod TEXT NOT NULL, cohort TEXT NOT NULL, week TEXT NOT NULL,
        PRIMARY KEY (stream, entity, event_id, measure)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS progress_v{v}_tally_week ON progress_v{v}_tally (stream, week, pod)",
    """CREATE TABLE IF NOT EXISTS contribution_v{v} (
        stream INTEGER NOT NULL, pod TEXT NOT NULL, cohort TEXT NOT NULL, week TEXT NOT NULL, measure TEXT NOT NULL,
        n INTEGER NOT NULL, PRIMARY KEY (stream, pod, week, measure)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS contribution_v{v}_week ON contribution_v{v} (cohort, week)",
    *asked_tables.SCHEMA,
)
_NAMES = (
    "progress_v{v}",
    "progress_v{v}_entry",
    "progress_v{v}_view",
    "progress_v{v}_touched",
    "progress_v{v}_reach",
    "progress_v{v}_digest",
    "progress_v{v}_tally",
    "contribution_v{v}",
    *asked_tables.NAMES,
)


class Week(NamedTuple):
    """Where an event counts: the pod its member was in when it was received, and the week of that, cohort zone."""

    pod: str
    cohort: str
    week: str


WeekOf = Callable[[int], Week | None]
"""Where what was received at a Unix ms counts; None for a member who was in no pod then."""


def create(connection: Connection, version: int) -> None:
    """Make the tables of a version where they are not there."""
    for statement in _SCHEMA:
        connection.execute(statement.format(v=version))


def drop(connection: Connection, version: int) -> None:
    """Remove the tables of a version."""
    for name in _NAMES:
        connection.execute(f"DROP TABLE IF EXISTS {name.format(v=version)}")


def forget(connection: Connection, version: int, stream: int) -> None:
    """Take a stream's rows away, to be folded anew. Its views stay until each of them is resolved again."""
    p = f"progress_v{version}"
    for name in (p, f"{p}_entry", f"{p}_reach"):
        connection.execute(f"DELETE FROM {name} WHERE stream = ?", (stream,))
    connection.execute(
        f"INSERT OR IGNORE INTO {p}_touched SELECT stream, kind || ':' || id FROM {p}_view WHERE stream = ?", (stream,)
    )


class StreamTables:
    """`milepost.projections.tables.Tables` and `milepost.projections.progress.Shelf` of one stream and version."""

    def __init__(self, connection: Connection, version: int, stream: int, week_of: WeekOf | None = None) -> None:
        """`week_of` places tallies; without it, as for readers, none are written."""
        self._connection = connection
        self._version = version
        self._p = f"progress_v{version}"
        self._contribution = f"contribution_v{version}"
        self._stream = stream
        self._week_of = week_of
        self._weeks: set[str] = set()
        self.received: dict[bytes, int] = {}

    # Tables

    def entries(self, ids: Collection[bytes]) -> dict[bytes, Entry]:
        found = {}
        listed = list(ids)
        for start in range(0, len(listed), IDS_MAX):
            some = listed[start : start + IDS_MAX]
            for row in self._connection.execute(
                f"SELECT event_id, at, device, epoch, seq, hash, marks, touches FROM {self._p}_entry "
                f"WHERE stream = ? AND event_id IN ({_marks(some)})",
                (self._stream, *some),
            ):
                found[row[0]] = _entry(row)
        return found

    def put_entries(self, entries: Iterable[Entry]) -> None:
        self._connection.executemany(
            f"INSERT INTO {self._p}_entry VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (stream, event_id) DO UPDATE SET "
            "at = excluded.at, device = excluded.device, epoch = excluded.epoch, seq = excluded.seq, "
            "hash = excluded.hash, marks = excluded.marks, touches = excluded.touches, "
            "received_at = coalesce(excluded.received_at, received_at)",
            [
                (
                    self._stream,
                    entry.event_id,
                    *(entry.order or (None,) * 5),
                    entry.marks,
                    _BETWEEN_ENTITIES.join(entry.touches),
                    self.received.get(entry.event_id),
                )
                for entry in entries
            ],
        )

    def put_rows(self, rows: Sequence[Row]) -> None:
        self._connection.executemany(
            f"INSERT OR IGNORE INTO {self._p} VALUES (?,?,?,?,?,?)",
            [(self._stream, entity, field, event_id, on, data.decode()) for entity, field, event_id, on, data in rows],
        )

    def drop_rows(self, event_id: bytes, entities: Iterable[str]) -> None:
        self._connection.executemany(
            f"DELETE FROM {self._p} WHERE stream = ? AND entity = ? AND event_id = ?",
            [(self._stream, entity, event_id) for entity in entities],
        )

    def writes(self, entity: str) -> list[Write]:
        return [Write._make(row[:10]) for row in self._rows("AND r.entity = ?", (entity,))]

    def writes_of(self, entities: Sequence[str]) -> dict[str, list[Write]]:
        found: dict[str, list[Write]] = {}
        for start in range(0, len(entities), IDS_MAX):
            some = entities[start : start + IDS_MAX]
            for row in self._rows(f"AND r.entity IN ({_marks(some)})", tuple(some)):
                found.setdefault(row[10], []).append(_new(Write, row[:10]))
        return found

    def touch(self, entities: Iterable[str]) -> None:
        self._connection.executemany(
            f"INSERT OR IGNORE INTO {self._p}_touched VALUES (?, ?)", [(self._stream, entity) for entity in entities]
        )

    def touched(self, limit: int) -> list[str]:
        rows = self._connection.execute(
            f"SELECT entity FROM {self._p}_touched WHERE stream = ? LIMIT ?", (self._stream, limit)
        )
        return [entity for (entity,) in rows]

    def settled(self, entities: Iterable[str]) -> dict[str, bytes | None]:
        listed = list(entities)
        waiting: set[str] = set()
        for start in range(0, len(listed), IDS_MAX):
            some = listed[start : start + IDS_MAX]
            rows = self._connection.execute(
                f"SELECT entity FROM {self._p}_touched WHERE stream = ? AND entity IN ({_marks(some)})",
                (self._stream, *some),
            )
            waiting.update(entity for (entity,) in rows)
        standing = {entity: view.encode() for entity, view, _ in self._kept(listed)}
        return {entity: standing.get(entity) for entity in listed if entity not in waiting}

    def put_views(self, resolved: Sequence[Resolved]) -> None:
        self._add_to_digest(resolved)
        named = [(self._stream, kind_of(one.entity), name_of(one.entity)) for one in resolved]
        gone = [name for name, one in zip(named, resolved, strict=True) if one.view is None]
        self._connection.executemany(f"DELETE FROM {self._p}_view WHERE stream = ? AND kind = ? AND id = ?", gone)
        self._connection.executemany(
            f"INSERT OR REPLACE INTO {self._p}_view VALUES (?,?,?,?,?,?,?)",
            [
                (*name, one.standing, one.due, one.view.decode(), one.digest)
                for name, one in zip(named, resolved, strict=True)
                if one.view is not None
            ],
        )
        self._connection.executemany(
            f"DELETE FROM {self._p}_touched WHERE stream = ? AND entity = ?",
            [(self._stream, one.entity) for one in resolved],
        )
        if self._week_of is not None:
            self._put_tallies(resolved, self._week_of)
            for one in resolved:
                if kind_of(one.entity) in asked_tables.KINDS:
                    self._put_asked(one, self._week_of)

    def _kept(self, entities: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
        """Entity, view and digest of what stands of these entities; those that have no view are left out."""
        for start in range(0, len(entities), IDS_MAX):
            some = entities[start : start + IDS_MAX]
            places = [part for entity in some for part in (kind_of(entity), name_of(entity))]
            # A join, in this order: SQLite would read every view for `(kind, id) IN (VALUES ...)`.
            rows = self._connection.execute(
                f"SELECT v.kind, v.id, v.view, v.digest FROM (VALUES {','.join(['(?,?)'] * len(some))}) n "
                f"CROSS JOIN {self._p}_view v ON v.stream = ? AND v.kind = n.column1 AND v.id = n.column2",
                (*places, self._stream),
            )
            for kind, id, view, digest in rows:
                yield f"{kind}:{id}", view, digest

    def _add_to_digest(self, resolved: Sequence[Resolved]) -> None:
        change = sum(term(one.entity, one.digest) for one in resolved if one.digest is not None)
        change -= sum(term(entity, digest) for entity, _, digest in self._kept([one.entity for one in resolved]))
        if change:
            total = ((self.total() + change) % MODULUS).to_bytes(SUM_BYTES, "big")
            self._connection.execute(f"INSERT OR REPLACE INTO {self._p}_digest VALUES (?, ?)", (self._stream, total))

    def total(self) -> int:
        """The sum in the stream's view digest."""
        row = self._connection.execute(
            f"SELECT total FROM {self._p}_digest WHERE stream = ?", (self._stream,)
        ).fetchone()
        return int.from_bytes(row[0], "big") if row else 0

    def _put_tallies(self, resolved: Sequence[Resolved], week_of: WeekOf) -> None:
        tallied = [one for one in resolved if is_tallied(one.entity)]
        for start in range(0, len(tallied), IDS_MAX):
            some = [one.entity for one in tallied[start : start + IDS_MAX]]
            where = f"WHERE stream = ? AND entity IN ({_marks(some)})"
            old = self._connection.execute(f"SELECT DISTINCT week FROM {self._p}_tally {where}", (self._stream, *some))
            self._weeks.update(week for (week,) in old)
            self._connection.execute(f"DELETE FROM {self._p}_tally {where}", (self._stream, *some))
        received = self._received_at({tally.event_id for one in tallied for tally in one.tallies})
        weeks = {at: week_of(at) for at in set(received.values())}
        rows = [
            (self._stream, one.entity, tally.event_id, tally.measure, *week)
            for one in tallied
            for tally in one.tallies
            if (week := weeks[received[tally.event_id]]) is not None
        ]
        self._connection.executemany(f"INSERT INTO {self._p}_tally VALUES (?,?,?,?,?,?,?)", rows)
        self._weeks.update(str(row[6]) for row in rows)

    def _put_asked(self, one: Resolved, week_of: WeekOf) -> None:
        event_id = asked_tables.event_of(one)
        at = self._received_at({event_id})[event_id] if event_id else None
        week = week_of(at) if at is not None else None
        where = asked_tables.Where(week.pod, week.cohort, at) if week and at is not None else None
        asked_tables.put(self._connection, self._version, self._stream, one, where)

    def _received_at(self, ids: set[bytes]) -> dict[bytes, int]:
        listed = list(ids)
        found: dict[bytes, int] = {}
        for start in range(0, len(listed), IDS_MAX):
            some = listed[start : start + IDS_MAX]
            found.update(
                self._connection.execute(
                    f"SELECT event_id, received_at FROM {self._p}_entry "
                    f"WHERE stream = ? AND event_id IN ({_marks(some)})",
                    (self._stream, *some),
                )
            )
        return found

    def settle_contributions(self) -> None:
        """Sum the tallies of every week that changed: recomputed, never counted up, so nothing can drift."""
        for week in sorted(self._weeks):
            self._connection.execute(
                f"DELETE FROM {self._contribution} WHERE stream = ? AND week = ?", (self._stream, week)
            )
            self._connection.execute(
                f"INSERT INTO {self._contribution} SELECT stream, pod, min(cohort), week, measure, count(*) "
                f"FROM {self._p}_tally WHERE stream = ? AND week = ? GROUP BY stream, pod, week, measure",
                (self._stream, week),
            )
        self._weeks.clear()

    # Shelf

    def get(self, type: type[AnyView], id: str) -> AnyView | None:
        for kind in KINDS_OF[type]:
            row = self._connection.execute(
                f"SELECT view FROM {self._p}_view WHERE stream = ? AND kind = ? AND id = ?", (self._stream, kind, id)
            ).fetchone()
            if row is not None:
                return cast("AnyView", decode_view(key(kind, id), row[0].encode()))
        return None

    def all(self, type: type[AnyView], *standings: str) -> list[AnyView]:
        wanted = f"AND standing IN ({_marks(standings)})" if standings else ""
        return self._select(type, wanted, standings)

    def counts(self, type: type[View]) -> Mapping[str, int]:
        kinds = KINDS_OF[type]
        rows = self._connection.execute(
            f"SELECT standing, count(*) FROM {self._p}_view WHERE stream = ? AND kind IN ({_marks(kinds)}) "
            "GROUP BY standing",
            (self._stream, *kinds),
        )
        return {standing or "": count for standing, count in rows}

    def between(self, type: type[AnyView], first: str, last: str) -> list[AnyView]:
        return self._select(type, "AND due BETWEEN ? AND ?", (first, last))

    def day_counts(self) -> list[Count]:
        return summed(self.all(Day))

    def _select(self, type: type[AnyView], clause: str, values: Sequence[str]) -> list[AnyView]:
        kinds = KINDS_OF[type]
        rows = self._connection.execute(
            f"SELECT kind, id, view FROM {self._p}_view WHERE stream = ? AND kind IN ({_marks(kinds)}) {clause} "
            "ORDER BY due, kind, id",
            (self._stream, *kinds, *values),
        )
        return [cast("AnyView", decode_view(key(kind, id), view.encode())) for kind, id, view in rows]

    # What else readers and the projector ask

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Every entity with the digest of its view."""
        statement = f"SELECT kind, id, digest FROM {self._p}_view WHERE stream = ?"
        for kind, id, digest in self._connection.execute(statement, (self._stream,)):
            yield key(kind, id), digest

    def entities(self) -> Iterator[tuple[str, list[Write]]]:
        """Every entity with its rows, in order of entity."""
        return by_entity(self._rows("ORDER BY r.entity", ()))

    def reach(self) -> dict[int, int | None]:
        """Line -> the last seq that counts, None for all of it; as it was when the rows were folded."""
        rows = self._connection.execute(f"SELECT line, upto FROM {self._p}_reach WHERE stream = ?", (self._stream,))
        return dict(rows.fetchall())

    def put_reach(self, reach: Mapping[int, int | None]) -> None:
        """Remember by which reach the rows were folded."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO {self._p}_reach VALUES (?, ?, ?)",
            [(self._stream, line, upto) for line, upto in reach.items()],
        )

    def is_waiting(self) -> bool:
        """Whether an entity waits to be resolved."""
        return bool(self.touched(1))

    def _rows(self, clause: str, values: tuple[object, ...]) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(
            f"SELECT r.field, r.event_id, r.day, r.data, e.at, e.device, e.epoch, e.seq, e.hash, e.marks, r.entity "
            f"FROM {self._p} r JOIN {self._p}_entry e ON e.stream = r.stream AND e.event_id = r.event_id "
            f"WHERE r.stream = ? {clause}",
            (self._stream, *values),
        )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _entry(row: tuple[Any, ...]) -> Entry:
    event_id, at, device, epoch, seq, hash_, marks, touches = row
    order = None if at is None else Order(at, device, epoch, seq, hash_)
    return Entry(event_id, order, marks, tuple(touches.split(_BETWEEN_ENTITIES)) if touches else ())
