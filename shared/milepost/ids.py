"""Names: how ids, keys and hashes are written for people and in JSON.

Entity ids are 10 random bytes as 16 characters of lower-case Crockford base32, event ids 16 bytes as 26,
keys, hashes and signatures base64url without padding (log.md). Standard library only: the append path imports this.
"""

from binascii import a2b_base64, b2a_base64

from milepost.light import NewType

EntityId = NewType("EntityId", str)

ENTITY_BYTES = 10
EVENT_ID_BYTES = 16

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
# Two digits at a time: folding names every standing write.
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
# Crockford: what people misread is read as what was meant.
_VALUES.update({digit.upper(): value for digit, value in list(_VALUES.items())})
_VALUES.update({"o": 0, "O": 0, "i": 1, "I": 1, "l": 1, "L": 1})


def base32(raw: bytes) -> str:
    """Crockford base32 of `raw` in lower case; zero bits are added in front, as in a ULID."""
    number = int.from_bytes(raw, "big")
    count = (len(raw) * 8 + 4) // 5
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(count // 2 * 10 - 10, -1, -10)]
    return "".join(pairs) if count % 2 == 0 else _DIGITS[number >> count * 5 - 5] + "".join(pairs)


def from_base32(text: str, size: int) -> bytes:
    """The `size` bytes that `text` names; hyphens, case and the usual misreadings are forgiven.

    Raises ValueError when a character is none of the alphabet, or the length or the value does not fit.
    """
    text = text.replace("-", "")
    if len(text) != (size * 8 + 4) // 5:
        raise ValueError(f"{text!r} has {len(text)} characters, not {(size * 8 + 4) // 5}")
    number = 0
    for character in text:
        value = _VALUES.get(character)
        if value is None:
            raise ValueError(f"{character!r} in {text!r} is not a base32 character")
        number = number << 5 | value
    try:
        return number.to_bytes(size, "big")
    except OverflowError:
        raise ValueError(f"{text!r} does not fit {size} bytes") from None


def base64url(raw: bytes) -> str:
    """base64url without padding, for keys, hashes and signatures."""
    return b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of canonical base64url without padding. Raises ValueError for anything else."""
    try:
        raw = a2b_base64(text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4))
    except (ValueError, UnicodeEncodeError):
        raise ValueError(f"{text!r} is not base64url") from None
    # a2b_base64 skips what it does not know; only the one canonical spelling of the bytes may pass.
    if base64url(raw) != text:
        raise ValueError(f"{text!r} is not base64url without padding")
    return raw


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
