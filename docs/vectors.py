"""What docs/reference/vectors/*.json hold: fixed inputs, and what every implementation must make of them.

Everything is drawn from the seeds below, so the files change only when the format does. `tests/docs/test_vectors.py`
compares them with the code, and with hashes made from the pages alone.
"""

import json
from pathlib import Path
from typing import TypeAlias

import msgspec

from milepost import clock, event, ids
from milepost.chain import Batch, Leaf, Receipt, head_bytes, set_digest
from milepost.event import ZERO, Event, Part
from milepost.keys import (
    DeviceKeys,
    Enrolment,
    Identity,
    SigningKey,
    enrol,
    kid_of,
    words_of,
    wrap_info,
)
from milepost.sealing import UserKey, seal
from milepost.sync import batches, hello
from milepost.sync import messages as m
from milepost.trust import ENROLLED, facts_of

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"
FOLDER = Path(__file__).parent / "reference" / "vectors"

SECRET = bytes(range(16))
SIGNING_SEED, AGREEMENT_SEED, SERVER_SEED = b"\x11" * 32, b"\x22" * 32, b"\x33" * 32
USER_KEY = bytes(range(32))
NONCE = b"\x44" * 32
INCARNATION, MARK = b"\x55" * 16, b"\x66" * 16
HOST = "sync.example.org"
NOON_MS = 1_780_315_200_000
DAY = NOON_MS // 86_400_000
EPOCH = 0x01020304

IDENTITY = Identity.from_secret(SECRET)
DEVICE = DeviceKeys.from_seeds(SIGNING_SEED, AGREEMENT_SEED)
SERVER = SigningKey(SERVER_SEED)
ENROLMENT = enrol(DEVICE, IDENTITY.signing.public, IDENTITY.recovery.public, None, IDENTITY.signing)
# Sealed once with a random ephemeral key, as every wrap is; what can be fixed is that it opens.
WRAPPED = bytes.fromhex(
    "4c4ab8748c268a42267dd40ea27ec40bc56f8067d3b23416dcca660bddaa2921c1466e252af98fadeb351282f065286baf06"
    "ce8d483039a4455297167edfcfc07c43b15037c815c9d57cb052507e003d"
)


def salt(number: int) -> bytes:
    return bytes([number]) * event.SALT_BYTES


def chain() -> list[Event]:
    """Three events of one device: its enrolment, an entry with both parts, one whose type is private too."""
    enrolment = json.dumps(facts_of(ENROLMENT), separators=(",", ":")).encode()
    rows: list[tuple[str, Part | None, Part | None]] = [
        (ENROLLED, Part(salt(1), enrolment), None),
        ("goal.set", Part(salt(2), b'{"goal":"040g2081040g2081"}'), Part(salt(3), '{"text":"Größe zählt"}'.encode())),
        ("entry.sealed", None, Part(salt(4), b'{"type":"win.celebrated","version":1,"text":"done"}')),
    ]
    run: list[Event] = []
    for number, (name, facts, private) in enumerate(rows, 1):
        run.append(
            event.make(
                user=IDENTITY.user,
                device=DEVICE.device,
                epoch=EPOCH,
                seq=number,
                hlc=clock.from_ms(NOON_MS + 1000 * number) + number - 1,
                nonce=bytes([0xA0 + number]) * event.NONCE_BYTES,
                on=DAY - (number == 3),
                offset=120,
                type=name,
                version=1,
                prev=run[-1].hash if run else ZERO,
                facts=facts,
                private=private,
            )
        )
    return run


RUN = chain()
KEY = UserKey.of(USER_KEY)


def sealed_run() -> Batch:
    """The three events as they travel: private parts sealed."""
    sealed = [
        each._replace(private=None, sealed=seal(KEY, each.hash, each.private) if each.private else None) for each in RUN
    ]
    return Batch(tuple(sealed), DEVICE.signing.sign(head_bytes(RUN[-1])))


def receipt() -> Receipt:
    """The server's word for the three events."""
    last = RUN[-1]
    bare = Receipt(SERVER.name, INCARNATION, last.user, last.device, EPOCH, 1, 3, last.hash, 1, NOON_MS + 60_000)
    return bare._replace(signature=SERVER.sign(bare.signed))


def part(value: Part | None) -> Json:
    return None if value is None else {"salt": value.salt.hex(), "text": value.text.decode()}


