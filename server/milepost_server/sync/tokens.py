"""Tokens for HTTP: opaque, random, fifteen minutes long, stored as hashes. A device gets one with each Welcome."""

from hashlib import sha256
from typing import NamedTuple

from milepost_server.store import Connection, streams

TOKEN_BYTES = 32
TOKEN_SECONDS = 15 * 60


class Bearer(NamedTuple):
    """Who a token speaks for."""

    stream: streams.Stream
    device: streams.Device


def issue(connection: Connection, stream: int, device: bytes, token: str, now_ms: int) -> None:
    """Let `token` speak for a device from now on; tokens that have run out are swept away on the occasion."""
    connection.execute("DELETE FROM token WHERE expires < ?", (now_ms,))
    connection.execute(
        "INSERT INTO token VALUES (?, ?, ?, ?)", (hash_of(token), stream, device, now_ms + TOKEN_SECONDS * 1000)
    )


def bearer(connection: Connection, token: str, now_ms: int) -> Bearer | None:
    """Who `token` speaks for; None when it is unknown, has run out, or its device was revoked."""
    row = connection.execute(
        "SELECT stream, device FROM token WHERE hash = ? AND expires >= ?", (hash_of(token), now_ms)
    ).fetchone()
    if row is None:
        return None
    device = streams.device(connection, row[0], row[1])
    if device is None or device.revoked:
        return None
    return Bearer(streams.get(connection, row[0]), device)


def hash_of(token: str) -> bytes:
    """What is stored of a token: useless to whoever reads the database."""
    return sha256(token.encode("utf-8")).digest()
