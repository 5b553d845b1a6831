"""What `mp import` prints."""

from typing import Literal

from milepost_client.cli.shapes.shape import Shape


class ImportFormat(Shape):
    name: str
    says: str
    example: str


class ImportFormats(Shape):
    """import_formats/1."""

    formats: list[ImportFormat]


class ImportRows(Shape):
    """How many rows: one is new when any entry of it is."""

    new: int
    there: int
    passed_over: int
    refused: int


class ImportEntries(Shape):
    type: str
    new: int
    there: int


class ImportLine(Shape):
    row: str
    label: str
    fate: Literal["new", "there", "passed_over"]
    says: str


class ImportRefusal(Shape):
    """Why a row is not imported; `column` is empty where no single column is at fault."""

    row: str
    column: str
    rule: str
    message: str
    remedy: str


class Import(Shape):
    """import/1. `lines` are the first 200 rows that are not refused, `refusals` the first 1000 that are.

    `first` is the first entry written: `mp undo` takes all of them back.
    """

    format: str
    source: str
    written: bool
    rows: ImportRows
    entries: list[ImportEntries]
    lines: list[ImportLine]
    refusals: list[ImportRefusal]
    notes: list[str]
    first: str | None


class ImportLog(Shape):
    """import_log/1: a whole log, or a bundle of one."""

    format: str
    source: str
    written: bool
    events: int
    new: int


SHAPES: dict[str, type[Shape]] = {
    "import/1": Import,
    "import_log/1": ImportLog,
    "import_formats/1": ImportFormats,
}
