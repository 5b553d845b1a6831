"""A meeting place in memory: the real server machine over a few dicts, for tests of the client's half.

It can be wiped or set back, which is what a client must survive. The real server is tested with the real client in
tests/e2e and in the simulation; this one shows the client's rows at every step.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from milepost.admission import admit
from milepost.chain import Batch, Leaf, Place, Receipt, set_digest
from milepost.event import Event
from milepost.keys import SigningKey, name_of
from milepost.sync import server as machine
from milepost.sync.effects import Close, Effect, Ingest, LookUp, Read, Readmit, Send, Subscribe
from milepost.trust import ENROLLED
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.sync.session import Peer, Session
from tests.client.devices import NOW_MS

NAME = "meet.example"


class Kept(NamedTuple):
    batch: Batch
    receipt: Receipt


class MeetingPlace:
    """One member's stream on a server."""

    def __init__(self, user: bytes, incarnation: bytes = b"i" * 16, now_ms: int = NOW_MS + 1000) -> None:
        self.key = SigningKey(b"server-key".ljust(32, b"\0"))
        self.user = user
        self.incarnation = incarnation
        self.now_ms = now_ms
        self.kept: list[Kept] = []
        self.signers: dict[bytes, bytes] = {}
        self.connections: list[Connection] = []

    @property
    def peer(self) -> Peer:
        return Peer(NAME, self.key.public)

    @property
    def events(self) -> list[Event]:
        return [event for kept in self.kept for event in kept.batch.events]

    @property
    def leaves(self) -> list[Leaf]:
        events = self.events
        continued = {(event.device, event.epoch, event.prev) for event in events if event.seq > 1}
        tips = [event for event in events if (event.device, event.epoch, event.hash) not in continued]
        return sorted(Leaf(event.device, event.epoch, event.seq, event.hash) for event in tips)

    def wiped(self, incarnation: bytes) -> "MeetingPlace":
        """The same server after it lost its data."""
        fresh = MeetingPlace(self.user, incarnation, self.now_ms + 1_000_000)
        fresh.signers = dict(self.signers)
        return fresh

    # The shelf

    def has(self, place: Place, hash: bytes) -> bool:
        return any((e.device, e.epoch, e.seq) == place and e.hash == hash for e in self.events)

    def is_taken(self, place: Place) -> bool:
        return any((e.device, e.epoch, e.seq) == place for e in self.events)

    def holds(self, device: bytes, hash: bytes) -> bool:
        return any(event.device == device and event.hash == hash for event in self.events)

    def signing_key(self, device: bytes) -> bytes | None:
        return self.signers.get(device)

    def store(self, push: Ingest) -> list[Receipt]:
        batch = push.batch
        admission = admit(self.user, batch, self)
        if admission.enrolment:
            self.signers[admission.enrolment.device] = admission.enrolment.signing
        known = {event.hash for event in batch.events[: admission.known]}
        receipts = [kept.receipt for kept in self.kept if known & {event.hash for event in kept.batch.events}]
        new = Batch(batch.events[admission.known :], batch.signature)
        if new.events:
            receipts.append(self._receipt(new, push.receipt))
            self.kept.append(Kept(new, receipts[-1]))
        return receipts

    def account(self, device: bytes) -> machine.Account:
        """How a device that connects stands."""
        control = [n for n, event in enumerate(self.events, 1) if event.type.startswith(("device.", "key."))]
        return machine.Account(
            self.signers.get(device), False, self.incarnation, tuple(self.leaves), len(self.events),
            max(control, default=0), "token", 900,
        )  # fmt: skip

    def read(
        self, after: int, count: int, held: Callable[[Batch], bool] = lambda _: False
    ) -> tuple[list[machine.Delivery], int, bytes]:
        """Batches after a position, the head, and the set digest there; what the client holds travels as a stub."""
        kept = [each for each in self.kept if each.receipt.first_position > after][:count]
        deliveries = [machine.Delivery(each.receipt, None if held(each.batch) else each.batch) for each in kept]
        return deliveries, len(self.events), set_digest(self.leaves)

    def _receipt(self, batch: Batch, old: Receipt | None) -> Receipt:
        self.now_ms += 1
        bare = Receipt(
            name_of(self.key.public), self.incarnation, self.user, batch.first.device, batch.first.epoch,
            batch.first.seq, batch.last.seq, batch.last.hash, len(self.events) + 1,
            old.received_at if old else self.now_ms,
        )  # fmt: skip
        return bare._replace(signature=self.key.sign(bare.signed))


class Connection:
    """A socket's worth: frames go over at once and in order."""

    def __init__(self, place: MeetingPlace, session: Session) -> None:
        self.place = place
        self.session = session
        self._machine = machine.ServerSync(
            machine.Place(frozenset({NAME}), name_of(place.key.public), place.key.public, "test"),
            b"n" * 32,
            place.now_ms,
        )
        self._to_client: deque[bytes] = deque()
        self.sent: list[bytes] = []
        self.closed: Close | None = None
        self._run(self._machine.open())

    def exchange(self) -> None:
        """Carry frames until both ends are quiet."""
        while self._to_client and self.session.failed is None:
            self._from_client(self.session.feed(self._to_client.popleft()))

    def carry(self, frames: int) -> None:
        """Carry so many frames to the client, and what it answers; then the connection breaks."""
        while frames and self._to_client and self.session.failed is None:
            self._from_client(self.session.feed(self._to_client.popleft()))
            frames -= 1

    def step(self, until: int = 1) -> None:
        """Carry frames until the server has stored so many batches, and no further."""
        while len(self.place.kept) < until:
            self._from_client(self.session.feed(self._to_client.popleft()))

    def appended(self) -> None:
        self._from_client(self.session.appended())
        self.exchange()

    def _from_client(self, answers: list[Send | Close]) -> None:
        for answer in answers:
            if isinstance(answer, Send):
                self.sent.append(answer.frame)
                self._run(self._machine.feed(answer.frame))
            else:
                self.closed = answer

    def _run(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    self._to_client.append(frame)
                case LookUp(hello):
                    self._run(self._machine.looked_up(self.place.account(hello.device)))
                case Readmit(hello):
                    self.place.signers.setdefault(hello.device, b"")
                case Ingest():
                    self._run(self._machine.ingested(self.place.store(effect), effect.answers))
                    self._run(self._machine.wake(len(self.place.events)))
                case Read(after, count):
                    self._run(self._machine.read(*self.place.read(after, count, self._held)))
                case Close():
                    self.closed = effect
                case Subscribe():
                    self.place.connections.append(self)
                case _:
                    raise AssertionError(effect)

    def _held(self, batch: Batch) -> bool:
        return self.session.log.find(batch.leaf) is not None


def start(place: MeetingPlace, log: Log) -> Connection:
    """Join `log` to the place, if it is new there, and connect; nothing is exchanged yet."""
    place.signers.setdefault(log.device, _signing_of(log))
    return Connection(place, Session(log, device_keys(log.secrets), place.peer))


def connect(place: MeetingPlace, log: Log) -> Connection:
    """Connect, and exchange everything."""
    connection = start(place, log)
    connection.exchange()
    return connection


def _signing_of(log: Log) -> bytes:
    assert any(stored.event.type == ENROLLED for stored in log.control())
    return device_keys(log.secrets).signing.public
