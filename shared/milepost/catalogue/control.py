"""Control: devices, keys, and entries about entries.

Facts of control types are frozen at version 1: the log layer and the server apply them inside the transaction that
stores them, before any projection. A retraction and a settlement are facts of the entry they name, not control.
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import NAME, NOTE, OVER_MAX, REASON, EventType, may, needs
from milepost.catalogue.kinds import EVENT, Bytes, Choice, Int, ListOf, Record

KEY = Bytes(32)
DEVICE = Bytes(16)
WRAP = Bytes(48, 128)
# 48 devices (privacy.md) and the recovery key.
WRAPS_MAX = 49
LEAVES_MAX = 64
EPOCH_MAX = 2**32 - 1
SEQ_MAX = 2**63 - 1

_NAMED = needs("device", DEVICE, "the device")

TYPES = (
    EventType(
        "device.enrolled",
        "control",
        "A device joins the account: its keys, the account's public keys, and who vouches for it.",
        facts=(
            _NAMED,
            needs("signing", KEY, "its Ed25519 public key"),
            needs("agreement", KEY, "its X25519 public key"),
            needs("identity", KEY, "the account's Ed25519 public key"),
            needs("recovery", KEY, "the account's X25519 recovery public key"),
            needs("by", Bytes(16, instead=("identity",)), "what signed it: the identity, or an enrolled device"),
            needs("signature", Bytes(64), "that signature"),
        ),
        private=(may("name", NAME, "what the member calls it"),),
        usage="mp device add CODE",
        control=True,
        example={
            "device": samples.DEVICE,
            "signing": samples.SIGNING,
            "agreement": samples.AGREEMENT,
            "identity": samples.IDENTITY,
            "recovery": samples.RECOVERY,
            "by": "identity",
            "signature": samples.SIGNATURE,
            "name": "laptop",
        },
    ),
    EventType(
        "device.revoked",
        "control",
        "A device is out; what it wrote up to the named leaves still counts.",
        facts=(
            _NAMED,
            needs(
                "leaves",
                ListOf(Record(epoch=Int(0, EPOCH_MAX), seq=Int(1, SEQ_MAX), hash=KEY), LEAVES_MAX),
                "the last event of each epoch that the revoker holds",
            ),
        ),
        private=(may("why", NOTE, "why"),),
        usage="mp device revoke phone",
        control=True,
        example={
            "device": samples.DEVICE,
            "leaves": [{"epoch": 3735928559, "seq": 120, "hash": samples.HASH}],
            "why": "lost on the train",
        },
    ),
    EventType(
        "device.renamed",
        "control",
        "A device gets another name.",
        facts=(_NAMED,),
        private=(needs("name", NAME, "what the member calls it"),),
        usage="mp device rename phone --name tablet",
        control=True,
        single=("name",),
        example={"device": samples.DEVICE, "name": "tablet"},
    ),
    EventType(
        "key.issued",
        "control",
        "A user key, wrapped to devices and to recovery; a known kid adds wraps.",
        facts=(
            needs("kid", Bytes(16), "the name of the key"),
            needs(
                "wraps",
                ListOf(Record(to=Bytes(16, instead=("recovery",)), wrap=WRAP), WRAPS_MAX),
                "the key, wrapped to each reader",
            ),
        ),
        usage="mp key status",
        control=True,
        example={"kid": samples.KID, "wraps": [{"to": "recovery", "wrap": samples.WRAP}]},
    ),
    EventType(
        "entry.retracted",
        "target",
        "An entry is taken back; retracting the retraction restores it.",
        facts=(needs("target", EVENT, "the entry"), needs("reason", REASON, "why")),
        usage="mp undo k7f",
        example={"target": samples.ENTRY, "reason": "mistake"},
    ),
    EventType(
        "entry.settled",
        "target",
        "The member's word on entries the inbox listed: accept, keep or dismiss them.",
        facts=(
            needs("targets", ListOf(EVENT, OVER_MAX, count_min=1), "the entries"),
            needs("as", Choice("accept", "keep", "dismiss"), "what becomes of them"),
        ),
        usage="mp inbox keep 3pk",
        example={"targets": [samples.ENTRY, samples.LATER_ENTRY], "as": "keep"},
    ),
    EventType(
        "entry.erased",
        "control",
        "The parts of an entry are deleted everywhere; its header and hash stay.",
        facts=(needs("target", EVENT, "the entry"),),
        usage="mp erase k7f",
        control=True,
        example={"target": samples.ENTRY},
    ),
)
