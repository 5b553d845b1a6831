"""What is sound in a damaged log, as the lines of an export: each line of it up to the first event that is not.

An event is sound when it can be read, is what was hashed, and continues a sound one. What another device wrote counts
as far as a head of that device proves it. Receipts are left out: the server gives them anew with what it sends.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from milepost.chain import head_bytes
from milepost.errors import StorageError
from milepost.event import Event
from milepost.ids import base32, base64url
from milepost.keys import verify
from milepost_client.care.verify import fits_hash
from milepost_client.exports import lines
from milepost_client.exports.jsonl import opening
from milepost_client.exports.lines import Line
from milepost_client.store.log import Log
from milepost_client.store.stored import Stored
from milepost_client.store.trusted import Trusted, trusted


class Proof(NamedTuple):
    """A head that its device signed."""

    line: int
    first_seq: int
    last_seq: int
    signature: bytes


class Sound:
    """The sound part of one log. `upto` is the last sound seq of each line that has one."""

    def __init__(self, log: Log) -> None:
        """Reads all that can be read."""
        self._log = log
        self._trust: Trusted = trusted(log)
        self.readable = list(readable(log))
        self.upto = self._chained()
        self._proofs = list(self._proven())
        for line, last in self._foreign_ends().items():
            self.upto[line] = min(self.upto[line], last)

    def holds(self, stored: Stored) -> bool:
        """Whether an event is sound."""
        return stored.event.seq <= self.upto.get(stored.line, 0)

    def lines(self) -> Iterator[Line]:
        """The sound part as an export of it would say it."""
        log = self._log
        # Following no server data: everything is asked for anew, and fills in what is missing.
        yield replace(opening(log), follows=None)
        for event_id in log.erased():
            yield lines.Erased(base32(event_id))
        for stored in self.readable:
            if self.holds(stored):
                yield lines.line_of(stored.event, stored.line)
        for proof in self._proofs:
            if proof.last_seq <= self.upto.get(proof.line, 0):
                yield lines.Head(proof.line, proof.first_seq, proof.last_seq, base64url(proof.signature))
        yield lines.End(len(self.readable), "", None)

    def _chained(self) -> dict[int, int]:
        """How far each line goes on from a sound beginning."""
        upto: dict[int, int] = {}
        hashes: dict[int, bytes] = {}
        held: set[bytes] = set()
        branches = {branch.n: branch for branch in self._log.reader.branches()}
        for stored in self.readable:
            event, branch = stored.event, branches[stored.line]
            if stored.line in upto:
                continues = event.seq == upto[stored.line] + 1 and event.prev == hashes[stored.line]
            else:
                continues = event.seq == branch.first_seq and (branch.parent_n is None or event.prev in held)
            if continues and fits_hash(event):
                upto[stored.line], hashes[stored.line] = event.seq, event.hash
                held.add(event.hash)
        return upto

    def _proven(self) -> Iterator[Proof]:
        """The stored heads that are signed by their device."""
        rows = self._log.connection.execute("SELECT branch, first_seq, last_seq, signature FROM batch").fetchall()
        wanted = {(line, last): (first, signature) for line, first, last, signature in rows}
        for stored in self.readable:
            found = wanted.get((stored.line, stored.event.seq))
            if found and self.holds(stored) and self._is_signed(stored.event, found[1]):
                yield Proof(stored.line, found[0], stored.event.seq, found[1])

    def _is_signed(self, event: Event, signature: bytes) -> bool:
        key = self._trust.signing_keys.get(event.device)
        return key is not None and verify(key, signature, head_bytes(event))

    def _foreign_ends(self) -> dict[int, int]:
        """The last seq that a head proves, of each line that another device wrote."""
        ends = {
            branch.n: 0
            for branch in self._log.reader.branches()
            if branch.device != self._log.device and branch.n in self.upto
        }
        for proof in self._proofs:
            if proof.line in ends:
                ends[proof.line] = max(ends[proof.line], proof.last_seq)
        return ends


def readable(log: Log) -> Iterator[Stored]:
    """The events that can be read, one by one where some cannot, in order of arrival."""
    for n in range(1, log.count + 1):
        try:
            yield from log.numbered([n])
        except StorageError:
            # A damaged row, or a damaged page of the file: what stands elsewhere can still be read.
            continue
