"""Naive stores: dicts and lists that obey the log's rules by the shortest way, against which everything else is judged.

No index, no file, no cleverness: each question is answered by walking all that is stored.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from milepost.admission import Admission, admit, check_enrolment
from milepost.chain import Batch, Leaf, Place, Receipt, set_digest
from milepost.event import ZERO, Event
from milepost.keys import Enrolment, SigningKey, verify
from milepost.sync.server import Account
from tests.support.authors import drawn, receipt_for

TOKEN_SECONDS = 900


class ModelLog:
    """The events of one member that a replica holds, and the batches in which they came."""

    #: Whether a device's log may come before the log of the device that enrolled it.
    sponsor_may_follow = False

    def __init__(self, user: bytes) -> None:
        self.user = user
        self.events: dict[bytes, Event] = {}
        self.batches: list[Batch] = []
        self.enrolments: dict[bytes, Enrolment] = {}

    # The four questions of admission.

    def has(self, place: Place, hash: bytes) -> bool:
        event = self.events.get(hash)
        return event is not None and _place(event) == place

    def is_taken(self, place: Place) -> bool:
        return any(_place(event) == place for event in self.events.values())

    def holds(self, device: bytes, hash: bytes) -> bool:
        event = self.events.get(hash)
        return event is not None and event.device == device

    def signing_key(self, device: bytes) -> bytes | None:
        enrolment = self.enrolments.get(device)
        return enrolment.signing if enrolment else None

    def add(self, batch: Batch) -> Admission:
        """Admit a batch and keep what is new of it."""
        admission = admit(self.user, batch, self, sponsor_may_follow=self.sponsor_may_follow)
        if admission.enrolment:
            self.enrolments[admission.enrolment.device] = admission.enrolment
        new = batch.events[admission.known :]
        if new:
            self.batches.append(Batch(new, batch.signature))
            self.events.update((event.hash, event) for event in new)
        return admission

    def leaves(self) -> list[Leaf]:
        """Every event that none of its own epoch continues."""
        continued = {(event.device, event.epoch, event.prev) for event in self.events.values()}
        return [
            Leaf(event.device, event.epoch, event.seq, event.hash)
            for event in self.events.values()
            if (event.device, event.epoch, event.hash) not in continued
        ]

    def lineage(self, hashes: Iterable[bytes]) -> set[bytes]:
        """The events that `hashes` reach through `prev`, as far as they are stored."""
        reached: set[bytes] = set()
        for hash_ in hashes:
            while hash_ in self.events and hash_ not in reached:
                reached.add(hash_)
                hash_ = self.events[hash_].prev
        return reached

    def digest(self) -> bytes:
        return set_digest(self.leaves())

    def check(self) -> None:
        """Raise AssertionError where an event continues nothing that is stored (I4)."""
        assert all(event.prev == ZERO or event.prev in self.events for event in self.events.values())


class Stored(NamedTuple):
    """A batch at its positions."""

    receipt: Receipt
    batch: Batch


class ModelStream(ModelLog):
    """A member's stream on a server."""

    def __init__(self, user: bytes) -> None:
        super().__init__(user)
        self.rows: list[Stored] = []
        self.control_position = 0
        self.revoked: set[bytes] = set()

    @property
    def head(self) -> int:
        return self.rows[-1].receipt.last_position if self.rows else 0

    def after(self, position: int, limit: int) -> list[Stored]:
        return [row for row in self.rows if row.receipt.first_position > position][:limit]


