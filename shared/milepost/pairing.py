"""Pairing: a new device and an old one of the same member, over a meeting place that neither trusts (sync.md, Devices).

    new                                   old
    code (digest of its offer)  ------->  typed or scanned, outside the meeting place
    offer  (keys, SHA-256 of n1) ------>
           <----------------------------  answer (its keys, the account, the server's key, n2)
    reveal (n1) ------------------------>
           six digits: shown on the old one, typed on the new one
    confirm (sealed name, a MAC) ------->  shows the name, asks its member
           <----------------------------  welcome (sealed: enrolment, how the old one reaches the identity)

The code binds the offer and the offer binds n1, so the meeting place must choose what it says to either side before
it can know the digits: one guess in a million, one attempt. Pure: whoever calls brings randomness and carries the
blobs.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from milepost.errors import BadSignature, UserError
from milepost.ids import base32, from_base32
from milepost.keys import DeviceKeys, Enrolment, derive, name_of
from milepost.trust import enrolment_of, facts_of

OFFER_LABEL = b"milepost/pair-offer/1\0"
NONCE_LABEL = b"milepost/pair-nonce/1\0"
TRANSCRIPT_LABEL = b"milepost/pair/1\0"
CONFIRM_INFO = b"milepost/pair-confirm/1\0"
WELCOME_INFO = b"milepost/pair-welcome/1\0"

CODE_PREFIX = "mp2-"
CODE_BYTES = 16
NONCE_BYTES = 32
DIGITS = 6
NAME_LENGTH_MAX = 64
LIFETIME_SECONDS = 300
_KEY_BYTES = 32
# Each key seals one message: the nonce has nothing to tell apart.
_NO_NONCE = bytes(12)

OFFER, ANSWER, REVEAL, CONFIRM, WELCOME = "offer", "answer", "reveal", "confirm", "welcome"


class PairingFailed(UserError):
    """The attempt is over; nothing was written on either device."""

    code = "pairing_failed"


class Account(NamedTuple):
    """What the old device tells of the account: its root keys, and the key of the server."""

    identity: bytes
    recovery: bytes
    server_key: bytes

    @property
    def user(self) -> bytes:
        return name_of(self.identity)


class Welcomed(NamedTuple):
    """What a paired device begins with: its enrolment, and those that lead from the identity to its signer."""

    account: Account
    enrolment: Enrolment
    lineage: tuple[Enrolment, ...]


class Code(NamedTuple):
    """What the new device shows. It is no secret."""

    digest: bytes

    @classmethod
    def read(cls, text: str) -> "Code":
        """The code that a member typed; case, spaces and hyphens do not matter. Raises PairingFailed."""
        plain = "".join(text.split()).lower()
        try:
            if not plain.startswith(CODE_PREFIX):
                raise ValueError
            return cls(from_base32(plain.removeprefix(CODE_PREFIX), CODE_BYTES))
        except ValueError:
            raise PairingFailed(f"{text!r} is not a pairing code", remedy="copy all of it, from `mp2-` on") from None

    @property
    def text(self) -> str:
        """As people see it: groups of four."""
        plain = base32(self.digest)
        return CODE_PREFIX + "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    @property
    def rendezvous(self) -> str:
        """The name under which the two meet. Random, because the keys behind it are."""
        return base32(sha256(OFFER_LABEL + self.digest).digest()[:CODE_BYTES])


class NewDevice:
    """The side that wants in. `nonce` is n1, 32 fresh random bytes."""

    def __init__(self, keys: DeviceKeys, nonce: bytes) -> None:
        self._keys = keys
        self._nonce = nonce
        self._account: Account | None = None
        self._transcript = b""
        self._shared = b""
        self._typed = False

    @property
    def offer(self) -> bytes:
        """The blob for OFFER."""
        return self._keys.signing.public + self._keys.agreement.public + _commit(self._nonce)

    @property
    def code(self) -> Code:
        """What to show as text and QR."""
        return code_of(self.offer)

    def answered(self, answer: bytes) -> bytes:
        """Take the blob of ANSWER; returns the one for REVEAL. Only now may n1 be known."""
        agreement, account, _ = _read_answer(answer)
        self._account = account
        self._transcript = _transcript(self.offer, answer, self._nonce)
        self._shared = self._keys.agreement.agree(agreement)
        return self._nonce

    def confirm(self, typed: str, name: str) -> bytes:
        """Compare the digits that the member typed, once; returns the blob for CONFIRM. Raises PairingFailed."""
        if self._typed or not self._transcript:
            raise PairingFailed("there is one attempt", remedy="begin again with a new code")
        self._typed = True
        if "".join(typed.split()) != digits_of(self._transcript):
            raise PairingFailed(
                "the digits differ: someone may be in between, or one was mistyped",
                code="pairing_digits",
                remedy="begin again with a new code",
            )
        return _seal(self._shared, CONFIRM_INFO, self._transcript, name[:NAME_LENGTH_MAX].encode("utf-8"))

    def welcomed(self, welcome: bytes) -> Welcomed:
        """Take the blob of WELCOME. Raises PairingFailed when it is not from the device that showed the digits."""
        if self._account is None or not self._typed:
            raise PairingFailed("the welcome came before the digits were typed")
        said = _open(self._shared, WELCOME_INFO, self._transcript, welcome)
        enrolments = _read_enrolments(said)
        own = enrolments[-1]
        if own.device != self._keys.device or own.identity != self._account.identity:
            raise PairingFailed("the enrolment is for another device or account")
        return Welcomed(self._account, own, tuple(enrolments[:-1]))


class OldDevice:
    """The side that lets in. `nonce` is n2, 32 fresh random bytes."""

    def __init__(self, code: Code, keys: DeviceKeys, account: Account, nonce: bytes) -> None:
        self._code = code
        self._keys = keys
        self._account = account
        self._nonce = nonce
        self._offer = b""
        self._transcript = b""
        self._shared = b""

    @property
    def answer(self) -> bytes:
        """The blob for ANSWER."""
        account = self._account
        keys = self._keys
        return (
            keys.signing.public
            + keys.agreement.public
            + account.identity
            + account.recovery
            + account.server_key
            + self._nonce
        )

    def offered(self, offer: bytes) -> None:
        """Take the blob of OFFER. Raises PairingFailed when it is not the one behind the code."""
        if len(offer) != 3 * _KEY_BYTES or code_of(offer) != self._code:
            raise PairingFailed("what the server shows is not what the code was made from", code="pairing_offer")
        self._offer = offer

    def revealed(self, nonce: bytes) -> str:
        """Take the blob of REVEAL; returns the six digits to show. Raises PairingFailed."""
        if not self._offer or _commit(nonce) != self._offer[2 * _KEY_BYTES :]:
            raise PairingFailed("the other device revealed another number than it had promised", code="pairing_reveal")
        self._transcript = _transcript(self._offer, self.answer, nonce)
        self._shared = self._keys.agreement.agree(self.agreement)
        return digits_of(self._transcript)

    @property
    def device(self) -> bytes:
        """The id of the new device."""
        return name_of(self._offer[:_KEY_BYTES])

    @property
    def agreement(self) -> bytes:
        """The agreement key of the new device, to which user keys are wrapped."""
        return self._offer[_KEY_BYTES : 2 * _KEY_BYTES]

    def confirmed(self, confirm: bytes) -> str:
        """Take the blob of CONFIRM: the digits were typed on the very device behind the code. Returns its name."""
        raw = _open(self._shared, CONFIRM_INFO, self._transcript, confirm)
        name = "".join(character for character in raw.decode("utf-8", "replace") if character.isprintable())
        return name[:NAME_LENGTH_MAX]

    def welcome(self, lineage: Sequence[Enrolment]) -> bytes:
        """Sign the enrolment; returns the blob for WELCOME. `lineage` leads from the identity to this device."""
        signing, account = self._offer[:_KEY_BYTES], self._account
        bare = Enrolment(self.device, signing, self.agreement, account.identity, account.recovery, by=self._keys.device)
        own = bare._replace(signature=self._keys.signing.sign(bare.signed))
        said = json.dumps([facts_of(each) for each in (*lineage, own)], separators=(",", ":"))
        return _seal(self._shared, WELCOME_INFO, self._transcript, said.encode("ascii"))


def code_of(offer: bytes) -> Code:
    """The code that binds an offer. 128 bits: to fit another offer under it is to find a second preimage."""
    return Code(sha256(OFFER_LABEL + offer).digest()[:CODE_BYTES])


def digits_of(transcript: bytes) -> str:
    """Six digits over everything that was said. The bias of the remainder is below 2^-40."""
    return f"{int.from_bytes(transcript[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def _commit(nonce: bytes) -> bytes:
    return sha256(NONCE_LABEL + nonce).digest()


def _transcript(offer: bytes, answer: bytes, nonce: bytes) -> bytes:
    # All three have one length each, so no field can run into the next.
    return sha256(TRANSCRIPT_LABEL + offer + answer + nonce).digest()


def _read_answer(answer: bytes) -> tuple[bytes, Account, bytes]:
    if len(answer) != 6 * _KEY_BYTES:
        raise PairingFailed(f"an answer of {len(answer)} bytes is none")
    _, agreement, identity, recovery, server_key, nonce = (answer[at : at + 32] for at in range(0, 192, 32))
    return agreement, Account(identity, recovery, server_key), nonce


def _read_enrolments(said: bytes) -> list[Enrolment]:
    try:
        listed = json.loads(said)
        enrolments = [enrolment_of(facts) for facts in listed if isinstance(facts, Mapping)]
    except (ValueError, TypeError, RecursionError, BadSignature) as error:
        raise PairingFailed(f"the welcome does not read: {error}") from None
    if not enrolments:
        raise PairingFailed("the welcome holds no enrolment")
    return enrolments


def _seal(shared: bytes, info: bytes, transcript: bytes, text: bytes) -> bytes:
    key = derive(shared, info, _KEY_BYTES, salt=transcript)
    return AESGCMSIV(key).encrypt(_NO_NONCE, text, info + transcript)


def _open(shared: bytes, info: bytes, transcript: bytes, sealed: bytes) -> bytes:
    key = derive(shared, info, _KEY_BYTES, salt=transcript)
    try:
        return AESGCMSIV(key).decrypt(_NO_NONCE, sealed, info + transcript)
    except (InvalidTag, ValueError):
        raise PairingFailed("a message is not from the other device", code="pairing_mac") from None
