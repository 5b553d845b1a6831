"""The port of the store: jobs that write, one after the other, and snapshots to read from.

A job is a function of a connection; it runs inside a transaction, behind a savepoint of its own, so one that raises
hurts nobody else. Its future is done only when the commit is on disk. Engines are chosen by `ENGINES`; the suite in
tests/contract holds each to this page.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from milepost.errors import StorageError

T = TypeVar("T")
Connection = sqlite3.Connection
Job = Callable[[Connection], T]


class StoreFailed(StorageError):
    """The disk refused a write or a commit. Nothing of the group counts as stored, and the process must end."""

    code = "store_failed"


class DataInUse(StorageError):
    """Another process has this data folder open."""

    code = "data_in_use"


class Store(Protocol):
    """Where the server keeps everything it must not lose."""

    @property
    def incarnation(self) -> bytes:
        """The random name of these data."""

    def write(self, job: Job[T], *, background: bool = False) -> Future[T]:
        """Run `job` in the next group; the future holds its result once the commit is durable.

        Background jobs (projections) go after everything that waits, and no more than fit 20 ms at a time.
        """

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent snapshot, for any thread. Do not keep it longer than a read takes."""

    def sweep(self) -> Future[bool]:
        """Rid the files of what was erased in them; done with False where a reader kept part of it from going."""

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit, from the writer's thread: it must only hand on."""

    def on_failure(self, listener: Callable[[StoreFailed], None]) -> None:
        """Call `listener` once if the store fails, from the writer's thread."""

    def close(self) -> None:
        """Finish what was submitted, then close. Idempotent."""