def event_vector(each: Event) -> Json:
    return {
        "user": each.user.hex(),
        "device": each.device.hex(),
        "epoch": each.epoch,
        "seq": each.seq,
        "hlc": str(each.hlc),
        "nonce": each.nonce.hex(),
        "on": each.on,
        "offset": each.offset,
        "version": each.version,
        "prev": each.prev.hex(),
        "type": each.type,
        "facts": part(each.facts),
        "private": part(each.private),
        "facts_commitment": each.facts_commitment.hex(),
        "private_commitment": each.private_commitment.hex(),
        "header": each.header.hex(),
        "hash": each.hash.hex(),
        "id": each.id.hex(),
        "id_text": ids.base32(each.id),
        "shown": ids.base32(each.nonce),
        "hash_text": ids.base64url(each.hash),
    }


def events_vectors() -> Json:
    return {"events": [event_vector(each) for each in RUN]}


def chain_vectors() -> Json:
    given = receipt()
    leaves = [Leaf(DEVICE.device, EPOCH, 3, RUN[2].hash), Leaf(DEVICE.device, 1, 7, RUN[0].hash)]
    return {
        "device_public": DEVICE.signing.public.hex(),
        "hashes": [each.hash.hex() for each in RUN],
        "head": {"signed": head_bytes(RUN[-1]).hex(), "signature": DEVICE.signing.sign(head_bytes(RUN[-1])).hex()},
        "receipt": {
            "server_public": SERVER.public.hex(),
            "fields": [_plain(value) for value in given[:-1]],
            "signed": given.signed.hex(),
            "signature": given.signature.hex(),
        },
        "set": {
            "leaves": [[leaf.device.hex(), leaf.epoch, leaf.seq, leaf.hash.hex()] for leaf in leaves],
            "erased": [RUN[1].id.hex()],
            "digest": set_digest(leaves).hex(),
            "digest_with_erased": set_digest(leaves, [RUN[1].id]).hex(),
        },
    }


def enrolment_vector(enrolment: Enrolment) -> Json:
    return {"signed": enrolment.signed.hex(), "facts": dict(facts_of(enrolment))}


def keys_vectors() -> Json:
    info = wrap_info(IDENTITY.user, kid_of(USER_KEY))
    return {
        "recovery_secret": SECRET.hex(),
        "words": words_of(SECRET),
        "identity_public": IDENTITY.signing.public.hex(),
        "recovery_public": IDENTITY.recovery.public.hex(),
        "user": IDENTITY.user.hex(),
        "device": {
            "signing_seed": SIGNING_SEED.hex(),
            "signing_public": DEVICE.signing.public.hex(),
            "agreement_seed": AGREEMENT_SEED.hex(),
            "agreement_public": DEVICE.agreement.public.hex(),
            "device": DEVICE.device.hex(),
        },
        "enrolment": enrolment_vector(ENROLMENT),
        "wrap": {
            "user_key": USER_KEY.hex(),
            "kid": kid_of(USER_KEY).hex(),
            "info": info.hex(),
            "wrapped": WRAPPED.hex(),
        },
    }


def sealing_vectors() -> Json:
    return {
        "user_key": USER_KEY.hex(),
        "kid": KEY.kid.hex(),
        "texts": [
            {
                "event_hash": each.hash.hex(),
                "private_commitment": each.private_commitment.hex(),
                "salt": each.private.salt.hex(),
                "text": each.private.text.decode(),
                "sealed": seal(KEY, each.hash, each.private).hex(),
            }
            for each in RUN
            if each.private
        ],
    }


def clock_vectors() -> Json:
    year = 365 * 86_400_000
    now = clock.from_ms(NOON_MS)
    ticks = [
        ("a clock that works", NOON_MS, now - 5, now - 9),
        ("two events in one millisecond", NOON_MS, now, 0),
        ("after an event that was on the screen and is ahead of us", NOON_MS, now, now + 77),
        ("a clock that stands in 1970", 0, 0, now),
        ("healing after a year ahead", NOON_MS, clock.from_ms(NOON_MS + year), 0),
        ("a little ahead: goes on counting", NOON_MS, clock.from_ms(NOON_MS + 60_000), 0),
        ("before 1970", -5, 0, 0),
    ]
    stamps: list[tuple[str, int, int, int | None]] = [
        ("unsent", now, 0, None),
        ("received a minute later", now, 0, NOON_MS + 60_000),
        ("a clock a year ahead is clamped", clock.from_ms(NOON_MS + year), 0, NOON_MS),
        ("never before its predecessor", now, now + 9, NOON_MS),
    ]
    return {
        "ticks": [
            {
                "case": case,
                "now_ms": now_ms,
                "last": str(last),
                "top": str(top),
                "tick": str(clock.tick(now_ms, last, top)),
            }
            for case, now_ms, last, top in ticks
        ],
        "stamps": [
            {
                "case": case,
                "hlc": str(hlc),
                "previous_at": str(previous),
                "received_at": received_at,
                "at": str(clock.stamp(hlc, previous, received_at)),
            }
            for case, hlc, previous, received_at in stamps
        ],
    }


