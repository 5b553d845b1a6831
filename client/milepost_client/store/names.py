"""Short names: the random part of an event's id in base32, as far as somebody typed it. Standard library only."""

from milepost.errors import NotFound
from milepost.event import NONCE_BYTES
from milepost.ids import EVENT_ID_BYTES, from_base32

PREFIX_MIN = 3
NONCE_CHARACTERS = 16
ID_CHARACTERS = 26
_LISTED = "`mp log` lists the entries"


def whole_id(text: str) -> bytes:
    """The id that `text` spells out. Raises NotFound where it is none."""
    try:
        return from_base32(text, EVENT_ID_BYTES)
    except ValueError as error:
        raise NotFound(str(error), remedy=_LISTED) from None


def nonces(prefix: str) -> tuple[bytes, bytes]:
    """The lowest and the highest random part whose name begins with `prefix`.

    Raises NotFound where the prefix is too short to say anything, or begins no name.
    """
    if len(prefix) < PREFIX_MIN:
        raise NotFound(f"{prefix!r} is too short a name", remedy=f"type at least {PREFIX_MIN} characters")
    typed = prefix.replace("-", "")
    low, high = (typed.ljust(NONCE_CHARACTERS, digit) for digit in "0z")
    try:
        return from_base32(low, NONCE_BYTES), from_base32(high, NONCE_BYTES)
    except ValueError:
        raise NotFound(f"nothing is called {prefix!r}, and no id begins so", remedy=_LISTED) from None
