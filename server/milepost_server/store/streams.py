"""Streams, devices and lines: who writes where, and how each device's log branches.

A **line** is one unbranched run of a device's log in one epoch. A fork and a new epoch each begin another line, whose
`parent` is the event that its first one continues; so `prev` follows from the line, and the tips of all lines are the
stream's leaves.
"""

import json
from typing import NamedTuple

from milepost.chain import Leaf
from milepost.event import ZERO
from milepost.keys import Enrolment
from milepost.trust import Line, enrolment_of, facts_of
from milepost_server.store import Connection

POSITION_BITS = 32
POSITION_MAX = (1 << POSITION_BITS) - 1

MEMBER = "member"
COHORT = "cohort"

OPEN = "open"
ERASED = "erased"


class Stream(NamedTuple):
    """A stream's row. `head` is the position of its newest event, `last_control` that of its newest control event.

    `state` is open or erased; of an erased account nothing is here but this row.
    """

    n: int
    stream_id: bytes
    kind: str
    state: str
    head: int
    last_received_at: int
    last_control: int

    def key(self, position: int) -> int:
        """The key of the event at `position`."""
        return key_of(self.n, position)


class Device(NamedTuple):
    """A device's row. `revoked` is the position of the first revocation naming it, 0 while there is none."""

    n: int
    stream: int
    device: bytes
    signing: bytes
    revoked: int
    last_seen: int | None
    mark: bytes | None
    epoch: int | None


class Tip(NamedTuple):
    """A line with where it ends. `last_at` is the order clock of its newest event."""

    n: int
    device: int
    epoch: int
    first_seq: int
    parent: int | None
    parent_seq: int | None
    last_seq: int
    last_hash: bytes
    last_at: int


_STREAM = "SELECT n, stream_id, kind, state, head, last_received_at, last_control FROM stream "
_DEVICE = "SELECT n, stream, device, signing, revoked, last_seen, mark, epoch FROM device "
_LINE = "SELECT n, device, epoch, first_seq, parent, parent_seq, last_seq, last_hash, last_at FROM line "


def key_of(stream: int, position: int) -> int:
    """One integer for (stream, position): the streams stand one after the other in one table."""
    return stream << POSITION_BITS | position


def position_of(key: int) -> int:
    return key & POSITION_MAX


def find(connection: Connection, stream_id: bytes) -> Stream | None:
    """The stream of a member or a cohort, by its 16-byte name."""
    row = connection.execute(_STREAM + "WHERE stream_id = ?", (stream_id,)).fetchone()
    return Stream(*row) if row else None


def get(connection: Connection, n: int) -> Stream:
    """The stream with the surrogate `n`, which must exist."""
    return Stream(*connection.execute(_STREAM + "WHERE n = ?", (n,)).fetchone())


def open_stream(connection: Connection, stream_id: bytes, kind: str) -> Stream:
    """The stream, made empty if it is new."""
    connection.execute(
        "INSERT INTO stream (stream_id, kind, state, head, last_received_at, last_control) "
        "VALUES (?, ?, 'open', 0, 0, 0) ON CONFLICT (stream_id) DO NOTHING",
        (stream_id, kind),
    )
    stream = find(connection, stream_id)
    assert stream is not None, "inserted above"  # noqa: S101
    return stream


def advance(connection: Connection, n: int, head: int, received_at: int, last_control: int) -> None:
    """Move the stream's head. `received_at` never moves back, `last_control` is given whole."""
    connection.execute(
        "UPDATE stream SET head = ?, last_received_at = max(last_received_at, ?), last_control = ? WHERE n = ?",
        (head, received_at, last_control, n),
    )


def device(connection: Connection, stream: int, device_id: bytes) -> Device | None:
    """An enrolled device, revoked ones included."""
    row = connection.execute(_DEVICE + "WHERE stream = ? AND device = ?", (stream, device_id)).fetchone()
    return Device(*row) if row else None


def devices(connection: Connection, stream: int) -> list[Device]:
    """Every device of the stream, in the order in which they came."""
    return [Device(*row) for row in connection.execute(_DEVICE + "WHERE stream = ? ORDER BY n", (stream,))]


