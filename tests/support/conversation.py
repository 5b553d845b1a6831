"""The two machines on one thread, over naive stores and a wire that is two queues.

Each end carries its machine's effects out one at a time, in order, when it is told to: between any two of them a frame
may arrive, as it may in a process. `settle` runs everything until nothing moves, and fails when that takes for ever.
"""

import json
from collections import deque
from collections.abc import Iterable
from typing import TypeVar

from milepost.admission import Gap
from milepost.chain import Batch, Leaf
from milepost.errors import DataError
from milepost.event import Event
from milepost.keys import Enrolment
from milepost.sync import effects as e
from milepost.sync.client import ClientSync, Replica
from milepost.sync.server import Delivery, Place, ServerSync
from milepost.trust import enrolment_of
from tests.support.authors import Author, drawn
from tests.support.model_store import ModelReplica, ModelServer

HOST = "sync.example.org"
STEPS_MAX = 5_000
Said = TypeVar("Said", bound=e.Effect)


class Device:
    """An author with its replica: what a person's machine is."""

    def __init__(self, author: Author, path: Iterable[Author] = ()) -> None:
        self.author = author
        self.path = [*path, author]
        self.replica = ModelReplica(author.user, author.device)
        self.write_batch(author.log(1)[0])

    def write(self, count: int = 1) -> Batch:
        """Append events and put them into one batch."""
        return self.write_batch(*(self.author.write(facts=b'{"n":%d}' % number) for number in range(count)))

    def write_batch(self, *run: Event) -> Batch:
        """Put events of this device into one batch."""
        batch = self.author.batch(run)
        self.replica.add(batch)
        return batch


class ClientEnd:
    """A shell around ClientSync: what it learned, in the order it learned it."""

    def __init__(self, device: Device, server_key: bytes, name: str = HOST, mark: bytes = bytes(16)) -> None:
        replica = device.replica
        self.device = device
        self.machine = ClientSync(
            Replica(
                user=replica.user,
                device=replica.device,
                epoch=device.author.epoch,
                mark=mark,
                software="test",
                leaves=tuple(replica.leaves()),
                incarnation=replica.incarnation,
                position=replica.position,
                enrolments=tuple(author.enrolment_text for author in device.path),
                newest_receipt=replica.newest_receipt,
                name=name,
                server_key=server_key,
            ),
            sign=device.author.keys.signing.sign,
            holds=self._holds,
        )
        self.todo: deque[e.Effect] = deque()
        self.out: deque[bytes] = deque()
        self.said: list[e.Effect] = []
        self.stored: list[e.Store] = []
        self.closed: e.Close | None = None
        self._offered = 0
        self._own_only: bool | None = None
        self._news = False

    def _holds(self, leaf: Leaf) -> bool:
        # What is about to be stored counts as held: the effects before are carried out before the ones to come.
        return leaf.hash in self.device.replica.events or any(
            isinstance(effect, e.Store) and effect.batch is not None and effect.batch.last.hash == leaf.hash
            for effect in self.todo
        )

    def take(self, frame: bytes) -> None:
        self.todo += self.machine.feed(frame)

    def step(self) -> None:
        """Carry out the oldest effect."""
        replica = self.device.replica
        match effect := self.todo.popleft():
            case e.Send(frame):
                self.out.append(frame)
            case e.Close():
                self.closed = effect
            case e.Adopt(incarnation):
                replica.adopt(incarnation)
            case e.Load():
                self._load(effect)
            case e.Store(batch, receipt, _):
                replica.store(batch, receipt)
                self.stored.append(effect)
                self.todo += self.machine.stored(effect)
            case e.MarkReceived(receipt):
                replica.receive(receipt)
            case _:
                self.said.append(effect)

    def _load(self, load: e.Load) -> None:
        if load.own_only != self._own_only:
            self._own_only, self._offered = load.own_only, 0
        waiting = [batch for batch in self.device.replica.batches if not load.own_only or self._is_own(batch)]
        unsent = {batch.last.hash: old for batch, old in self.device.replica.unsent(load.incarnation, load.own_only)}
        room = load.limit
        while self._offered < len(waiting) and room:
            batch = waiting[self._offered]
            self._offered += 1
            if batch.last.hash in unsent:
                room -= 1
                self.todo += self.machine.offer(batch, unsent[batch.last.hash])
        self.todo += self.machine.offered(more=self._offered < len(waiting))

    def _is_own(self, batch: Batch) -> bool:
        return batch.first.device == self.device.replica.device

    def heard(self, kind: type[Said]) -> list[Said]:
        """What the machine said of this kind."""
        return [effect for effect in self.said if isinstance(effect, kind)]


