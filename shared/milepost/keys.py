"""Keys: the identity from a recovery secret, device keys, user keys and their wraps, signatures (privacy.md, Sealing).

`cryptography` does the work; this file fixes what is derived from what and which bytes are signed. Randomness comes in
from outside, but for the ephemeral key inside a wrap, which the library draws itself.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic

from milepost.errors import BadSignature, CheckRefused

RECOVERY_SECRET_BYTES = 16
SEED_BYTES = 32
USER_KEY_BYTES = 32

ENROL_LABEL = b"milepost/enrol/1\0"
KID_LABEL = b"milepost/kid/1\0"
WRAP_LABEL = b"milepost/wrap/1\0"

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

#: wrap(user key, X25519 public key, info) -> bytes; the simulation passes one that draws from its seed.
Wrap = Callable[[bytes, bytes, bytes], bytes]


class SigningKey:
    """An Ed25519 key. `public` is 32 bytes; `name` its first 16 of SHA-256: how devices and users are called."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    @property
    def name(self) -> bytes:
        return name_of(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes, the same for the same data."""
        return self._key.sign(data)


class AgreementKey:
    """An X25519 key, to which user keys are wrapped."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes | None:
        """The user key inside, or None when it was wrapped to another key or for another account."""
        try:
            return _SUITE.decrypt(wrapped, self._key, info)
        except Exception as error:  # the library raises ValueError, InvalidTag or its own, by version
            if isinstance(error, (MemoryError, RecursionError)):
                raise
            return None

    def agree(self, public: bytes) -> bytes:
        """The 32 shared bytes of this key and another's public half. Raises BadSignature for a low-order point."""
        try:
            return self._key.exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError as error:
            raise BadSignature(f"the other device's agreement key is not a usable X25519 key: {error}") from None


class DeviceKeys(NamedTuple):
    """What a device holds: it signs with one key and receives user keys under the other."""

    signing: SigningKey
    agreement: AgreementKey

    @classmethod
    def from_seeds(cls, signing_seed: bytes, agreement_seed: bytes) -> "DeviceKeys":
        return cls(SigningKey(signing_seed), AgreementKey(agreement_seed))

    @property
    def device(self) -> bytes:
        """The device id: the name of its signing key."""
        return self.signing.name


class Identity(NamedTuple):
    """The root of trust of one member, derived from the recovery secret and nothing else."""

    signing: SigningKey
    recovery: AgreementKey

    @classmethod
    def from_secret(cls, secret: bytes) -> "Identity":
        """The identity of a 16-byte recovery secret."""
        return cls(
            SigningKey(derive(secret, b"milepost/identity/1\0", SEED_BYTES)),
            AgreementKey(derive(secret, b"milepost/recovery/1\0", SEED_BYTES)),
        )

    @property
    def user(self) -> bytes:
        """The user id: the name of the identity key."""
        return self.signing.name


class Enrolment(NamedTuple):
    """A device's first event, as facts: its keys, the account's root keys, and who vouches for it.

    `by` is the 16-byte device id of the enrolled device that signed, or None for the identity itself.
    """

    device: bytes
    signing: bytes
    agreement: bytes
    identity: bytes
    recovery: bytes
    by: bytes | None
    signature: bytes = b""

    @property
    def user(self) -> bytes:
        return name_of(self.identity)

    @property
    def signed(self) -> bytes:
        """The bytes under the signature: label, then the fields in order; `by` is zeros for the identity."""
        return (
            ENROL_LABEL
            + self.user
            + self.device
            + self.signing
            + self.agreement
            + self.identity
            + self.recovery
            + (self.by or bytes(16))
        )

    def check_names(self) -> None:
        """Raise BadSignature when the device is not named after its own key."""
        if name_of(self.signing) != self.device:
            raise BadSignature(f"device {self.device.hex()[:8]} is not named after its key")


def enrol(keys: DeviceKeys, identity: bytes, recovery: bytes, by: bytes | None, signer: SigningKey) -> Enrolment:
    """An enrolment of `keys`, signed by `signer` (the identity key when `by` is None)."""
    bare = Enrolment(keys.device, keys.signing.public, keys.agreement.public, identity, recovery, by)
    return bare._replace(signature=signer.sign(bare.signed))


def name_of(public: bytes) -> bytes:
    """The 16 bytes that name a signing key."""
    return sha256(public).digest()[:16]


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` is by the holder of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def derive(secret: bytes, info: bytes, size: int, salt: bytes | None = None) -> bytes:
    """HKDF-SHA256."""
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)


def kid_of(user_key: bytes) -> bytes:
    """The 16 bytes that name a user key without giving it away."""
    return sha256(KID_LABEL + user_key).digest()[:16]


def wrap_info(user: bytes, kid: bytes) -> bytes:
    """What binds a wrap to one account and one key."""
    return WRAP_LABEL + user + kid


def wrap(user_key: bytes, public: bytes, info: bytes) -> bytes:
    """HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) of a user key to a device or to recovery."""
    return _SUITE.encrypt(user_key, X25519PublicKey.from_public_bytes(public), info)


def words_of(secret: bytes) -> str:
    """A recovery secret as twelve words (an encoding only, with four bits of checksum)."""
    return Mnemonic("english").to_mnemonic(secret)


def secret_of(words: str) -> bytes:
    """The recovery secret that twelve words spell. Raises CheckRefused naming the first wrong word."""
    book = Mnemonic("english")
    given = words.lower().split()
    if len(given) != 12:
        raise CheckRefused(f"{len(given)} words are not 12", code="recovery_words", remedy="type all twelve, in order")
    known = set(book.wordlist)
    for number, word in enumerate(given, 1):
        if word not in known:
            raise CheckRefused(
                f"word {number}, {word!r}, is not on the list", code="recovery_words", remedy="check its spelling"
            )
    if not book.check(" ".join(given)):
        raise CheckRefused(
            "the words are all on the list, but not these twelve in this order",
            code="recovery_words",
            remedy="check the order and look for a word misread as another",
        )
    return bytes(book.to_entropy(given))
