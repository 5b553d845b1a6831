"""Admission: what a replica checks before a batch may enter its log, server and device alike (server.md, Ingest).

Called inside the transaction, after the lock, against the stored chain. It decides; the store moves the rows.
"""

import json
from typing import NamedTuple, Protocol

from milepost.chain import BATCH_BYTES_MAX, BATCH_EVENTS_MAX, Batch, Place, check_run, weight
from milepost.errors import BadSignature, ChainBroken, LimitExceeded
from milepost.event import ZERO, Event
from milepost.keys import Enrolment, verify
from milepost.trust import ENROLLED, enrolment_of


class Gap(ChainBroken):
    """The batch continues an event that is not stored here."""

    code = "GAP"


class Shelf(Protocol):
    """What admission asks of a store, for one member's stream."""

    def has(self, place: Place, hash: bytes) -> bool:
        """Whether this very event is stored."""

    def is_taken(self, place: Place) -> bool:
        """Whether any event is stored at `place`."""

    def holds(self, device: bytes, hash: bytes) -> bool:
        """Whether an event of `device` with this hash is stored, at whatever place."""

    def signing_key(self, device: bytes) -> bytes | None:
        """The public signing key of an enrolled device, revoked ones included."""


class Admission(NamedTuple):
    """`known` leading events are stored already; the rest is new. `is_fork`: its first place holds another event.

    `enrolment` is set when the batch begins with the enrolment of a device that is new here.
    """

    known: int
    is_fork: bool
    enrolment: Enrolment | None


def admit(user: bytes, batch: Batch, shelf: Shelf, *, sponsor_may_follow: bool = False) -> Admission:
    """Decide on a batch whose hashes were computed from its own bytes.

    `sponsor_may_follow` is for a device that pulls: a server that was told of an enrolment by `Enrol` may deliver the
    new device's log before the log of the device that signed. The head is checked all the same, for a device is named
    after its key; whether it counts is decided by trust, when read.

    Raises Gap, ChainBroken, BadSignature or LimitExceeded; never for content. Idempotent: a batch that is stored whole
    comes back with every event known.
    """
    if len(batch.events) > BATCH_EVENTS_MAX:
        raise LimitExceeded(f"a batch of {len(batch.events)} events is over {BATCH_EVENTS_MAX}")
    check_run(batch.events)
    size = sum(map(weight, batch.events))
    if size > BATCH_BYTES_MAX:
        # It came in one frame, but with a receipt beside it it might not go out in one again.
        raise LimitExceeded(f"a batch of {size} bytes is over {BATCH_BYTES_MAX}")
    if batch.first.user != user:
        raise BadSignature("the batch belongs to another account")
    enrolment = _check_head(user, batch, shelf, sponsor_may_follow=sponsor_may_follow)
    known = _count_known(batch, shelf)
    if known == len(batch.events):
        return Admission(known, is_fork=False, enrolment=None)
    first = batch.events[known]
    if known == 0:
        _check_prev(first, shelf)
    return Admission(known, shelf.is_taken(_place(first)), enrolment)


def _check_head(user: bytes, batch: Batch, shelf: Shelf, *, sponsor_may_follow: bool) -> Enrolment | None:
    """Check the signature; the enrolment that the batch itself brings is checked on the way."""
    device = batch.first.device
    key = shelf.signing_key(device)
    enrolment = None
    if key is None:
        enrolment = own_enrolment(user, batch.first, shelf, sponsor_may_follow=sponsor_may_follow)
        key = enrolment.signing
    if not verify(key, batch.signature, batch.head):
        raise BadSignature(f"the head at seq {batch.last.seq} is not signed by device {device.hex()[:8]}")
    return enrolment


def own_enrolment(user: bytes, event: Event, shelf: Shelf, *, sponsor_may_follow: bool = False) -> Enrolment:
    """The enrolment a device's first event carries, checked up to the identity or to an enrolled device."""
    if event.type != ENROLLED or event.facts is None:
        raise BadSignature(
            f"device {event.device.hex()[:8]} is not enrolled, nor does its log begin with its enrolment"
        )
    try:
        facts = json.loads(event.facts.text)
    except (ValueError, RecursionError):
        raise BadSignature("the enrolment is not JSON") from None
    if not isinstance(facts, dict):
        raise BadSignature("the enrolment is not a JSON object")
    enrolment = enrolment_of(facts)
    is_early = sponsor_may_follow and enrolment.by is not None and shelf.signing_key(enrolment.by) is None
    if is_early and enrolment.device == event.device and enrolment.user == user:
        return enrolment
    check_enrolment(user, event.device, enrolment, shelf)
    return enrolment


def check_enrolment(user: bytes, device: bytes, enrolment: Enrolment, shelf: Shelf) -> None:
    """Raise BadSignature unless `enrolment` is for `device` and signed by the identity or an enrolled device."""
    if enrolment.device != device or enrolment.user != user:
        raise BadSignature("the enrolment names another device or account")
    signer = enrolment.identity if enrolment.by is None else shelf.signing_key(enrolment.by)
    if signer is None or not verify(signer, enrolment.signature, enrolment.signed):
        raise BadSignature(f"the enrolment of device {device.hex()[:8]} does not reach the identity")


def _count_known(batch: Batch, shelf: Shelf) -> int:
    """How many leading events are stored. Each names its predecessor, so what is stored is a prefix: bisect."""
    low, high = 0, len(batch.events)
    if shelf.has(_place(batch.last), batch.last.hash):
        return high
    if not shelf.has(_place(batch.first), batch.first.hash):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        if shelf.has(_place(batch.events[middle]), batch.events[middle].hash):
            low = middle
        else:
            high = middle
    return high


def _check_prev(first: Event, shelf: Shelf) -> None:
    if first.prev == ZERO:
        if first.seq != 1 or first.type != ENROLLED:
            raise ChainBroken(f"seq {first.seq} continues nothing, and is not a device's first event")
        return
    before = Place(first.device, first.epoch, first.seq - 1)
    if shelf.has(before, first.prev) if first.seq > 1 else shelf.holds(first.device, first.prev):
        return
    raise Gap(f"what seq {first.seq} of epoch {first.epoch} continues is not stored here")


def _place(event: Event) -> Place:
    return Place(event.device, event.epoch, event.seq)
