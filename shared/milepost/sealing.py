"""Private text under a user key: AES-256-GCM-SIV, bound to its event, padded to a bucket (privacy.md, Sealing).

The header commits to text and salt, so a nonce taken from the event hash never meets two texts, sealing again gives the
same bytes, and cloned machines are harmless. Sealing happens at the edge: the append path knows nothing of it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from milepost.event import PRIVATE_LABEL, SALT_BYTES, Event, Part, commit
from milepost.keys import kid_of

SEAL_LABEL = b"milepost/seal/1\0"
KID_BYTES = 16
TAG_BYTES = 16
BUCKET_BYTES_MIN = 64


class UserKey(NamedTuple):
    """A user key and its name."""

    kid: bytes
    key: bytes

    @classmethod
    def of(cls, key: bytes) -> "UserKey":
        return cls(kid_of(key), key)


def bucket(size: int) -> int:
    """The padded size: 64, 128, 256, ... bytes, so that a length says little about a text."""
    padded = BUCKET_BYTES_MIN
    while padded < size:
        padded *= 2
    return padded


def seal(user_key: UserKey, event_hash: bytes, part: Part) -> bytes:
    """kid + ciphertext of salt and text, zero-padded to a bucket (a JSON text ends in no zero byte)."""
    clear = part.salt + part.text
    clear = clear.ljust(bucket(len(clear)), b"\0")
    return user_key.kid + AESGCMSIV(user_key.key).encrypt(event_hash[:12], clear, _bound_to(user_key.kid, event_hash))


def kid_in(sealed: bytes) -> bytes:
    """The name of the key that a sealed text needs."""
    return sealed[:KID_BYTES]


def unseal(keys: Mapping[bytes, bytes], event: Event) -> Part | None:
    """The private part of `event`, or None when no key opens it or it is not the text its author committed to.

    `keys` maps kid to user key.
    """
    if event.sealed is None or len(event.sealed) < KID_BYTES + TAG_BYTES + SALT_BYTES:
        return None
    kid = kid_in(event.sealed)
    key = keys.get(kid)
    if key is None:
        return None
    try:
        clear = AESGCMSIV(key).decrypt(event.hash[:12], event.sealed[KID_BYTES:], _bound_to(kid, event.hash))
    except (InvalidTag, ValueError):
        return None
    part = Part(clear[:SALT_BYTES], clear[SALT_BYTES:].rstrip(b"\0"))
    # Whoever holds the key could have sealed another text; only what the header commits to is the author's.
    return part if commit(PRIVATE_LABEL, part) == event.private_commitment else None


def _bound_to(kid: bytes, event_hash: bytes) -> bytes:
    return SEAL_LABEL + kid + event_hash
