"""SQLite at the door: opening a database, one transaction, and a sentence for everything it may refuse.

Only the standard library, so that the append path may use it. Views and sync open their databases here too.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from milepost.errors import StorageError
from milepost_client.store.engine import sqlite3

BUSY_TIMEOUT_SECONDS = 10.0

# log.md: durable before a command reports success. TRUNCATE keeps one small journal file and, unlike WAL, has no second
# file that a copied folder could lack; EXTRA also syncs the folder, so that a power cut cannot bring the journal back.
# What an erasure takes is overwritten, not only let go.
_PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA secure_delete=ON",
)

_SENTENCES = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and run it again"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "make the file and its folder writable"),
    sqlite3.SQLITE_BUSY: ("another milepost has held it for ten seconds", "wait for that command and run it again"),
    sqlite3.SQLITE_LOCKED: ("another milepost has held it for ten seconds", "wait for that command and run it again"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "see that the folder is there and is yours"),
    sqlite3.SQLITE_PERM: ("permission is denied", "see that the file is yours"),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", "copy the folder, then run `milepost verify`"),
    sqlite3.SQLITE_NOTADB: ("it is damaged, or no database", "copy the folder, then run `milepost verify`"),
    sqlite3.SQLITE_IOERR: (
        "the disk refuses to read or write it",
        "look at the disk and its free space, then run it again",
    ),
    sqlite3.SQLITE_TOOBIG: ("an entry is too large for it", "shorten the entry"),
}


def connect(path: str) -> sqlite3.Connection:
    """A connection in autocommit, with the pragmas of a durable log. Raises StorageError."""
    with reading(path):
        # The simulation and the sync shell hand a log from one thread to another, never to two at once.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        with reading(path):
            for pragma in _PRAGMAS:
                connection.execute(pragma)
    except StorageError:
        connection.close()
        raise
    return connection


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Run the block; whatever SQLite refuses becomes a StorageError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise refused(path, error) from None


@contextmanager
def writing(connection: sqlite3.Connection, path: str) -> Iterator[None]:
    """Run the block in one write transaction: durable when it ends, undone when it raises.

    The lock is taken at the start, so that what the block reads cannot change before it writes.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise refused(path, error) from None
    finally:
        if connection.in_transaction:
            _roll_back(connection)


def refused(path: str, error: sqlite3.Error) -> StorageError:
    """The sentence for what SQLite said about `path`."""
    # The low byte is the class of the error, the rest its finer kind.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    reason, remedy = _SENTENCES.get(code, (str(error), "copy the folder, then run `milepost verify`"))
    return StorageError(f"{path} refuses: {reason}", remedy=f"nothing was written; {remedy}")


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        # The journal undoes it when the file is next opened; a broken connection must not be used again.
        connection.close()
