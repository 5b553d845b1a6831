"""Short names: the random part of an event's id in base32, as far as somebody typed it. Standard library only."""

from milepost.errors import NotFound
from milepost.event import NONCE_BYTES
from milepost.ids import EVENT_ID_BYTES, from_base32

PREFIX_MIN = 3
NONCE_CHARACTERS = 16
ID_CHARACTERS = 26


def whole_id(text: str) -> bytes:
    """The id that `text` spells out. Raises NotFound where it is none."""
    return _bytes_of(text, EVENT_ID_BYTES)


def nonces(prefix: str) -> tuple[bytes, bytes]:
    """The lowest and the highest random part whose name begins with `prefix`.

    Raises NotFound where the prefix is too short to say anything, or begins no name.
    """
    if len(prefix) < PREFIX_MIN:
        raise NotFound(f"{prefix!r} is too short a name", remedy=f"type at least {PREFIX_MIN} characters")
    typed = prefix.replace("-", "")
    low, high = (typed.ljust(NONCE_CHARACTERS, digit) for digit in "0z")
    return _bytes_of(low, NONCE_BYTES), _bytes_of(high, NONCE_BYTES)


def _bytes_of(text: str, size: int) -> bytes:
    try:
        return from_base32(text, size)
    except ValueError as error:
        raise NotFound(str(error), remedy="`mp log` lists the entries") from None
