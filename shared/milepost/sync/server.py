"""The server's side of the protocol as a state machine: frames in, effects out (sync.md, Conversation).

    proving --Hello--> (LookUp) --> welcomed --> delivering <--> live
               └─ unknown device ─> EnrolPlease ─> Enrol ─> (Readmit)

One machine a connection. The shell reads, commits and wakes; it answers with `looked_up`, `ingested`,
`refused`, `read`. Nothing is
delivered beyond the client's credit, and nothing about content can refuse a push.
"""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

from milepost.chain import BATCH_EVENTS_MAX, Batch, Leaf, Receipt
from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.keys import verify
from milepost.sync import VERSIONS, batches, frames
from milepost.sync import messages as m
from milepost.sync.effects import Close, Effect, Ingest, LookUp, Read, Readmit, Send, Subscribe
from milepost.sync.hello import signed_bytes

PUSHES_IN_FLIGHT_MAX = 4
READ_BATCHES_MAX = 8

CLOSE_PROTOCOL = 1002
CLOSE_POLICY = 1008
CLOSE_TOO_BIG = 1009
CLOSE_REPLACED = 4001


class Place(NamedTuple):
    """This server, as it introduces itself. `names` are the host names under which clients may dial it."""

    names: frozenset[str]
    key_id: bytes
    key: bytes
    software: str


class Account(NamedTuple):
    """What a Hello is checked against: the device's key, and how the stream stands.

    `signing_key` is None for a device that is not enrolled here. `token` is for HTTP, `token_seconds` its life.
    `erased` is what to say to a device of an account that was erased here, empty for one that stands.
    """

    signing_key: bytes | None
    is_revoked: bool
    incarnation: bytes
    leaves: tuple[Leaf, ...]
    position: int
    control_position: int
    token: str
    token_seconds: int
    erased: str = ""


class Delivery(NamedTuple):
    """A batch to deliver; without the batch when the client holds it."""

    receipt: Receipt
    batch: Batch | None


