"""Events and batches: rows in, rows out, headers rebuilt from what the line says.

Nothing here decides: `milepost.admission` does, inside the ingest transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from milepost.chain import Batch, Receipt
from milepost.clock import COUNTER_BITS
from milepost.event import FACTS_LABEL, ZERO, Event, Part, commit
from milepost_server import failpoint
from milepost_server.store import Connection
from milepost_server.store.streams import Stream, key_of, position_of

# Histories are read by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__
_COUNTER_MASK = (1 << COUNTER_BITS) - 1
_SELECT = (
    'SELECT key, seq, id, counter, at, day, "offset", type, version, hash, facts_salt, facts, facts_commitment, '
    "private_commitment, sealed FROM event WHERE key BETWEEN ? AND ? ORDER BY key"
)
_INSERT = (
    'INSERT INTO event (key, line, seq, id, counter, at, day, "offset", type, version, hash, '
    "facts_salt, facts, facts_commitment, private_commitment, sealed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


class Stamped(NamedTuple):
    """An event as the server holds it. `at` is its order clock, `received_at` Unix ms, `line` and `seq` its place."""

    event: Event
    position: int
    line: int
    at: int
    received_at: int


class Span(NamedTuple):
    """Events `first`..`last` of one line."""

    line: int
    first: int
    last: int


class Heading(NamedTuple):
    """What is known of a stored batch without reading its events. The receipt is unsigned; `line` is where it ends."""

    key: int
    line: int
    signature: bytes
    receipt: Receipt


class StoredBatch(NamedTuple):
    """A batch with its unsigned receipt and the line it ends on."""

    batch: Batch
    receipt: Receipt
    line: int


def insert(
    connection: Connection, stream: int, line: int, position: int, events: Sequence[Event], ats: Sequence[int]
) -> None:
    """Insert events of one line at `position` and after it; `ats` are their order clocks."""
    rows = [
        _row(key_of(stream, position + n), line, event, at)
        for n, (event, at) in enumerate(zip(events, ats, strict=True))
    ]
    middle = len(rows) // 2
    connection.executemany(_INSERT, rows[:middle])
    failpoint.reach(failpoint.MID_BATCH)
    connection.executemany(_INSERT, rows[middle:])


def _row(key: int, line: int, event: Event, at: int) -> tuple[object, ...]:
    facts, commitment = event.facts, event.facts_commitment
    private = event.private_commitment
    return (
        key, line, event.seq, event.id, event.hlc & _COUNTER_MASK, None if at == event.hlc else at, event.on,
        event.offset, event.type, event.version, event.hash,
        facts.salt if facts else None, facts.text if facts else None,
        None if facts or commitment == ZERO else commitment, None if private == ZERO else private, event.sealed,
    )  # fmt: skip


def insert_batch(
    connection: Connection, key: int, line: int, first_seq: int, last_seq: int, signature: bytes, received_at: int
) -> None:
    connection.execute(
        "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", (key, line, first_seq, last_seq, signature, received_at)
    )


def line_at(connection: Connection, device_n: int, epoch: int, seq: int, hash: bytes) -> int | None:
    """The line that holds this very event, or None."""
    row = connection.execute(
        "SELECT l.n FROM line l JOIN event e ON e.line = l.n AND e.seq = ? "
        "WHERE l.device = ? AND l.epoch = ? AND e.hash = ?",
        (seq, device_n, epoch, hash),
    ).fetchone()
    return int(row[0]) if row else None


def is_taken(connection: Connection, device_n: int, epoch: int, seq: int) -> bool:
    """Whether any event stands at this place."""
    row = connection.execute(
        "SELECT 1 FROM line l JOIN event e ON e.line = l.n AND e.seq = ? WHERE l.device = ? AND l.epoch = ? LIMIT 1",
        (seq, device_n, epoch),
    ).fetchone()
    return row is not None


def find_hash(connection: Connection, device_n: int, hash: bytes) -> tuple[int, int] | None:
    """(line, seq) of a device's event by hash alone: what the first event of an epoch continues.

    Tips first, for that is what it nearly always is; else the device's log is read through, newest first. An index on
    hashes would cost every event 40 bytes for what happens once in a device's restored backup.
    """
    row = connection.execute(
        "SELECT n, last_seq FROM line WHERE device = ? AND last_hash = ?", (device_n, hash)
    ).fetchone()
    row = (
        row
        or connection.execute(
            "SELECT e.line, e.seq FROM line l JOIN event e ON e.line = l.n WHERE l.device = ? AND e.hash = ? LIMIT 1",
            (device_n, hash),
        ).fetchone()
    )
    return (int(row[0]), int(row[1])) if row else None


def hash_at(connection: Connection, line: int | None, seq: int | None) -> bytes:
    """The hash of the event at (line, seq); zeros where there is no line."""
    if line is None:
        return ZERO
    return bytes(connection.execute("SELECT hash FROM event WHERE line = ? AND seq = ?", (line, seq)).fetchone()[0])


def at_of(connection: Connection, line: int, seq: int) -> int:
    """The order clock of the event at (line, seq)."""
    id_, counter, at = connection.execute(
        "SELECT id, counter, at FROM event WHERE line = ? AND seq = ?", (line, seq)
    ).fetchone()
    return int(at) if at is not None else _hlc(id_, counter)


def fill(connection: Connection, line: int, event: Event) -> None:
    """Put in the parts of a stored event that are missing here. Its hash has proved the facts."""
    if event.facts is not None:
        connection.execute(
            "UPDATE event SET facts_salt = ?, facts = ?, facts_commitment = NULL "
            "WHERE line = ? AND seq = ? AND facts IS NULL AND facts_commitment IS NOT NULL",
            (*event.facts, line, event.seq),
        )
    if event.sealed is not None:
        connection.execute(
            "UPDATE event SET sealed = ? "
            "WHERE line = ? AND seq = ? AND sealed IS NULL AND private_commitment IS NOT NULL",
            (event.sealed, line, event.seq),
        )


def lacking(connection: Connection, span: Span) -> list[int]:
    """The seqs in `span` whose facts or private text have not arrived, or were erased."""
    rows = connection.execute(
        "SELECT seq FROM event WHERE line = ? AND seq BETWEEN ? AND ? AND "
        "(facts_commitment IS NOT NULL OR (private_commitment IS NOT NULL AND sealed IS NULL))",
        span,
    )
    return [seq for (seq,) in rows]


def erase(connection: Connection, stream: int, event_id: bytes) -> bool:
    """Delete the parts of the events with this id, and of any that arrive later; False where that was done before.

    Header and hash stay.
    """
    is_new = connection.execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (stream, event_id)).rowcount == 1
    rows = connection.execute(
        "SELECT key, facts_salt, facts FROM event WHERE id = ? AND key BETWEEN ? AND ?",
        (event_id, key_of(stream, 0), key_of(stream + 1, 0) - 1),
    ).fetchall()
    for key, salt, facts in rows:
        commitment = commit(FACTS_LABEL, Part(salt, facts)) if facts is not None else None
        connection.execute(
            "UPDATE event SET facts_salt = NULL, facts = NULL, sealed = NULL, "
            "facts_commitment = coalesce(?, facts_commitment) WHERE key = ?",
            (commitment, key),
        )
    return is_new


def erased(connection: Connection, stream: int, event_ids: Iterable[bytes]) -> set[bytes]:
    """Which of `event_ids` were erased."""
    if connection.execute("SELECT 1 FROM erased WHERE stream = ? LIMIT 1", (stream,)).fetchone() is None:
        return set()
    every = all_erased(connection, stream)
    return every.intersection(event_ids)


def all_erased(connection: Connection, stream: int) -> set[bytes]:
    """The ids of all erased events of the stream."""
    return {bytes(row[0]) for row in connection.execute("SELECT id FROM erased WHERE stream = ?", (stream,))}


def batch_keys(connection: Connection, span: Span) -> list[int]:
    """The keys of the batches that hold events of `span`, in order."""
    rows = connection.execute(
        "SELECT key FROM batch WHERE line = ? AND last_seq >= ? AND first_seq <= ? ORDER BY first_seq", span
    )
    return [key for (key,) in rows]


def receipt_of(connection: Connection, stream: Stream, incarnation: bytes, key_id: bytes, key: int) -> Receipt:
    """The receipt of the batch at `key`, not yet signed."""
    device, epoch, first, last, received_at, hash_ = connection.execute(
        "SELECT d.device, l.epoch, b.first_seq, b.last_seq, b.received_at, e.hash FROM batch b "
        "JOIN line l ON l.n = b.line JOIN device d ON d.n = l.device "
        "JOIN event e ON e.line = b.line AND e.seq = b.last_seq WHERE b.key = ?",
        (key,),
    ).fetchone()
    return Receipt(
        key_id, incarnation, stream.stream_id, device, epoch, first, last, hash_, position_of(key), received_at
    )


class _Line(NamedTuple):
    device: bytes
    epoch: int
    first_seq: int
    parent: int | None
    parent_seq: int | None


def _line(connection: Connection, line: int) -> _Line:
    row = connection.execute(
        "SELECT d.device, l.epoch, l.first_seq, l.parent, l.parent_seq "
        "FROM line l JOIN device d ON d.n = l.device WHERE l.n = ?",
        (line,),
    ).fetchone()
    return _Line(*row)


def headings_after(
    connection: Connection, stream: Stream, position: int, count: int, incarnation: bytes, key_id: bytes
) -> list[Heading]:
    """Up to `count` whole batches that follow `position`, in order, without their events."""
    rows = connection.execute(
        "SELECT key, line, signature FROM batch WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
        (stream.key(position), key_of(stream.n + 1, 0), count),
    ).fetchall()
    return [
        Heading(key, line, signature, receipt_of(connection, stream, incarnation, key_id, key))
        for key, line, signature in rows
    ]


def batch_of(connection: Connection, stream: Stream, heading: Heading) -> Batch:
    """The batch under a heading."""
    receipt = heading.receipt
    last_key = heading.key + receipt.last_seq - receipt.first_seq
    found = _read(connection, stream.stream_id, heading.line, heading.key, last_key)
    return Batch(tuple(each.event for each in found), heading.signature)


def batches_after(
    connection: Connection, stream: Stream, position: int, count: int, incarnation: bytes, key_id: bytes
) -> list[StoredBatch]:
    """Up to `count` whole batches that follow `position`, in order."""
    headings = headings_after(connection, stream, position, count, incarnation, key_id)
    return [StoredBatch(batch_of(connection, stream, each), each.receipt, each.line) for each in headings]


def events_after(connection: Connection, stream: Stream, position: int, limit: int) -> list[Stamped]:
    """Up to `limit` events that follow `position`, in order and without holes."""
    found: list[Stamped] = []
    while len(found) < limit:
        at = found[-1].position if found else position
        row = connection.execute(
            "SELECT key, line, last_seq - first_seq, received_at FROM batch "
            "WHERE key <= ? AND key > ? ORDER BY key DESC LIMIT 1",
            (stream.key(at + 1), stream.key(0)),
        ).fetchone()
        if row is None or row[0] + row[2] <= stream.key(at):
            break
        key, line, size, received_at = row
        first = max(key, stream.key(at + 1))
        last = min(key + size, first + limit - len(found) - 1)
        found += _read(connection, stream.stream_id, line, first, last, received_at)
    return found


def events_of_id(connection: Connection, stream: Stream, event_id: bytes) -> list[Stamped]:
    """The events of the stream that have this id: one, nearly always."""
    rows = connection.execute(
        "SELECT key FROM event WHERE id = ? AND key BETWEEN ? AND ? ORDER BY key",
        (event_id, stream.key(0), key_of(stream.n + 1, 0) - 1),
    ).fetchall()
    return [each for (key,) in rows for each in events_after(connection, stream, position_of(key) - 1, 1)]


def _read(
    connection: Connection, user: bytes, line: int, first_key: int, last_key: int, received_at: int = 0
) -> Iterator[Stamped]:
    """The events of one line from one key to another, with `prev` and commitments as they were signed."""
    device, epoch, first_seq, parent, parent_seq = _line(connection, line)
    prev: bytes | None = None
    for row in connection.execute(_SELECT, (first_key, last_key)):
        (
            key, seq, id_, counter, at, day, offset, type_, version, hash_,
            salt, facts, facts_commitment, private, sealed,
        ) = row  # fmt: skip
        if prev is None:
            prev = hash_at(connection, parent, parent_seq) if seq == first_seq else hash_at(connection, line, seq - 1)
        part = None
        if facts is not None:
            part = _new(Part, (salt, facts))
            facts_commitment = sha256(FACTS_LABEL + salt + facts).digest()
        hlc = int.from_bytes(id_[:6], "big") << COUNTER_BITS | counter
        event = _new(
            Event,
            (
                user, device, epoch, seq, hlc, id_[6:], day, offset, version, prev, facts_commitment or ZERO,
                private or ZERO, type_, hash_, part, None, sealed,
            ),
        )  # fmt: skip
        yield _new(Stamped, (event, position_of(key), line, hlc if at is None else at, received_at))
        prev = hash_


def _hlc(id_: bytes, counter: int) -> int:
    return int.from_bytes(id_[:6], "big") << COUNTER_BITS | counter
