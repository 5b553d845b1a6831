"""What every answer of `--json` is built of."""

import msgspec

Day = str
"""An ISO date."""


class Shape(msgspec.Struct):
    """The data of one answer. Fields without a default are always there."""


class Subject(Shape):
    kind: str
    id: str
    name: str | None
    short_id: str | None = None


class EntryName(Shape):
    id: str
    type: str


class Thing(Shape):
    """A thing in a list: its view, with its name."""

    id: str
    short_id: str
    name: str | None


class Warned(Shape):
    code: str
    message: str
    field: str | None
    remedy: str | None
