"""The messages of the protocol: array-like tagged structs, so a field added at the end is ignored by an older build.

Tags below 64 must be understood; an unknown tag from 64 up is skipped. Bytes, not text, for every id, hash and key.
"""

from typing import Annotated, TypeAlias

import msgspec

from milepost.chain import Leaf, Receipt
from milepost.errors import RemoteProtocolError

OPTIONAL_TAG_MIN = 64
# As many as fit a frame: 67 bytes each, and hashes do not compress.
LEAVES_MAX = 7_500
SENTENCE_MAX = 1000

Id16: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Hash32: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Sig64: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
U32: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]
U63: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Sentence: TypeAlias = Annotated[str, msgspec.Meta(max_length=SENTENCE_MAX)]
Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=255)]


class WireLeaf(msgspec.Struct, array_like=True, frozen=True):
    """(device, epoch, seq, hash)."""

    device: Id16
    epoch: U32
    seq: U63
    hash: Hash32

    @classmethod
    def of(cls, leaf: Leaf) -> "WireLeaf":
        return cls(*leaf)

    def leaf(self) -> Leaf:
        return Leaf(self.device, self.epoch, self.seq, self.hash)


class WireReceipt(msgspec.Struct, array_like=True, frozen=True):
    """A receipt with its signature, as stored."""

    key_id: Id16
    incarnation: Id16
    user: Id16
    device: Id16
    epoch: U32
    first_seq: U63
    last_seq: U63
    last_hash: Hash32
    first_position: U63
    received_at: U63
    signature: Sig64

    @classmethod
    def of(cls, receipt: Receipt) -> "WireReceipt":
        return cls(*receipt)

    def receipt(self) -> Receipt:
        return Receipt(
            self.key_id,
            self.incarnation,
            self.user,
            self.device,
            self.epoch,
            self.first_seq,
            self.last_seq,
            self.last_hash,
            self.first_position,
            self.received_at,
            self.signature,
        )


class WireBatch(msgspec.Struct, array_like=True, frozen=True):
    """A batch as columns (milepost.sync.batches says how they are laid out)."""

    user: Id16
    device: Id16
    epoch: U32
    first_seq: U63
    prev: Hash32
    count: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    types: Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=64)]], msgspec.Meta(max_length=1000)]
    type_index: bytes
    versions: bytes
    nonces: bytes
    clocks: bytes
    dates: bytes
    offsets: bytes
    facts_state: bytes
    facts_sizes: bytes
    salts: bytes
    facts: bytes
    facts_commitments: bytes
    private_state: bytes
    private_commitments: bytes
    sealed_sizes: bytes
    sealed: bytes
    signature: Sig64


class ViewDigest(msgspec.Struct, array_like=True, frozen=True):
    """A digest with the label that says what it is comparable with."""

    projection: Word
    version: U32
    catalogue: Word
    position: U63
    digest: Hash32


class Limits(msgspec.Struct, array_like=True, frozen=True):
    """What this server accepts; never less than the format's own limits."""

    frame_bytes: U32
    batch_events: U32
    pushes_in_flight: U32


class Challenge(msgspec.Struct, array_like=True, frozen=True, tag=1):
    """Server: prove who you are. `server_time` is Unix ms, for telling the user about a wrong clock, nothing else."""

    nonce: Hash32
    name: Word
    key_id: Id16
    key: Hash32
    versions: list[U32]
    limits: Limits
    server_time: U63
    software: Word = ""


class Hello(msgspec.Struct, array_like=True, frozen=True, tag=2):
    """Client: who I am, what I hold, where my cursor stands; signed over all of it, the nonce and the server's key."""

    version: U32
    user: Id16
    device: Id16
    epoch: U32
    mark: Id16
    software: Word
    leaves: Annotated[list[WireLeaf], msgspec.Meta(max_length=LEAVES_MAX)]
    incarnation: Id16 | None
    position: U63
    name: Word
    versions: list[U32]
    signature: Sig64


