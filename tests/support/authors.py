"""Devices that write logs, from seeds: real keys, real chains, the same bytes every time."""

from collections.abc import Sequence
from hashlib import shake_256

from milepost import event as events
from milepost.chain import Batch, Receipt, head_bytes
from milepost.event import ZERO, Event, Part
from milepost.keys import DeviceKeys, Enrolment, Identity, SigningKey, enrol
from milepost.trust import ENROLLED, facts_of

START_MS = 1_780_000_000_000
START_DAY = START_MS // 86_400_000


def drawn(size: int, *seed: object) -> bytes:
    """`size` bytes that depend on `seed` alone."""
    return shake_256(repr(seed).encode()).digest(size)


def identity(seed: object = 0) -> Identity:
    """A member."""
    return Identity.from_secret(drawn(16, "identity", seed))


class Author:
    """A device of `member` that writes, one event an hour; `by` signs its enrolment (None: the identity)."""

    def __init__(self, member: Identity, seed: object = 0, *, by: "Author | None" = None, epoch: int = 1) -> None:
        self.seed = seed
        self.member = member
        self.signing_seed = drawn(32, "signing", seed)
        self.keys = DeviceKeys.from_seeds(self.signing_seed, drawn(32, "agreement", seed))
        self.enrolment = self._enrolled(by)
        self.epoch = epoch
        self.seq = 0
        self.prev = ZERO
        self.written = 0

    @property
    def user(self) -> bytes:
        return self.member.user

    @property
    def device(self) -> bytes:
        return self.keys.device

    def _enrolled(self, by: "Author | None") -> Enrolment:
        signer = by.keys.signing if by else self.member.signing
        root, recovery = self.member.signing.public, self.member.recovery.public
        return enrol(self.keys, root, recovery, by.device if by else None, signer)

    @property
    def enrolment_text(self) -> bytes:
        """The facts of this device's first event."""
        return json_of(facts_of(self.enrolment))

    def begin(self) -> Event:
        """The device's first event."""
        return self.write(ENROLLED, facts=self.enrolment_text)

    def write(
        self,
        type: str = "goal.set",
        *,
        facts: bytes | None = b'{"n":1}',
        private: bytes | None = None,
        version: int = 1,
    ) -> Event:
        """The next event of this device."""
        self.seq += 1
        self.written += 1
        event = events.make(
            user=self.user,
            device=self.device,
            epoch=self.epoch,
            seq=self.seq,
            hlc=(START_MS + self.written * 3_600_000) << 16,
            nonce=drawn(10, "nonce", self.seed, self.epoch, self.written),
            on=START_DAY + self.written // 24,
            offset=60,
            type=type,
            version=version,
            prev=self.prev,
            facts=None if facts is None else Part(drawn(16, "facts", self.seed, self.written), facts),
            private=None if private is None else Part(drawn(16, "private", self.seed, self.written), private),
        )
        self.prev = event.hash
        return event

    def log(self, count: int) -> list[Event]:
        """The first `count` events of the device."""
        return [self.begin(), *(self.write(facts=b'{"n":%d}' % number) for number in range(2, count + 1))]

    def new_epoch(self, epoch: int, after: Event | None = None) -> None:
        """Go on under another epoch, after `after` or after what was written last."""
        self.epoch, self.seq = epoch, 0
        if after is not None:
            self.prev = after.hash

    def fork_after(self, event: Event) -> None:
        """Go on in the same epoch as if nothing had followed `event`."""
        self.seq, self.prev = event.seq, event.hash

    def batch(self, run: Sequence[Event]) -> Batch:
        """`run` under this device's signature."""
        return Batch(tuple(run), self.keys.signing.sign(head_bytes(run[-1])))


def receipt_for(batch: Batch, key: SigningKey, incarnation: bytes, first_position: int, received_at: int) -> Receipt:
    """The server's signed word for a batch."""
    first, last = batch.first, batch.last
    bare = Receipt(
        key.name,
        incarnation,
        first.user,
        first.device,
        first.epoch,
        first.seq,
        last.seq,
        last.hash,
        first_position,
        received_at,
    )
    return bare._replace(signature=key.sign(bare.signed))


def json_of(facts: dict[str, str]) -> bytes:
    """Compact JSON of a flat object of plain strings."""
    return ("{" + ",".join(f'"{name}":"{value}"' for name, value in facts.items()) + "}").encode()
