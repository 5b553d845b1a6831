"""Queries over the read models: what HTTP and the socket ask. Read only, each on one snapshot."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.projections.asof import AsOf
from milepost.projections.calendar import day_number
from milepost.projections.digest import ViewDigest, view_digest
from milepost.projections.label import PROGRESS
from milepost.projections.progress import Progress, progress
from milepost.sync import messages as m
from milepost_server.projection import generations
from milepost_server.projection.view_tables import StreamTables
from milepost_server.store import Connection, streams


class Behind(NamedTuple):
    """How far a stream's views are. `is_pending`: events or entities still wait, or the stream is in quarantine."""

    position: int
    is_pending: bool


def behind(connection: Connection, stream: streams.Stream) -> Behind:
    """How far the live views of a stream are."""
    version = generations.live(connection).version
    row = connection.execute(
        "SELECT position FROM checkpoint WHERE stream = ? AND projection = ? AND version = ?",
        (stream.n, PROGRESS, version),
    ).fetchone()
    position = row[0] if row else 0
    is_waiting = StreamTables(connection, version, stream.n).is_waiting()
    return Behind(position, position < stream.head or is_waiting)


def progress_of(connection: Connection, stream: streams.Stream, today: date, as_of: date | None = None) -> Progress:
    """A member's own progress, today or as of a day."""
    tables = StreamTables(connection, generations.live(connection).version, stream.n)
    shelf = tables if as_of is None else AsOf(tables.entities(), day_number(as_of))
    return progress(shelf, as_of or today)


def digests(connection: Connection, stream: streams.Stream) -> Sequence[ViewDigest]:
    """The digest of a member's views, if they are up to date: nothing else could be compared."""
    found = behind(connection, stream)
    if found.is_pending:
        return ()
    live = generations.live(connection)
    tables = StreamTables(connection, live.version, stream.n)
    return (view_digest(live.label(found.position), tables.total()),)


def digest_messages(connection: Connection, stream: streams.Stream) -> Sequence[m.ViewDigest]:
    """`digests` as the socket sends them."""
    return [m.ViewDigest(*found.label, found.digest) for found in digests(connection, stream)]
