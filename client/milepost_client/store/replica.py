"""The log as a replica: what others wrote comes in, what the server lacks goes out (log.md, sync.md).

Admission decides (`milepost.admission`), stamps follow (`milepost_client.store.stamps`), this moves the rows. Each
call is one transaction: events, receipts and cursor are on the disk together, or none of them is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from milepost.admission import admit
from milepost.chain import BATCH_EVENTS_MAX, Batch, Leaf, Place, Receipt, cut, head_bytes, set_digest
from milepost.errors import ChainBroken
from milepost.event import ZERO, Event
from milepost.sealing import unseal
from milepost_client.store import parts
from milepost_client.store.control import ERASED
from milepost_client.store.failpoint import failpoint
from milepost_client.store.log import Log
from milepost_client.store.rows import COLUMNS, Branch, Row
from milepost_client.store.stamps import Segment, at_of, keep_receipt, restamp, segments
from milepost_client.store.storage import reading
from milepost_client.store.trusted import Trusted, trusted

_CHAIN = f"SELECT {COLUMNS} FROM event e WHERE e.branch = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq"  # noqa: S608


class Delivery(NamedTuple):
    """A batch as the server delivers it; without the batch when only its receipt is news."""

    batch: Batch | None
    receipt: Receipt


class Receipted(NamedTuple):
    """A receipt for what was pushed, and the head it was pushed under, where that is known."""

    receipt: Receipt
    signature: bytes | None


class Outgoing(NamedTuple):
    """A batch that the server lacks, its private texts still clear.

    `batch.signature` is empty where this device has yet to sign; `old` is a receipt by an earlier incarnation.
    """

    batch: Batch
    old: Receipt | None
    line: int


class Replica:
    """One installation's copy of a member's stream.

    `keys` answers with the user keys (kid -> key) that this device can open; `sign` signs with the device key, and
    may be left out where nothing is received.
    """

    def __init__(
        self,
        log: Log,
        keys: Callable[[Trusted], Mapping[bytes, bytes]],
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.log = log
        self._open_keys = keys
        self._sign = sign
        self._trust: Trusted | None = None
        self._keys: Mapping[bytes, bytes] = {}

    # What it holds

    @property
    def trust(self) -> Trusted:
        """The trust of the log as of its newest control event."""
        if self._trust is None:
            self._trust = trusted(self.log)
            self._keys = self._open_keys(self._trust)
        return self._trust

    @property
    def keys(self) -> Mapping[bytes, bytes]:
        """The user keys that this device can open, kid -> key."""
        _ = self.trust
        return self._keys

    def forget_trust(self) -> None:
        """Read the trust anew when it is next asked for: a control event was appended."""
        self._trust = None

    def holds_leaf(self, leaf: Leaf) -> bool:
        """Whether the event at a leaf is stored."""
        return self.log.find(leaf) is not None

    def newest_receipt(self) -> Receipt | None:
        """The last receipt that came, of whatever incarnation: the proof of membership."""
        statement = """SELECT incarnation, branch, last_seq FROM receipt WHERE signature IS NOT NULL
            ORDER BY incarnation DESC, position DESC LIMIT 1"""
        with reading(self.log.path):
            found = self.log.connection.execute(statement).fetchone()
            return self._receipt(*found) if found else None

    def receipts(self) -> list[Receipt]:
        """Every receipt that is kept, in order of incarnation and position."""
        statement = """SELECT incarnation, branch, last_seq FROM receipt WHERE signature IS NOT NULL
            ORDER BY incarnation, position"""
        with reading(self.log.path):
            return [self._receipt(*found) for found in self.log.connection.execute(statement).fetchall()]

    def incarnations(self) -> list[tuple[bytes, bytes]]:
        """(id, key id) of every set of server data that was followed, in the order in which they were met."""
        with reading(self.log.path):
            return self.log.connection.execute("SELECT id, key_id FROM incarnation ORDER BY n").fetchall()

    def leaves_at(self, position: int) -> list[Leaf]:
        """The leaves of everything that this incarnation has receipted up to `position`: what a set digest covers."""
        state = self.log.state()
        statement = """SELECT max(last_seq) FROM receipt
            WHERE incarnation = ? AND branch = ? AND position + last_seq - first_seq <= ?"""
        with reading(self.log.path):
            ends: dict[int, int] = {}
            for branch in self.log.reader.branches():
                last = self.log.connection.execute(statement, (state.incarnation, branch.n, position)).fetchone()[0]
                if last is not None:
                    ends[branch.n] = last
            return sorted(self._tips(ends))

    def set_digest_at(self, position: int) -> bytes:
        """The set digest at a position of the cursor's incarnation."""
        return set_digest(self.leaves_at(position), self.log.erased())

    def _tips(self, ends: Mapping[int, int]) -> Iterator[Leaf]:
        branches = {branch.n: branch for branch in self.log.reader.branches()}
        # Where a fork begins at the end of another branch, that end is no leaf: the fork continues it.
        continued = {
            branches[n].parent_n for n in ends if branches[n].first_seq > 1 and branches[n].parent_n is not None
        }
        for n, seq in ends.items():
            row = self.log.connection.execute(
                "SELECT n, hash FROM event WHERE branch = ? AND seq = ?", (n, seq)
            ).fetchone()
            if row[0] not in continued:
                yield Leaf(branches[n].device, branches[n].epoch, seq, row[1])

    # What comes in

    def adopt(self, incarnation: bytes, key_id: bytes) -> None:
        """Follow a server whose data are of another incarnation, from position 0. Old receipts stay."""
        with self.log.transaction():
            self.log.connection.execute(
                "INSERT OR IGNORE INTO incarnation (id, key_id) VALUES (?, ?)", (incarnation, key_id)
            )
            self.log.connection.execute(
                "UPDATE replica SET position = 0, incarnation = (SELECT n FROM incarnation WHERE id = ?)",
                (incarnation,),
            )

    def commit(self, news: Sequence[Delivery | Receipted]) -> int:
        """Store deliveries (the cursor moves to the last) and receipts, all in one transaction; returns how many events
        were new.

        Raises Gap, ChainBroken, BadSignature or LimitExceeded for a batch that may not enter; nothing is stored then.
        """
        new = 0
        with self._storing():
            for each in news:
                match each:
                    case Delivery(batch, receipt):
                        new += self._deliver(batch, receipt)
                    case Receipted(receipt, signature):
                        self._stamp(receipt, signature)
            self._open_texts()
            failpoint("replica.before_commit")
        return new

    def put_in(self, batch: Batch) -> int:
        """Store a batch without a receipt, from a bundle or an old log; returns how many events were new.

        Raises as `commit` does.
        """
        with self._storing():
            new = self._admit(batch)
            self._open_texts()
        return new

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """One transaction over the log, for what comes from elsewhere."""
        try:
            with self.log.transaction():
                yield
        except BaseException:
            # What was learned of devices and keys in a transaction that was undone is not so, whatever undid it.
            self._trust = None
            raise

    def _deliver(self, batch: Batch | None, receipt: Receipt) -> int:
        new = self._admit(batch, receipt.received_at) if batch is not None else 0
        # What is new through and through was stamped on its way in, and nothing continues it yet.
        is_stamped = batch is not None and new == len(batch.events)
        self._stamp(receipt, batch.signature if batch else None, is_stamped=is_stamped)
        self.log.connection.execute("UPDATE replica SET position = ?", (receipt.last_position,))
        return new

    def _stamp(self, receipt: Receipt, signature: bytes | None, *, is_stamped: bool = False) -> None:
        log = self.log
        place = log.find(Leaf(receipt.device, receipt.epoch, receipt.last_seq, receipt.last_hash))
        if place is None:
            raise ChainBroken("a receipt for an event that is not stored here")
        if signature is None and self._sign is not None and receipt.device == log.device:
            # The push was another connection's. Without its head a wiped server could not be given this batch again.
            signature = self._sign(head_bytes(self.chain(place[0], receipt.last_seq, receipt.last_seq)[0]))
        if signature is not None:
            self._keep_head(place[0], receipt.first_seq, receipt.last_seq, signature)
        parts = keep_receipt(log, self._incarnation_of(receipt), receipt, place[0])
        at = at_of(log, *place) if is_stamped else restamp(log, parts)
        log.connection.execute("UPDATE replica SET top = max(top, ?)", (at,))

    def _incarnation_of(self, receipt: Receipt) -> int:
        statement = "SELECT n FROM incarnation WHERE id = ?"
        found = self.log.connection.execute(statement, (receipt.incarnation,)).fetchone()
        if found is None:
            raise ChainBroken("a receipt of an incarnation that was never announced")
        return int(found[0])

    def _keep_head(self, line: int, first_seq: int, last_seq: int, signature: bytes) -> None:
        self.log.connection.execute(
            "INSERT OR IGNORE INTO batch (branch, last_seq, first_seq, signature) VALUES (?, ?, ?, ?)",
            (line, last_seq, first_seq, signature),
        )

    def _admit(self, batch: Batch, received_at: int | None = None) -> int:
        admission = admit(self.log.user, batch, self, sponsor_may_follow=True)
        known, new = batch.events[: admission.known], batch.events[admission.known :]
        if known:
            self._fill_parts(known)
        if new:
            line = self._insert(new, received_at)
        else:
            line, _ = self.log.find(batch.leaf) or (0, 0)
        self._keep_head(line, batch.first.seq, batch.last.seq, batch.signature)
        return len(new)

    def _insert(self, events: Sequence[Event], received_at: int | None) -> int:
        line, before_at = self._line_for(events[0])
        erased = frozenset(self.log.erased())
        opened = [_without_erased(self._opened(event), erased) for event in events]
        self.log.insert(line, opened, before_at, received_at)
        for event in opened:
            if event.type == ERASED:
                parts.erase(self.log, event)
        if any(event.type.startswith(("device.", "key.")) for event in opened):
            self._trust = None
        return line

    def _line_for(self, first: Event) -> tuple[int, int]:
        """The branch that `first` goes on, or a new one, and the `at` of the event before it."""
        log = self.log
        if first.prev == ZERO:
            return log.add_branch(first.device, first.epoch, first.seq, None), 0
        parent = self._numbered(first.device, first.prev, first.epoch if first.seq > 1 else None)
        if parent is None:
            raise ChainBroken(f"what seq {first.seq} continues is not stored here")
        n, line, at = parent
        tip = log.tip(line)
        if tip is not None and tip.n == n and first.seq > 1:
            return line, at
        return log.add_branch(first.device, first.epoch, first.seq, n), at

    def _numbered(self, device: bytes, hash_: bytes, epoch: int | None) -> tuple[int, int, int] | None:
        """(n, line, at) of the event of a device that has this hash; tips first, for that is where logs go on."""
        log = self.log
        lines = [b for b in log.reader.branches() if b.device == device and epoch in (None, b.epoch)]
        for branch in lines:
            tip = log.tip(branch.n)
            if tip is not None and tip.hash == hash_:
                return tip.n, branch.n, tip.at
        statement = """SELECT e.n, e.id, e.counter, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n
            WHERE e.branch = ? AND e.hash = ?"""
        for branch in lines:
            found = log.connection.execute(statement, (branch.n, hash_)).fetchone()
            if found is not None:
                n, id_, counter, at = found
                return n, branch.n, at or int.from_bytes(id_[:6], "big") << 16 | counter
        return None

    # Parts

    def _opened(self, event: Event) -> Event:
        """The event with its text opened, where a key is here; else sealed as it came."""
        if event.sealed is None:
            return event
        part = unseal(self.keys, event)
        return event if part is None else event._replace(private=part, sealed=None)

    def _open_texts(self) -> None:
        """Open what was stored sealed, for the keys that are here by now."""
        for kid in self.keys:
            rows = self.log.connection.execute(
                f"SELECT {COLUMNS} FROM event e WHERE substr(e.sealed, 1, 16) = ? AND e.sealed IS NOT NULL",  # noqa: S608
                (kid,),
            ).fetchall()
            events = [self._opened(event) for event in self.log.reader.events(rows)]
            numbered = zip(rows, events, strict=True)
            parts.put(self.log, [(row[0], opened) for row, opened in numbered if opened.private is not None])

    def _fill_parts(self, events: Sequence[Event]) -> None:
        """Take parts that were missing here, of events that are stored."""
        line, last = self.log.find(Leaf(*events[-1][1:4], events[-1].hash)) or (0, 0)
        filled: list[tuple[int, Event]] = []
        for row, held, event in zip(*self._held(line, events[0].seq, last), events, strict=True):
            lacks_facts = held.facts is None and event.facts is not None
            lacks_text = held.private is None and held.sealed is None and event.sealed is not None
            if (lacks_facts or lacks_text) and not parts.is_erased(self.log, event.id):
                facts = event.facts if lacks_facts else held.facts
                sealed = event.sealed if lacks_text else held.sealed
                filled.append((row[0], self._opened(held._replace(facts=facts, sealed=sealed))))
        parts.put(self.log, filled)

    def _held(self, line: int, first_seq: int, last_seq: int) -> tuple[list[Row], list[Event]]:
        rows = self._chain_rows(segments(self.log, line, first_seq, last_seq))
        return rows, list(self.log.reader.events(rows))

    # What goes out

    def pushes(self, *, own_only: bool, after: Mapping[int, int]) -> Iterator[Outgoing]:
        """Batches that have no receipt of the cursor's incarnation, in order of arrival.

        `after` (line -> seq) says what was offered already.
        """
        for branch, seq in self._behind(own_only, after):
            yield from self._outgoing(branch, seq)

    def everything(self) -> Iterator[Outgoing]:
        """Every batch that is here, whatever any server has, in order of arrival of the branches."""
        for branch in list(self.log.reader.branches()):
            yield from self._outgoing(branch, branch.first_seq - 1)

    def _outgoing(self, branch: Branch, seq: int) -> Iterator[Outgoing]:
        """The batches of a branch that end after `seq`."""
        state = self.log.state()
        for batch in self._kept(branch, seq):
            if branch.device == state.device and seq + 1 < batch.first.seq:
                yield from (Outgoing(b, None, branch.n) for b in self._unsigned(branch, seq, batch.first.seq - 1))
            seq = batch.last.seq
            yield Outgoing(batch, self._old_receipt(state.incarnation, branch.n, batch), branch.n)
        tip = self.log.tip(branch.n)
        if branch.device == state.device and tip is not None:
            yield from (Outgoing(batch, None, branch.n) for batch in self._unsigned(branch, seq, tip.seq))

    def lacks(self, *, own_only: bool, after: Mapping[int, int]) -> bool:
        """Whether `pushes` would bring anything, without reading an event."""
        device = self.log.device
        return any(self._has_more(branch, seq, device) for branch, seq in self._behind(own_only, after))

    def _has_more(self, branch: Branch, after: int, device: bytes) -> bool:
        if branch.device == device:
            tip = self.log.tip(branch.n)
            return tip is not None and tip.seq > after
        statement = "SELECT 1 FROM batch WHERE branch = ? AND last_seq > ?"
        with reading(self.log.path):
            return self.log.connection.execute(statement, (branch.n, after)).fetchone() is not None

    def _behind(self, own_only: bool, after: Mapping[int, int]) -> Iterator[tuple[Branch, int]]:
        """The branches to push from, each with the seq up to which it is received or was offered."""
        state = self.log.state()
        for branch in list(self.log.reader.branches()):
            if own_only and branch.device != state.device:
                continue
            with reading(self.log.path):
                received = self.log.received_seq(state.incarnation, branch)
            yield branch, max(received, after.get(branch.n, 0))

    def _kept(self, branch: Branch, after: int) -> Iterator[Batch]:
        """The batches of a branch that end after `after`, under the heads they came or went with."""
        statement = (
            "SELECT first_seq, last_seq, signature FROM batch WHERE branch = ? AND last_seq > ? ORDER BY last_seq"
        )
        with reading(self.log.path):
            heads = self.log.connection.execute(statement, (branch.n, after)).fetchall()
        for first_seq, last_seq, signature in heads:
            yield Batch(tuple(self.chain(branch.n, first_seq, last_seq)), signature)

    def _unsigned(self, branch: Branch, after: int, last_seq: int) -> Iterator[Batch]:
        """Own events that went under no head yet, cut into batches."""
        while after < last_seq:
            # A thousand and one: whether the cut ends at the limit or at the end must not depend on this window.
            window = self.chain(branch.n, after + 1, min(last_seq, after + BATCH_EVENTS_MAX + 1))
            events = next(cut(window))
            yield Batch(events, b"")
            after = events[-1].seq

    def chain(self, line: int, first_seq: int, last_seq: int) -> list[Event]:
        """The events of the chain that ends at (line, last_seq), from `first_seq` of the same epoch on."""
        with reading(self.log.path):
            return self._held(line, first_seq, last_seq)[1]

    def _chain_rows(self, parts: Iterable[Segment]) -> list[Row]:
        rows: list[Row] = []
        for part in parts:
            rows += self.log.connection.execute(_CHAIN, (part.branch.n, part.first_seq, part.last_seq)).fetchall()
        return rows

    def _old_receipt(self, present: int | None, line: int, batch: Batch) -> Receipt | None:
        statement = """SELECT incarnation, branch, last_seq FROM receipt
            WHERE incarnation IS NOT ? AND branch = ? AND last_seq = ? AND receipt_seq = ? AND signature IS NOT NULL
            ORDER BY incarnation LIMIT 1"""
        with reading(self.log.path):
            values = (present, line, batch.last.seq, batch.first.seq)
            found = self.log.connection.execute(statement, values).fetchone()
            return self._receipt(*found) if found else None

    def _receipt(self, incarnation: int, line: int, last_seq: int) -> Receipt:
        statement = """SELECT i.key_id, i.id, b.device, b.epoch, r.receipt_seq, r.last_seq, e.hash,
                r.position - (r.first_seq - r.receipt_seq), r.received_at, r.signature
            FROM receipt r JOIN incarnation i ON i.n = r.incarnation JOIN branch b ON b.n = r.branch
            JOIN event e ON e.branch = r.branch AND e.seq = r.last_seq
            WHERE r.incarnation = ? AND r.branch = ? AND r.last_seq = ?"""
        key_id, id_, *rest = self.log.connection.execute(statement, (incarnation, line, last_seq)).fetchone()
        return Receipt(key_id, id_, self.log.user, *rest)

    # The shelf that admission looks at

    def has(self, place: Place, hash: bytes) -> bool:
        """Whether this very event is stored."""
        return self.log.find(Leaf(*place, hash)) is not None

    def is_taken(self, place: Place) -> bool:
        """Whether any event is stored at `place`."""
        statement = """SELECT 1 FROM branch b JOIN event e ON e.branch = b.n AND e.seq = ?
            WHERE b.device = ? AND b.epoch = ?"""
        return self.log.connection.execute(statement, (place.seq, place.device, place.epoch)).fetchone() is not None

    def holds(self, device: bytes, hash: bytes) -> bool:
        """Whether an event of `device` with this hash is stored, at whatever place."""
        return self._numbered(device, hash, None) is not None

    def signing_key(self, device: bytes) -> bytes | None:
        """The public signing key of a device whose enrolment is here, revoked ones included."""
        return self.trust.signing_keys.get(device)


def _without_erased(event: Event, erased: Collection[bytes]) -> Event:
    return parts.bare(event) if erased and event.type != ERASED and event.id in erased else event
