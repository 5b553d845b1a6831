"""HPKE with the ephemeral key given, so that a seed decides every byte. The product draws it from the system.

RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; what it makes, the product's library opens.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEM = b"KEM" + (0x0020).to_bytes(2, "big")
_SUITE = b"HPKE" + (0x0020).to_bytes(2, "big") + (0x0001).to_bytes(2, "big") + (0x0002).to_bytes(2, "big")


def wrap(user_key: bytes, public: bytes, info: bytes) -> bytes:
    """As `milepost.keys.wrap`, but with an ephemeral key that follows from what is wrapped, and for whom."""
    ephemeral = X25519PrivateKey.from_private_bytes(hashlib.sha256(user_key + public + info).digest())
    encapsulated = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    secret = _expand(_KEM, _extract(_KEM, b"", b"eae_prk", shared), b"shared_secret", encapsulated + public, 32)
    context = b"\0" + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    root = _extract(_SUITE, secret, b"secret", b"")
    key = _expand(_SUITE, root, b"key", context, 32)
    nonce = _expand(_SUITE, root, b"base_nonce", context, 12)
    return encapsulated + AESGCM(key).encrypt(nonce, user_key, b"")


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, context: bytes, size: int) -> bytes:
    # One block is enough: nothing here is longer than a SHA-256.
    block = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    return hmac.digest(key, block + b"\1", "sha256")[:size]
