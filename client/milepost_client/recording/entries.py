"""Entries for people: what one says in a line, and the newest or matching ones, without folding the history."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from milepost.catalogue import SEALED_TYPE, Entry, Unknown, decode, get
from milepost.ids import EVENT_ID_BYTES, base32, from_base32
from milepost_client.recording.commands import SHORT_EVENT_LENGTH, short_event
from milepost_client.recording.dates import days_of, from_days
from milepost_client.recording.seen import Seen
from milepost_client.store.control import is_control
from milepost_client.store.log import Log
from milepost_client.store.storage import reading
from milepost_client.store.stored import Stored
from milepost_client.views.lookup import Named

TEXT_LENGTH_MAX = 400
# An event's id begins with the time, in so many letters; its short name is the beginning of what follows.
TIME_LETTERS = 10
# An own entry further back than this, behind what other devices wrote, is named by its id to be taken back.
OWN_SOUGHT_MAX = 1000
COPIES_SOUGHT_MAX = 100_000
_COPYING = '"from":'
# What a line leaves out: links between entries, and what the rest of the line says already.
_LINKS = frozenset({"over", "replaces", "from", "with", "ref", "outputs", "has_test", "has_measure"})
# What an id in a field names, and fields whose ids have no names: of those a line says how many.
_NAMED_BY = {
    "role": "role",
    "skill": "skill",
    "competencies": "skill",
    "objective": "objective",
    "key_results": "metric",
    "parent": "milestone",
    "next_goal": "goal",
    "replaces_goal": "goal",
    "contacts": "contact",
}
_COUNTED = frozenset({"readings", "outputs_ticked", "targets"})
# What says enough by itself: a line puts no field's name before it.
_BARE = ("text", "title", "label", "name", "statement", "words", "obstacle", "value")
_BARE_CHOICES = frozenset({"kind", "class", "result", "giver", "basis"})
# The most telling first.
_LABELS = (*_BARE, "private_value", "rating")

# `device.*` and `key.*` are housekeeping, shown when asked for.
_MATCHING = """SELECT e.n FROM event e JOIN kind k ON k.n = e.kind WHERE e."on" >= ?
    AND (? <> '' OR k.type NOT LIKE 'device.%' AND k.type NOT LIKE 'key.%')
    AND (? = '' OR CASE k.type WHEN 'entry.sealed' THEN coalesce(json_extract(CAST(e.private AS TEXT), '$.type'), '')
        ELSE k.type END LIKE ? ESCAPE '!')
    AND (? = '' OR instr(CAST(coalesce(e.facts, '') AS TEXT), ?) OR instr(CAST(coalesce(e.private, '') AS TEXT), ?))
    ORDER BY e."on" DESC, e.n DESC LIMIT ?"""


class Line(NamedTuple):
    """An entry as a list shows it.

    `says` is one line; `is_struck`: taken back; `entry`: None where it cannot be read.
    """

    stored: Stored
    type: str
    on: date
    subject: Named | None
    says: str
    is_struck: bool
    entry: Entry | None

    @property
    def id(self) -> str:
        """The entry's whole id."""
        return base32(self.stored.event.id)

    @property
    def short(self) -> str:
        """Its short name."""
        return short_event(self.stored.event)

    @property
    def values(self) -> Mapping[str, object]:
        """All its values by field; empty where it cannot be read."""
        return {} if self.entry is None else {**(self.entry.facts or {}), **(self.entry.private or {})}

    def data(self) -> dict[str, object]:
        """The entry as JSON shows it."""
        subject = self.subject
        return {
            "id": self.id,
            "short_id": self.short,
            "type": self.type,
            "on": self.on.isoformat(),
            "subject": {"kind": subject.kind, "id": subject.id, "name": subject.name} if subject else None,
            "says": self.says,
            "taken_back": self.is_struck,
            "received": self.stored.position is not None,
            "values": dict(self.values) if self.entry else None,
        }


def matching(log: Log, seen: Seen, *, since: date | None, type_: str, about: str, limit: int) -> list[Line]:
    """The newest entries by day that fit, each told once however many copies of it there are.

    `type_` is a type or the noun it begins with; `about` an id they mention.
    """
    found = _written(log, seen, since=since, type_=type_, about=about, limit=limit)
    return [one for one in found if "from" not in one.values or not seen.is_repeated(one.stored.event.id)]


def _written(log: Log, seen: Seen, *, since: date | None, type_: str, about: str, limit: int) -> list[Line]:
    if not log.is_born:
        return []
    escaped = type_.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    pattern = escaped if "." in type_ else escaped + ".%"
    first = days_of(since) if since else -(2**31)
    with reading(log.path):
        found = log.connection.execute(_MATCHING, (first, type_, type_, pattern, about, about, about, limit)).fetchall()
    stored = {one.n: one for one in log.numbered([n for (n,) in found])}
    return [line(stored[n], seen) for (n,) in found]