def ids_vectors() -> Json:
    raws = [bytes(10), b"\xff" * 10, bytes(range(10)), bytes(16), b"\xff" * 16]
    misread = ["O1iL-0000-0000-0000", "0123456789ABCDEF"]
    return {
        "base32": [{"bytes": raw.hex(), "text": ids.base32(raw)} for raw in raws],
        "misread": [{"typed": typed, "bytes": ids.from_base32(typed, 10).hex()} for typed in misread],
        "base64url": [{"bytes": raw.hex(), "text": ids.base64url(raw)} for raw in (*raws, b"\xfb\xff")],
        "not_base64url": ["AA==", "AB", "++++", "A A", "A"],
    }


def hello_vectors() -> Json:
    bare = m.Hello(
        1,
        IDENTITY.user,
        DEVICE.device,
        EPOCH,
        MARK,
        "example/1",
        [m.WireLeaf.of(Leaf(DEVICE.device, EPOCH, 3, RUN[2].hash))],
        INCARNATION,
        3,
        HOST,
        [1],
        bytes(64),
    )
    signed = hello.signed_bytes(bare, NONCE, SERVER.public, [1])
    whole = msgspec.structs.replace(bare, signature=DEVICE.signing.sign(signed))
    return {
        "nonce": NONCE.hex(),
        "server_public": SERVER.public.hex(),
        "server_versions": [1],
        "hello": _plain(msgspec.to_builtins(whole, builtin_types=(bytes,))),
        "signed": signed.hex(),
        "signature": whole.signature.hex(),
        "frame": plain_frame(whole).hex(),
    }


def frames_vectors() -> Json:
    batch = sealed_run()
    wire = batches.pack(batch)
    push = m.Push(wire)
    notice = m.Notice("CLOCK", "the clock is off")
    return {
        "batch": {
            "columns": {name: _plain(getattr(wire, name)) for name in wire.__struct_fields__},
            "hashes": [each.hash.hex() for each in batch.events],
        },
        "plain": [
            {"message": type(each).__name__, "fields": _plain(fields(each)), "frame": plain_frame(each).hex()}
            for each in (notice, m.Credit(2_097_152), push, m.Deliver(m.WireReceipt.of(receipt()), None))
        ],
        # One raw block: zstd without compression, the same bytes from whatever library.
        "zstd": {"frame": stored_frame(notice).hex(), "same_as": plain_frame(notice).hex()},
    }


def fields(message: m.Message) -> list[object]:
    """Tag and fields, as they are on the wire."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=list)


def plain_frame(message: m.Message) -> bytes:
    """Codec 0."""
    return b"\0" + msgspec.msgpack.encode(message)


def stored_frame(message: m.Message) -> bytes:
    """Codec 1, with a short body in one raw block (RFC 8878): single segment, content size in one byte."""
    body = msgspec.msgpack.encode(message)
    block = (len(body) << 3 | 1).to_bytes(3, "little")
    return b"\1" + bytes.fromhex("28b52ffd20") + bytes([len(body)]) + block + body


def _plain(value: object) -> Json:
    match value:
        case bytes():
            return value.hex()
        case list() | tuple():
            return [_plain(each) for each in value]
        case str() | int() | None:
            return value
        case _:
            raise TypeError(f"{value!r} has no place in a vector")


VECTORS = {
    "chain": chain_vectors,
    "clock": clock_vectors,
    "events": events_vectors,
    "frames": frames_vectors,
    "hello": hello_vectors,
    "ids": ids_vectors,
    "keys": keys_vectors,
    "sealing": sealing_vectors,
}


def text_of(name: str) -> str:
    """The content of one file."""
    return json.dumps(VECTORS[name](), indent=2, ensure_ascii=False) + "\n"
