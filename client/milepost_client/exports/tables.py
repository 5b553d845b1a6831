"""The read models as tables, with the member's words beside them: what `export csv` writes.

A table is a SQL view of `read_models.py`, and what its entries say in private, which only the log has. As of a day it
is the same view over a copy in memory, folded from what had happened by then and corrected as it has been since.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from typing import NamedTuple

from milepost.projections.calendar import day_number
from milepost.projections.kinds import is_viewed, resolved, view_of
from milepost.projections.rows import Entry, Row
from milepost_client.pages.worded import texts_in, texts_in_all
from milepost_client.recording.entries import matching
from milepost_client.recording.seen import Seen
from milepost_client.views.read_models import READ_MODELS
from milepost_client.views.view_tables import ViewTables, bring_up_to_date
from milepost_client.views.views import Views

Cell = str | int | float | None


class Words(NamedTuple):
    """Which private words of which entry belong to a row: of the write that stands for a field of a kind of thing."""

    kind: str
    field: str
    names: tuple[str, ...]


# What a thing's entries say of it, beyond its name.
WORDS: Mapping[str, tuple[Words, ...]] = {
    "goals": (Words("goal", "set", ("test",)), Words("goal", "result", ("note",))),
    "milestones": (
        Words("milestone", "plan", ("measure", "hypothesis")),
        Words("milestone", "status", ("result", "lesson", "why", "obstacle")),
    ),
    "contacts": (Words("contact", "added", ("employer", "link")),),
    "artifacts": (Words("artifact", "added", ("link",)),),
    "credentials": (Words("credential", "earned", ("issuer", "link")),),
    "impacts": (Words("impact", "stated", ("action", "context", "result")),),
    "narratives": (Words("narrative", "published", ("link",)),),
}
# What an entry that is a row of its own says.
ENTRY_WORDS: Mapping[str, tuple[str, ...]] = {
    "ratings": ("note",),
    "time": ("note",),
    "touchpoints": ("agenda", "notes", "recap"),
    "feedback": ("words", "tone", "who"),
    "readings": ("method",),
    "demand": ("titles",),
    "outcomes": ("details",),
}


class Table(NamedTuple):
    """One table: its columns and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


ENTRIES = "entries"
NAMES = (*(model.name for model in READ_MODELS), ENTRIES)
"""Every table there is: the read models, and all entries, wins and reflections among them, each in a line."""


def tables(views: Views, seen: Seen, names: Sequence[str], as_of: date | None = None) -> dict[str, Table]:
    """Tables by name, as they are now, or were on a day."""
    with read_models(views, as_of) as models:
        return {
            name: _entries(views, seen, as_of) if name == ENTRIES else _table(views, models, name) for name in names
        }


@contextmanager
def read_models(views: Views, as_of: date | None = None) -> Iterator[sqlite3.Connection]:
    """The read models on a connection: those of now, or those of a day, which costs the whole history."""
    if as_of is None:
        yield views.tables.connection
        return
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        bring_up_to_date(connection)
        _fill(ViewTables(connection), views.tables, day_number(as_of))
        yield connection


def _table(views: Views, connection: sqlite3.Connection, name: str) -> Table:
    """A read model with its words."""
    cursor = connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")  # noqa: S608 -- one of our own names
    columns = tuple(column[0] for column in cursor.description)
    of_things, of_entries = WORDS.get(name, ()), ENTRY_WORDS.get(name, ())
    standing = [(_standing(connection, one), one.names) for one in of_things]
    read = cursor.fetchall()
    entries = texts_in_all(views.log, [bytes.fromhex(row[-1]) for row in read]) if of_entries else {}
    rows: list[tuple[Cell, ...]] = []
    for row in read:
        said = [word for events, names in standing for word in _said(_texts(views, events.get(row[0])), names)]
        if of_entries:
            said += _said(entries.get(bytes.fromhex(row[-1]), {}), of_entries)
        rows.append((*row, *said))
    words = (*(word for one in of_things for word in one.names), *of_entries)
    # A milestone's obstacle is a class, and what is in the way; the words have a column of their own.
    return Table((*columns, *(f"{word}_words" if word in columns else word for word in words)), rows)


def _entries(views: Views, seen: Seen, as_of: date | None) -> Table:
    """Every entry, in a line as `log` shows it, the oldest day first."""
    found = matching(views.log, seen, since=None, type_="", about="", limit=-1)
    rows: list[tuple[Cell, ...]] = [
        (one.on.isoformat(), one.type, one.subject.name if one.subject else None, one.says, int(one.is_struck), one.id)
        for one in reversed(found)
        if as_of is None or one.on <= as_of
    ]
    return Table(("on", "type", "about", "says", "taken_back", "id"), rows)


def _standing(connection: sqlite3.Connection, words: Words) -> dict[str, str]:
    """Thing -> the entry that stands for a field of it."""
    statement = """SELECT v.id, json_extract(h.value, '$[1][0]') FROM view v, json_each(v.view, '$.heads') h
        WHERE v.kind = ? AND json_extract(h.value, '$[0]') = ?"""
    return dict(connection.execute(statement, (words.kind, words.field)).fetchall())


def _texts(views: Views, event: str | None) -> Mapping[str, object]:
    return {} if event is None else texts_in(views.log, event)


def _said(texts: Mapping[str, object], names: tuple[str, ...]) -> Iterator[Cell]:
    for name in names:
        value = texts.get(name)
        yield ", ".join(map(str, value)) if isinstance(value, list) else None if value is None else str(value)


def _fill(tables: ViewTables, source: ViewTables, day: int) -> None:
    """Fold everything up to `day` into empty tables."""
    for entity, writes in source.entities():
        known = [write for write in writes if write.on <= day]
        tables.put_rows([Row(entity, one.field, one.event_id, one.on, str(one.data).encode()) for one in known])
        tables.put_entries(Entry(one.event_id, one.order, one.marks) for one in known)
        view = view_of(entity, writes, until=day) if is_viewed(entity) else None
        if view is not None:
            tables.put_views([resolved(entity, view)])
