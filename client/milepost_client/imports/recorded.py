"""What the log has already: names and contents, so that importing again writes nothing new.

Recognised by content and by name, in the log itself: it travels with the log, so a second device knows what the first
imported, and what was taken back may be imported again (docs/decisions/0022). An entry that was edited counts as there
in its old form too. One pass over the entries of the types concerned, and a quick one for those that were edited.
"""

from collections import Counter
from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from json import dumps
from typing import Any, NamedTuple

from milepost.catalogue import SEALED_TYPE, Unknown, decode, get
from milepost.ids import base32
from milepost.projections.rows import ERASED, LEFT_OUT, REPEATED, STRUCK
from milepost_client.imports.wanted import NAMED_BY, Thing, thing
from milepost_client.recording.dates import from_days
from milepost_client.store.holdings import READ_ROWS_MAX
from milepost_client.store.log import Log
from milepost_client.store.storage import reading
from milepost_client.views.views import Views

# The fields by which an entry is recognised that gives no thing its name.
_SAID_BY = {
    "goal.set": ("goal",),
    "goal.closed": ("goal",),
    "skill.rated": ("skill", "rating", "basis"),
    "skill.targeted": ("skill", "target", "by", "method"),
    "time.spent": ("minutes", "note"),
    "reflection.written": ("text",),
}
OF_A_DAY = ("skill.rated", "time.spent", "reflection.written")
"""Types of which the same is told again on another day, where the source names the day."""
COUNTED = ("time.spent",)
"""Types of which a source may hold two that are alike, and means two."""
_ENTRIES = """SELECT e.n, e.id, e."on", k.type, k.version, e.facts, e.private
    FROM event e JOIN kind k ON k.n = e.kind WHERE e.n > ? AND k.type IN ({marks})
    AND (instr(CAST(coalesce(e.facts, '') AS TEXT), ?) OR instr(CAST(coalesce(e.private, '') AS TEXT), ?))
    ORDER BY e.n LIMIT ?"""
_ANY = "{"
_CORRECTING = '"replaces":'
# A copy counts where its twin does: if that was taken back, so were both.
_STRIKES = STRUCK | ERASED | LEFT_OUT | REPEATED

Content = Hashable
"""What makes an entry the same as another."""


class Found(NamedTuple):
    """An entry of the log as it is recognised."""

    id: bytes
    on: str
    type: str
    values: Mapping[str, object]


class Recorded:
    """The things and contents of a log, of the types that an import may write. `count`: as of so many events.

    `origins`: what entries of these types name in `from`, whether they still count or not.
    """

    def __init__(self, views: Views, types: Sequence[str]) -> None:
        """Reads the log; `views` must be refreshed."""
        self.count = views.log.count
        self.origins: set[str] = set()
        self._things: dict[Thing, list[str]] = {}
        self._contents: Counter[Content] = Counter()
        # What `edit` replaced is there, in other words.
        corrected = {entry.values.get("replaces") for entry in self._standing(views, types, _CORRECTING)}
        for entry in self._standing(views, types, _ANY, corrected):
            self._take(entry)

    def ids(self, wanted: Thing) -> Sequence[str]:
        """The ids of the things that have, or once had, this name."""
        return self._things.get(wanted, ())

    def count_of(self, content: Content) -> int:
        """How many entries say this."""
        return self._contents[content]

    def _standing(
        self, views: Views, types: Sequence[str], saying: str, besides: Container[object] = ()
    ) -> Iterator[Found]:
        """The entries of these types that stand and hold a text, as they arrived; those of the ids `besides` too."""
        for portion in _portions(views.log, types, saying):
            self.origins.update(str(entry.values["from"]) for entry in portion if "from" in entry.values)
            left_out = _left_out(views, [entry.id for entry in portion])
            yield from (entry for entry in portion if entry.id not in left_out or base32(entry.id) in besides)

    def _take(self, entry: Found) -> None:
        for content in contents(entry.type, entry.values, entry.on):
            self._contents[content] += 1
        if entry.type in NAMED_BY:
            named = thing(entry.type, entry.values)
            ids = self._things.setdefault(named, [])
            id_ = str(entry.values[named.kind])
            if id_ not in ids:
                ids.append(id_)


def contents(type_: str, values: Mapping[str, object], on: str) -> tuple[Content, Content]:
    """An entry's content on its day, and whatever its day. The values have ids, not things."""
    fields = (NAMED_BY[type_][0],) if type_ in NAMED_BY else _SAID_BY[type_]
    said = tuple(_plain(values.get(field)) for field in fields)
    return (type_, on, *said), (type_, "", *said)


def _plain(value: object) -> Hashable:
    return value if value is None or isinstance(value, str | int) else dumps(value, sort_keys=True)


def _portions(log: Log, types: Sequence[str], saying: str) -> Iterator[list[Found]]:
    """The entries of these types that can be read and hold a text.

    So many at a time: a writer would wait for the reading of them.
    """
    headers = sorted({SEALED_TYPE if is_sealed(type_) else type_ for type_ in types})
    statement = _ENTRIES.format(marks=",".join("?" * len(headers)))
    last = 0
    while log.is_born:
        with reading(log.path):
            rows = log.connection.execute(statement, (last, *headers, saying, saying, READ_ROWS_MAX)).fetchall()
        yield [found for row in rows if (found := _found(row[1:], types)) is not None]
        if len(rows) < READ_ROWS_MAX:
            return
        last = rows[-1][0]


def _found(row: Sequence[Any], types: Sequence[str]) -> Found | None:
    id_, on, type_, version, facts, private = row
    entry = decode(type_, version, facts, private)
    if isinstance(entry, Unknown) or entry.type not in types:
        return None
    values = {**(entry.facts or {}), **(entry.private or {})}
    return Found(id_, from_days(on).isoformat(), entry.type, values) if _has_names(entry.type, values) else None


def _has_names(type_: str, values: Mapping[str, object]) -> bool:
    """Whether the entry says what it is about: its text may be locked, or erased."""
    return type_ not in NAMED_BY or isinstance(values.get(NAMED_BY[type_][0]), str)


def is_sealed(type_: str) -> bool:
    """Whether a type has no facts."""
    declared = get(type_)
    return declared is not None and declared.sealed


def _left_out(views: Views, ids: Sequence[bytes]) -> set[bytes]:
    """Those that were taken back, erased, or do not count."""
    return {id_ for id_, entry in views.tables.entries(ids).items() if entry.marks & _STRIKES}
