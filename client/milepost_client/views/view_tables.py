"""The tables of views.db: rows and entries of the projection, resolved views, and how far they are folded.

Plain documented tables, so that `sqlite3 views.db "SELECT id, view FROM view WHERE kind = 'goal'"` answers anybody. A
cache: delete it and the next command folds it anew. The views over them are in `read_models.py`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from milepost.clock import Order
from milepost.projections.days import Count, Day, summed
from milepost.projections.digest import MODULUS, SUM_BYTES, term
from milepost.projections.kinds import KINDS_OF, decode_view
from milepost.projections.progress import AnyView
from milepost.projections.rows import Entry, Row, Write, by_entity, key, kind_of, name_of
from milepost.projections.tables import Resolved
from milepost.projections.view import View
from milepost_client.views.read_models import READ_MODELS

SCHEMA_VERSION = 4
DAY = "day"
# SQLite allows 32,766 values a statement; a batch asks for its thousand ids in two.
IDS_MAX = 500

SCHEMA = (
    # How far the log is folded: number of arrival, of change, and of control event; and by which code. `history` is
    # what the log calls its past up to there.
    """CREATE TABLE state (
        one INTEGER PRIMARY KEY CHECK (one = 1), history BLOB NOT NULL, checkpoint INTEGER NOT NULL,
        move INTEGER NOT NULL, control INTEGER NOT NULL, version INTEGER NOT NULL, catalogue TEXT NOT NULL)""",
    # The sum in the view digest, kept up to date with every view that changes.
    "CREATE TABLE digest (one INTEGER PRIMARY KEY CHECK (one = 1), total BLOB NOT NULL)",
    # Up to which seq each line of the log counts (`milepost.trust`): NULL for all of it.
    "CREATE TABLE reach (line INTEGER PRIMARY KEY, upto INTEGER)",
    # What is known of an event: its order, what others said about it (marks), and the entities its rows belong to.
    """CREATE TABLE entry (
        event_id BLOB PRIMARY KEY, "at" INTEGER, device BLOB, epoch INTEGER, seq INTEGER, hash BLOB,
        marks INTEGER NOT NULL, touches TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE row (
        entity TEXT NOT NULL, field TEXT NOT NULL, event_id BLOB NOT NULL, "on" INTEGER NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (entity, field, event_id)) WITHOUT ROWID""",
    # Entities whose rows changed since their view was resolved; empty between commands.
    "CREATE TABLE touched (entity TEXT PRIMARY KEY) WITHOUT ROWID",
    # What everything stands at, as JSON. `name` is case-folded, for look-ups.
    """CREATE TABLE view (
        kind TEXT NOT NULL, id TEXT NOT NULL, standing TEXT, due TEXT, name TEXT, notices INTEGER NOT NULL,
        view TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (kind, id))""",
    "CREATE INDEX view_standing ON view (kind, standing, due)",
    "CREATE INDEX view_name ON view (standing, name) WHERE kind = 'name'",
    "CREATE INDEX view_notices ON view (kind, id) WHERE notices > 0",
)

# The sum of all days, kept up to date with every day that changes: a status reads no history.
DAY_COUNTS = (
    """CREATE TABLE day_count (
        type TEXT NOT NULL, sort TEXT NOT NULL, count INTEGER NOT NULL, minutes INTEGER NOT NULL,
        PRIMARY KEY (type, sort)) WITHOUT ROWID""",
    """INSERT INTO day_count
        SELECT json_extract(c.value, '$.type'), coalesce(json_extract(c.value, '$.sort'), ''),
            sum(json_extract(c.value, '$.count')), sum(coalesce(json_extract(c.value, '$.minutes'), 0))
        FROM view v, json_each(v.view, '$.counts') c WHERE v.kind = 'day' GROUP BY 1, 2""",
)

_TABLES = ("state", "digest", "day_count", "reach", "entry", "row", "touched", "view")
_EMPTIED = tuple(f"DELETE FROM {table}" for table in _TABLES)  # noqa: S608 -- our own names

# From each version to the next. Version 3 parted `touches` by blanks, which the name of a factor may hold.
_STEPS = (SCHEMA, tuple(model.statement for model in READ_MODELS), DAY_COUNTS, _EMPTIED)

# Rows come by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__

# Names of entities are case-folded, with single blanks: they hold no line break.
_BETWEEN_ENTITIES = "\n"

_COLUMNS = 'r.field, r.event_id, r."on", r.data, e."at", e.device, e.epoch, e.seq, e.hash, e.marks'
_JOINED = "FROM row r JOIN entry e ON e.event_id = r.event_id"
_WRITES = f"SELECT {_COLUMNS} {_JOINED}"
_ALL_WRITES = f"SELECT {_COLUMNS}, r.entity {_JOINED}"
_BY_DUE = "ORDER BY due, kind, id"


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make what this build wants of the file and lacks, inside the caller's transaction."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in _STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def clear(connection: sqlite3.Connection) -> None:
    """Empty every table, inside the caller's transaction."""
    for statement in _EMPTIED:
        connection.execute(statement)


class ViewTables:
    """`milepost.projections.tables.Tables` and `milepost.projections.progress.Shelf` over views.db."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The file, for those who ask it in SQL: the read models."""
        return self._connection

    # Tables

    def entries(self, ids: Collection[bytes]) -> dict[bytes, Entry]:
        found = {}
        listed = list(ids)
        for start in range(0, len(listed), IDS_MAX):
            some = listed[start : start + IDS_MAX]
            marks = ",".join("?" * len(some))
            for row in self._connection.execute(f"SELECT * FROM entry WHERE event_id IN ({marks})", some):  # noqa: S608
                found[row[0]] = _entry(row)
        return found

    def put_entries(self, entries: Iterable[Entry]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO entry VALUES (?,?,?,?,?,?,?,?)", map(_entry_row, entries))

    def put_rows(self, rows: Sequence[Row]) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO row VALUES (?,?,?,?,?)",
            [(entity, field, event_id, on, data.decode()) for entity, field, event_id, on, data in rows],
        )

    def drop_rows(self, event_id: bytes, entities: Iterable[str]) -> None:
        self._connection.executemany(
            "DELETE FROM row WHERE entity = ? AND event_id = ?", [(entity, event_id) for entity in entities]
        )

    def writes(self, entity: str) -> list[Write]:
        return [Write._make(row) for row in self._connection.execute(f"{_WRITES} WHERE r.entity = ?", (entity,))]

    def writes_of(self, entities: Sequence[str]) -> dict[str, list[Write]]:
        found: dict[str, list[Write]] = {}
        for start in range(0, len(entities), IDS_MAX):
            some = entities[start : start + IDS_MAX]
            marks = ",".join("?" * len(some))
            for row in self._connection.execute(f"{_ALL_WRITES} WHERE r.entity IN ({marks})", some):
                found.setdefault(row[10], []).append(_new(Write, row[:10]))
        return found

    def touch(self, entities: Iterable[str]) -> None:
        self._connection.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(entity,) for entity in entities])

    def touched(self, limit: int) -> list[str]:
        rows = self._connection.execute("SELECT entity FROM touched LIMIT ?", (limit,))
        return [entity for (entity,) in rows]

    def settled(self, entities: Iterable[str]) -> dict[str, bytes | None]:
        listed = list(entities)
        waiting: set[str] = set()
        for start in range(0, len(listed), IDS_MAX):
            some = listed[start : start + IDS_MAX]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"SELECT entity FROM touched WHERE entity IN ({marks})", some)  # noqa: S608
            waiting.update(entity for (entity,) in rows)
        standing = {kept.entity: kept.view for kept in self._kept(listed)}
        return {entity: standing.get(entity) for entity in listed if entity not in waiting}

    def put_views(self, resolved: Sequence[Resolved]) -> None:
        kept = self._kept([one.entity for one in resolved])
        self._add_to_digest(kept, resolved)
        self._add_to_day_counts(kept, resolved)
        gone = [(kind_of(one.entity), name_of(one.entity)) for one in resolved if one.view is None]
        self._connection.executemany("DELETE FROM view WHERE kind = ? AND id = ?", gone)
        self._connection.executemany(
            "INSERT OR REPLACE INTO view VALUES (?,?,?,?,?,?,?,?)",
            [_view_row(one, one.view) for one in resolved if one.view is not None],
        )
        self._connection.executemany("DELETE FROM touched WHERE entity = ?", [(one.entity,) for one in resolved])

    def _kept(self, entities: Sequence[str]) -> "list[_Kept]":
        """What stands of these entities; those that have no view are left out."""
        found: list[_Kept] = []
        for start in range(0, len(entities), IDS_MAX):
            some = entities[start : start + IDS_MAX]
            places = [part for entity in some for part in (kind_of(entity), name_of(entity))]
            marks = ",".join(["(?,?)"] * len(some))
            # A join, in this order: SQLite would read every view for `(kind, id) IN (VALUES ...)`.
            rows = self._connection.execute(
                f"SELECT v.kind, v.id, v.digest, v.view FROM (VALUES {marks}) n "  # noqa: S608
                "CROSS JOIN view v ON v.kind = n.column1 AND v.id = n.column2",
                places,
            )
            found += [_Kept(f"{kind}:{id}", digest, view.encode()) for kind, id, digest, view in rows]
        return found

    def _add_to_digest(self, kept: "Sequence[_Kept]", resolved: Sequence[Resolved]) -> None:
        change = sum(term(one.entity, one.digest) for one in resolved if one.digest is not None)
        change -= sum(term(one.entity, one.digest) for one in kept)
        if change:
            total_ = (self.total() + change) % MODULUS
            self._connection.execute(
                "INSERT OR REPLACE INTO digest VALUES (1, ?)", (total_.to_bytes(SUM_BYTES, "big"),)
            )

    def _add_to_day_counts(self, kept: "Sequence[_Kept]", resolved: Sequence[Resolved]) -> None:
        before, after = _day_counts(kept), _day_counts(resolved)
        changes = {
            at: (after[at].entries - before[at].entries, after[at].minutes - before[at].minutes)
            for at in before.keys() | after.keys()
        }
        self._connection.executemany(
            "INSERT INTO day_count VALUES (?,?,?,?) ON CONFLICT DO UPDATE "
            "SET count = count + excluded.count, minutes = minutes + excluded.minutes",
            [(*at, *change) for at, change in changes.items() if any(change)],
        )

    def total(self) -> int:
        """The sum in the view digest."""
        row = self._connection.execute("SELECT total FROM digest").fetchone()
        return int.from_bytes(row[0], "big") if row else 0

    # Shelf

    def get(self, type: type[AnyView], id: str) -> AnyView | None:
        for kind in KINDS_OF[type]:
            row = self._connection.execute("SELECT view FROM view WHERE kind = ? AND id = ?", (kind, id)).fetchone()
            if row is not None:
                return cast("AnyView", decode_view(key(kind, id), row[0].encode()))
        return None

    def all(self, type: type[AnyView], *standings: str) -> list[AnyView]:
        wanted = f"AND standing IN ({','.join('?' * len(standings))})" if standings else ""
        return self._select(type, wanted, standings)

    def counts(self, type: type[View]) -> Mapping[str, int]:
        kinds = KINDS_OF[type]
        marks = ",".join("?" * len(kinds))
        statement = f"SELECT standing, count(*) FROM view WHERE kind IN ({marks}) GROUP BY standing"  # noqa: S608
        return {standing or "": count for standing, count in self._connection.execute(statement, kinds)}

    def between(self, type: type[AnyView], first: str, last: str) -> list[AnyView]:
        return self._select(type, "AND due BETWEEN ? AND ?", (first, last))

    def day_counts(self) -> list[Count]:
        rows = self._connection.execute("SELECT type, count, nullif(sort, ''), minutes FROM day_count WHERE count > 0")
        return [Count(*row) for row in rows]

    def _select(self, type: type[AnyView], clause: str, values: tuple[str, ...]) -> list[AnyView]:
        kinds = KINDS_OF[type]
        statement = f"SELECT kind, id, view FROM view WHERE kind IN ({','.join('?' * len(kinds))}) {clause} {_BY_DUE}"  # noqa: S608
        return [
            cast("AnyView", decode_view(key(kind, id), view.encode()))
            for kind, id, view in self._connection.execute(statement, (*kinds, *values))
        ]

    # What else the views are asked

    def some(self, type: type[AnyView], ids: Sequence[str]) -> list[AnyView]:
        """The views of these ids, as far as there are any."""
        found: list[AnyView] = []
        for start in range(0, len(ids), IDS_MAX):
            some = tuple(ids[start : start + IDS_MAX])
            found += self._select(type, f"AND id IN ({','.join('?' * len(some))})", some)
        return found

    def first(self, type: type[AnyView]) -> AnyView | None:
        """The view of a kind that is due first."""
        kind = KINDS_OF[type][0]
        row = self._connection.execute(
            "SELECT kind, id, view FROM view WHERE kind = ? ORDER BY due LIMIT 1", (kind,)
        ).fetchone()
        return None if row is None else cast("AnyView", decode_view(key(row[0], row[1]), row[2].encode()))

    def noticed(self) -> Iterator[tuple[str, View]]:
        """The entities of which the inbox lists something."""
        statement = "SELECT kind, id, view FROM view WHERE notices > 0 ORDER BY kind, id"
        for kind, id, view in self._connection.execute(statement):
            yield key(kind, id), decode_view(key(kind, id), view.encode())

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Every entity with the digest of its view."""
        for kind, id, digest in self._connection.execute("SELECT kind, id, digest FROM view"):
            yield key(kind, id), digest

    def entities(self) -> Iterator[tuple[str, list[Write]]]:
        """Every entity with its rows, in order of entity."""
        return by_entity(self._connection.execute(f"{_ALL_WRITES} ORDER BY r.entity"))


class _Kept(NamedTuple):
    """An entity as it stands in the tables."""

    entity: str
    digest: bytes
    view: bytes


class _Sum(NamedTuple):
    entries: int = 0
    minutes: int = 0


def _day_counts(views: Iterable[_Kept | Resolved]) -> defaultdict[tuple[str, str], _Sum]:
    """What the days among `views` count, by type and sort."""
    days = [decode_view(one.entity, one.view) for one in views if kind_of(one.entity) == DAY and one.view is not None]
    found: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    for one in summed(cast("list[Day]", days)):
        found[one.type, one.sort or ""] = _Sum(one.count, one.minutes)
    return found


def _entry(row: tuple[object, ...]) -> Entry:
    event_id, at, device, epoch, seq, hash_, marks, touches = cast(
        "tuple[bytes, int | None, bytes, int, int, bytes, int, str]", row
    )
    order = None if at is None else Order(at, device, epoch, seq, hash_)
    return Entry(event_id, order, marks, tuple(touches.split(_BETWEEN_ENTITIES)) if touches else ())


def _entry_row(entry: Entry) -> tuple[object, ...]:
    order = entry.order or (None,) * 5
    return (entry.event_id, *order, entry.marks, _BETWEEN_ENTITIES.join(entry.touches))


def _view_row(one: Resolved, view: bytes) -> tuple[object, ...]:
    kind, id = kind_of(one.entity), name_of(one.entity)
    return kind, id, one.standing, one.due, one.name, one.notices, view.decode(), one.digest
