"""The proof of a connection: what a Hello signs, and how it is checked.

The signature covers the name the client dialled, the server key it pinned, both version lists, the server's nonce and
everything else in the Hello: a proof made for one server, or one connection, is worth nothing at another.
"""

from hashlib import sha256
from struct import Struct

from milepost.sync.messages import Hello, WireLeaf

HELLO_LABEL = b"milepost/hello/1\0"
_NUMBERS = Struct(">I16s16sI16s")
_LEAF = Struct(">16sIQ32s")


def signed_bytes(hello: Hello, nonce: bytes, server_key: bytes, server_versions: list[int]) -> bytes:
    """What the device signs: label, then the fields in order; lists and texts as u32 length and content."""
    parts = [
        HELLO_LABEL,
        _sized(hello.name.encode("utf-8")),
        server_key,
        _versions(hello.versions),
        _versions(server_versions),
        nonce,
        _NUMBERS.pack(hello.version, hello.user, hello.device, hello.epoch, hello.mark),
        _sized(hello.software.encode("utf-8")),
        _sized(_leaves(hello.leaves)),
        _sized(hello.incarnation or b""),
        hello.position.to_bytes(8, "big"),
    ]
    return b"".join(parts)


def _leaves(leaves: list[WireLeaf]) -> bytes:
    # Hashed: a Hello may hold thousands of leaves, and the signature needs only their sum.
    digest = sha256()
    for leaf in leaves:
        digest.update(_LEAF.pack(leaf.device, leaf.epoch, leaf.seq, leaf.hash))
    return digest.digest()


def _versions(versions: list[int]) -> bytes:
    return _sized(b"".join(version.to_bytes(4, "big") for version in versions))


def _sized(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw
