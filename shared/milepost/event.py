"""An event: header, parts, commitments and hash, byte for byte (log.md, format 1).

The header is hashed and never changes; it commits to the two parts but does not hold them, so a part can be erased and
the chain still verifies. Standard library only: the append path imports this.
"""

from struct import Struct

from milepost.errors import ChainBroken, LimitExceeded
from milepost.light import NamedTuple, sha256

FORMAT = 1
ZERO = bytes(32)

TYPE_BYTES_MAX = 64
FACTS_BYTES_MAX = 8 * 1024
PRIVATE_BYTES_MAX = 32_752
SALT_BYTES = 16
NONCE_BYTES = 10
INTEGER_MAX = (1 << 63) - 1

# format | user | device | epoch | seq | hlc | nonce | on | offset | version | prev | facts | private, then the type.
FIXED = Struct(">B16s16sIQQ10sihH32s32s32s")
EVENT_LABEL = b"milepost/event/1\0"
FACTS_LABEL = b"milepost/facts/1\0"
PRIVATE_LABEL = b"milepost/private/1\0"


class Part(NamedTuple):
    """One part as its author wrote it: 16 random bytes, then compact UTF-8 JSON, never re-encoded."""

    salt: bytes
    text: bytes


class Event(NamedTuple):
    """An event with as much of its parts as this holder has.

    `on` is days since 1970-01-01, `offset` minutes east of UTC, `hlc` a clock value, `prev` and the commitments
    32 bytes (zeros: none). `sealed` is private text under a key (`milepost.sealing`), kept where it cannot be opened.
    A part that is absent though its commitment is not zero was erased, or has not arrived.
    """

    user: bytes
    device: bytes
    epoch: int
    seq: int
    hlc: int
    nonce: bytes
    on: int
    offset: int
    version: int
    prev: bytes
    facts_commitment: bytes
    private_commitment: bytes
    type: str
    hash: bytes
    facts: Part | None = None
    private: Part | None = None
    sealed: bytes | None = None

    @property
    def id(self) -> bytes:
        """The event's name for ever: the milliseconds of its clock, then its nonce."""
        return event_id(self.hlc, self.nonce)

    @property
    def header(self) -> bytes:
        """The hashed bytes, rebuilt from the columns."""
        return pack_header(self)


_HASH = Event._fields.index("hash")


def event_id(hlc: int, nonce: bytes) -> bytes:
    """Sixteen bytes, time-led so that an index on them stays local."""
    return (hlc >> 16).to_bytes(6, "big") + nonce


def commit(label: bytes, part: Part) -> bytes:
    """The commitment to a part, under FACTS_LABEL or PRIVATE_LABEL."""
    return sha256(label + part.salt + part.text).digest()


def pack_header(event: Event) -> bytes:
    """The header bytes of an event."""
    return FIXED.pack(
        FORMAT,
        event.user,
        event.device,
        event.epoch,
        event.seq,
        event.hlc,
        event.nonce,
        event.on,
        event.offset,
        event.version,
        event.prev,
        event.facts_commitment,
        event.private_commitment,
    ) + event.type.encode("ascii")


def hash_header(header: bytes) -> bytes:
    """The hash that names an event at its place."""
    return sha256(EVENT_LABEL + header).digest()


def unpack_header(header: bytes) -> Event:
    """The event that a header describes, without parts.

    Raises ChainBroken for an unknown format, a wrong length or an integer out of range, LimitExceeded for a type name
    that is too long.
    """
    if len(header) <= FIXED.size or header[0] != FORMAT:
        raise ChainBroken(f"a header of {len(header)} bytes and format {header[:1].hex() or 'none'} is not format 1")
    name = header[FIXED.size :]
    if len(name) > TYPE_BYTES_MAX or not name.isascii():
        raise LimitExceeded(f"a type name of {len(name)} bytes is over {TYPE_BYTES_MAX}, or not ASCII")
    fields = FIXED.unpack_from(header)
    if max(fields[4], fields[5]) > INTEGER_MAX:
        raise ChainBroken("a header with an integer over 2^63 - 1")
    return Event._make((*fields[1:], name.decode("ascii"), hash_header(header), None, None, None))


def make(
    *,
    user: bytes,
    device: bytes,
    epoch: int,
    seq: int,
    hlc: int,
    nonce: bytes,
    on: int,
    offset: int,
    type: str,
    version: int,
    prev: bytes,
    facts: Part | None,
    private: Part | None,
) -> Event:
    """A new event with its commitments and hash. Raises LimitExceeded over a limit of format 1."""
    check_limits(type, facts, private)
    event = Event(
        user,
        device,
        epoch,
        seq,
        hlc,
        nonce,
        on,
        offset,
        version,
        prev,
        commit(FACTS_LABEL, facts) if facts else ZERO,
        commit(PRIVATE_LABEL, private) if private else ZERO,
        type,
        ZERO,
        facts,
        private,
        None,
    )
    # Not `_replace`: an import makes a hundred thousand of these.
    return Event._make((*event[:_HASH], hash_header(pack_header(event)), facts, private, None))


def check_limits(type: str, facts: Part | None, private: Part | None) -> None:
    """Raise LimitExceeded where an event would not fit format 1; called before anything is written."""
    if not 0 < len(type) <= TYPE_BYTES_MAX or not type.isascii():
        raise LimitExceeded(f"type {type!r} is not 1..{TYPE_BYTES_MAX} ASCII characters", field="type")
    if facts is not None and len(facts.text) > FACTS_BYTES_MAX:
        raise LimitExceeded(
            f"facts of {len(facts.text)} bytes are over {FACTS_BYTES_MAX}", field="facts", remedy="shorten the entry"
        )
    if private is not None and len(private.text) > PRIVATE_BYTES_MAX:
        raise LimitExceeded(
            f"a text of {len(private.text)} bytes is over {PRIVATE_BYTES_MAX}",
            field="private",
            remedy="split it into two entries, or keep the text in a file and link it",
        )
