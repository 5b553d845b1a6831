"""The client's side of the protocol as a state machine: frames in, effects out (sync.md, Conversation).

    connecting --Challenge--> proving --Welcome--> pulling --CaughtUp--> live
                                 └─EnrolPlease─> proving

No socket, clock, randomness or database: the shell carries effects out and reports back with `offer`, `offered`,
`stored`. Whatever the network does, the worst outcome is `Failed`, and a new machine on the next connection.
"""

from collections.abc import Callable
from typing import NamedTuple, assert_never

from milepost.chain import Batch, Leaf, Receipt
from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.keys import name_of, verify
from milepost.sync import VERSIONS, batches, frames
from milepost.sync import messages as m
from milepost.sync.effects import (
    Adopt,
    Behind,
    Caught,
    Close,
    Declined,
    Effect,
    Entered,
    Failed,
    Load,
    MarkReceived,
    Send,
    Settled,
    Store,
    Tell,
)
from milepost.sync.hello import signed_bytes

PUSHES_IN_FLIGHT_MAX = 4
CREDIT_WINDOW = 2 * 1024 * 1024
CREDIT_LOW = 1024 * 1024

CLOSE_NORMAL = 1000
CLOSE_PROTOCOL = 1002
CLOSE_TOO_BIG = 1009

# Codes that no retry can mend: a person, or an upgrade, has to.
FINAL_CODES = frozenset(
    {"BADSIG", "REVOKED", "UNKNOWN", "ERASED", "VERSION", "NAME", "TRUNCATED", "SERVER_KEY", "REPLACED"}
)


class Replica(NamedTuple):
    """This side as it stands when it connects.

    `incarnation` and `position` are the cursor (None, 0 before the first sync). `enrolments` are facts JSON from the
    identity down to this device; `newest_receipt` proves membership to a server that lost its data. `name` is the host
    dialled, `server_key` the pinned public key.
    """

    user: bytes
    device: bytes
    epoch: int
    mark: bytes
    software: str
    leaves: tuple[Leaf, ...]
    incarnation: bytes | None
    position: int
    enrolments: tuple[bytes, ...]
    newest_receipt: Receipt | None
    name: str
    server_key: bytes


