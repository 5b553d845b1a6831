"""Rows of the local log and the events they hold: the one place that knows both.

What a row leaves out comes back exactly: `prev` from the row before it in the branch, a commitment from the part it
commits to, device and epoch from the branch. Standard library only: the append path imports this.
"""

from collections.abc import Callable, Iterator, Sequence

from milepost.errors import StorageError
from milepost.event import FACTS_LABEL, PRIVATE_LABEL, ZERO, Event, Part
from milepost.light import TYPE_CHECKING, Any, NamedTuple, sha256
from milepost_client.store.engine import sqlite3

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

#: A row as SQLite gives it; its columns are `COLUMNS`.
Row = tuple[Any, ...]

COLUMNS = (
    'e.n, e.branch, e.seq, e.id, e.counter, e."on", e."offset", e.kind, e.hash, '
    "e.facts_salt, e.facts, e.private_salt, e.private, e.sealed, e.facts_commitment, e.private_commitment"
)
INSERT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SEQ, BRANCH, HASH = 2, 1, 8
# Of more events than a daily word reads, the parts are hashed by OpenSSL.
HASHES_LIGHT_MAX = 500

# A long history is read by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__


class Branch(NamedTuple):
    """A linear run of one device and epoch. `parent` is the hash its first event continues (zeros: none)."""

    n: int
    device: bytes
    epoch: int
    first_seq: int
    parent: bytes
    parent_n: int | None


class Reader:
    """Turns rows into events, with what rarely changes (branches, kinds) held in memory."""

    def __init__(self, connection: sqlite3.Connection, user: bytes) -> None:
        self.connection = connection
        self.user = user
        self._branches: dict[int, Branch] = {}
        self._kinds: dict[int, tuple[str, int]] = {}
        self._kind_numbers: dict[tuple[str, int], int] = {}

    def branch(self, n: int) -> Branch:
        """The branch of that number."""
        if n not in self._branches:
            self.branches()
        return self._branches[n]

    def branches(self) -> list[Branch]:
        """Every branch, in the order in which they came."""
        statement = """SELECT b.n, b.device, b.epoch, b.first_seq, p.hash, b.parent
            FROM branch b LEFT JOIN event p ON p.n = b.parent WHERE b.n > ? ORDER BY b.n"""
        known = max(self._branches, default=0)
        for n, device, epoch, first_seq, parent, parent_n in self.connection.execute(statement, (known,)).fetchall():
            self._branches[n] = Branch(n, device, epoch, first_seq, parent or ZERO, parent_n)
        return list(self._branches.values())

    def kind_number(self, type_: str, version: int) -> int:
        """The number that stands for a type and version, given out on first use (in a write transaction)."""
        key = (type_, version)
        if key not in self._kind_numbers:
            found = self.connection.execute("SELECT n FROM kind WHERE type = ? AND version = ?", key).fetchone()
            if found is None:
                found = (self.connection.execute("INSERT INTO kind (type, version) VALUES (?, ?)", key).lastrowid,)
            self._kind_numbers[key] = found[0]
        return self._kind_numbers[key]

    def events(self, rows: Sequence[Row]) -> Iterator[Event]:
        """The events in `rows`. Rows in order of arrival need no look-up of `prev`."""
        sha256 = _hash_for(len(rows))
        tips: dict[int, tuple[int, bytes]] = {}
        for row in rows:
            branch = self.branch(row[BRANCH])
            seq = row[SEQ]
            tip_seq, tip_hash = tips.get(branch.n, (0, ZERO))
            prev = tip_hash if tip_seq == seq - 1 and tip_seq else self._hash_before(branch, seq)
            tips[branch.n] = (seq, row[HASH])
            try:
                event = self._event(row, branch, prev, sha256)
            except (TypeError, ValueError, KeyError) as error:
                raise StorageError(
                    f"event number {row[0]} is damaged: {error}", remedy="copy the folder, then run `milepost verify`"
                ) from None
            yield event

    def _hash_before(self, branch: Branch, seq: int) -> bytes:
        if seq == branch.first_seq:
            return branch.parent
        statement = "SELECT hash FROM event WHERE branch = ? AND seq = ?"
        found = self.connection.execute(statement, (branch.n, seq - 1)).fetchone()
        # A damaged file may have lost it; zeros make the hash of this event not fit, which `verify` reports.
        return found[0] if found else ZERO

    def _kind(self, number: int) -> tuple[str, int]:
        if number not in self._kinds:
            rows = self.connection.execute("SELECT n, type, version FROM kind").fetchall()
            self._kinds = {n: (type_, version) for n, type_, version in rows}
        return self._kinds[number]

    def _event(self, row: Row, branch: Branch, prev: bytes, sha256: "Callable[[bytes], Hash]") -> Event:
        (
            _, _, seq, id_, counter, on, offset, kind, hash_,
            facts_salt, facts, private_salt, private, sealed, facts_commitment, private_commitment,
        ) = row  # fmt: skip
        type_, version = self._kind(kind)
        facts_part = private_part = None
        if facts is not None:
            facts_part = _new(Part, (facts_salt, facts))
            facts_commitment = sha256(FACTS_LABEL + facts_salt + facts).digest()
        if private is not None:
            private_part = _new(Part, (private_salt, private))
            private_commitment = sha256(PRIVATE_LABEL + private_salt + private).digest()
        hlc = int.from_bytes(id_[:6], "big") << 16 | counter
        return _new(
            Event,
            (
                self.user, branch.device, branch.epoch, seq, hlc, id_[6:], on, offset, version, prev,
                facts_commitment or ZERO, private_commitment or ZERO, type_, hash_, facts_part, private_part, sealed,
            ),
        )  # fmt: skip


def _hash_for(count: int) -> "Callable[[bytes], Hash]":
    """SHA-256 for so many events: OpenSSL's is three times as fast as the light one, and loading it costs as much as a
    thousand of them.
    """
    if count < HASHES_LIGHT_MAX:
        return sha256
    from hashlib import sha256 as fast

    return fast


def row_of(n: int, branch: int, kind: int, event: Event) -> Row:
    """The row that holds `event`."""
    facts, private = event.facts, event.private
    return (
        n,
        branch,
        event.seq,
        event.id,
        event.hlc & 0xFFFF,
        event.on,
        event.offset,
        kind,
        event.hash,
        facts.salt if facts else None,
        facts.text if facts else None,
        private.salt if private else None,
        private.text if private else None,
        # Opened text is not kept sealed as well: sealing again gives the same bytes.
        None if private else event.sealed,
        None if facts or event.facts_commitment == ZERO else event.facts_commitment,
        None if private or event.private_commitment == ZERO else event.private_commitment,
    )
