"""A memory store as the projector wants it: one connection, no thread, power cuts on demand."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from milepost.projections.fold import Folded, Stamped
from milepost_server.projection.projector import Projector
from milepost_server.store import Connection, sqlite
from milepost_server.world import World
from tests.support.stores import MemoryStore

T = TypeVar("T")


class Desk:
    """A store as the projector wants it, on one connection; `now_ms` stands still unless a test moves it."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.now_ms = store.now_ms
        self.crashes_left = 0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self.store.connection

    def write(self, job: Callable[[Connection], T], *, background: bool = False) -> "Future[T]":
        future: Future[T] = Future()
        if self.crashes_left:
            self.crashes_left -= 1
            with self.store.lost() as connection:
                job(connection)
            raise PowerCut
        try:
            future.set_result(self.store.run(job))
        except Exception as error:  # noqa: BLE001 -- as a real store hands on whatever a job raised
            future.set_exception(error)
        return future

    def sweep(self) -> "Future[bool]":
        future: Future[bool] = Future()
        future.set_result(sqlite.sweep(self.store.connection))
        return future

    def projector(self, fold: Callable[[Stamped], Folded] | None = None) -> Projector:
        return Projector(self, World(lambda: self.now_ms, lambda size: bytes(size)), fold)


class PowerCut(Exception):
    """The process is gone, and the open transaction with it."""