def add_device(connection: Connection, stream: int, enrolment: Enrolment, revoked: int) -> None:
    """Remember an enrolment that was checked; again is no change. `revoked` as in `Device`."""
    connection.execute(
        "INSERT INTO device (stream, device, signing, enrolment, revoked) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (stream, device) DO NOTHING",
        (stream, enrolment.device, enrolment.signing, json.dumps(facts_of(enrolment), separators=(",", ":")), revoked),
    )


def count_devices(connection: Connection, stream: int) -> int:
    return int(connection.execute("SELECT count(*) FROM device WHERE stream = ?", (stream,)).fetchone()[0])


def count_lines(connection: Connection, stream: int) -> int:
    row = connection.execute(
        "SELECT count(*) FROM device d JOIN line l ON l.device = d.n WHERE d.stream = ?", (stream,)
    ).fetchone()
    return int(row[0])


def enrolments(connection: Connection, stream: int) -> list[Enrolment]:
    """The enrolment of every device of the stream."""
    rows = connection.execute("SELECT enrolment FROM device WHERE stream = ? ORDER BY n", (stream,))
    return [enrolment_of(json.loads(text)) for (text,) in rows]


def saw(connection: Connection, device_n: int, at: int, mark: bytes, epoch: int) -> None:
    """Note that a device connected: when, from which installation, writing which epoch."""
    connection.execute("UPDATE device SET last_seen = ?, mark = ?, epoch = ? WHERE n = ?", (at, mark, epoch, device_n))


def tip(connection: Connection, line: int) -> Tip:
    """A line by number, which must exist."""
    return Tip(*connection.execute(_LINE + "WHERE n = ?", (line,)).fetchone())


def tips_of(connection: Connection, device_n: int, epoch: int) -> list[Tip]:
    """The lines of one device and epoch; more than one where it forked."""
    return [Tip(*row) for row in connection.execute(_LINE + "WHERE device = ? AND epoch = ?", (device_n, epoch))]


def begin_line(
    connection: Connection, device_n: int, epoch: int, first_seq: int, parent: tuple[int, int] | None
) -> int:
    """A new line, still without events, and its number."""
    parent_line, parent_seq = parent or (None, None)
    cursor = connection.execute(
        "INSERT INTO line (device, epoch, first_seq, parent, parent_seq, last_seq, last_hash, last_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (device_n, epoch, first_seq, parent_line, parent_seq, first_seq - 1, ZERO),
    )
    assert cursor.lastrowid is not None, "an INSERT"  # noqa: S101
    return cursor.lastrowid


def extend_line(connection: Connection, line: int, last_seq: int, last_hash: bytes, last_at: int) -> None:
    connection.execute(
        "UPDATE line SET last_seq = ?, last_hash = ?, last_at = ? WHERE n = ?", (last_seq, last_hash, last_at, line)
    )


def leaves(connection: Connection, stream: int) -> list[Leaf]:
    """The newest event of every line of the stream."""
    rows = connection.execute(
        "SELECT d.device, l.epoch, l.last_seq, l.last_hash "
        "FROM device d JOIN line l ON l.device = d.n WHERE d.stream = ?",
        (stream,),
    )
    return [Leaf(*row) for row in rows]


def lines(connection: Connection, stream: int) -> dict[int, Line]:
    """Every line of the stream, as `milepost.trust` wants them."""
    rows = connection.execute(
        "SELECT l.n, d.device, l.epoch, l.first_seq, l.parent, l.parent_seq "
        "FROM device d JOIN line l ON l.device = d.n WHERE d.stream = ?",
        (stream,),
    )
    return {
        n: Line(n, device_id, epoch, first_seq, None if parent is None else (parent, parent_seq))
        for n, device_id, epoch, first_seq, parent, parent_seq in rows
    }


def newest_tip(connection: Connection, device_n: int) -> Tip | None:
    """The line that a device began last."""
    row = connection.execute(_LINE + "WHERE device = ? ORDER BY n DESC LIMIT 1", (device_n,)).fetchone()
    return Tip(*row) if row else None


def newest_position(connection: Connection, device_n: int) -> int:
    """The position of the newest event that a device wrote, 0 if it wrote none."""
    row = connection.execute(
        "SELECT max(b.key + b.last_seq - b.first_seq) FROM batch b JOIN line l ON l.n = b.line WHERE l.device = ?",
        (device_n,),
    ).fetchone()
    return position_of(row[0]) if row[0] is not None else 0
