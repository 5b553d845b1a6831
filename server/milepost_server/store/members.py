"""Where members are and what they let whom read, as rows that can be asked about a whole cohort.

    member_pod   the pod that each member is in by their own word, under which name, since when
    in_pod       those of them whom the pod offers the place too: only both make a member (privacy.md)
    granted      the consents that stand: one row for a family and an audience

The tables follow from control rows (`control.membership`, `control.consents`) and are written anew, whole, with every
control event of their member: nothing counts up or down, so nothing can drift.
"""

# ruff: noqa: S608 -- only question marks are put into statements; every value is bound

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import sqlite_utils

from milepost_server.store import Connection, control, streams
from milepost_server.store.schema import add_tables

IDS_MAX = 500

_SCHEMA = """
CREATE TABLE member_pod (
  stream INTEGER PRIMARY KEY, user BLOB NOT NULL, pod TEXT NOT NULL, cohort TEXT NOT NULL, name TEXT NOT NULL,
  since INTEGER NOT NULL
);
CREATE INDEX member_pod_pod ON member_pod (pod);
CREATE INDEX member_pod_cohort ON member_pod (cohort);
CREATE INDEX member_pod_user ON member_pod (user, pod);
CREATE TABLE granted (
  stream INTEGER NOT NULL, target TEXT NOT NULL, audience TEXT NOT NULL, family TEXT NOT NULL, scope TEXT NOT NULL,
  since INTEGER NOT NULL, until TEXT NOT NULL, PRIMARY KEY (stream, target, audience, family)
) WITHOUT ROWID;
CREATE INDEX granted_target ON granted (target, audience, family);
"""
_VIEW = """
CREATE VIEW IF NOT EXISTS in_pod AS SELECT m.stream, m.user, m.pod, m.cohort, m.name, m.since, p.stream AS cohort_stream
FROM member_pod m JOIN placement p ON p.user = m.user AND p.pod = m.pod
"""
_PLACED = "SELECT stream, user, pod, cohort, name, since FROM in_pod"


class Placed(NamedTuple):
    """A member of a pod. `since` is when the server heard that they took the place (Unix ms)."""

    stream: int
    user: bytes
    pod: str
    cohort: str
    name: str
    since: int


class Granted(NamedTuple):
    """A consent that stands. `since` is when the server had it (Unix ms); `until` has not been looked at."""

    stream: int
    target: str
    audience: str
    family: str
    scope: str
    since: int
    until: str


@add_tables
def prepare(database: sqlite_utils.Database) -> None:
    """Make the tables, filled from what the control rows say."""
    database.execute(_VIEW)
    if database["member_pod"].exists():
        return
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            database.execute(statement)
    connection = database.conn
    for (n,) in connection.execute("SELECT n FROM stream WHERE kind = ?", (streams.MEMBER,)).fetchall():
        settle(connection, streams.get(connection, n))


def settle(connection: Connection, stream: streams.Stream) -> None:
    """Write a member's rows anew. In the transaction that stored a control event of theirs."""
    connection.execute("DELETE FROM member_pod WHERE stream = ?", (stream.n,))
    taken = control.membership(connection, stream)
    if taken is not None:
        connection.execute(
            "INSERT INTO member_pod VALUES (?, ?, ?, ?, ?, ?)",
            (stream.n, stream.stream_id, taken.pod, taken.cohort, taken.name, taken.received_at),
        )
    connection.execute("DELETE FROM granted WHERE stream = ?", (stream.n,))
    connection.executemany("INSERT INTO granted VALUES (?, ?, ?, ?, ?, ?, ?)", _standing(connection, stream))


def _standing(connection: Connection, stream: streams.Stream) -> Iterable[Granted]:
    found: dict[tuple[str, str, str], Granted] = {}
    for consent in control.consents(connection, stream):
        place = consent.target, consent.audience, consent.family
        before = found.get(place)
        since, until = consent.received_at, consent.until
        # A grant that another goes on from was never interrupted; one that had run out by then was.
        if before is not None and before.until >= _day(consent.received_at):
            since, until = before.since, max(before.until, until)
        found[place] = Granted(stream.n, *place, consent.scope, since, until)
    return found.values()


def in_pods(connection: Connection, pods: Sequence[str]) -> dict[str, list[Placed]]:
    """The members of some pods by pod, each by name: a place that was offered and taken."""
    found: dict[str, list[Placed]] = {pod: [] for pod in pods}
    for some in _runs(pods):
        rows = connection.execute(f"{_PLACED} WHERE pod IN ({_marks(some)}) ORDER BY name, user", some)
        for row in rows:
            found[row[2]].append(Placed(*row))
    return found


def in_cohort(connection: Connection, stream: int) -> list[Placed]:
    """Every member of a cohort's pods, by name."""
    rows = connection.execute(f"{_PLACED} WHERE cohort_stream = ? ORDER BY name, user", (stream,))
    return [Placed(*row) for row in rows]


def count_in_cohort(connection: Connection, stream: int) -> dict[str, int]:
    """How many members each pod of a cohort has; pods without any are left out."""
    rows = connection.execute("SELECT pod, count(*) FROM in_pod WHERE cohort_stream = ? GROUP BY pod", (stream,))
    return dict(rows.fetchall())


def not_taken(connection: Connection, stream: int, limit: int) -> list[tuple[bytes, str, str | None]]:
    """Places of a cohort's pods that are offered and not taken: (user, pod, name they were placed under)."""
    rows = connection.execute(
        "SELECT p.user, p.pod, p.name FROM placement p LEFT JOIN member_pod m ON m.user = p.user AND m.pod = p.pod "
        "WHERE p.stream = ? AND m.user IS NULL ORDER BY p.user LIMIT ?",
        (stream, limit),
    )
    return list(rows)


def find(connection: Connection, user: bytes) -> Placed | None:
    """Where a member is, or None for a member of no pod."""
    row = connection.execute(f"{_PLACED} WHERE user = ?", (user,)).fetchone()
    return Placed(*row) if row else None


def grants(connection: Connection, targets: Sequence[str], audiences: Sequence[str], day: str) -> list[Granted]:
    """The consents for some pods or cohorts and audiences that hold on a day, given in the cohort's zone."""
    found = []
    for some in _runs(targets):
        rows = connection.execute(
            "SELECT stream, target, audience, family, scope, since, until FROM granted "
            f"WHERE target IN ({_marks(some)}) AND audience IN ({_marks(audiences)}) AND until >= ? "
            "ORDER BY stream, family",
            (*some, *audiences, day),
        )
        found += [Granted(*row) for row in rows]
    return found


def grants_of(connection: Connection, stream: int, day: str) -> list[Granted]:
    """A member's consents that hold on a day."""
    rows = connection.execute(
        "SELECT stream, target, audience, family, scope, since, until FROM granted WHERE stream = ? AND until >= ? "
        "ORDER BY target, audience, family",
        (stream, day),
    )
    return [Granted(*row) for row in rows]


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()


def _runs(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + IDS_MAX] for start in range(0, len(values), IDS_MAX))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
