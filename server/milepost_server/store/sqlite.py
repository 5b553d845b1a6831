"""The SQLite engine: one writer thread, group commit, a small pool of read connections.

The writer takes everything that waits and commits it as one transaction: one fsync for many sockets. WAL with
`synchronous=FULL`, so a commit that returned is on disk. The writer alone writes and checkpoints: SQLite before 3.51.3
can corrupt a WAL that two connections reset at once.
"""

import fcntl
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, NamedTuple

import sqlite_utils

from milepost.errors import StorageError
from milepost_server import failpoint
from milepost_server.store import DataInUse, Job, StoreFailed, T, erasures, schema
from milepost_server.store.ledger import LEDGER, Ledger

DATABASE = "milepost.db"
LOCK = "lock"
INCARNATION_BYTES = 16
# One transaction holds at most this many jobs: a bound on what a failed commit sends back to its senders.
GROUP_JOBS_MAX = 512
# A projection may hold the writer this long before waiting pushes get their turn (server.md).
BACKGROUND_SECONDS_MAX = 0.020
READERS_MAX = 4
CACHE_KIB = 32 * 1024

# After these the connection's state is not known: no receipt may follow, and the process ends.
_FATAL = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
    }
)


class Outcome(NamedTuple):
    """What became of one job: its result, or the exception it raised."""

    result: Any
    error: Exception | None


def connect(path: str | Path) -> sqlite3.Connection:
    """A connection in autocommit mode with the store's settings; transactions are begun by name."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


def prepare(connection: sqlite3.Connection, incarnation: bytes) -> bytes:
    """Create or migrate the tables, and return the data's incarnation: `incarnation` where there was none."""
    schema.migrate(sqlite_utils.Database(connection))
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('incarnation', ?)", (incarnation,))
    return bytes(connection.execute("SELECT value FROM meta WHERE name = 'incarnation'").fetchone()[0])


def run_group(connection: sqlite3.Connection, jobs: Iterable[Job[Any]], ledger: Ledger | None = None) -> list[Outcome]:
    """Run `jobs` in one transaction and commit it; an outcome for each, in order.

    A job that raises is undone alone. What was erased is in the `ledger`, durably, before the commit. Raises
    StoreFailed when the disk refuses: then none of them counts.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_run_one(connection, job) for job in jobs]
        if ledger is not None:
            erasures.tell(connection, ledger)
        failpoint.reach(failpoint.BEFORE_COMMIT)
        connection.execute("COMMIT")
    except (sqlite3.Error, OSError, StorageError) as error:
        raise StoreFailed(
            f"the store could not commit: {error}", remedy="free the disk or mend it, then start the server again"
        ) from error
    failpoint.reach(failpoint.AFTER_COMMIT_BEFORE_RECEIPT)
    return outcomes


def play_back(connection: sqlite3.Connection, ledger: Ledger) -> None:
    """Erase what the ledger says was erased: the data may be those of a backup, or the process died between the two."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        erasures.play_back(connection, ledger)


def open_data(path: Path, ledger: Ledger, incarnation: bytes) -> tuple[sqlite3.Connection, bytes]:
    """A connection to data that are up to date, with what the ledger says erased, and their incarnation."""
    connection = connect(path)
    try:
        found = prepare(connection, incarnation)
        play_back(connection, ledger)
    except BaseException:
        # Whatever undid it: an open connection would keep the file from whoever tries again.
        connection.close()
        raise
    return connection, found


def sweep(connection: sqlite3.Connection) -> bool:
    """Write the file anew, without what was erased; False while a reader holds its log, which still has it.

    `secure_delete` has emptied the rows; what their pages held when they were moved about is gone with this.
    """
    connection.execute("VACUUM")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not busy:
        connection.execute("BEGIN IMMEDIATE")
        erasures.swept(connection)
        connection.execute("COMMIT")
    return not busy


def _run_one(connection: sqlite3.Connection, job: Job[Any]) -> Outcome:
    connection.execute("SAVEPOINT job")
    try:
        outcome = Outcome(job(connection), None)
    except Exception as error:
        # Whatever a job raises belongs to its own future, not to the group.
        if isinstance(error, sqlite3.Error) and _is_fatal(error):
            raise
        connection.execute("ROLLBACK TO job")
        outcome = Outcome(None, error)
    connection.execute("RELEASE job")
    return outcome


