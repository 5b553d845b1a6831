"""The server: its own store schema, ingest, sessions and machine, over SQLite in memory.

Real: everything in `milepost_server` from `Session` down, and SQLite. Not real: the writer's thread (a step of the run
commits what waits, as one group), sockets, files, clock and chance.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from milepost.keys import Enrolment
from milepost.sync.server import CLOSE_REPLACED, Place
from milepost_server.projection import readmodels
from milepost_server.projection.projector import Projector
from milepost_server.store import Connection, Job, T, erasures, sqlite, streams
from milepost_server.store.keyfile import ServerKey
from milepost_server.store.ledger import Erasure, Ledger
from milepost_server.sync.ingest import Ingest, enrol
from milepost_server.sync.session import End, Entered, Frame, Grew, Meeting, Session, Step, Task
from milepost_server.world import World
from tests.simulation.device import Clock
from tests.simulation.network import Wire

_NAMES = frozenset({"sim"})


class Waiting(NamedTuple):
    """A job that waits for the next commit, and whose it is."""

    visit: "Visit"
    task: Task


class Data:
    """The server's store as its projector sees it: each write is a transaction of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    def write(self, job: Job[T], *, background: bool = False) -> Future[T]:
        outcome = sqlite.run_group(self._connection, [job])[0]
        future: Future[T] = Future()
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.result)
        return future


class Visit:
    """One device's connection, as the server sees it."""

    def __init__(self, wire: Wire, session: Session) -> None:
        self.wire = wire
        self.session = session
        self.user = b""
        self.mark = b""


class Book(Ledger):
    """The erasure ledger in memory. It outlives crashes, wipes and restores, as a file apart from the database does."""

    def __init__(self) -> None:
        super().__init__(Path())
        self._written: list[Erasure] = []

    def read(self) -> list[Erasure]:
        return list(self._written)

    def add(self, erasures: Sequence[Erasure]) -> None:
        self._written += erasures

    def cut_torn_end(self) -> None:
        """Nothing here is ever half written."""


@cache
def _empty() -> bytes:
    connection = sqlite.connect(":memory:")
    sqlite.prepare(connection, bytes(16))
    return connection.serialize()


