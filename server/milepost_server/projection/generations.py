"""Which versions of the read models there are: one live, and perhaps one building beside it.

A version is a set of tables, filled by one state of the code (`PROGRESS_VERSION`, the catalogue). Other code begins
another version by itself when the store is opened; the operator begins one with `rebuild`. Readers stay on the live
version until the other has caught up with every stream, and then all move at once.
"""

from typing import NamedTuple

import sqlite_utils

from milepost.catalogue import CATALOGUE_VERSION
from milepost.projections.label import PROGRESS, PROGRESS_VERSION, Label
from milepost_server.projection import view_tables
from milepost_server.store import Connection
from milepost_server.store.schema import add_tables

LIVE = "live"
BUILDING = "building"
RETIRED = "retired"


class Generation(NamedTuple):
    """A version of the tables: by which code it is filled, and what it is for now."""

    version: int
    code: int
    catalogue: str
    status: str

    @property
    def is_current(self) -> bool:
        """Whether this build's code fills it."""
        return (self.code, self.catalogue) == (PROGRESS_VERSION, CATALOGUE_VERSION)

    def label(self, position: int) -> Label:
        """The label of a view digest from this version."""
        return Label(PROGRESS, self.code, self.catalogue, position)


@add_tables
def prepare(database: sqlite_utils.Database) -> None:
    """Have a live version, and another building beside it if other code filled that one."""
    connection = database.conn
    connection.execute(
        "CREATE TABLE IF NOT EXISTS progress_version "
        "(version INTEGER PRIMARY KEY, code INTEGER NOT NULL, catalogue TEXT NOT NULL)"
    )
    found = generations(connection)
    for older in found:
        # Tables that came with a later build are there, if empty, for whoever reads until the flip.
        view_tables.create(connection, older.version)
    newest = max(found, default=None)
    if newest is None:
        begin(connection, status=LIVE)
    elif not newest.is_current:
        begin(connection)


def generations(connection: Connection) -> list[Generation]:
    """Every version that has tables, oldest first."""
    rows = connection.execute(
        "SELECT v.version, v.code, v.catalogue, p.status FROM progress_version v "
        "JOIN projection p ON p.name = ? AND p.version = v.version ORDER BY v.version",
        (PROGRESS,),
    )
    return [Generation(*row) for row in rows]


def live(connection: Connection) -> Generation:
    """The version that readers are given."""
    return next(found for found in generations(connection) if found.status == LIVE)


def building(connection: Connection) -> Generation | None:
    """The version that is being filled beside the live one, or None."""
    return next((found for found in generations(connection) if found.status == BUILDING), None)


def begin(connection: Connection, status: str = BUILDING) -> Generation:
    """A new version with empty tables, and work markers for every stream. An unfinished older one is given up."""
    for older in generations(connection):
        if older.status == BUILDING:
            remove(connection, older.version)
    version = connection.execute("SELECT coalesce(max(version), 0) + 1 FROM projection WHERE name = ?", (PROGRESS,))
    n: int = version.fetchone()[0]
    view_tables.create(connection, n)
    connection.execute("INSERT INTO projection VALUES (?, ?, ?)", (PROGRESS, n, status))
    connection.execute("INSERT INTO progress_version VALUES (?, ?, ?)", (n, PROGRESS_VERSION, CATALOGUE_VERSION))
    sweep(connection)
    return Generation(n, PROGRESS_VERSION, CATALOGUE_VERSION, status)


def sweep(connection: Connection) -> None:
    """Markers for all streams that are behind a version in use: a marker that was lost costs only time."""
    connection.execute(
        "INSERT INTO work (stream, projection, version, head) "
        "SELECT s.n, p.name, p.version, s.head FROM stream s JOIN projection p ON p.status != ? "
        "LEFT JOIN checkpoint c ON c.stream = s.n AND c.projection = p.name AND c.version = p.version "
        "LEFT JOIN quarantine q ON q.stream = s.n AND q.projection = p.name AND q.version = p.version "
        "WHERE s.head > coalesce(c.position, 0) AND q.stream IS NULL "
        "ON CONFLICT (stream, projection, version) DO UPDATE SET head = excluded.head",
        (RETIRED,),
    )


def is_complete(connection: Connection, version: int) -> bool:
    """Whether a version has caught up with every stream that is not in quarantine."""
    row = connection.execute(
        "SELECT 1 FROM stream s "
        "LEFT JOIN checkpoint c ON c.stream = s.n AND c.projection = ? AND c.version = ? "
        "LEFT JOIN quarantine q ON q.stream = s.n AND q.projection = ? AND q.version = ? "
        "WHERE s.head > coalesce(c.position, 0) AND q.stream IS NULL LIMIT 1",
        (PROGRESS, version, PROGRESS, version),
    ).fetchone()
    waits = connection.execute(f"SELECT 1 FROM progress_v{version:d}_touched LIMIT 1").fetchone()  # noqa: S608
    return row is None and waits is None


def hold(connection: Connection, version: int) -> None:
    """Keep a version from flipping by itself: the operator wants to compare first."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('held_version', ?)", (version,))


def is_held(connection: Connection, version: int) -> bool:
    """Whether a version waits for the operator's word."""
    row = connection.execute("SELECT 1 FROM meta WHERE name = 'held_version' AND value = ?", (version,)).fetchone()
    return row is not None


def flip(connection: Connection, version: int) -> None:
    """Make a complete version the live one; the one before it is retired, and its tables go."""
    for older in generations(connection):
        if older.status == LIVE:
            connection.execute(
                "UPDATE projection SET status = ? WHERE name = ? AND version = ?", (RETIRED, PROGRESS, older.version)
            )
            _clear(connection, older.version)
    connection.execute("UPDATE projection SET status = ? WHERE name = ? AND version = ?", (LIVE, PROGRESS, version))


def remove(connection: Connection, version: int) -> None:
    """Give a version up."""
    connection.execute("UPDATE projection SET status = ? WHERE name = ? AND version = ?", (RETIRED, PROGRESS, version))
    _clear(connection, version)


def _clear(connection: Connection, version: int) -> None:
    view_tables.drop(connection, version)
    connection.execute("DELETE FROM progress_version WHERE version = ?", (version,))
    for table in ("work", "checkpoint", "quarantine"):
        connection.execute(f"DELETE FROM {table} WHERE projection = ? AND version = ?", (PROGRESS, version))  # noqa: S608