def _is_fatal(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FATAL


class _Waiting(NamedTuple):
    job: Job[Any]
    future: "Future[Any]"


class SqliteStore:
    """A data folder, opened. `milepost_server.store.Store` says what its methods promise."""

    def __init__(self, folder: Path, *, incarnation: bytes) -> None:
        """Open or create the data in `folder`. `incarnation` is 16 random bytes, used if the data are new.

        Raises DataInUse when another process has it, StorageError when it cannot be read or written.
        """
        self._lock = lock_folder(folder)
        self.path = folder / DATABASE
        self._ledger = Ledger(folder / LEDGER)
        try:
            if not self.path.exists():
                # Facts are readable to whoever reads this file, and the folder may be one that others can enter.
                self.path.touch(mode=0o600)
            self._connection, self.incarnation = open_data(self.path, self._ledger, incarnation)
        except StorageError:
            self._lock.close()
            raise
        except (sqlite3.Error, OSError) as error:
            self._lock.close()
            raise StorageError(
                f"{self.path} cannot be opened: {error}", remedy="restore a backup, or mend the disk"
            ) from error
        self._readers: LifoQueue[sqlite3.Connection | None] = LifoQueue()
        for _ in range(READERS_MAX):
            self._readers.put(None)
        self._waiting: deque[_Waiting] = deque()
        self._background: deque[_Waiting] = deque()
        self._arrived = threading.Condition()
        self._is_closing = False
        self._failure: StoreFailed | None = None
        self._sweep: Future[bool] | None = None
        self._commit_listeners: list[Callable[[], None]] = []
        self._failure_listeners: list[Callable[[StoreFailed], None]] = []
        self._thread = threading.Thread(target=self._work, name="milepost-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many jobs wait for the writer."""
        return len(self._waiting) + len(self._background)

    def write(self, job: Job[T], *, background: bool = False) -> "Future[T]":
        future: Future[T] = Future()
        with self._arrived:
            if self._failure is not None:
                raise self._failure
            if self._is_closing:
                raise StorageError("the store is closed", code="store_closed")
            (self._background if background else self._waiting).append(_Waiting(job, future))
            self._arrived.notify()
        return future

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        connection = self._readers.get()
        try:
            if connection is None:
                connection = self._open_reader()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")
        finally:
            self._readers.put(connection)

    def sweep(self) -> "Future[bool]":
        with self._arrived:
            if self._failure is not None or self._is_closing:
                raise self._failure or StorageError("the store is closed", code="store_closed")
            asked = self._sweep = self._sweep or Future()
            self._arrived.notify()
        return asked

    def on_commit(self, listener: Callable[[], None]) -> None:
        self._commit_listeners.append(listener)

    def on_failure(self, listener: Callable[[StoreFailed], None]) -> None:
        self._failure_listeners.append(listener)

    def close(self) -> None:
        with self._arrived:
            if self._is_closing:
                return
            self._is_closing = True
            self._arrived.notify()
        self._thread.join()
        for _ in range(READERS_MAX):
            reader = self._readers.get()
            if reader is not None:
                reader.close()
        if self._failure is None:
            failpoint.reach(failpoint.BEFORE_CHECKPOINT)
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()
        self._lock.close()

    def _open_reader(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, cached_statements=256)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _work(self) -> None:
        while self._wait():
            taken: list[_Waiting] = []
            try:
                outcomes = run_group(self._connection, self._group(taken), self._ledger)
                self._sweep_if_asked()
            except StoreFailed as failure:
                self._fail(failure, taken)
                return
            for waiting, outcome in zip(taken, outcomes, strict=True):
                if outcome.error is not None:
                    waiting.future.set_exception(outcome.error)
                else:
                    waiting.future.set_result(outcome.result)
            for listener in self._commit_listeners:
                listener()

    def _wait(self) -> bool:
        """Sleep until there is work; False when the store closes and nothing is left."""
        with self._arrived:
            while not self._waiting and not self._background and self._sweep is None:
                if self._is_closing:
                    return False
                self._arrived.wait()
            return True

    def _group(self, taken: list[_Waiting]) -> Iterator[Job[Any]]:
        """The jobs of the next transaction: all that wait, then background jobs for a moment. `taken` notes each."""
        for _ in range(min(len(self._waiting), GROUP_JOBS_MAX)):
            yield from self._take(self._waiting, taken)
        until = time.monotonic() + BACKGROUND_SECONDS_MAX
        while self._background and time.monotonic() < until:
            yield from self._take(self._background, taken)

    def _sweep_if_asked(self) -> None:
        asked, self._sweep = self._sweep, None
        if asked is not None:
            try:
                asked.set_result(sweep(self._connection))
            except sqlite3.Error as error:
                # Nothing was lost: the file is as it was, and the next night is another.
                asked.set_exception(StorageError(f"the file could not be swept: {error}", code="sweep"))

    def _take(self, queue: deque[_Waiting], taken: list[_Waiting]) -> Iterator[Job[Any]]:
        waiting = queue.popleft()
        # A future that was cancelled while it waited is dropped here; from now on it cannot be.
        if waiting.future.set_running_or_notify_cancel():
            taken.append(waiting)
            yield waiting.job

    def _fail(self, failure: StoreFailed, taken: list[_Waiting]) -> None:
        with self._arrived:
            self._failure = failure
            left = [*taken, *self._waiting, *self._background]
            self._waiting.clear()
            self._background.clear()
            swept, self._sweep = self._sweep, None
        if swept is not None:
            swept.set_exception(failure)
        for waiting in left:
            if not waiting.future.done():
                waiting.future.set_exception(failure)
        for listener in self._failure_listeners:
            listener(failure)


def lock_folder(folder: Path) -> IO[bytes]:
    """Take the folder for this process; the lock ends with it, however it ends. Raises DataInUse."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        raise StorageError(f"{folder} cannot be used: {error.strerror}", remedy="choose another with --data") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise DataInUse(
            f"another milepost-server has {folder} open", remedy="stop it first, or give this one its own --data"
        ) from None
    return lock