class ServerEnd:
    """A shell around ServerSync, one for each connection."""

    def __init__(
        self, server: ModelServer, peers: "list[ServerEnd]", nonce: bytes, names: Iterable[str] = (HOST,)
    ) -> None:
        self.server = server
        self.peers = peers
        place = Place(frozenset(names), server.key.name, server.key.public, "test")
        self.machine = ServerSync(place, nonce, server.now_ms)
        self.todo: deque[e.Effect] = deque(self.machine.open())
        self.out: deque[bytes] = deque()
        self.closed: e.Close | None = None
        self.user = b""
        self.held: set[bytes] = set()
        self.reads = 0

    def take(self, frame: bytes) -> None:
        self.todo += self.machine.feed(frame)

    def step(self) -> None:
        """Carry out the oldest effect."""
        match effect := self.todo.popleft():
            case e.Send(frame):
                self.out.append(frame)
            case e.Close():
                self.closed = effect
                self._leave()
            case e.LookUp(hello):
                self.todo += self.machine.looked_up(self.server.account(hello.user, hello.device))
            case e.Readmit():
                self._readmit(effect)
            case e.Subscribe(hello):
                self.user = hello.user
                stream = self.server.streams[hello.user]
                self.held = stream.lineage(leaf.hash for leaf in hello.leaves)
                self.peers.append(self)
            case e.Ingest():
                self._ingest(effect)
            case e.Read():
                self._read(effect)
            case _:
                raise AssertionError(f"{effect} is not for a server")

    def _readmit(self, readmit: e.Readmit) -> None:
        hello = readmit.hello
        try:
            self.server.readmit(hello.user, [_enrolment(text) for text in readmit.enrolments], readmit.receipt)
            account = self.server.account(hello.user, hello.device)
        except DataError:
            account = None
        self.todo += self.machine.looked_up(account)

    def _ingest(self, push: e.Ingest) -> None:
        stream = self.server.streams.get(self.user)
        if stream is None:
            self.todo += self.machine.end("UNKNOWN", "the account is gone", 1008)
            return
        try:
            receipts = self.server.ingest(push.batch, push.receipt)
        except DataError as error:
            known = next((leaf for leaf in stream.leaves() if leaf.device == push.batch.first.device), None)
            self.todo += self.machine.refused(push, error.code, str(error), known if isinstance(error, Gap) else None)
            return
        self.held |= {event.hash for event in push.batch.events}
        self.todo += self.machine.ingested(receipts, push.answers)
        for peer in self.peers:
            if peer.user == self.user:
                peer.todo += peer.machine.wake(stream.head)

    def _read(self, read: e.Read) -> None:
        self.reads += 1
        stream = self.server.streams[self.user]
        deliveries = []
        for row in stream.after(read.after, read.limit):
            is_held = row.receipt.last_hash in self.held
            deliveries.append(Delivery(row.receipt, None if is_held else row.batch))
        self.todo += self.machine.read(deliveries, stream.head, stream.digest())

    def _leave(self) -> None:
        if self in self.peers:
            self.peers.remove(self)


class Conversation:
    """One connection: two ends and what is on the wire between them."""

    def __init__(self, client: ClientEnd, server: ServerEnd) -> None:
        self.client = client
        self.server = server

    def moves(self) -> list[str]:
        """What could happen next."""
        named = {
            "client acts": self.client.todo,
            "server acts": self.server.todo,
            "client hears": self.server.out,
            "server hears": self.client.out,
        }
        return [name for name, queue in named.items() if queue]

    def move(self, name: str) -> None:
        match name:
            case "client acts":
                self.client.step()
            case "server acts":
                self.server.step()
            case "client hears":
                self.client.take(self.server.out.popleft())
            case _:
                self.server.take(self.client.out.popleft())

    def cut(self) -> None:
        """The network goes away: what is on the wire is lost, what is not carried out never will be."""
        for queue in (self.client.todo, self.server.todo):
            queue.clear()
        self.client.out.clear()
        self.server.out.clear()
        self.server._leave()


class Town:
    """A server and everybody who talks to it."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.peers: list[ServerEnd] = []
        self.open: list[Conversation] = []
        self.dialled = 0

    def connect(self, device: Device, name: str = HOST) -> Conversation:
        self.dialled += 1
        client = ClientEnd(device, self.server.key.public, name)
        server = ServerEnd(self.server, self.peers, drawn(32, "nonce", self.dialled))
        conversation = Conversation(client, server)
        self.open.append(conversation)
        return conversation

    def settle(self) -> None:
        """Run until nothing moves."""
        for _ in range(STEPS_MAX):
            moved = False
            for conversation in self.open:
                for name in conversation.moves():
                    conversation.move(name)
                    moved = True
            if not moved:
                return
        raise AssertionError(f"still moving after {STEPS_MAX} rounds: a livelock")

    def sync(self, device: Device) -> Conversation:
        """One connection, until nothing moves; it stays open."""
        conversation = self.connect(device)
        self.settle()
        return conversation

    def hang_up(self) -> None:
        for conversation in self.open:
            conversation.cut()
        self.open.clear()


def _enrolment(text: bytes) -> Enrolment:
    return enrolment_of(json.loads(text))
