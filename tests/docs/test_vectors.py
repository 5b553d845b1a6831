"""The test vectors hold: for the code that wrote them, and for a second reading of the pages with the standard library.

The second reading imports nothing of the core. Where it needs Ed25519, AES-GCM-SIV or HPKE it calls the cryptography
library itself.
"""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from struct import pack
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from docs.vectors import FOLDER, VECTORS, text_of
from milepost import clock, ids
from milepost.event import unpack_header
from milepost.sync import batches, frames
from milepost.sync import messages as m


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("name", VECTORS)
def test_the_files_are_what_the_code_makes_of_the_seeds(name):
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(name)


def test_no_other_file_stands_among_the_vectors():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in VECTORS}


# A second reading: log-format.md


def second_commitment(label: str, part: dict[str, str] | None) -> bytes:
    if part is None:
        return bytes(32)
    return sha256(f"milepost/{label}/1\0".encode() + raw(part["salt"]) + part["text"].encode()).digest()


def second_header(event: Any) -> bytes:
    header: bytes = (
        b"\1"
        + raw(event["user"])
        + raw(event["device"])
        + pack(">IQQ", event["epoch"], event["seq"], int(event["hlc"]))
        + raw(event["nonce"])
        + pack(">ihH", event["on"], event["offset"], event["version"])
        + raw(event["prev"])
        + second_commitment("facts", event["facts"])
        + second_commitment("private", event["private"])
        + event["type"].encode("ascii")
    )
    return header


