"""Entries, one by one."""

from typing import Any

from milepost_client.cli.shapes.shape import Day, EntryName, Shape, Subject


class Entry(Shape):
    """entry/1: what a recording command wrote; no entries where nothing changed."""

    says: str
    subject: Subject | None
    on: Day
    entries: list[EntryName]
    unsent: int


class ShownEntry(Shape):
    """show_entry/1, and one entry of a list. `values` is null where this device cannot read it."""

    id: str
    short_id: str
    type: str
    on: Day
    subject: Subject | None
    says: str
    taken_back: bool
    received: bool
    values: dict[str, Any] | None


class Log(Shape):
    """log/1: entries, the newest day first."""

    since: Day | None
    type: str | None
    entries: list[ShownEntry]


class Show(Shape):
    """show/1: a thing. `view` is what stands (see the views), `derived` what is worked out from it."""

    kind: str
    id: str
    short_id: str
    name: str | None
    view: dict[str, Any] | None
    derived: dict[str, Any]
    history: list[ShownEntry]


SHAPES: dict[str, type[Shape]] = {
    "entry/1": Entry,
    "show_entry/1": ShownEntry,
    "log/1": Log,
    "show/1": Show,
}
