"""Work markers: which streams are behind which projection. Written with the events, taken by the projector."""

from milepost_server.store import Connection


def mark(connection: Connection, stream: int, head: int) -> None:
    """Note that every projection in use has to catch up with `stream` to `head`."""
    connection.execute(
        "INSERT INTO work (stream, projection, version, head) "
        "SELECT ?, name, version, ? FROM projection WHERE status != 'retired' "
        "ON CONFLICT (stream, projection, version) DO UPDATE SET head = excluded.head",
        (stream, head),
    )


def lag(connection: Connection) -> tuple[int, int]:
    """(streams behind, sum of events they are behind): for the metrics."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(w.head - coalesce(c.position, 0)), 0) FROM work w LEFT JOIN checkpoint c "
        "ON c.stream = w.stream AND c.projection = w.projection AND c.version = w.version"
    ).fetchone()
    return int(row[0]), int(row[1])