def second_base32(data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits = "0" * (-len(bits) % 5) + bits
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def second_base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def test_the_page_alone_gives_the_headers_hashes_and_names_of_the_events():
    for event in vectors("events")["events"]:
        header = second_header(event)
        hash_ = sha256(b"milepost/event/1\0" + header).digest()
        id_ = (int(event["hlc"]) >> 16).to_bytes(6, "big") + raw(event["nonce"])
        assert header == raw(event["header"])
        assert hash_ == raw(event["hash"])
        assert id_ == raw(event["id"])
        assert second_base32(id_) == event["id_text"]
        assert second_base32(raw(event["nonce"])) == event["shown"]
        assert second_base64url(hash_) == event["hash_text"]
        assert unpack_header(header).hash == hash_


def test_each_event_continues_the_one_before_it():
    prev = bytes(32)
    for event in vectors("events")["events"]:
        assert raw(event["prev"]) == prev
        prev = raw(event["hash"])


def test_the_page_alone_gives_the_head_the_receipt_and_the_set_digest():
    given = vectors("chain")
    last = vectors("events")["events"][-1]
    place = pack(">IQ", last["epoch"], last["seq"])
    head = b"milepost/head/1\0" + raw(last["user"]) + raw(last["device"]) + place + raw(last["hash"])
    assert head == raw(given["head"]["signed"])
    Ed25519PublicKey.from_public_bytes(raw(given["device_public"])).verify(raw(given["head"]["signature"]), head)

    key_id, incarnation, user, device, epoch, first, last_seq, hash_, position, received_at = given["receipt"]["fields"]
    signed = (
        b"milepost/receipt/1\0"
        + raw(key_id + incarnation + user + device)
        + pack(">IQQ", epoch, first, last_seq)
        + raw(hash_)
        + pack(">QQ", position, received_at)
    )
    assert signed == raw(given["receipt"]["signed"])
    server = raw(given["receipt"]["server_public"])
    assert sha256(server).digest()[:16] == raw(key_id)
    Ed25519PublicKey.from_public_bytes(server).verify(raw(given["receipt"]["signature"]), signed)

    leaves = sorted(
        raw(device) + pack(">IQ", epoch, seq) + raw(hash_) for device, epoch, seq, hash_ in given["set"]["leaves"]
    )
    whole = b"milepost/set/1\0" + b"".join(leaves)
    assert sha256(whole).digest() == raw(given["set"]["digest"])
    erased = b"".join(sorted(raw(each) for each in given["set"]["erased"]))
    assert sha256(whole + erased).digest() == raw(given["set"]["digest_with_erased"])


def second_tick(now_ms: int, last: int, top: int) -> int:
    now = min(max(now_ms, 0) * 65536, 2**63 - 1 - 300_000 * 65536)
    return min(max(now, top + 1, min(last + 1, max(now, top) + 300_000 * 65536)), 2**63 - 1)


def test_the_page_alone_gives_the_ticks_and_the_stamps():
    for tick in vectors("clock")["ticks"]:
        now_ms, last, top = tick["now_ms"], int(tick["last"]), int(tick["top"])
        assert second_tick(now_ms, last, top) == int(tick["tick"]) == clock.tick(now_ms, last, top), tick["case"]
    for stamp in vectors("clock")["stamps"]:
        hlc, received_at = int(stamp["hlc"]), stamp["received_at"]
        clamped = hlc if received_at is None else min(hlc, (received_at + 300_000) * 65536)
        assert max(int(stamp["previous_at"]), clamped) == int(stamp["at"]), stamp["case"]


def test_the_page_alone_gives_the_names_of_ids():
    given = vectors("ids")
    for each in given["base32"]:
        assert second_base32(raw(each["bytes"])) == each["text"]
    for each in given["base64url"]:
        assert second_base64url(raw(each["bytes"])) == each["text"]
    for each in given["misread"]:
        assert ids.from_base32(each["typed"], 10) == raw(each["bytes"])
    for text in given["not_base64url"]:
        with pytest.raises(ValueError, match="base64url"):
            ids.from_base64url(text)


# A second reading: sealing.md


def second_hkdf(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def test_the_page_alone_gives_the_keys_and_their_names():
    given = vectors("keys")
    secret = raw(given["recovery_secret"])
    identity = Ed25519PrivateKey.from_private_bytes(second_hkdf(secret, b"milepost/identity/1\0"))
    recovery = X25519PrivateKey.from_private_bytes(second_hkdf(secret, b"milepost/recovery/1\0"))
    device = given["device"]
    signing = Ed25519PrivateKey.from_private_bytes(raw(device["signing_seed"])).public_key().public_bytes_raw()
    agreement = X25519PrivateKey.from_private_bytes(raw(device["agreement_seed"])).public_key().public_bytes_raw()
    public = identity.public_key().public_bytes_raw()
    assert public == raw(given["identity_public"])
    assert recovery.public_key().public_bytes_raw() == raw(given["recovery_public"])
    assert (signing, agreement) == (raw(device["signing_public"]), raw(device["agreement_public"]))
    assert sha256(public).digest()[:16] == raw(given["user"])
    assert sha256(signing).digest()[:16] == raw(device["device"])

    signed = b"".join(
        [
            b"milepost/enrol/1\0",
            raw(given["user"] + device["device"]),
            signing,
            agreement,
            public,
            raw(given["recovery_public"]),
            bytes(16),
        ]
    )
    assert signed == raw(given["enrolment"]["signed"])
    assert second_base64url(identity.sign(signed)) == given["enrolment"]["facts"]["signature"]


def test_the_page_alone_opens_a_wrap():
    given = vectors("keys")
    wrap = given["wrap"]
    key = X25519PrivateKey.from_private_bytes(raw(given["device"]["agreement_seed"]))
    kid = sha256(b"milepost/kid/1\0" + raw(wrap["user_key"])).digest()[:16]
    info = b"milepost/wrap/1\0" + raw(given["user"]) + kid
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    assert (kid, info) == (raw(wrap["kid"]), raw(wrap["info"]))
    assert suite.decrypt(raw(wrap["wrapped"]), key, info) == raw(wrap["user_key"])


def test_the_page_alone_opens_a_sealed_text():
    given = vectors("sealing")
    kid = raw(given["kid"])
    for each in given["texts"]:
        sealed, hash_ = raw(each["sealed"]), raw(each["event_hash"])
        assert sealed[:16] == kid
        bound = b"milepost/seal/1\0" + kid + hash_
        clear = AESGCMSIV(raw(given["user_key"])).decrypt(hash_[:12], sealed[16:], bound)
        text = clear[16:].rstrip(b"\0")
        assert (clear[:16].hex(), text.decode()) == (each["salt"], each["text"])
        assert len(clear) in {64, 128, 256}
        assert sha256(b"milepost/private/1\0" + clear[:16] + text).digest() == raw(each["private_commitment"])


# A second reading: protocol.md


def test_the_page_alone_gives_what_a_hello_signs():
    given = vectors("hello")
    _, version, user, device, epoch, mark, software, leaves, incarnation, position, name, versions, signature = (
        msgspec.msgpack.decode(raw(given["frame"])[1:])
    )

    def sized(content: bytes) -> bytes:
        return pack(">I", len(content)) + content

    listed = b"".join(device + pack(">IQ", epoch, seq) + hash_ for device, epoch, seq, hash_ in leaves)
    signed = b"".join(
        [
            b"milepost/hello/1\0",
            sized(name.encode()),
            raw(given["server_public"]),
            sized(b"".join(pack(">I", each) for each in versions)),
            sized(b"".join(pack(">I", each) for each in given["server_versions"])),
            raw(given["nonce"]),
            pack(">I", version) + user + device + pack(">I", epoch) + mark,
            sized(software.encode()),
            sized(sha256(listed).digest()),
            sized(incarnation or b""),
            pack(">Q", position),
        ]
    )
    assert signed == raw(given["signed"])
    assert signature == raw(given["signature"])


def column(planes: bytes, width: int, count: int, signed: bool = False) -> list[int]:
    return [
        int.from_bytes(bytes(planes[plane * count + row] for plane in range(width)), "little", signed=signed)
        for row in range(count)
    ]


def test_the_page_alone_rebuilds_the_events_of_a_batch_from_its_columns():
    given = vectors("frames")["batch"]
    wire: dict[str, Any] = {
        name: raw(value) if isinstance(value, str) else value for name, value in given["columns"].items()
    }
    count = wire["count"]
    index = column(wire["type_index"], 2, count)
    versions = column(wire["versions"], 2, count)
    deltas = column(wire["clocks"], 8, count)
    dates = column(wire["dates"], 4, count, signed=True)
    offsets = column(wire["offsets"], 2, count, signed=True)
    sizes = iter(column(wire["facts_sizes"], 2, wire["facts_state"].count(1)))
    facts_at = salt_at = private_at = hlc = 0
    prev, built = wire["prev"], []
    for row in range(count):
        hlc = (hlc + deltas[row]) % 2**64
        facts = bytes(32)
        if wire["facts_state"][row] == 1:
            size = next(sizes)
            text = wire["facts"][facts_at : facts_at + size]
            facts = sha256(b"milepost/facts/1\0" + wire["salts"][salt_at : salt_at + 16] + text).digest()
            facts_at, salt_at = facts_at + size, salt_at + 16
        private = bytes(32)
        if wire["private_state"][row]:
            private = wire["private_commitments"][private_at : private_at + 32]
            private_at += 32
        header = (
            b"\1"
            + wire["user"]
            + wire["device"]
            + pack(">IQQ", wire["epoch"], wire["first_seq"] + row, hlc)
            + wire["nonces"][row * 10 : row * 10 + 10]
            + pack(">ihH", dates[row] + (hlc >> 16) // 86_400_000, offsets[row], versions[row])
            + prev
            + facts
            + private
            + given["columns"]["types"][index[row]].encode()
        )
        prev = sha256(b"milepost/event/1\0" + header).digest()
        built.append(prev.hex())
    assert built == given["hashes"] == vectors("chain")["hashes"]


def test_the_frames_are_msgpack_of_tag_and_fields_in_order():
    given = vectors("frames")
    for each in given["plain"]:
        frame = raw(each["frame"])
        message = frames.decode(frame)
        assert frame[0] == 0
        assert type(message).__name__ == each["message"]
        assert hexed(msgspec.msgpack.decode(frame[1:])) == each["fields"]
    assert frames.decode(raw(given["zstd"]["frame"])) == frames.decode(raw(given["zstd"]["same_as"]))


def test_the_batch_in_the_push_is_the_chain_of_the_other_files():
    push = next(each for each in vectors("frames")["plain"] if each["message"] == "Push")
    message = frames.decode(raw(push["frame"]))
    assert isinstance(message, m.Push)
    batch = batches.unpack(message.batch)
    assert [each.hash.hex() for each in batch.events] == vectors("chain")["hashes"]
    assert batch.signature.hex() == vectors("chain")["head"]["signature"]


def hexed(value: Any) -> Any:
    if isinstance(value, list):
        return [hexed(each) for each in value]
    return value.hex() if isinstance(value, bytes) else value
