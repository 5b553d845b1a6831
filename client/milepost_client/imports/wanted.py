"""What a row of a source asks for.

A format knows names, not ids: it writes a `Thing` where an entry wants the id of the thing it is about, and `Mention`s
in `ref`. The plan puts ids in their place.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from milepost_client.recording.seen import fold_case

# The fields that tell one thing of a kind from another where no id is at hand, by the type that names it.
NAMED_BY = {
    "skill.named": ("skill", ("label",)),
    "contact.added": ("contact", ("name",)),
    "position.recorded": ("position", ("title", "employer", "start")),
    "credential.earned": ("credential", ("name",)),
    "artifact.added": ("artifact", ("title",)),
    "narrative.published": ("narrative", ("title",)),
}


class Thing(NamedTuple):
    """A thing by what tells it from the others of its kind."""

    kind: str
    key: tuple[str, ...]


class Mention(NamedTuple):
    """A name in a source that may be that of something recorded here; it is left out of `ref` where it is not."""

    name: str


class Wanted(NamedTuple):
    """An entry that a row asks for. `on` is None where the row names no day; `columns` says whence a field came."""

    type: str
    on: date | None
    values: Mapping[str, object]
    columns: Mapping[str, str] = {}


class Refusal(NamedTuple):
    """Why a row is not imported: where it stands, the rule's code, and what to do about it."""

    row: str
    column: str
    rule: str
    message: str
    remedy: str


class Row(NamedTuple):
    """One row: where it stands in its source, what it is about, and the entries it asks for.

    All of them are written or none. `refusal` says why it cannot be read; `passed_over` why it asks for nothing.
    """

    place: str
    label: str
    wanted: tuple[Wanted, ...] = ()
    refusal: Refusal | None = None
    passed_over: str = ""


class CellRefused(Exception):
    """A cell that does not say what its column is for."""

    def __init__(self, column: str, rule: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column = column
        self.rule = rule
        self.message = message
        self.remedy = remedy

    def row(self, place: str, label: str) -> Row:
        """The row that holds it."""
        return Row(place, label, refusal=Refusal(place, self.column, self.rule, self.message, self.remedy))


def thing(type_: str, values: Mapping[str, object]) -> Thing:
    """The thing that an entry of this type names, as the names of things compare: case and spacing do not count."""
    kind, fields = NAMED_BY[type_]
    return Thing(kind, tuple(fold_case(str(values.get(field) or "")) for field in fields))
