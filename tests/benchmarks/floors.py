"""The floors: the same rows in bare SQLite, under the journal mode and synchronous of the store they stand beside.

A bare row has what no other column tells: id, place, clock, date, type and parts. Its one index is on the id.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from milepost_client.store.drafts import Draft

_TABLE = """CREATE TABLE event (
    n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL, hlc INTEGER NOT NULL, "on" INTEGER NOT NULL,
    "offset" INTEGER NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,
    facts_salt BLOB, facts BLOB, private_salt BLOB, private BLOB)"""
_INSERT = "INSERT INTO event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_START_MS = 1_767_600_000_000

Row = tuple[object, ...]


class Mode(NamedTuple):
    """How durable a commit is, in SQLite's words."""

    journal: str
    synchronous: str


CLIENT = Mode("TRUNCATE", "EXTRA")
SERVER = Mode("WAL", "FULL")


def rows_of(drafts: Iterable[Draft]) -> list[Row]:
    """The bare rows of `drafts`, with random salts and time-led ids as ours have."""
    rows: list[Row] = []
    for seq, draft in enumerate(drafts, 1):
        hlc = _START_MS + seq
        id_ = hlc.to_bytes(6, "big") + os.urandom(10)
        rows.append(
            (
                id_,
                seq,
                hlc << 16,
                draft.on,
                draft.offset,
                draft.type,
                draft.version,
                os.urandom(16) if draft.facts else None,
                draft.facts,
                os.urandom(16) if draft.private else None,
                draft.private,
            )
        )
    return rows


class BareTable:
    """A file with the bare table in it."""

    def __init__(self, path: Path, mode: Mode) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute(f"PRAGMA journal_mode = {mode.journal}")
        self.connection.execute(f"PRAGMA synchronous = {mode.synchronous}")
        self.connection.execute(_TABLE)

    def insert_one(self, row: Row) -> None:
        """One row in a transaction of its own."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(_INSERT, row)
        self.connection.execute("COMMIT")

    def insert_all(self, rows: Sequence[Row]) -> None:
        """All rows in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(_INSERT, rows)
        self.connection.execute("COMMIT")

    def close(self) -> int:
        """The size of the closed file, in bytes."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
        return self.path.stat().st_size