def last_command(log: Log) -> list[Stored]:
    """The entries of this device's newest command, the first of them first; control entries cannot be taken back."""
    own = (stored for stored in log.newest(OWN_SOUGHT_MAX) if stored.event.device == log.device)
    newest = next((stored for stored in own if not is_control(stored.event.type)), None)
    if newest is None:
        return []
    first = _with(newest) or base32(newest.event.id)
    begun = log.get(from_base32(first, EVENT_ID_BYTES)) or newest
    # An import is one command, of however many entries.
    found = (stored for stored in log.since(begun.n - 1) if stored.event.device == log.device)
    return [stored for stored in found if base32(stored.event.id) == first or _with(stored) == first]


def copies(log: Log, seen: Seen, lines: Sequence[Line]) -> list[Line]:
    """The other entries that are copies of what these are copies of."""
    origins = {one.values["from"] for one in lines if "from" in one.values}
    found = [
        one
        for type_ in sorted({one.type for one in lines if origins})
        for one in _written(log, seen, since=None, type_=type_, about=_COPYING, limit=COPIES_SOUGHT_MAX)
    ]
    known = {one.stored.n for one in lines}
    return [one for one in found if one.stored.n not in known and one.values.get("from") in origins]


def line(stored: Stored, seen: Seen) -> Line:
    """An entry as a list shows it."""
    entry = read(stored)
    on = from_days(stored.event.on)
    struck = seen.is_struck(stored.event.id)
    if isinstance(entry, Unknown) or (entry.facts is None and entry.private is None):
        return Line(stored, entry.type, on, None, unreadable(entry), struck, None)
    values = {**(entry.facts or {}), **(entry.private or {})}
    subject = subject_of(entry.type, values, seen)
    shown = {name: _readable(name, value, subject, seen) for name, value in values.items()}
    return Line(stored, entry.type, on, subject, ", ".join(said(entry.type, shown, subject)), struck, entry)


def _readable(name: str, value: object, subject: Named | None, seen: Seen) -> object:
    """A value with names for the ids in it, as far as this device knows them."""
    kind = _NAMED_BY.get(name)
    if name == "factor":
        return seen.factor(str(value))
    if name == "target" and isinstance(value, str):
        # The short name that `mp log` lists the entry under.
        return value[TIME_LETTERS : TIME_LETTERS + SHORT_EVENT_LENGTH]
    if name in _COUNTED and isinstance(value, list):
        return len(value) or None
    if kind is None or (subject and value == subject.id):
        return value
    if isinstance(value, list):
        return [seen.name(kind, str(id_)) or id_ for id_ in value]
    return seen.name(kind, value) or value if isinstance(value, str) else value


def read(stored: Stored) -> Entry | Unknown:
    """The entry in an event, as far as this build and its keys can read it."""
    event = stored.event
    facts = event.facts.text if event.facts else None
    return decode(event.type, event.version, facts, event.private.text if event.private else None)


def unreadable(entry: Entry | Unknown) -> str:
    """Why an entry cannot be shown."""
    if isinstance(entry, Unknown):
        return "from a newer Milepost; upgrade to read it"
    return "private text that this device has no key for" if entry.type == SEALED_TYPE else "erased"


def subject_of(type_: str, values: Mapping[str, object], seen: Seen) -> Named | None:
    """The thing an entry is about."""
    others = {"touchpoint.logged": "contact", "demand.sampled": "term", "words.said": ""}
    kind = others.get(type_, type_.partition(".")[0])
    id_ = values.get(kind)
    if isinstance(id_, str):
        return Named(kind, id_, seen.name(kind, id_))
    return None


def said(type_: str, values: Mapping[str, object], subject: Named | None) -> Iterator[str]:
    """The values of an entry, the most telling first."""
    declared = get(type_)
    fields = [field.name for field in declared.fields()] if declared else list(values)
    fields.sort(key=lambda name: _LABELS.index(name) if name in _LABELS else len(_LABELS))
    for name in fields:
        value = values.get(name)
        if value is None or name in _LINKS or (subject and value in (subject.id, subject.name)):
            continue
        if words := _value(name, value):
            yield words


def _value(name: str, value: object) -> str:
    words = name.replace("_", " ")
    if value is True:
        return words
    if isinstance(value, bool) or value == []:
        return ""
    if isinstance(value, list):
        return (
            f"{words} {len(value)}" if len(str(value)) > TEXT_LENGTH_MAX else f"{words} " + ", ".join(map(str, value))
        )
    if isinstance(value, dict):
        return f"{words} " + " ".join(f"{key} {item}" for key, item in value.items())
    text = " ".join(str(value).split())[:TEXT_LENGTH_MAX]
    return text if name in _BARE or name in _BARE_CHOICES else f"{words} {text}"


def _with(stored: Stored) -> str | None:
    entry = read(stored)
    if isinstance(entry, Unknown):
        return None
    first = {**(entry.facts or {}), **(entry.private or {})}.get("with")
    return first if isinstance(first, str) else None


def rows(lines: Sequence[Line]) -> list[tuple[object, ...]]:
    """The records of `--plain`."""
    return [(one.id, one.on.isoformat(), one.type, one.subject.id if one.subject else None, one.says) for one in lines]
