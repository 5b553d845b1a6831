"""The audit log of a cohort: every act, and every time a lead was shown somebody by name. Chained by hash.

A row's hash covers the hash before it, so a row that is changed, taken out or put between shows in `verify`. Rows are
written in the transaction of the act, or before the answer to a look goes out. A member can see the rows about
themselves, whoever they were in the pod of.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from milepost.event import ZERO
from milepost.ids import base64url, from_base64url
from milepost_server.store import Connection, streams

# Part of what is hashed: rows of another format would begin otherwise.
_FORMAT = b"milepost/audit/1\0"
# A page that stays open reads itself again; the same look within this time is the same row.
LOOK_MS = 15 * 60_000
READ = "people/read"


class Row(NamedTuple):
    """One row. `actor` is a member's key in base64url, or the operator; `about` are the members it concerns."""

    stream: int
    n: int
    at: int
    actor: str
    act: str
    pod: str
    about: tuple[bytes, ...]
    hash: bytes


Mark = tuple[int, int, int]
"""A row's place among those of several cohorts: when, in whose log, which."""

_SELECT = "SELECT stream, n, at, actor, act, pod, about, hash FROM audit "


def write(
    connection: Connection, stream: int, at: int, actor: str, act: str, pod: str = "", about: Iterable[bytes] = ()
) -> None:
    """Add a row to a cohort's log, in the open transaction."""
    users = tuple(sorted(set(about)))
    last = end(connection, stream)
    n, before = last.n + 1, last.hash
    row = Row(stream, n, at, actor, act, pod, users, b"")
    hash_ = _hash(streams.get(connection, stream).stream_id, before, row)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (stream, n, at, actor, act, pod, _text(users), hash_)
    )
    connection.executemany("INSERT INTO audit_about VALUES (?, ?, ?)", [(stream, n, user) for user in users])


def looked(connection: Connection, stream: int, at: int, reader: bytes, pod: str, about: Iterable[bytes]) -> None:
    """Note that somebody who leads was shown these members by name, unless it is noted already."""
    users = frozenset(about)
    if not is_noted(connection, stream, at, reader, pod, users):
        write(connection, stream, at, base64url(reader), READ, pod, users)


def is_noted(connection: Connection, stream: int, at: int, reader: bytes, pod: str, about: Collection[bytes]) -> bool:
    """Whether a look needs no row: nobody was shown, or the same look has one that is new enough."""
    row = connection.execute(
        "SELECT 1 FROM audit WHERE stream = ? AND at > ? AND actor = ? AND act = ? AND pod = ? AND about = ? LIMIT 1",
        (stream, at - LOOK_MS, base64url(reader), READ, pod, _text(sorted(about))),
    ).fetchone()
    return not about or row is not None


class Part(NamedTuple):
    """Which rows are wanted: of one act; by or about some people, None for everybody; by the operator among them."""

    act: str | None = None
    people: Collection[bytes] | None = None
    operator: str | None = None


def rows(
    connection: Connection,
    stream: int,
    before: int | None,
    limit: int,
    part: Part = Part(),  # noqa: B008 -- a NamedTuple, never written
) -> list[Row]:
    """The rows of a cohort's log, newest first; those older than row `before`, if it is given."""
    where, bound = "WHERE stream = ? AND (? IS NULL OR n < ?) AND (? IS NULL OR act = ?)", [part.act, part.act]
    if part.people is not None:
        marks = ",".join("?" * len(part.people))
        where += (
            f" AND (actor = ? OR actor IN ({marks}) OR EXISTS (SELECT 1 FROM audit_about u "  # noqa: S608 -- marks alone
            f"WHERE u.stream = audit.stream AND u.n = audit.n AND u.user IN ({marks})))"
        )
        bound += [part.operator, *map(base64url, part.people), *part.people]  # type: ignore[list-item]  # as SQLite has it
    found = connection.execute(_SELECT + where + " ORDER BY n DESC LIMIT ?", (stream, before, before, *bound, limit))
    return [_row(row) for row in found]


class End(NamedTuple):
    """The newest row of a log: its number and its hash, which covers every row before it."""

    n: int
    hash: bytes


def end(connection: Connection, stream: int) -> End:
    """Where a log ends. Kept somewhere else, it shows later that nothing before it was changed or cut off."""
    row = connection.execute("SELECT n, hash FROM audit WHERE stream = ? ORDER BY n DESC LIMIT 1", (stream,)).fetchone()
    return End(*row) if row else End(0, ZERO)


def not_following(connection: Connection, stream: streams.Stream, shown: Sequence[Row]) -> list[int]:
    """The numbers of those of some rows that do not continue the row before them."""
    marks = ",".join("?" * len(shown))
    found = connection.execute(
        f"SELECT n + 1, hash FROM audit WHERE stream = ? AND n + 1 IN ({marks})",  # noqa: S608 -- marks alone
        (stream.n, *(row.n for row in shown)),
    )
    before = {1: ZERO, **dict(found.fetchall())}
    return [row.n for row in shown if row.n not in before or row.hash != _hash(stream.stream_id, before[row.n], row)]


def rows_about(connection: Connection, user: bytes, before: Mark | None, limit: int) -> list[Row]:
    """The rows about a member in every cohort, newest first; those older than the row of a mark, if it is given."""
    found = connection.execute(
        "SELECT a.stream, a.n, a.at, a.actor, a.act, a.pod, a.about, a.hash FROM audit_about u "
        "JOIN audit a ON a.stream = u.stream AND a.n = u.n "
        "WHERE u.user = ? AND (? OR (a.at, a.stream, a.n) < (?, ?, ?)) "
        "ORDER BY a.at DESC, a.stream DESC, a.n DESC LIMIT ?",
        (user, before is None, *(before or (0, 0, 0)), limit),
    )
    return [_row(row) for row in found]


def broken(connection: Connection, stream: streams.Stream) -> Iterator[int]:
    """The numbers of rows that do not continue the chain."""
    before, n = ZERO, 0
    for found in connection.execute(_SELECT + "WHERE stream = ? ORDER BY n", (stream.n,)):
        row = _row(found)
        if row.n != n + 1 or row.hash != _hash(stream.stream_id, before, row):
            yield row.n
        before, n = row.hash, row.n


def _hash(stream_id: bytes, before: bytes, row: Row) -> bytes:
    said = [base64url(stream_id), row.n, row.at, row.actor, row.act, row.pod, _text(row.about)]
    return sha256(_FORMAT + before + json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).digest()


def _row(row: tuple[Any, ...]) -> Row:
    stream, n, at, actor, act, pod, about, hash_ = row
    return Row(stream, n, at, actor, act, pod, tuple(from_base64url(user) for user in about.split()), hash_)


def _text(users: Sequence[bytes]) -> str:
    return " ".join(base64url(user) for user in users)
