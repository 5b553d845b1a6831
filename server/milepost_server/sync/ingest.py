"""Ingest: device batches become positions in a member's stream.

Everything is read and checked inside the transaction, after the lock, and compared with what is stored: no conflict
clause decides. Commit first, receipt after: a crash between the two costs a resend, never an event. Receipts are signed
by whoever sends them, for a signature costs more than the rest of a small batch, and the writer is shared.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from milepost.admission import Admission, admit
from milepost.chain import Batch, Leaf, Place, Receipt
from milepost.clock import stamp
from milepost.errors import DataError, LimitExceeded
from milepost.event import ZERO, Event
from milepost.keys import Enrolment, name_of, verify
from milepost_server.store import Connection, control, erasures, events, members, streams, work
from milepost_server.store.events import Span

# privacy.md wraps keys to at most 48 devices; this leaves room for a life of lost and replaced ones, and keeps whoever
# holds a stolen device from enrolling without end.
DEVICES_MAX = 256
# A Welcome names every line's leaf, and must fit a frame; a Hello may name this many too.
LINES_MAX = 5_000


class Push(NamedTuple):
    """A batch as it came, with the receipt that an earlier incarnation gave for it, if there is one."""

    batch: Batch
    old: Receipt | None = None


class Accepted(NamedTuple):
    """What a push came to. `receipts` are unsigned and cover it in order; `head` is the stream's position now.

    `grew` tells that something is new here, `is_fork` that another event stood at its first place already,
    `has_control` that a control event is among what is new. `lines` are the spans the pushed events occupy.
    """

    receipts: tuple[Receipt, ...]
    head: int
    grew: bool
    is_fork: bool
    has_control: bool
    lines: tuple[Span, ...]


class Refusal(NamedTuple):
    """A push that did not enter, and the newest event that is stored of its epoch."""

    code: str
    sentence: str
    known: Leaf | None


class Shelf:
    """The port of `milepost.admission` on the store, for one stream and one transaction."""

    def __init__(self, connection: Connection, stream: int) -> None:
        self._connection = connection
        self._stream = stream
        self._devices: dict[bytes, streams.Device | None] = {}
        self._found: dict[tuple[bytes, bytes], tuple[int, int] | None] = {}

    def device(self, device: bytes) -> streams.Device | None:
        found = self._devices.get(device)
        if found is None:
            found = self._devices[device] = streams.device(self._connection, self._stream, device)
        return found

    def line(self, place: Place, hash: bytes) -> int | None:
        """The line that holds this very event."""
        found = self.device(place.device)
        return events.line_at(self._connection, found.n, place.epoch, place.seq, hash) if found else None

    def has(self, place: Place, hash: bytes) -> bool:
        return self.line(place, hash) is not None

    def is_taken(self, place: Place) -> bool:
        found = self.device(place.device)
        return found is not None and events.is_taken(self._connection, found.n, place.epoch, place.seq)

    def find(self, device: bytes, hash: bytes) -> tuple[int, int] | None:
        """(line, seq) of an event of `device`, wherever it stands."""
        known = self.device(device)
        if known is None:
            return None
        if (device, hash) not in self._found:
            # May read the device's whole log, so it is done once.
            self._found[device, hash] = events.find_hash(self._connection, known.n, hash)
        return self._found[device, hash]

    def holds(self, device: bytes, hash: bytes) -> bool:
        return self.find(device, hash) is not None

    def signing_key(self, device: bytes) -> bytes | None:
        found = self.device(device)
        return found.signing if found else None


class Ingest:
    """The write side of one server: which data these are, and whose receipts it gives."""

    def __init__(self, incarnation: bytes, server_public: bytes) -> None:
        self.incarnation = incarnation
        self.server_public = server_public
        self.key_id = name_of(server_public)

    def push(self, connection: Connection, user: bytes, push: Push, now_ms: int) -> Accepted | Refusal:
        """Store a push in the open transaction. Idempotent; refuses for form, never for content."""
        stream = streams.find(connection, user)
        if stream is None:
            return Refusal("UNKNOWN", "the account is unknown here; join with an invite", None)
        if stream.state == streams.ERASED:
            return Refusal("ERASED", erased_sentence(connection, stream), None)
        shelf = Shelf(connection, stream.n)
        try:
            admission = admit(user, push.batch, shelf)
            return self._store(connection, stream, shelf, push, admission, now_ms)
        except DataError as error:
            return Refusal(error.code, str(error), _known(connection, shelf, push.batch))

    def receipt(self, connection: Connection, stream: streams.Stream, key: int) -> Receipt:
        """The unsigned receipt of a stored batch."""
        return events.receipt_of(connection, stream, self.incarnation, self.key_id, key)

    def _store(
        self,
        connection: Connection,
        stream: streams.Stream,
        shelf: Shelf,
        push: Push,
        admission: Admission,
        now_ms: int,
    ) -> Accepted:
        known, new = push.batch.events[: admission.known], push.batch.events[admission.known :]
        spans = _spans(connection, shelf, known)
        receipts = [
            self.receipt(connection, stream, key) for span in spans for key in events.batch_keys(connection, span)
        ]
        _fill(connection, stream, spans, known)
        if not new:
            return Accepted(tuple(receipts), stream.head, False, False, False, tuple(spans))
        if stream.head + len(new) > streams.POSITION_MAX:
            raise LimitExceeded(f"a stream holds {streams.POSITION_MAX} events")
        if admission.enrolment is not None:
            enrol(connection, stream.n, admission.enrolment)
            shelf = Shelf(connection, stream.n)
        received_at = self._received_at(stream, push, now_ms)
        span = append(connection, stream, shelf, new, push.batch.signature, received_at)
        head = stream.head + len(new)
        receipts.append(self.receipt(connection, stream, stream.key(stream.head + 1)))
        has_control = any(event.type in control.CONTROL for event in new)
        return Accepted(tuple(receipts), head, True, admission.is_fork, has_control, (*spans, span))

    def _received_at(self, stream: streams.Stream, push: Push, now_ms: int) -> int:
        """The stamp of a new batch: the one an earlier incarnation of this server signed for it, else now."""
        old, last = push.old, push.batch.last
        if (
            old is not None
            and (old.user, old.device, old.epoch, old.last_seq, old.last_hash)
            == (last.user, last.device, last.epoch, last.seq, last.hash)
            and old.key_id == self.key_id
            and verify(self.server_public, old.signature, old.signed)
        ):
            return old.received_at
        return max(now_ms, stream.last_received_at + 1)


def erased_sentence(connection: Connection, stream: streams.Stream) -> str:
    """What the devices of an account that was erased here are told."""
    at = erasures.erased_at(connection, stream.n) or 0
    day = datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
    return f"this account was erased here on {day}, by a device of it or its twelve words; nothing is taken any more"


def append(
    connection: Connection,
    stream: streams.Stream,
    shelf: Shelf,
    new: Sequence[Event],
    signature: bytes,
    received_at: int,
) -> Span:
    """Append admitted events at the stream's head as one batch, apply the control events among them, mark the work."""
    line, before_at = _line_for(connection, shelf, new[0])
    ats = []
    for event in new:
        before_at = stamp(event.hlc, before_at, received_at)
        ats.append(before_at)
    gone = events.erased(connection, stream.n, (event.id for event in new))
    kept = [event._replace(facts=None, sealed=None) if event.id in gone else event for event in new] if gone else new
    position = stream.head + 1
    events.insert(connection, stream.n, line, position, kept, ats)
    events.insert_batch(connection, stream.key(position), line, new[0].seq, new[-1].seq, signature, received_at)
    streams.extend_line(connection, line, new[-1].seq, new[-1].hash, ats[-1])
    last_control = stream.last_control
    for number, event in enumerate(kept):
        if event.type in control.CONTROL:
            last_control = position + number
            control.apply(connection, control.Place(stream.n, last_control, received_at), event)
    if last_control != stream.last_control and stream.kind == streams.MEMBER:
        members.settle(connection, stream)
    head = stream.head + len(new)
    streams.advance(connection, stream.n, head, received_at, last_control)
    work.mark(connection, stream.n, head)
    return Span(line, new[0].seq, new[-1].seq)