class EnrolPlease(msgspec.Struct, array_like=True, frozen=True, tag=3):
    """Server: I do not know this device; show me how its enrolment reaches the identity."""


class Enrol(msgspec.Struct, array_like=True, frozen=True, tag=4):
    """Client: the enrolments (facts JSON) from the identity down to this device, and the newest receipt it holds."""

    enrolments: Annotated[list[Annotated[bytes, msgspec.Meta(max_length=2048)]], msgspec.Meta(max_length=64)]
    receipt: WireReceipt | None


class Welcome(msgspec.Struct, array_like=True, frozen=True, tag=5):
    """Server: you are in. Its leaves, its position, the position of the stream's last control event, an HTTP token."""

    incarnation: Id16
    leaves: list[WireLeaf]
    position: U63
    control_position: U63
    token: Word
    token_seconds: U32


class Push(msgspec.Struct, array_like=True, frozen=True, tag=6):
    """Client: one batch, with the receipt an earlier incarnation gave, so that the old stamp is kept."""

    batch: WireBatch
    receipt: WireReceipt | None = None


class ReceiptGiven(msgspec.Struct, array_like=True, frozen=True, tag=7):
    """Server: durable. `answers` is the last hash of the push that this receipt completes, empty when more follow."""

    receipt: WireReceipt
    answers: bytes = b""


class Refused(msgspec.Struct, array_like=True, frozen=True, tag=8):
    """Server: this push did not enter, and why (GAP, CHAIN, BADSIG, LIMIT). `known` is what it has of that epoch."""

    device: Id16
    epoch: U32
    first_seq: U63
    answers: Hash32
    code: Word
    sentence: Sentence
    known: WireLeaf | None = None


class Deliver(msgspec.Struct, array_like=True, frozen=True, tag=9):
    """Server: one batch at its positions; without the batch when the client holds it already."""

    receipt: WireReceipt
    batch: WireBatch | None


class CaughtUp(msgspec.Struct, array_like=True, frozen=True, tag=10):
    """Server: nothing more up to `position`; the set digest there, and view digests that are up to date."""

    position: U63
    set_digest: Hash32
    views: list[ViewDigest] = []


class Credit(msgspec.Struct, array_like=True, frozen=True, tag=11):
    """Client: running total of Deliver frame bytes it will take."""

    total: U63


class Notice(msgspec.Struct, array_like=True, frozen=True, tag=12):
    """Either: worth saying; the conversation goes on."""

    code: Word
    sentence: Sentence


class Error(msgspec.Struct, array_like=True, frozen=True, tag=13):
    """Either: the conversation ends; try again after `retry_after` seconds where it is not zero."""

    code: Word
    sentence: Sentence
    retry_after: U32 = 0


class Bye(msgspec.Struct, array_like=True, frozen=True, tag=14):
    """Either: closing on purpose; come back after `retry_after` seconds."""

    code: Word
    sentence: Sentence
    retry_after: U32 = 0


Message: TypeAlias = (
    Challenge
    | Hello
    | EnrolPlease
    | Enrol
    | Welcome
    | Push
    | ReceiptGiven
    | Refused
    | Deliver
    | CaughtUp
    | Credit
    | Notice
    | Error
    | Bye
)

_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_outline: msgspec.msgpack.Decoder[list[msgspec.Raw]] = msgspec.msgpack.Decoder(list[msgspec.Raw])
TAGS = frozenset(range(1, 15))


def decode(body: bytes) -> Message | None:
    """The message in a scanned body; None for an optional one this build does not know."""
    tag = _tag(body)
    if tag in TAGS:
        return _decoder.decode(body)
    if tag >= OPTIONAL_TAG_MIN:
        return None
    raise RemoteProtocolError(f"message {tag} is unknown; one end may be too old")


def _tag(body: bytes) -> int:
    parts = _outline.decode(body)
    tag = msgspec.msgpack.decode(parts[0]) if parts else None
    if not isinstance(tag, int):
        raise RemoteProtocolError("a message without a tag")
    return tag