class ModelServer:
    """A server's data. `wipe` loses them, as a disk does."""

    def __init__(self, key: SigningKey, now_ms: int) -> None:
        self.key = key
        self.now_ms = now_ms
        self.wipes = 0
        self.streams: dict[bytes, ModelStream] = {}

    @property
    def incarnation(self) -> bytes:
        return drawn(16, "incarnation", self.wipes)

    def wipe(self) -> None:
        self.wipes += 1
        self.streams = {}

    def join(self, enrolment: Enrolment) -> None:
        """Open an account for a member's first device."""
        stream = self.streams.setdefault(enrolment.user, ModelStream(enrolment.user))
        stream.enrolments[enrolment.device] = enrolment

    def account(self, user: bytes, device: bytes) -> Account | None:
        stream = self.streams.get(user)
        if stream is None:
            return None
        return Account(
            stream.signing_key(device),
            device in stream.revoked,
            self.incarnation,
            tuple(stream.leaves()),
            stream.head,
            stream.control_position,
            "token",
            TOKEN_SECONDS,
        )

    def readmit(self, user: bytes, enrolments: Iterable[Enrolment], receipt: Receipt | None) -> None:
        """Take a member back by a receipt under this server's key, and a device by enrolments that reach the identity.

        Raises BadSignature.
        """
        if user not in self.streams:
            if receipt is None or not verify(self.key.public, receipt.signature, receipt.signed):
                return
            self.streams[user] = ModelStream(user)
        stream = self.streams[user]
        for enrolment in enrolments:
            check_enrolment(user, enrolment.device, enrolment, stream)
            stream.enrolments[enrolment.device] = enrolment

    def ingest(self, batch: Batch, old: Receipt | None) -> list[Receipt]:
        """The receipts that cover a pushed batch, in order. Raises what admission raises."""
        stream = self.streams[batch.first.user]
        known = stream.add(batch).known
        pushed = {event.hash for event in batch.events[:known]}
        receipts = [row.receipt for row in stream.rows if any(event.hash in pushed for event in row.batch.events)]
        if known < len(batch.events):
            fresh = Batch(batch.events[known:], batch.signature)
            # The stamp of an earlier incarnation stays with the batch it was given to.
            received_at = old.received_at if old and old.last_hash == fresh.last.hash else self.now_ms
            receipt = receipt_for(fresh, self.key, self.incarnation, stream.head + 1, received_at)
            stream.rows.append(Stored(receipt, fresh))
            if any(event.type.startswith(("device.", "key.")) for event in fresh.events):
                stream.control_position = receipt.last_position
            receipts.append(receipt)
        return receipts


class ModelReplica(ModelLog):
    """A device's copy of its member's stream, with the cursor and the receipts."""

    sponsor_may_follow = True

    def __init__(self, user: bytes, device: bytes) -> None:
        super().__init__(user)
        self.device = device
        self.epoch = 1
        self.incarnation: bytes | None = None
        self.position = 0
        self.receipts: list[Receipt] = []

    def adopt(self, incarnation: bytes) -> None:
        self.incarnation, self.position = incarnation, 0

    def store(self, batch: Batch | None, receipt: Receipt) -> None:
        """A delivered batch with its receipt; the cursor moves."""
        if batch is not None:
            self.add(batch)
        assert receipt.last_hash in self.events
        assert receipt.first_position == self.position + 1
        self.receive(receipt)
        self.position = receipt.last_position

    def receive(self, receipt: Receipt) -> None:
        if receipt not in self.receipts:
            self.receipts.append(receipt)

    def receipted(self, incarnation: bytes) -> set[bytes]:
        """The events that the server said it holds, in that incarnation of its data."""
        return {
            hash_ for receipt in self.receipts if receipt.incarnation == incarnation for hash_ in self._covered(receipt)
        }

    def _covered(self, receipt: Receipt) -> Iterator[bytes]:
        hash_ = receipt.last_hash
        for _ in range(receipt.last_seq - receipt.first_seq + 1):
            yield hash_
            hash_ = self.events[hash_].prev

    def unsent(self, incarnation: bytes, own_only: bool) -> list[tuple[Batch, Receipt | None]]:
        """Batches without a receipt of `incarnation`, in order of arrival, with an older receipt where there is one."""
        receipted = self.receipted(incarnation)
        return [
            (batch, self._old_receipt(batch, incarnation))
            for batch in self.batches
            if batch.last.hash not in receipted and (not own_only or batch.first.device == self.device)
        ]

    def _old_receipt(self, batch: Batch, incarnation: bytes) -> Receipt | None:
        return next(
            (each for each in self.receipts if each.last_hash == batch.last.hash and each.incarnation != incarnation),
            None,
        )

    @property
    def newest_receipt(self) -> Receipt | None:
        return self.receipts[-1] if self.receipts else None


def _place(event: Event) -> Place:
    return Place(event.device, event.epoch, event.seq)
