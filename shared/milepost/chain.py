"""The device log: runs of events, batches under signed heads, receipts, leaves and the set digest (log.md).

A head is a signature by the device key over its place and hash; because every event names its predecessor, one head
proves everything before it. Pure: stores call this, sockets never do.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct

from milepost.errors import ChainBroken
from milepost.event import Event
from milepost.light import NamedTuple, sha256

# sync.md caps a batch at 1000: one fsync each on a small server, one round trip for a month offline.
BATCH_EVENTS_MAX = 1000
BATCH_BYTES_MAX = 384 * 1024
# What an event costs in a batch beside its texts: nonce, salts, commitment, tag, and its share of the columns.
EVENT_OVERHEAD_BYTES = 160

HEAD_LABEL = b"milepost/head/1\0"
RECEIPT_LABEL = b"milepost/receipt/1\0"
SET_LABEL = b"milepost/set/1\0"
_HEAD = Struct(">16s16sIQ32s")
_RECEIPT = Struct(">16s16s16s16sIQQ32sQQ")
_LEAF = Struct(">16sIQ32s")


class Place(NamedTuple):
    """Where an event stands: `seq` counts from 1 in an epoch of a device, without holes."""

    device: bytes
    epoch: int
    seq: int


class Leaf(NamedTuple):
    """The newest event of one line of a device's log. A forked epoch has several."""

    device: bytes
    epoch: int
    seq: int
    hash: bytes


class Receipt(NamedTuple):
    """The server's signed word that a batch is durable: its positions and when it was received (Unix ms)."""

    key_id: bytes
    incarnation: bytes
    user: bytes
    device: bytes
    epoch: int
    first_seq: int
    last_seq: int
    last_hash: bytes
    first_position: int
    received_at: int
    signature: bytes = b""

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return RECEIPT_LABEL + _RECEIPT.pack(*self[:-1])

    @property
    def last_position(self) -> int:
        """The position of the batch's last event."""
        return self.first_position + self.last_seq - self.first_seq


class Batch(NamedTuple):
    """Consecutive events of one device and epoch under one head: the unit of signing, sending, storing and healing."""

    events: tuple[Event, ...]
    signature: bytes

    @property
    def first(self) -> Event:
        return self.events[0]

    @property
    def last(self) -> Event:
        return self.events[-1]

    @property
    def place(self) -> Place:
        """Where the batch begins."""
        return Place(self.first.device, self.first.epoch, self.first.seq)

    @property
    def leaf(self) -> Leaf:
        """Where the batch ends."""
        return Leaf(self.last.device, self.last.epoch, self.last.seq, self.last.hash)

    @property
    def head(self) -> bytes:
        """The bytes under the head's signature."""
        return head_bytes(self.last)


def head_bytes(event: Event) -> bytes:
    """What a device signs to vouch for `event` and everything before it."""
    return HEAD_LABEL + _HEAD.pack(event.user, event.device, event.epoch, event.seq, event.hash)


def check_run(events: Sequence[Event]) -> None:
    """Raise ChainBroken, naming the first place that does not continue the one before it."""
    if not events:
        raise ChainBroken("a batch without events")
    before = events[0]
    for event in events[1:]:
        if (
            event.prev != before.hash
            or event.seq != before.seq + 1
            or event.epoch != before.epoch
            or event.device != before.device
            or event.user != before.user
        ):
            raise ChainBroken(f"seq {event.seq} of epoch {event.epoch} does not continue seq {before.seq}")
        before = event


def weight(event: Event) -> int:
    """Upper bound of the bytes an event takes in a batch; private text counts at its sealed bucket."""
    total = EVENT_OVERHEAD_BYTES
    if event.facts is not None:
        total += len(event.facts.text)
    if event.sealed is not None:
        total += len(event.sealed)
    elif event.private is not None:
        total += 2 * len(event.private.text) + 128
    return total


def cut(events: Iterable[Event]) -> Iterator[tuple[Event, ...]]:
    """`events`, a run, in pieces that fit a batch."""
    piece: list[Event] = []
    size = 0
    for event in events:
        bytes_ = weight(event)
        if piece and (len(piece) == BATCH_EVENTS_MAX or size + bytes_ > BATCH_BYTES_MAX):
            yield tuple(piece)
            piece, size = [], 0
        piece.append(event)
        size += bytes_
    if piece:
        yield tuple(piece)


def set_digest(leaves: Iterable[Leaf], erased: Iterable[bytes] = ()) -> bytes:
    """SHA-256 over the leaves, sorted, then the erased event ids, sorted: equal where the same events are."""
    digest = sha256(SET_LABEL)
    for leaf in sorted(leaves):
        digest.update(_LEAF.pack(*leaf))
    for event_id in sorted(erased):
        digest.update(event_id)
    return digest.digest()
