"""Pod totals and what closes a pod's week, as rows."""

from collections.abc import Iterable
from typing import NamedTuple

from milepost_server.store import Connection


class Total(NamedTuple):
    """A pod's week as last added up, at a Unix ms; `contents` as `milepost_server.figures.totals` lays them out."""

    pod: str
    week: str
    at: int
    contents: bytes


def mark(connection: Connection, stream: int, pods: Iterable[str], at: int, *, erases: bool = False) -> None:
    """Close the pods' weeks that hold `at`. `erases`: what was shown of earlier weeks goes as well."""
    connection.executemany(
        "INSERT INTO pod_mark VALUES (?, ?, ?, ?) "
        "ON CONFLICT (stream, pod, at) DO UPDATE SET erases = max(erases, excluded.erases)",
        [(stream, pod, at, erases) for pod in pods],
    )


def marked_by(connection: Connection, stream: int) -> set[str]:
    """Every pod that a member was in: joining it left a mark."""
    return {pod for (pod,) in connection.execute("SELECT DISTINCT pod FROM pod_mark WHERE stream = ?", (stream,))}


def is_marked(connection: Connection, pod: str, start: int, end: int) -> bool:
    """Whether something closed the pod's week from `start` to `end`, Unix ms."""
    row = connection.execute(
        "SELECT 1 FROM pod_mark WHERE pod = ? AND at >= ? AND at < ? LIMIT 1", (pod, start, end)
    ).fetchone()
    return row is not None


def is_erased(connection: Connection, pod: str, start: int) -> bool:
    """Whether something was erased since `start`, so that a week that began then is hidden."""
    row = connection.execute(
        "SELECT 1 FROM pod_mark WHERE pod = ? AND at >= ? AND erases LIMIT 1", (pod, start)
    ).fetchone()
    return row is not None


def put(connection: Connection, stream: int, total: Total) -> None:
    """Keep a pod's week, in the place of what it was before."""
    connection.execute("INSERT OR REPLACE INTO pod_total VALUES (?, ?, ?, ?, ?)", (stream, *total))


def newest(connection: Connection, stream: int, pod: str, limit: int) -> list[Total]:
    """A pod's last weeks that were added up, the newest first."""
    rows = connection.execute(
        "SELECT pod, week, at, contents FROM pod_total WHERE stream = ? AND pod = ? ORDER BY week DESC LIMIT ?",
        (stream, pod, limit),
    )
    return [Total(*row) for row in rows]


def of_week(connection: Connection, stream: int, week: str) -> dict[str, Total]:
    """The totals of a week, by pod."""
    rows = connection.execute(
        "SELECT pod, week, at, contents FROM pod_total WHERE stream = ? AND week = ?", (stream, week)
    )
    return {row[0]: Total(*row) for row in rows}


def put_morning(connection: Connection, stream: int, at: int) -> None:
    """Note when a cohort's pods were added up last, Unix ms."""
    connection.execute("INSERT OR REPLACE INTO morning VALUES (?, ?)", (stream, at))


def added_up_at(connection: Connection, stream: int) -> int:
    """When a cohort's pods were added up last, Unix ms; 0 for never."""
    row = connection.execute("SELECT at FROM morning WHERE stream = ?", (stream,)).fetchone()
    return int(row[0]) if row else 0