class Server:
    """The one server of a run. Its key outlives its data, as the operator is told to keep it."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.random = Random(f"{seed}/server")
        self.clock = clock
        self.skew_ms = 0
        self.key = ServerKey(self.random.randbytes(32))
        self.world = World(self.now_ms, self.random.randbytes)
        self.visits: list[Visit] = []
        self.waiting: list[Waiting] = []
        self.members: dict[bytes, Enrolment] = {}
        #: User -> the position up to which receipts have gone out: what the server may never lose again.
        self.promised: dict[bytes, int] = {}
        self.ledger = Book()
        self.backup = b""
        self.wipes = 0
        self.crashes = 0
        self.commits = 0
        self._fresh()

    def now_ms(self) -> int:
        return max(self.clock.now_ms + self.skew_ms, 0)

    def _fresh(self) -> None:
        self.connection: Connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.connection.deserialize(_empty())
        self.connection.execute("UPDATE meta SET value = ? WHERE name = 'incarnation'", (self.random.randbytes(16),))
        self._open()

    def _open(self) -> None:
        sqlite.play_back(self.connection, self.ledger)
        found = self.connection.execute("SELECT value FROM meta WHERE name = 'incarnation'").fetchone()
        incarnation = bytes(found[0])
        ingest = Ingest(incarnation, self.key.public)
        place = Place(_NAMES, self.key.key_id, self.key.public, "simulated")
        self.meeting = Meeting(self.key, ingest, self.world, place, readmodels.digest_messages)
        self.projector = Projector(Data(self.connection), self.world)

    # Members

    def admit(self, enrolment: Enrolment) -> None:
        """Open a member's stream, as redeeming an invite does."""
        self.members[enrolment.user] = enrolment

        def job(connection: Connection) -> None:
            stream = streams.open_stream(connection, enrolment.user, streams.MEMBER)
            if streams.device(connection, stream.n, enrolment.device) is None:
                enrol(connection, stream.n, enrolment)

        sqlite.run_group(self.connection, [job])

    def erase(self, user: bytes) -> bool:
        """Erase an account, as its member asks; False where it is not here."""
        if streams.find(self.connection, user) is None:
            return False
        at = self.now_ms()
        sqlite.run_group(self.connection, [lambda c: erasures.erase_account(c, user, at)], self.ledger)
        self._wake_others(None, Grew(user, 0, control=True))
        return True

    def is_erased(self, user: bytes) -> bool:
        """Whether the account was erased, in whichever data."""
        return any(each.user == user and each.event is None for each in self.ledger.read())

    def head(self, user: bytes) -> int:
        stream = streams.find(self.connection, user)
        return stream.head if stream else 0

    # Connections

    def accept(self, wire: Wire) -> None:
        visit = Visit(wire, Session(self.meeting))
        self.visits.append(visit)
        self._carry_out(visit, visit.session.open())

    def take(self, visit: Visit) -> None:
        """Read one frame off the wire."""
        self._carry_out(visit, visit.session.feed(visit.wire.up.popleft()))

    def commit(self) -> None:
        """Commit everything that waits as one group, then answer."""
        group, self.waiting = self.waiting, []
        if not group:
            return
        self.commits += 1
        outcomes = sqlite.run_group(self.connection, [waiting.task.job for waiting in group], self.ledger)
        for (visit, task), outcome in zip(group, outcomes, strict=True):
            if outcome.error is not None:
                raise outcome.error
            steps = visit.session.done(task, outcome.result)
            if visit.wire.is_open:
                self._carry_out(visit, steps)
            else:
                self._spread(steps)

    def project(self, steps: int) -> bool:
        """Let the projector take a few steps; False when it had nothing to do."""
        did = 0
        while did < steps and self.projector.project_once():
            did += 1
        return bool(did)

    def _carry_out(self, visit: Visit, steps: list[Step]) -> None:
        for step in steps:
            match step:
                case Frame(data):
                    if visit.wire.is_open:
                        visit.wire.down.append(data)
                case End():
                    self._leave(visit)
                case Task(job, _, reads=True):
                    self._carry_out(visit, visit.session.done(step, job(self.connection)))
                case Task():
                    self.waiting.append(Waiting(visit, step))
                case Entered(user, _, _, mark):
                    self._enter(visit, user, mark)
                case Grew(user, head, _):
                    self._promise(user, head)
                    self._wake_others(visit, step)

    def _spread(self, steps: list[Step]) -> None:
        """A socket that is gone still made the stream grow."""
        for step in steps:
            if isinstance(step, Grew):
                self._wake_others(None, step)

    def _promise(self, user: bytes, head: int) -> None:
        self.promised[user] = max(self.promised.get(user, 0), head)

    def _wake_others(self, author: Visit | None, grew: Grew) -> None:
        for visit in list(self.visits):
            if visit is not author and visit.user == grew.user and visit.wire.is_open:
                self._carry_out(visit, visit.session.wake(grew))

    def _enter(self, visit: Visit, user: bytes, mark: bytes) -> None:
        for other in list(self.visits):
            if other is not visit and (other.user, other.mark) == (user, mark):
                self._carry_out(other, other.session.end("REPLACED", "connected again", CLOSE_REPLACED))
        visit.user, visit.mark = user, mark

    def _leave(self, visit: Visit) -> None:
        if visit in self.visits:
            self.visits.remove(visit)

    def forget_closed(self) -> None:
        """Drop the sessions of connections that were cut."""
        self.visits = [visit for visit in self.visits if visit.wire.is_open]

    # What befalls it

    def crash(self) -> None:
        """Power off and on: what was committed is there, nothing else."""
        self.crashes += 1
        for visit in self.visits:
            visit.wire.cut()
        self.visits, self.waiting = [], []
        if self.connection.in_transaction:
            self.connection.rollback()
        self._open()

    def wipe(self) -> None:
        """All data are gone but the ledger; the operator starts again with the same key."""
        self._lose()
        self._fresh()

    def back_up(self) -> None:
        self.backup = self.connection.serialize()

    def restore(self) -> None:
        """The operator puts a backup back: other data, which lack what came since."""
        self._lose()
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.connection.deserialize(self.backup)
        self.connection.execute("UPDATE meta SET value = ? WHERE name = 'incarnation'", (self.random.randbytes(16),))
        self._open()

    def _lose(self) -> None:
        self.wipes += 1
        self.crash()
        self.connection.close()
        self.promised.clear()
