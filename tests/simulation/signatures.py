"""Signatures, checked once: a run meets the same receipt and the same enrolment hundreds of times.

The answer is the library's own; only asking it again is left out. Half of a run's time went there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import milepost.keys


@lru_cache(maxsize=50_000)
def _holds(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


class _Remembering:
    """Stands in for the library's key where `milepost.keys.verify` makes one."""

    def __init__(self, public: bytes) -> None:
        self._public = public

    @classmethod
    def from_public_bytes(cls, public: bytes) -> "_Remembering":
        return cls(public)

    def verify(self, signature: bytes, data: bytes) -> None:
        if not _holds(self._public, signature, data):
            raise InvalidSignature


@contextmanager
def remembered() -> Iterator[None]:
    """While this is open, equal questions get the first answer."""
    keys: Any = milepost.keys
    keys.Ed25519PublicKey = _Remembering
    try:
        yield
    finally:
        keys.Ed25519PublicKey = Ed25519PublicKey