class ServerSync:
    """One connection's worth of the server's protocol. `nonce` is 32 fresh random bytes, `now_ms` the clock."""

    def __init__(self, place: Place, nonce: bytes, now_ms: int) -> None:
        self._place = place
        self._nonce = nonce
        self._now_ms = now_ms
        self._state = "proving"
        self._hello: m.Hello | None = None
        self._sent_position = 0
        self._head = 0
        self._caught_up_at = -1
        self._reading = False
        self._pushes = 0
        self._credit = 0
        self._sent_bytes = 0

    @property
    def is_welcomed(self) -> bool:
        return self._state == "welcomed"

    @property
    def hello(self) -> m.Hello | None:
        """The Hello that was proved, once welcomed."""
        return self._hello if self.is_welcomed else None

    def open(self) -> list[Effect]:
        """The first frame of a connection."""
        limits = m.Limits(frames.FRAME_BYTES_MAX, BATCH_EVENTS_MAX, PUSHES_IN_FLIGHT_MAX)
        place = self._place
        name = min(place.names, default="")
        return [
            self._send(
                m.Challenge(
                    self._nonce, name, place.key_id, place.key, list(VERSIONS), limits, self._now_ms, place.software
                )
            )
        ]

    def feed(self, frame: bytes) -> list[Effect]:
        """Take one frame off the wire."""
        if self._state == "closed":
            return []
        try:
            message = frames.decode(frame)
            return [] if message is None else self._receive(message)
        except LimitExceeded as error:
            return self.end("LIMIT", str(error), CLOSE_TOO_BIG)
        except RemoteProtocolError as error:
            return self.end(error.code, str(error), CLOSE_PROTOCOL)

    def looked_up(self, account: Account | None) -> list[Effect]:
        """The answer to LookUp or Readmit. None: no such account here, or the enrolment was not accepted."""
        hello = self._hello
        if hello is None or self._state not in ("looking", "readmitting"):
            return []
        if account is None or account.signing_key is None:
            if self._state == "readmitting":
                return self.end("UNKNOWN", "the account is unknown here; join with an invite", CLOSE_POLICY)
            self._state = "enrolling"
            return [self._send(m.EnrolPlease())]
        if account.is_revoked:
            return self.end("REVOKED", "this device was revoked; enrol it anew with the recovery words", CLOSE_POLICY)
        signed = signed_bytes(hello, self._nonce, self._place.key, list(VERSIONS))
        if not verify(account.signing_key, hello.signature, signed):
            return self.end("BADSIG", "the proof is not by this device's key", CLOSE_POLICY)
        if account.erased:
            # After the proof: whether there was such an account is nobody else's business.
            return self.end("ERASED", account.erased, CLOSE_POLICY)
        return self._welcome(hello, account)

    def ingested(self, receipts: Sequence[Receipt], answers: bytes) -> list[Effect]:
        """The push is durable; `receipts` cover it in order. Call after the commit, never before."""
        if self._state == "closed":
            return []
        self._pushes -= 1
        last = len(receipts) - 1
        return [
            self._send(m.ReceiptGiven(m.WireReceipt.of(receipt), answers if number == last else b""))
            for number, receipt in enumerate(receipts)
        ]

    def refused(self, push: Ingest, code: str, sentence: str, known: Leaf | None) -> list[Effect]:
        """The push did not enter."""
        if self._state == "closed":
            return []
        self._pushes -= 1
        first = push.batch.first
        wire = m.WireLeaf.of(known) if known else None
        sentence = sentence[: m.SENTENCE_MAX]
        return [self._send(m.Refused(first.device, first.epoch, first.seq, push.answers, code, sentence, wire))]

    def wake(self, head: int) -> list[Effect]:
        """The stream has grown to position `head`."""
        self._head = max(self._head, head)
        return self._deliver_more()

    def read(
        self, deliveries: Sequence[Delivery], head: int, set_digest: bytes, views: Sequence[m.ViewDigest] = ()
    ) -> list[Effect]:
        """The answer to Read: what follows the position asked for, in order, and the stream's head as of that read."""
        self._reading = False
        if self._state == "closed":
            return []
        self._head = max(self._head, head)
        effects: list[Effect] = []
        for delivery in deliveries:
            if not self._has_credit():
                break
            if delivery.receipt.first_position != self._sent_position + 1:
                # No cursor that our own deliveries moved stands there.
                return effects + self.end(
                    "protocol", f"position {self._sent_position} is not where a batch ends", CLOSE_PROTOCOL
                )
            wire = batches.pack(delivery.batch) if delivery.batch else None
            send = self._send(m.Deliver(m.WireReceipt.of(delivery.receipt), wire))
            self._sent_bytes += len(send.frame)
            self._sent_position = delivery.receipt.last_position
            effects.append(send)
        if not deliveries and self._sent_position < head:
            # Asking again would bring nothing again.
            return self.end("protocol", f"position {self._sent_position} is not where a batch ends", CLOSE_PROTOCOL)
        if self._sent_position == head == self._head and self._caught_up_at != head:
            self._caught_up_at = head
            effects.append(self._send(m.CaughtUp(head, set_digest, list(views))))
        return effects + self._deliver_more()

    def notice(self, code: str, sentence: str) -> list[Effect]:
        """Tell the client something."""
        return [self._send(m.Notice(code, sentence[: m.SENTENCE_MAX]))] if self._state != "closed" else []

    def end(self, code: str, sentence: str, close: int, retry_after: int = 0) -> list[Effect]:
        """End the conversation with a reason. Idempotent."""
        if self._state == "closed":
            return []
        self._state = "closed"
        error = self._send(m.Error(code, sentence[: m.SENTENCE_MAX], retry_after))
        return [error, Close.because(close, f"{code}: {sentence}")]

    def _receive(self, message: m.Message) -> list[Effect]:
        match message:
            case m.Hello():
                return self._meet(message)
            case m.Enrol():
                return self._readmit(message)
            case m.Push():
                return self._push(message)
            case m.Credit():
                self._expect("welcomed", message)
                self._credit = max(self._credit, message.total)
                return self._deliver_more()
            case m.Notice():
                return []
            case m.Error() | m.Bye():
                self._state = "closed"
                return [Close(1000, "")]
            case (
                m.Challenge()
                | m.EnrolPlease()
                | m.Welcome()
                | m.ReceiptGiven()
                | m.Refused()
                | m.Deliver()
                | m.CaughtUp()
            ):
                raise RemoteProtocolError(f"{type(message).__name__} is not for a server")
            case _:
                assert_never(message)

    def _meet(self, hello: m.Hello) -> list[Effect]:
        self._expect("proving", hello)
        if hello.version not in VERSIONS:
            return self.end("VERSION", f"this server speaks versions {VERSIONS}, not {hello.version}", CLOSE_POLICY)
        if hello.name not in self._place.names:
            return self.end("NAME", f"this server is not called {hello.name!r}", CLOSE_POLICY)
        self._state = "looking"
        self._hello = hello
        return [LookUp(hello)]

    def _readmit(self, enrol: m.Enrol) -> list[Effect]:
        self._expect("enrolling", enrol)
        self._state = "readmitting"
        receipt = enrol.receipt.receipt() if enrol.receipt else None
        return [Readmit(self._proved(), tuple(enrol.enrolments), receipt)]

    def _welcome(self, hello: m.Hello, account: Account) -> list[Effect]:
        self._state = "welcomed"
        self._head = account.position
        self._sent_position = hello.position if hello.incarnation == account.incarnation else 0
        welcome = m.Welcome(
            account.incarnation,
            [m.WireLeaf.of(leaf) for leaf in account.leaves],
            account.position,
            account.control_position,
            account.token,
            account.token_seconds,
        )
        effects: list[Effect] = [self._send(welcome), Subscribe(hello)]
        if self._sent_position > account.position:
            # The client knows more of this incarnation than we hold: it will say TRUNCATED and go.
            return effects
        return effects + self._deliver_more()

    def _push(self, push: m.Push) -> list[Effect]:
        self._expect("welcomed", push)
        if self._pushes >= PUSHES_IN_FLIGHT_MAX:
            raise RemoteProtocolError(f"over {PUSHES_IN_FLIGHT_MAX} pushes await receipts")
        batch = batches.unpack(push.batch)
        if batch.first.user != self._proved().user:
            raise RemoteProtocolError("a push into another account")
        self._pushes += 1
        return [Ingest(batch, push.receipt.receipt() if push.receipt else None, batch.last.hash)]

    def _deliver_more(self) -> list[Effect]:
        if self._state != "welcomed" or self._reading or self._sent_position > self._head:
            return []
        if self._sent_position == self._head and self._caught_up_at == self._head:
            return []
        if self._sent_position < self._head and not self._has_credit():
            return []
        self._reading = True
        return [Read(self._sent_position, READ_BATCHES_MAX)]

    def _has_credit(self) -> bool:
        # Before the first Credit one frame may go: a client must never wait for what waits for it.
        return self._sent_bytes < self._credit or self._sent_bytes == 0

    def _proved(self) -> m.Hello:
        if self._hello is None:
            raise RemoteProtocolError("nothing before the Hello")
        return self._hello

    def _send(self, message: m.Message) -> Send:
        return Send(frames.encode(message))

    def _expect(self, state: str, message: m.Message) -> None:
        if self._state != state:
            raise RemoteProtocolError(f"{type(message).__name__} out of turn")
