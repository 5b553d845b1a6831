"""What members asked and said, found by pod: the index of requests and words, of each version of the read models.

    request_v1   where and when each request was asked, for whom, and how it stands
    words_v1     where and when words were said, for whom: a row for each thing they are about, or one without

Rows hold no text; it stays in the member's views, which a reader joins. The pod is the one the member was in when the
server received the entry: whoever was named as a reader then is the reader.
"""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from typing import NamedTuple

from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.asking import Help, Words
from milepost.projections.kinds import decode_view
from milepost.projections.rows import kind_of, name_of
from milepost.projections.tables import Resolved
from milepost_server.store import Connection

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS request_v{v} (
        stream INTEGER NOT NULL, help TEXT NOT NULL, pod TEXT NOT NULL, cohort TEXT NOT NULL, audience TEXT NOT NULL,
        standing TEXT NOT NULL, asked_at INTEGER NOT NULL, PRIMARY KEY (stream, help)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS request_v{v}_pod ON request_v{v} (pod, standing, asked_at)",
    "CREATE INDEX IF NOT EXISTS request_v{v}_cohort ON request_v{v} (cohort, standing, asked_at)",
    """CREATE TABLE IF NOT EXISTS words_v{v} (
        stream INTEGER NOT NULL, event TEXT NOT NULL, about TEXT NOT NULL, pod TEXT NOT NULL, cohort TEXT NOT NULL,
        audience TEXT NOT NULL, beside INTEGER NOT NULL, said_at INTEGER NOT NULL,
        PRIMARY KEY (stream, event, about)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS words_v{v}_about ON words_v{v} (stream, about)",
    "CREATE INDEX IF NOT EXISTS words_v{v}_pod ON words_v{v} (pod, said_at)",
)
NAMES = ("request_v{v}", "words_v{v}")
KINDS = frozenset(("help", "words"))


class Where(NamedTuple):
    """Where an entry was received: its member's pod and cohort then, at a Unix ms."""

    pod: str
    cohort: str
    at: int


def event_of(one: Resolved) -> bytes | None:
    """The event whose arrival dates a request or words; None where they do not stand."""
    if one.view is None:
        return None
    if kind_of(one.entity) == "words":
        return from_base32(name_of(one.entity), EVENT_ID_BYTES)
    view = decode_view(one.entity, one.view)
    assert isinstance(view, Help), "the other of two kinds"  # noqa: S101
    return from_base32(view.event, EVENT_ID_BYTES)


def put(connection: Connection, version: int, stream: int, one: Resolved, where: Where | None) -> None:
    """Write the rows of a request or of words anew; none for what does not stand, or was said in no pod."""
    name = name_of(one.entity)
    for table, column in ((f"request_v{version}", "help"), (f"words_v{version}", "event")):
        connection.execute(f"DELETE FROM {table} WHERE stream = ? AND {column} = ?", (stream, name))
    if one.view is None or where is None:
        return
    view = decode_view(one.entity, one.view)
    if isinstance(view, Help):
        connection.execute(
            f"INSERT INTO request_v{version} VALUES (?, ?, ?, ?, ?, ?, ?)",
            (stream, name, where.pod, where.cohort, view.to, view.standing, where.at),
        )
    elif isinstance(view, Words):
        place = where.pod, where.cohort, view.to, view.beside is not None, where.at
        connection.executemany(
            f"INSERT INTO words_v{version} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(stream, name, about, *place) for about in dict.fromkeys(view.ref or ("",))],
        )
