"""Releases as rows: what was published of each week, once, and for good."""

from typing import NamedTuple

from milepost_server.store import Connection


class Release(NamedTuple):
    """What was published of a week, at a Unix ms; both parts as `milepost_server.figures.releases` lays them out."""

    week: str
    at: int
    contents: bytes
    raters: bytes


_RELEASE = "SELECT week, at, contents, raters FROM release WHERE stream = ? "


def put(connection: Connection, stream: int, release: Release) -> None:
    """Keep a release. A week has one, for good: sqlite3.IntegrityError for another."""
    connection.execute("INSERT INTO release VALUES (?, ?, ?, ?, ?)", (stream, *release))


def newest(connection: Connection, stream: int, limit: int, before: str = "9999") -> list[Release]:
    """A cohort's last releases of weeks before `before`, the newest first."""
    rows = connection.execute(_RELEASE + "AND week < ? ORDER BY week DESC LIMIT ?", (stream, before, limit))
    return [Release(*row) for row in rows]


def of_week(connection: Connection, stream: int, week: str) -> Release | None:
    """The release of a week, once there is one."""
    row = connection.execute(_RELEASE + "AND week = ?", (stream, week)).fetchone()
    return Release(*row) if row else None