class ClientSync:
    """One connection's worth of the client's protocol.

    `sign` signs with the device key; `holds` says whether this replica has the event at a leaf.
    """

    def __init__(self, replica: Replica, sign: Callable[[bytes], bytes], holds: Callable[[Leaf], bool]) -> None:
        self._replica = replica
        self._sign = sign
        self._holds = holds
        self._state = "connecting"
        self._incarnation = b""
        self._position = replica.position
        self._control_position = 0
        self._stored_position = replica.position
        self._receipt_position = 0
        self._server_time = 0
        self._granted = 0
        self._committed_bytes = 0
        self._in_flight: dict[bytes, Batch] = {}
        self._push_limit = PUSHES_IN_FLIGHT_MAX
        self._loading = False
        self._loaded = 0
        self._load_again = False
        self._is_waiting = False
        self._all_offered = False
        self._was_caught_up = False
        self._is_settled = False
        self._declined: set[bytes] = set()

    @property
    def is_live(self) -> bool:
        """Whether CaughtUp has come at least once on this connection."""
        return self._was_caught_up

    @property
    def is_open(self) -> bool:
        return self._state != "closed"

    def feed(self, frame: bytes) -> list[Effect]:
        """Take one frame off the wire."""
        if self._state == "closed":
            return []
        try:
            message = frames.decode(frame)
            return [] if message is None else self._receive(message, len(frame))
        except LimitExceeded as error:
            return self._fail("LIMIT", str(error), CLOSE_TOO_BIG)
        except RemoteProtocolError as error:
            return self._fail(error.code, str(error), CLOSE_PROTOCOL)

    def offer(self, batch: Batch, old: Receipt | None) -> list[Effect]:
        """Push a batch, its private parts sealed. `old` is a receipt from an earlier incarnation, if there is one."""
        answers = batch.last.hash
        if self._state == "closed" or answers in self._declined or answers in self._in_flight:
            return []
        self._in_flight[answers] = batch
        self._loaded += 1
        self._is_settled = False
        wire = m.WireReceipt.of(old) if old else None
        return [self._send(m.Push(batches.pack(batch), wire))]

    def offered(self, *, more: bool) -> list[Effect]:
        """The answer to Load is complete; `more` tells that batches are left for when receipts have come."""
        self._loading = False
        # When only batches that await an answer, or had it, were offered, asking at once would bring the same again.
        brought_nothing = self._loaded == 0 and not self._load_again
        self._is_waiting = more and brought_nothing and bool(self._in_flight)
        self._all_offered = not self._load_again and (not more or (brought_nothing and not self._in_flight))
        self._load_again = False
        return self._progress()

    def appended(self) -> list[Effect]:
        """New local events exist: push them."""
        self._offer_again()
        self._is_settled = False
        return self._progress()

    def stored(self, effect: Store) -> list[Effect]:
        """A Store effect is committed; take more."""
        self._committed_bytes += effect.frame_bytes
        self._stored_position = effect.receipt.last_position
        effects: list[Effect] = []
        if self._granted - self._committed_bytes < CREDIT_LOW:
            effects += self._grant()
        return effects + self._progress()

    def wake(self) -> list[Effect]:
        """Ask for one more round: the next Settled will come after everything known now is exchanged."""
        self._is_settled = False
        return self.appended()

    def _receive(self, message: m.Message, size: int) -> list[Effect]:
        match message:
            case m.Challenge():
                return self._prove(message)
            case m.EnrolPlease():
                return self._enrol(message)
            case m.Welcome():
                return self._enter(message)
            case m.ReceiptGiven():
                return self._receipt(message)
            case m.Refused():
                return self._refused(message)
            case m.Deliver():
                return self._deliver(message, size)
            case m.CaughtUp():
                return self._caught_up(message)
            case m.Notice():
                return [Tell(message.code, message.sentence)]
            case m.Error() | m.Bye():
                self._state = "closed"
                final = message.code in FINAL_CODES
                return [Failed(message.code, message.sentence, message.retry_after, final), Close(CLOSE_NORMAL, "")]
            case m.Hello() | m.Enrol() | m.Push() | m.Credit():
                raise RemoteProtocolError(f"{type(message).__name__} is not for a client")
            case _:
                assert_never(message)

    def _prove(self, challenge: m.Challenge) -> list[Effect]:
        self._expect(challenge, "connecting")
        if challenge.key != self._replica.server_key or name_of(challenge.key) != challenge.key_id:
            return self._fail(
                "SERVER_KEY", "this server has another key than the one pinned when you joined", CLOSE_PROTOCOL
            )
        shared = set(VERSIONS) & set(challenge.versions)
        if not shared:
            who = "server" if max(challenge.versions, default=0) < min(VERSIONS) else "Milepost on this device"
            return self._fail("VERSION", f"the {who} is too old for the other end; upgrade it", CLOSE_PROTOCOL)
        self._state = "proving"
        self._server_time = challenge.server_time
        self._push_limit = max(1, min(PUSHES_IN_FLIGHT_MAX, challenge.limits.pushes_in_flight))
        replica = self._replica
        bare = m.Hello(
            version=max(shared),
            user=replica.user,
            device=replica.device,
            epoch=replica.epoch,
            mark=replica.mark,
            software=replica.software,
            leaves=[m.WireLeaf.of(leaf) for leaf in replica.leaves],
            incarnation=replica.incarnation,
            position=replica.position,
            name=replica.name,
            versions=list(VERSIONS),
            signature=bytes(64),
        )
        signature = self._sign(signed_bytes(bare, challenge.nonce, challenge.key, challenge.versions))
        return [self._send(_signed(bare, signature))]

    def _enrol(self, please: m.EnrolPlease) -> list[Effect]:
        self._expect(please, "proving")
        self._state = "enrolling"
        receipt = self._replica.newest_receipt
        return [self._send(m.Enrol(list(self._replica.enrolments), m.WireReceipt.of(receipt) if receipt else None))]

    def _enter(self, welcome: m.Welcome) -> list[Effect]:
        self._expect(welcome, "proving", "enrolling")
        if welcome.control_position > welcome.position:
            raise RemoteProtocolError("a control event after the last event")
        self._state = "pulling"
        self._incarnation = welcome.incarnation
        self._control_position = welcome.control_position
        effects: list[Effect] = [Entered(welcome.token, welcome.token_seconds, self._server_time)]
        if self._replica.incarnation != welcome.incarnation:
            self._position = self._stored_position = 0
            effects.append(Adopt(welcome.incarnation))
        elif welcome.position < self._known_position():
            return self._fail(
                "TRUNCATED",
                f"the server shows position {welcome.position}, but gave receipts up to {self._known_position()}; "
                "ask its operator to restore it with `milepost-server restore`",
                CLOSE_NORMAL,
            )
        effects += self._check_epoch([leaf.leaf() for leaf in welcome.leaves])
        return effects + self._grant() + self._progress()

    def _known_position(self) -> int:
        """How far the server's present data must reach: the cursor, and a receipt that may be ahead of it."""
        receipt = self._replica.newest_receipt
        if receipt is None or receipt.incarnation != self._incarnation:
            return self._position
        return max(self._position, receipt.last_position)

    def _check_epoch(self, leaves: list[Leaf]) -> list[Effect]:
        """Does the server know a place of our own epoch that we do not? Then we are a copy, or were restored."""
        own = (self._replica.device, self._replica.epoch)
        for leaf in leaves:
            if (leaf.device, leaf.epoch) == own and not self._holds(leaf):
                return [Behind(leaf)]
        return []

    def _receipt(self, message: m.ReceiptGiven) -> list[Effect]:
        receipt = self._checked(message.receipt.receipt())
        if not self._holds(_leaf_of(receipt)):
            raise RemoteProtocolError("a receipt for an event we do not hold")
        self._receipt_position = max(self._receipt_position, receipt.last_position)
        effects: list[Effect] = [MarkReceived(receipt)]
        if message.answers:
            self._answered(message.answers)
            effects += self._progress()
        return effects

    def _refused(self, message: m.Refused) -> list[Effect]:
        self._expect(message, "pulling", "live")
        self._answered(message.answers)
        # Declined here and now; the next connection tries again, for the cause may be gone by then.
        self._declined.add(message.answers)
        return [Declined(message.code, message.sentence), *self._progress()]

    def _deliver(self, message: m.Deliver, size: int) -> list[Effect]:
        receipt = self._checked(message.receipt.receipt())
        if receipt.first_position != self._position + 1:
            raise RemoteProtocolError(f"position {receipt.first_position} after {self._position}: a hole")
        batch = None
        if message.batch is not None:
            batch = batches.unpack(message.batch)
            if batch.leaf != _leaf_of(receipt) or batch.first.seq != receipt.first_seq:
                raise RemoteProtocolError("a batch that is not the one in its receipt")
        elif not self._holds(_leaf_of(receipt)):
            raise RemoteProtocolError("a receipt alone for a batch we do not hold")
        self._position = receipt.last_position
        self._is_settled = False
        return [Store(batch, receipt, size)]

    def _caught_up(self, message: m.CaughtUp) -> list[Effect]:
        # Nor before the Challenge: whoever sends it then has not shown the pinned key, and must not be pushed to.
        self._expect(message, "pulling", "live")
        if message.position != self._position:
            raise RemoteProtocolError(f"caught up at {message.position}, but delivered up to {self._position}")
        self._state = "live"
        first = not self._was_caught_up
        self._was_caught_up = True
        if first:
            # Now it is known what the server lacks: own events, and others' that it lost.
            self._offer_again()
        effects: list[Effect] = [Caught(message.position, message.set_digest, tuple(message.views))]
        return effects + self._progress()

    def _checked(self, receipt: Receipt) -> Receipt:
        """The receipt, if it is this server's word about this account in its present data."""
        if self._state not in ("pulling", "live"):
            raise RemoteProtocolError("a receipt before the welcome")
        if receipt.user != self._replica.user or receipt.incarnation != self._incarnation:
            raise RemoteProtocolError("a receipt of another account or incarnation")
        if receipt.last_seq < receipt.first_seq or receipt.first_position < 1:
            raise RemoteProtocolError("a receipt for no events")
        key = self._replica.server_key
        if receipt.key_id != name_of(key) or not verify(key, receipt.signature, receipt.signed):
            raise RemoteProtocolError("a receipt that the server's key did not sign", code="BADSIG")
        return receipt

    def _progress(self) -> list[Effect]:
        """Ask for more to push, or say that the round is done."""
        if self._state not in ("pulling", "live") or self._loading:
            return []
        room = self._push_limit - len(self._in_flight)
        # Sealing needs the newest user key: nothing is sealed before the last control event has been seen.
        may_push = self._stored_position >= self._control_position
        if not self._all_offered and may_push:
            if room <= 0 or self._is_waiting:
                return []
            self._loading = True
            self._loaded = 0
            return [Load(self._incarnation, room, own_only=not self._was_caught_up)]
        return self._settle()

    def _answered(self, answers: bytes) -> None:
        self._in_flight.pop(answers, None)
        self._is_waiting = False

    def _offer_again(self) -> None:
        self._all_offered = self._is_waiting = False
        # A Load that is under way was asked before this was known; its answer is not the last word.
        self._load_again = self._loading

    def _settle(self) -> list[Effect]:
        done = (
            self._was_caught_up
            and self._all_offered
            and not self._in_flight
            and self._stored_position == self._position
            and self._position >= self._receipt_position
        )
        if not done or self._is_settled:
            return []
        self._is_settled = True
        return [Settled()]

    def _grant(self) -> list[Effect]:
        self._granted = self._committed_bytes + CREDIT_WINDOW
        return [self._send(m.Credit(self._granted))]

    def _send(self, message: m.Message) -> Send:
        return Send(frames.encode(message))

    def _expect(self, message: m.Message, *states: str) -> None:
        if self._state not in states:
            raise RemoteProtocolError(f"{type(message).__name__} out of turn")

    def _fail(self, code: str, sentence: str, close: int) -> list[Effect]:
        self._state = "closed"
        final = code in FINAL_CODES
        effects: list[Effect] = [Failed(code, sentence, 0, final), Close.because(close, sentence)]
        return effects


def _leaf_of(receipt: Receipt) -> Leaf:
    return Leaf(receipt.device, receipt.epoch, receipt.last_seq, receipt.last_hash)


def _signed(hello: m.Hello, signature: bytes) -> m.Hello:
    return m.Hello(
        hello.version,
        hello.user,
        hello.device,
        hello.epoch,
        hello.mark,
        hello.software,
        hello.leaves,
        hello.incarnation,
        hello.position,
        hello.name,
        hello.versions,
        signature,
    )
