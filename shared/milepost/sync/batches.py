"""A batch as columns: what is alike stands together, so that zstd finds it, and what follows is left out.

Not sent: `prev` but the first, the commitment of a facts part that is present, event hashes. The receiver computes
them, so that what it verifies under the head's signature is what it will store. Integer columns are split into byte
planes (all lowest bytes, then the next, ...): high planes are zeros and cost nothing.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator
from hashlib import sha256
from struct import error as StructError

from milepost.chain import Batch
from milepost.clock import COUNTER_BITS
from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.event import (
    EVENT_LABEL,
    FACTS_BYTES_MAX,
    FACTS_LABEL,
    FIXED,
    FORMAT,
    INTEGER_MAX,
    NONCE_BYTES,
    SALT_BYTES,
    ZERO,
    Event,
    Part,
)
from milepost.sync.messages import WireBatch

NONE, PRESENT, ABSENT = 0, 1, 2
SEALED_BYTES_MAX = 48 * 1024
_DAY_MS = 86_400_000
_MASK = (1 << 64) - 1


def pack(batch: Batch) -> WireBatch:
    """The wire form of a batch. Private parts must be sealed already: clear text has no column."""
    events = batch.events
    first = events[0]
    types: dict[str, int] = {}
    index = [types.setdefault(event.type, len(types)) for event in events]
    # Presence, not length: a text of no bytes is nonsense, but one that is stored must not spoil the whole batch.
    sealed = [event.sealed for event in events if event.sealed is not None]
    return WireBatch(
        user=first.user,
        device=first.device,
        epoch=first.epoch,
        first_seq=first.seq,
        prev=first.prev,
        count=len(events),
        types=list(types),
        type_index=_planes("H", index),
        versions=_planes("H", [event.version for event in events]),
        nonces=b"".join([event.nonce for event in events]),
        clocks=_planes("Q", _deltas([event.hlc for event in events])),
        dates=_planes("i", [event.on - _day(event.hlc) for event in events]),
        offsets=_planes("h", [event.offset for event in events]),
        facts_state=bytes([_state(event.facts, event.facts_commitment) for event in events]),
        facts_sizes=_planes("H", [len(event.facts.text) for event in events if event.facts]),
        salts=b"".join([event.facts.salt for event in events if event.facts]),
        facts=b"".join([event.facts.text for event in events if event.facts]),
        facts_commitments=b"".join([e.facts_commitment for e in events if not e.facts and e.facts_commitment != ZERO]),
        private_state=bytes([_state(event.sealed, event.private_commitment) for event in events]),
        private_commitments=b"".join([e.private_commitment for e in events if e.private_commitment != ZERO]),
        sealed_sizes=_planes("H", [len(text) for text in sealed]),
        sealed=b"".join(sealed),
        signature=batch.signature,
    )


def unpack(wire: WireBatch) -> Batch:
    """The batch of a wire form, with every hash computed from what arrived.

    Raises RemoteProtocolError when the columns do not fit each other, LimitExceeded over a limit of format 1.
    """
    count = wire.count
    names = [_checked(wire.types, number) for number in _column("H", wire.type_index, count)]
    versions = _column("H", wire.versions, count)
    nonces = _run(wire.nonces, NONCE_BYTES, count)
    clocks = _sums(_column("Q", wire.clocks, count))
    dates = _column("i", wire.dates, count)
    offsets = _column("h", wire.offsets, count)
    facts, facts_commitments = _facts(wire, count)
    sealed, private_commitments = _sealed(wire, count)
    if wire.first_seq < 1 or wire.first_seq + count > INTEGER_MAX:
        raise RemoteProtocolError(f"seq {wire.first_seq} is out of range")
    user, device, epoch = wire.user, wire.device, wire.epoch
    pack_fixed, label = FIXED.pack, EVENT_LABEL
    prev, events = wire.prev, []
    for number in range(count):
        seq, hlc, name = wire.first_seq + number, clocks[number], names[number]
        on = dates[number] + _day(hlc)
        try:
            header = pack_fixed(
                FORMAT,
                user,
                device,
                epoch,
                seq,
                hlc,
                nonces[number],
                on,
                offsets[number],
                versions[number],
                prev,
                facts_commitments[number],
                private_commitments[number],
            )
        except StructError as error:
            raise RemoteProtocolError(f"seq {seq} does not fit the header: {error}") from None
        hash_ = sha256(label + header + name.encode("ascii")).digest()
        events.append(
            Event(
                user,
                device,
                epoch,
                seq,
                hlc,
                nonces[number],
                on,
                offsets[number],
                versions[number],
                prev,
                facts_commitments[number],
                private_commitments[number],
                name,
                hash_,
                facts[number],
                None,
                sealed[number],
            )
        )
        prev = hash_
    return Batch(tuple(events), wire.signature)


def _facts(wire: WireBatch, count: int) -> tuple[list[Part | None], list[bytes]]:
    states = _states(wire.facts_state, count)
    present = states.count(PRESENT)
    sizes = _column("H", wire.facts_sizes, present)
    salts = _run(wire.salts, SALT_BYTES, present)
    texts = _cut(wire.facts, sizes, FACTS_BYTES_MAX)
    given = iter(_commitments(wire.facts_commitments, states.count(ABSENT)))
    arrived = iter([Part(salt, text) for salt, text in zip(salts, texts, strict=True)])
    parts: list[Part | None] = []
    commitments: list[bytes] = []
    for state in states:
        if state == PRESENT:
            part = next(arrived)
            parts.append(part)
            commitments.append(sha256(FACTS_LABEL + part.salt + part.text).digest())
        else:
            parts.append(None)
            commitments.append(ZERO if state == NONE else next(given))
    return parts, commitments


def _sealed(wire: WireBatch, count: int) -> tuple[list[bytes | None], list[bytes]]:
    states = _states(wire.private_state, count)
    texts = iter(_cut(wire.sealed, _column("H", wire.sealed_sizes, states.count(PRESENT)), SEALED_BYTES_MAX))
    given = iter(_commitments(wire.private_commitments, count - states.count(NONE)))
    return (
        [next(texts) if state == PRESENT else None for state in states],
        [ZERO if state == NONE else next(given) for state in states],
    )


def _commitments(run: bytes, count: int) -> list[bytes]:
    commitments = _run(run, len(ZERO), count)
    if ZERO in commitments:
        # It would be packed again as "none", and then nobody who got it from us could read the batch.
        raise RemoteProtocolError("a part that its event does not commit to")
    return commitments


def _state(part: Part | bytes | None, commitment: bytes) -> int:
    if part is not None:
        return PRESENT
    return NONE if commitment == ZERO else ABSENT


def _states(column: bytes, count: int) -> bytes:
    if len(column) != count or column.strip(b"\0\1\2"):
        raise RemoteProtocolError("a state column that does not fit")
    return column


def _checked(types: list[str], number: int) -> str:
    if number >= len(types) or not types[number].isascii():
        raise RemoteProtocolError(f"type {number} is not in the batch's table, or not ASCII")
    return types[number]


def _day(hlc: int) -> int:
    return (hlc >> COUNTER_BITS) // _DAY_MS


def _deltas(values: Iterable[int]) -> Iterator[int]:
    before = 0
    for value in values:
        # Modulo 2^64: a clock may step back, and the sum comes out right all the same.
        yield (value - before) & _MASK
        before = value


def _sums(deltas: list[int]) -> list[int]:
    sums, total = [], 0
    for delta in deltas:
        total = (total + delta) & _MASK
        if total > INTEGER_MAX:
            raise RemoteProtocolError("a clock value over 2^63")
        sums.append(total)
    return sums


def _planes(kind: str, values: Iterable[int]) -> bytes:
    column = array(kind, values)
    if sys.byteorder == "big":
        column.byteswap()
    raw, width = column.tobytes(), column.itemsize
    return b"".join([raw[plane::width] for plane in range(width)])


def _column(kind: str, planes: bytes, count: int) -> list[int]:
    column = array(kind)
    width = column.itemsize
    if len(planes) != width * count:
        raise RemoteProtocolError(f"a column of {len(planes)} bytes, not {width * count}")
    raw = bytearray(len(planes))
    for plane in range(width):
        raw[plane::width] = planes[plane * count : (plane + 1) * count]
    column.frombytes(bytes(raw))
    if sys.byteorder == "big":
        column.byteswap()
    return column.tolist()


def _run(run: bytes, width: int, count: int) -> list[bytes]:
    if len(run) != width * count:
        raise RemoteProtocolError(f"a run of {len(run)} bytes, not {width * count}")
    return [run[at : at + width] for at in range(0, len(run), width)]


def _cut(run: bytes, sizes: list[int], size_max: int) -> list[bytes]:
    if sum(sizes) != len(run):
        raise RemoteProtocolError("texts that do not fit their sizes")
    if sizes and max(sizes) > size_max:
        raise LimitExceeded(f"a part of {max(sizes)} bytes is over {size_max}")
    texts, at = [], 0
    for size in sizes:
        texts.append(run[at : at + size])
        at += size
    return texts
