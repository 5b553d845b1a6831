"""The meeting place of pairing: small opaque blobs under a random id, for five minutes, each slot written once.

The server learns nothing from them and is trusted with nothing: the six digits are computed from what both ends saw.
"""

import re
from typing import NamedTuple

from milepost.errors import LimitExceeded, NotFound, UsageError
from milepost_server.refusals import Conflict
from milepost_server.store import Connection

BLOB_BYTES_MAX = 16 * 1024
SLOTS_MAX = 8
MEETINGS_MAX = 10_000
SECONDS = 5 * 60

_MEETING = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SLOT = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Slot(NamedTuple):
    """Where a blob lies."""

    meeting: str
    slot: str


def check(meeting: str, slot: str) -> Slot:
    """The slot, if both names are of the right shape. Raises UsageError."""
    if not _MEETING.fullmatch(meeting) or not _SLOT.fullmatch(slot):
        raise UsageError("a meeting place is named by 16 to 64 characters, a slot by up to 32, of A-Z a-z 0-9 _ -")
    return Slot(meeting, slot)


def put(connection: Connection, place: Slot, blob: bytes, now_ms: int) -> None:
    """Write a slot; the same bytes again are no change. Raises Conflict for other bytes, LimitExceeded over a bound."""
    if len(blob) > BLOB_BYTES_MAX:
        raise LimitExceeded(f"{len(blob)} bytes are over {BLOB_BYTES_MAX}")
    clear(connection, now_ms)
    there = connection.execute("SELECT slot, blob, expires FROM rendezvous WHERE id = ?", (place.meeting,)).fetchall()
    for slot, held, _ in there:
        if slot == place.slot and held != blob:
            raise Conflict("this slot is taken: one attempt a code", remedy="begin again with a new code")
        if slot == place.slot:
            return
    if len(there) >= SLOTS_MAX:
        raise LimitExceeded(f"a meeting place has {SLOTS_MAX} slots")
    if not there and connection.execute("SELECT count(DISTINCT id) FROM rendezvous").fetchone()[0] >= MEETINGS_MAX:
        raise LimitExceeded("too many devices are pairing just now", remedy="try again in five minutes")
    expires = there[0][2] if there else now_ms + SECONDS * 1000
    connection.execute("INSERT INTO rendezvous VALUES (?, ?, ?, ?)", (*place, blob, expires))


def is_over(connection: Connection, now_ms: int) -> bool:
    """Whether something lies here whose time is over."""
    return connection.execute("SELECT 1 FROM rendezvous WHERE expires < ?", (now_ms,)).fetchone() is not None


def clear(connection: Connection, now_ms: int) -> None:
    """Take away what has had its time, whether or not it was fetched."""
    connection.execute("DELETE FROM rendezvous WHERE expires < ?", (now_ms,))


def get(connection: Connection, place: Slot, now_ms: int) -> bytes:
    """What lies in a slot. Raises NotFound when nothing does, or no longer."""
    row = connection.execute(
        "SELECT blob FROM rendezvous WHERE id = ? AND slot = ? AND expires >= ?", (*place, now_ms)
    ).fetchone()
    if row is None:
        raise NotFound("nothing has been left here", code="empty_slot")
    return bytes(row[0])
