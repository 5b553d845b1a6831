"""The erasure of an account: what its member signs, and what the server signs when it is done (privacy.md).

The statement names the server it is made for, by key: one made for this server erases nothing at another. Repeating it
is harmless, for an account is erased once, and stays so.
"""

from typing import NamedTuple

from milepost.keys import SigningKey, name_of, verify

ERASE_LABEL = b"milepost/erase/1\0"
ERASED_LABEL = b"milepost/erased/1\0"
BY_IDENTITY = bytes(16)


class Statement(NamedTuple):
    """ "Erase my account at the server with this key", by a device of it, or by its identity (`by` None)."""

    user: bytes
    server_key: bytes
    by: bytes | None
    signature: bytes = b""

    @property
    def signed(self) -> bytes:
        """The bytes under the signature: label, then the fields in order; `by` is zeros for the identity."""
        return ERASE_LABEL + self.server_key + self.user + (self.by or BY_IDENTITY)

    def is_by(self, public: bytes) -> bool:
        """Whether the holder of that key signed it, and is who it says."""
        return name_of(public) == (self.by or self.user) and verify(public, self.signature, self.signed)


def erasing(user: bytes, server_key: bytes, by: bytes | None, signer: SigningKey) -> Statement:
    """The statement, signed by a device's key, or by the identity's where `by` is None."""
    bare = Statement(user, server_key, by)
    return bare._replace(signature=signer.sign(bare.signed))


class ErasureReceipt(NamedTuple):
    """The server's word that an account was erased, at a Unix ms."""

    key_id: bytes
    user: bytes
    at: int
    signature: bytes = b""

    @property
    def signed(self) -> bytes:
        """The bytes under the signature: label, then the fields in order, the time as eight bytes."""
        return ERASED_LABEL + self.key_id + self.user + self.at.to_bytes(8, "big")

    def is_by(self, public: bytes) -> bool:
        """Whether the server with that key signed it."""
        return name_of(public) == self.key_id and verify(public, self.signature, self.signed)


def erased(key: SigningKey, user: bytes, at: int) -> ErasureReceipt:
    """The receipt, signed. The same erasure has the same receipt each time."""
    bare = ErasureReceipt(key.name, user, at)
    return bare._replace(signature=key.sign(bare.signed))
