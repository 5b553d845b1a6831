"""Who is in a pod: a place that was offered and taken. One without the other makes no member (privacy.md)."""

from milepost_server.store import Connection, cohorts, streams
from milepost_server.store import members as rows
from milepost_server.store.members import Placed


def members(connection: Connection, pod: str) -> list[Placed]:
    """The members of a pod, by name."""
    return rows.in_pods(connection, [pod])[pod]


def pod_of(connection: Connection, stream: streams.Stream) -> cohorts.Pod | None:
    """The pod a member is in, or None."""
    placed = rows.find(connection, stream.stream_id)
    return cohorts.pod(connection, placed.pod) if placed else None
