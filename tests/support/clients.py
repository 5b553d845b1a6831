"""A bare client: the protocol machine of `milepost.sync.client` over a real socket, with its replica in memory.

It keeps what the server delivers, acknowledges everything at once, and records what it was told; no file, no view.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from milepost.chain import Batch, Leaf, Receipt
from milepost.event import Event
from milepost.sync import SUBPROTOCOL, effects
from milepost.sync.client import ClientSync, Replica
from milepost.sync.frames import FRAME_BYTES_MAX
from milepost.trust import facts_of
from tests.support.devices import Device, compact

WAIT_SECONDS = 10


def open_socket(url: str) -> AbstractContextManager[ClientConnection]:
    """A socket to a test server, with no proxy and no compression."""
    return connect(
        url.replace("http", "ws", 1) + "/sync",
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a plain text to them, a new type to their checker
        proxy=None,
        compression=None,
        max_size=FRAME_BYTES_MAX,
    )


class Client:
    """One device's replica, and the conversations it has."""

    def __init__(self, device: Device, server_key: bytes, mark: bytes = b"installation 001") -> None:
        self.device = device
        self.server_key = server_key
        self.mark = mark
        self.incarnation: bytes | None = None
        self.position = 0
        self.batches: dict[int, Batch | None] = {}
        self.receipts: list[Receipt] = []
        self.told: list[str] = []
        self.declined: list[str] = []
        self.failure: effects.Failed | None = None
        self.token = ""
        self.set_digest = b""
        self.enrolments = [compact(facts_of(device.enrolment))]
        self._hashes: set[bytes] = set()
        self._offered: set[bytes] = set()
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None
        self._machine: ClientSync | None = None

    def sync(self, url: str) -> "Client":
        """One round: push everything, pull everything, go."""
        self.connect(url)
        self.until(lambda effect: isinstance(effect, effects.Settled))
        self.close()
        return self

    def connect(self, url: str) -> None:
        """Open a conversation; nothing is read yet."""
        self.failure = None
        self._offered = set()
        self._socket = self._stack.enter_context(open_socket(url))
        self._machine = ClientSync(self._replica(), self.device.keys.signing.sign, self.holds)

    def until(self, is_enough: Callable[[effects.Effect], bool]) -> effects.Effect | None:
        """Read and carry out until an effect is enough; None when the conversation ends first."""
        assert self._machine is not None
        assert self._socket is not None
        while True:
            for effect in self._carry_out(self._machine.feed(self._socket.recv(WAIT_SECONDS, decode=False))):
                if is_enough(effect):
                    return effect
                if isinstance(effect, effects.Failed):
                    return None

    def push_more(self) -> None:
        """Offer what the device has written since."""
        assert self._machine is not None
        self._carry_out(self._machine.appended())

    def close(self) -> None:
        """End the conversation without a word."""
        self._stack.close()
        self._socket = None

    def holds(self, leaf: Leaf) -> bool:
        return leaf.hash in self._hashes or any(event.hash == leaf.hash for event in self.device.events)

    @property
    def events(self) -> list[bytes]:
        """The hashes of all that was delivered in full, by position."""
        return [event.hash for _, batch in sorted(self.batches.items()) if batch for event in batch.events]

    def _replica(self) -> Replica:
        device = self.device
        newest = self.receipts[-1] if self.receipts else None
        return Replica(
            user=device.member.user,
            device=device.id,
            epoch=device.epoch,
            mark=self.mark,
            software="test",
            leaves=(device.leaf,),
            incarnation=self.incarnation,
            position=self.position,
            enrolments=tuple(self.enrolments),
            newest_receipt=newest,
            name="127.0.0.1",
            server_key=self.server_key,
        )

    def _carry_out(self, asked: list[effects.Effect]) -> list[effects.Effect]:
        """Carry out `asked` and what follows from it; returns all of it, in order."""
        assert self._machine is not None
        done: list[effects.Effect] = []
        queue = list(asked)
        while queue:
            effect = queue.pop(0)
            done.append(effect)
            queue += self._one(effect, self._machine)
        return done

    def _one(self, effect: effects.Effect, machine: ClientSync) -> list[effects.Effect]:
        match effect:
            case effects.Send(frame):
                assert self._socket is not None
                # The server may have gone meanwhile; what it said before is still to be read.
                with suppress(ConnectionClosed):
                    self._socket.send(frame)
            case effects.Adopt(incarnation):
                self.incarnation, self.position, self.batches = incarnation, 0, {}
            case effects.Entered(token):
                self.token = token
            case effects.Load(incarnation, count):
                return self._load(machine, incarnation, count)
            case effects.Store(batch, receipt):
                self.batches[receipt.first_position] = batch
                self.position = receipt.last_position
                self.receipts.append(receipt)
                self._hashes.update(event.hash for event in batch.events) if batch else None
                return machine.stored(effect)
            case effects.MarkReceived(receipt):
                self.receipts.append(receipt)
            case effects.Caught(_, digest):
                self.set_digest = digest
            case effects.Tell(code):
                self.told.append(code)
            case effects.Declined(code):
                self.declined.append(code)
            case effects.Failed():
                self.failure = effect
            case _:
                pass
        return []

    def _load(self, machine: ClientSync, incarnation: bytes, count: int) -> list[effects.Effect]:
        covered = {receipt.last_hash: receipt for receipt in self.receipts if receipt.incarnation == incarnation}
        old = {receipt.last_hash: receipt for receipt in self.receipts if receipt.incarnation != incarnation}
        asked: list[effects.Effect] = []
        done = covered.keys() | self._offered
        left = [batch for batch in self._own() if batch.last.hash not in done]
        for batch in left[:count]:
            self._offered.add(batch.last.hash)
            asked += machine.offer(batch, old.get(batch.last.hash))
        return asked + machine.offered(more=len(left) > count)

    def _own(self) -> list[Batch]:
        """The device's log, cut where receipts have ended, then every thousand events."""
        ends = {receipt.last_hash for receipt in self.receipts}
        batches: list[Batch] = []
        run: list[Event] = []
        for event in self.device.events:
            if run and run[-1].epoch != event.epoch:
                batches.append(self.device.batch(run))
                run = []
            run.append(event)
            if event.hash in ends or len(run) == 1000:
                batches.append(self.device.batch(run))
                run = []
        return [*batches, self.device.batch(run)] if run else batches