def _line_for(connection: Connection, shelf: Shelf, first: Event) -> tuple[int, int]:
    """The line that `first` goes on, begun where it does not continue the end of one, and the `at` before it."""
    device = shelf.device(first.device)
    assert device is not None, "admitted"  # noqa: S101
    for tip in streams.tips_of(connection, device.n, first.epoch):
        if tip.last_hash == first.prev:
            return tip.n, tip.last_at
    if streams.count_lines(connection, device.stream) >= LINES_MAX:
        raise LimitExceeded(f"an account's log has at most {LINES_MAX} epochs and forks")
    if first.prev == ZERO:
        return streams.begin_line(connection, device.n, first.epoch, first.seq, None), 0
    before = Place(first.device, first.epoch, first.seq - 1)
    line = shelf.line(before, first.prev) if first.seq > 1 else None
    parent = (line, before.seq) if line is not None else shelf.find(first.device, first.prev)
    assert parent is not None, "admitted"  # noqa: S101
    return streams.begin_line(connection, device.n, first.epoch, first.seq, parent), events.at_of(connection, *parent)


def enrol(connection: Connection, stream: int, enrolment: Enrolment) -> None:
    """Remember a checked enrolment, and the revocation that may have come before it. Raises LimitExceeded."""
    if streams.count_devices(connection, stream) >= DEVICES_MAX:
        raise LimitExceeded(f"an account has at most {DEVICES_MAX} devices, revoked ones included")
    streams.add_device(connection, stream, enrolment, control.revoked_at(connection, stream, enrolment.device))


def _spans(connection: Connection, shelf: Shelf, known: Sequence[Event]) -> list[Span]:
    """Where a stored run stands, line by line, first events first: a run may leave its line where that forked."""
    if not known:
        return []
    first, last = known[0], known[-1]
    line = shelf.line(Place(last.device, last.epoch, last.seq), last.hash)
    spans: list[Span] = []
    end: int | None = last.seq
    while line is not None and end is not None:
        tip = streams.tip(connection, line)
        spans.append(Span(line, max(tip.first_seq, first.seq), end))
        if tip.first_seq <= first.seq:
            break
        line, end = tip.parent, tip.parent_seq
    return spans[::-1]


def _fill(connection: Connection, stream: streams.Stream, spans: Sequence[Span], known: Sequence[Event]) -> None:
    """Put in what a duplicate brings and the store lacks, unless it was erased."""
    lacking = [(span.line, known[seq - known[0].seq]) for span in spans for seq in events.lacking(connection, span)]
    gone = events.erased(connection, stream.n, (event.id for _, event in lacking))
    for line, event in lacking:
        if event.id not in gone:
            events.fill(connection, line, event)


def _known(connection: Connection, shelf: Shelf, batch: Batch) -> Leaf | None:
    """The newest event stored of the batch's device and epoch: what a sender in a gap goes on from."""
    device = shelf.device(batch.first.device)
    tips = streams.tips_of(connection, device.n, batch.first.epoch) if device else []
    newest = max(tips, key=lambda tip: tip.last_seq, default=None)
    return Leaf(batch.first.device, newest.epoch, newest.last_seq, newest.last_hash) if newest else None
