"""Stamps: what a receipt says about events, and the `at` that follows from it (log.md, Clock and order).

Receipts are kept as ranges, a part a branch; `at` is kept only where it is not the event's own clock value.
Everything here runs inside a transaction of the log.
"""

from collections.abc import Iterator
from typing import NamedTuple

from milepost.chain import Receipt
from milepost.clock import stamp
from milepost_client.store.log import Log
from milepost_client.store.rows import Branch

_ROWS = (
    'SELECT e.n, e.seq, e.id, e.counter, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n '
    "WHERE e.branch = ? AND e.seq >= ? ORDER BY e.seq"
)


class Segment(NamedTuple):
    """The part of a chain that lies in one branch."""

    branch: Branch
    first_seq: int
    last_seq: int


def segments(log: Log, line: int, first_seq: int, last_seq: int) -> list[Segment]:
    """The chain that ends at (line, last_seq), back to `first_seq` of its epoch, in order, cut where branches meet."""
    found: list[Segment] = []
    branch = log.reader.branch(line)
    while True:
        found.append(Segment(branch, max(first_seq, branch.first_seq), last_seq))
        if first_seq >= branch.first_seq or branch.parent_n is None:
            return found[::-1]
        parent, last_seq = log.places([branch.parent_n])[branch.parent_n]
        branch = log.reader.branch(parent)


def keep_receipt(log: Log, incarnation: int, receipt: Receipt, line: int) -> list[Segment]:
    """Keep a receipt for the chain that ends in branch `line`. Idempotent: the first one for a range stands."""
    parts = segments(log, line, receipt.first_seq, receipt.last_seq)
    log.connection.executemany(
        "INSERT OR IGNORE INTO receipt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                incarnation,
                part.branch.n,
                part.first_seq,
                part.last_seq,
                receipt.first_position + part.first_seq - receipt.first_seq,
                receipt.received_at,
                receipt.first_seq,
                receipt.signature if part is parts[-1] else None,
            )
            for part in parts
        ],
    )
    return parts


def at_of(log: Log, line: int, seq: int) -> int:
    """The `at` of the event at (line, seq)."""
    _, _, _, at = next(_walk(log, log.reader.branch(line), seq))
    return at


def restamp(log: Log, parts: list[Segment]) -> int:
    """Derive `at` anew for these parts of a chain, and for whatever continues them as far as it changes.

    Returns the `at` of the last event in `parts`.
    """
    known = ReceivedAt(log)
    for part in parts:
        todo = [part]
        while todo:
            todo += _derive(log, todo.pop(), known)
    return at_of(log, parts[-1].branch.n, parts[-1].last_seq)


def _derive(log: Log, part: Segment, known: "ReceivedAt") -> list[Segment]:
    """Derive `at` along one branch, past the part as far as it changes; returns the beginnings of branches it moves."""
    at = _at_before(log, part)
    changed: list[tuple[int, int]] = []
    for n, seq, hlc, old in _walk(log, part.branch, part.first_seq):
        new = stamp(hlc, at, known.of(part.branch.n, seq))
        if new != old:
            changed.append((n, new))
        elif seq > part.last_seq:
            break
        at = new
    if not changed:
        return []
    log.move(changed)
    moved = {n for n, _ in changed}
    children = [branch for branch in log.reader.branches() if branch.parent_n in moved]
    return [Segment(child, child.first_seq, child.first_seq) for child in children]


def _walk(log: Log, branch: Branch, seq: int) -> Iterator[tuple[int, int, int, int]]:
    """(n, seq, hlc, at) along a branch from `seq` on."""
    for n, at_seq, id_, counter, at in log.connection.execute(_ROWS, (branch.n, seq)):
        hlc = int.from_bytes(id_[:6], "big") << 16 | counter
        yield n, at_seq, hlc, hlc if at is None else at


def _at_before(log: Log, part: Segment) -> int:
    if part.first_seq > part.branch.first_seq:
        return at_of(log, part.branch.n, part.first_seq - 1)
    if part.branch.parent_n is None:
        return 0
    parent, seq = log.places([part.branch.parent_n])[part.branch.parent_n]
    return at_of(log, parent, seq)


class ReceivedAt:
    """When an event was received, by the present incarnation or else an earlier one; neighbours cost one look-up."""

    def __init__(self, log: Log) -> None:
        self._connection = log.connection
        statement = "SELECT n FROM incarnation ORDER BY n IS ? DESC, n DESC"
        present = log.state().incarnation
        self._incarnations = [n for (n,) in log.connection.execute(statement, (present,)).fetchall()]
        self._ranges: dict[int, tuple[int, int, int | None]] = {}

    def of(self, branch: int, seq: int) -> int | None:
        """Unix milliseconds, or None for an event without any receipt."""
        first, last, received_at = self._ranges.get(branch, (0, -1, None))
        if not first <= seq <= last:
            first, last, received_at = self._ranges[branch] = self._look_up(branch, seq)
        return received_at

    def _look_up(self, branch: int, seq: int) -> tuple[int, int, int | None]:
        statement = """SELECT first_seq, last_seq, received_at FROM receipt
            WHERE incarnation = ? AND branch = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1"""
        for n in self._incarnations:
            found: tuple[int, int, int] | None = self._connection.execute(statement, (n, branch, seq)).fetchone()
            if found is not None and seq <= found[1]:
                return found
        return seq, seq, None
