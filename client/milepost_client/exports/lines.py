"""The lines of a JSON Lines export: one struct a kind, and the event that a line holds.

A line can be checked on its own: it has all that the event's hash was made of. Texts of parts are strings, not objects:
whoever reads them with any JSON library gets the very bytes that their author hashed. docs/reference/exports.md.
"""

from datetime import date
from struct import error as StructError
from typing import Final

import msgspec

from milepost.errors import ChainBroken
from milepost.event import (
    FACTS_LABEL,
    NONCE_BYTES,
    PRIVATE_LABEL,
    SALT_BYTES,
    ZERO,
    Event,
    Part,
    check_limits,
    commit,
    hash_header,
    pack_header,
)
from milepost.ids import EVENT_ID_BYTES, base32, base64url, from_base32, from_base64url
from milepost.projections.calendar import FIRST_DAY, LAST_DAY, day_number, iso_day

FORMAT: Final = "milepost log 1"
HASH_BYTES = 32
NAME_BYTES = 16


class Follows(msgspec.Struct, frozen=True):
    """The server data that this log follows, and up to which position."""

    incarnation: str
    position: int


class Server(msgspec.Struct, frozen=True):
    """The server that was joined, and its public key."""

    url: str
    key: str


class Opening(msgspec.Struct, frozen=True, tag="log", tag_field="kind", omit_defaults=True):
    """The first line: whose log it is, which device wrote the file, and to which line that device appends.

    `lineage` is a JSON text: the enrolments that reach from the identity to the device, where their logs may not be
    here.
    """

    format: str
    user: str
    device: str
    line: int
    server: Server | None = None
    follows: Follows | None = None
    lineage: str | None = None


class Incarnation(msgspec.Struct, frozen=True, tag="incarnation", tag_field="kind"):
    """A set of server data that gave receipts, in the order in which they were met."""

    id: str
    key: str


class Erased(msgspec.Struct, frozen=True, tag="erased", tag_field="kind"):
    """An event whose parts are gone for good."""

    id: str


class Texts(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part: `salt` and `text` (`base64` where it is not UTF-8), or what is left without them."""

    salt: str | None = None
    text: str | None = None
    base64: str | None = None
    commitment: str | None = None
    sealed: str | None = None


class EventLine(msgspec.Struct, frozen=True, tag="event", tag_field="kind", omit_defaults=True):
    """One event, with everything its hash was made of but the user, who is in the first line."""

    id: str
    on: str | int
    type: str
    line: int
    device: str
    epoch: int
    seq: int
    clock: int
    offset: int
    version: int
    prev: str
    hash: str
    facts: Texts | None = None
    private: Texts | None = None


class Head(msgspec.Struct, frozen=True, tag="head", tag_field="kind"):
    """A device's signature over everything up to `last_seq` of a line; the batch began at `first_seq`."""

    line: int
    first_seq: int
    last_seq: int
    signature: str


class ReceiptLine(msgspec.Struct, frozen=True, tag="receipt", tag_field="kind"):
    """A server's signed word that it holds these events."""

    key: str
    incarnation: str
    device: str
    epoch: int
    first_seq: int
    last_seq: int
    last_hash: str
    first_position: int
    received_at: int
    signature: str


class End(msgspec.Struct, frozen=True, tag="end", tag_field="kind"):
    """The last line: SHA-256 of all bytes before it, signed by the device; unsigned where its key is not there."""

    events: int
    sha256: str
    signature: str | None


Line = Opening | Incarnation | Erased | EventLine | Head | ReceiptLine | End


def line_of(event: Event, line: int) -> EventLine:
    """The line of an event that stands in that line of the log."""
    return EventLine(
        id=base32(event.id),
        on=iso_day(event.on) if FIRST_DAY <= event.on <= LAST_DAY else event.on,
        type=event.type,
        line=line,
        device=base64url(event.device),
        epoch=event.epoch,
        seq=event.seq,
        clock=event.hlc,
        offset=event.offset,
        version=event.version,
        prev=base64url(event.prev),
        hash=base64url(event.hash),
        facts=_texts(event.facts, event.facts_commitment, None),
        private=_texts(event.private, event.private_commitment, event.sealed),
    )


def event_of(line: EventLine, user: bytes) -> Event:
    """The event of a line. Raises ChainBroken where it is not what was hashed, LimitExceeded over a limit."""
    try:
        event = _unhashed(line, user)
        hash_ = hash_header(pack_header(event))
    except (ValueError, StructError) as error:
        raise ChainBroken(f"event {line.id} is not what was hashed: {error}") from None
    if hash_ != event.hash or event.id != from_base32(line.id, EVENT_ID_BYTES):
        raise ChainBroken(f"event {line.id} is not what was hashed: the line was changed")
    return event


def named(text: str, size: int) -> bytes:
    """The `size` bytes of a key, a hash or a signature. Raises ValueError."""
    raw = from_base64url(text)
    if len(raw) != size:
        raise ValueError(f"{text!r} is not {size} bytes")
    return raw


def _unhashed(line: EventLine, user: bytes) -> Event:
    facts, facts_commitment = _part(line.facts, FACTS_LABEL)
    private, private_commitment = _part(line.private, PRIVATE_LABEL)
    check_limits(line.type, facts, private)
    id_ = from_base32(line.id, EVENT_ID_BYTES)
    return Event(
        user=user,
        device=named(line.device, NAME_BYTES),
        epoch=line.epoch,
        seq=line.seq,
        hlc=line.clock,
        nonce=id_[-NONCE_BYTES:],
        on=line.on if isinstance(line.on, int) else day_number(date.fromisoformat(line.on)),
        offset=line.offset,
        version=line.version,
        prev=named(line.prev, HASH_BYTES),
        facts_commitment=facts_commitment,
        private_commitment=private_commitment,
        type=line.type,
        hash=named(line.hash, HASH_BYTES),
        facts=facts,
        private=private,
        sealed=from_base64url(line.private.sealed) if line.private and line.private.sealed else None,
    )


def _texts(part: Part | None, commitment: bytes, sealed: bytes | None) -> Texts | None:
    if part is None:
        if commitment == ZERO:
            return None
        return Texts(commitment=base64url(commitment), sealed=None if sealed is None else base64url(sealed))
    try:
        return Texts(salt=base64url(part.salt), text=part.text.decode("utf-8"))
    except UnicodeDecodeError:
        return Texts(salt=base64url(part.salt), base64=base64url(part.text))


def _part(texts: Texts | None, label: bytes) -> tuple[Part | None, bytes]:
    if texts is None:
        return None, ZERO
    if texts.salt is None:
        return None, named(texts.commitment or "", HASH_BYTES)
    text = from_base64url(texts.base64) if texts.base64 is not None else (texts.text or "").encode("utf-8")
    part = Part(named(texts.salt, SALT_BYTES), text)
    return part, commit(label, part)
