"""Tables of text: the header is found and its columns are known by several names; the delimiter is the one that fits.

A spreadsheet's row numbers count every record, empty ones too, and a cell with a line break is one record: so do ours.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TextIO

from milepost.errors import UsageError
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Row, Wanted
from milepost_client.recording.seen import fold_case

DELIMITERS = (",", ";", "\t", "|")
# Some programs put notes above their header.
HEADER_ROW_MAX = 20
CELL_LENGTH_MAX = 1 << 17

Names = Mapping[str, Sequence[str]]
"""A column by the name we give it -> the names that headers give it, folded."""


class Header(NamedTuple):
    """Where the header stands, its delimiter, the columns it names, and those nobody reads."""

    row: int
    delimiter: str
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]


class Record(NamedTuple):
    """One record below the header."""

    cells: Sequence[str]
    header: Header

    def get(self, column: str) -> str:
        """The cell of a column in one line, without the space around it; empty where the record has none."""
        return " ".join(self._cell(column).split())

    def lines(self, column: str) -> str:
        """The cell of a column with the line breaks that somebody typed into it."""
        return self._cell(column).replace("\r\n", "\n").replace("\r", "\n").strip()

    def _cell(self, column: str) -> str:
        place = self.header.columns.get(column)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def title(self, column: str) -> str:
        """What the header calls a column; our own name where the header has none."""
        return self.header.titles.get(column, column)


def header_of(source: Source, names: Names, needed: str) -> Header | None:
    """The header of a table that has the column `needed`; None where no row near the top is one."""
    best: Header | None = None
    for delimiter in DELIMITERS:
        with source.text() as text:
            for number, cells in _numbered(text, delimiter, HEADER_ROW_MAX):
                found = _header(number, delimiter, cells, names)
                if needed in found.columns and len(found.columns) > len(best.columns if best else ()):
                    best = found
    return best


Read = Callable[[Record], tuple[Wanted, ...]]


def rows(source: Source, header: Header, label: Callable[[Record], str], read: Read) -> Iterator[Row]:
    """The records below the header that hold anything, as `read` understands them; `label` says what each is about.

    Where the text stops being a table (a quotation that never ends), the last row says so.
    """
    with source.text() as text:
        try:
            for number, cells in _numbered(text, header.delimiter):
                if number > header.row and any(map(str.strip, cells)):
                    yield _row(Record(cells, header), str(number), label, read)
        except _Broken as broken:
            yield broken.row(str(broken.number), "")


def _row(record: Record, place: str, label: Callable[[Record], str], read: Read) -> Row:
    try:
        return Row(place, label(record), read(record))
    except CellRefused as refused:
        return refused.row(place, label(record))


def notes(header: Header) -> tuple[str, ...]:
    """Which columns are read, and which are not."""
    read = ", ".join(title for title in header.titles.values())
    return (f"columns read: {read}", *([f"columns not read: {', '.join(header.ignored)}"] if header.ignored else []))


def no_header(source: Source, names: Names) -> UsageError:
    """The refusal of a table whose header names none of the columns."""
    return UsageError(
        f"{source.name} has no header with the columns {', '.join(names)}",
        code="no_header",
        field="file",
        remedy="put the names of the columns into its first row",
    )


def _numbered(text: TextIO, delimiter: str, limit: int | None = None) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(CELL_LENGTH_MAX)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=limit is None)
    number = 0
    try:
        for number, cells in enumerate(islice(reader, limit), 1):
            yield number, cells
    except csv.Error as error:
        if limit is None:
            raise _Broken(number + 1, str(error)) from None


class _Broken(CellRefused):
    """A record that the rest of the table cannot be told from."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__("", "table", f"the table cannot be read from row {number} on: {reason}", 'close the quotes "')
        self.number = number


def _lines(text: TextIO) -> Iterator[str]:
    for line in text:
        # A zero byte is no text, and Python's reader of tables stops at it.
        yield line.replace("\0", "�")


def _header(number: int, delimiter: str, cells: Sequence[str], names: Names) -> Header:
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    known = {alias: column for column, aliases in names.items() for alias in (column, *aliases)}
    ignored = []
    for place, title in enumerate(cells):
        column = known.get(fold_case(title.replace("_", " ").strip(" *:?")))
        if column is not None and column not in columns:
            columns[column], titles[column] = place, title.strip()
        elif title.strip():
            ignored.append(title.strip())
    return Header(number, delimiter, columns, titles, tuple(ignored))
