"""Server stores for tests: in memory, one group at a time, with power failures on demand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from milepost.chain import Batch, Receipt
from milepost.keys import SigningKey
from milepost_server.store import Connection, sqlite, streams
from milepost_server.sync.ingest import Accepted, Ingest, Push, Refusal
from tests.support.devices import START_MS, Device, Member

T = TypeVar("T")
SERVER_KEY = SigningKey(b"server key of the tests".ljust(32, b"."))


class MemoryStore:
    """A store without threads: `run` is one committed group of one job."""

    def __init__(self, incarnation: bytes = b"incarnation-0001") -> None:
        self.connection = sqlite.connect(":memory:")
        self.incarnation = sqlite.prepare(self.connection, incarnation)
        self.ingest = Ingest(self.incarnation, SERVER_KEY.public)
        self.now_ms = START_MS + 3_600_000

    def run(self, job: Callable[[Connection], T]) -> T:
        (outcome,) = sqlite.run_group(self.connection, [job])
        if outcome.error is not None:
            raise outcome.error
        result: T = outcome.result
        return result

    @contextmanager
    def lost(self) -> Iterator[Connection]:
        """A transaction that never commits: what a crash leaves of it is nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        finally:
            self.connection.execute("ROLLBACK")

    def open(self, member: Member) -> streams.Stream:
        return self.run(lambda connection: streams.open_stream(connection, member.user, streams.MEMBER))

    def push(self, batch: Batch, old: Receipt | None = None) -> Accepted | Refusal:
        self.now_ms += 1
        now = self.now_ms
        user = batch.first.user
        return self.run(lambda connection: self.ingest.push(connection, user, Push(batch, old), now))

    def accept(self, batch: Batch, old: Receipt | None = None) -> Accepted:
        """Push what must enter."""
        result = self.push(batch, old)
        assert isinstance(result, Accepted), result
        return result

    def refuse(self, batch: Batch) -> Refusal:
        """Push what must not enter."""
        result = self.push(batch)
        assert isinstance(result, Refusal), result
        return result

    def stream(self, member: Member) -> streams.Stream:
        found = streams.find(self.connection, member.user)
        assert found is not None
        return found


def joined(seed: int = 0) -> tuple[MemoryStore, Member, Device]:
    """A store, a member with an open stream, and a first device of theirs."""
    store, member = MemoryStore(), Member(seed)
    store.open(member)
    return store, member, member.device()
