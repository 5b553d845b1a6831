"""Tables of text: the header is found and its columns are known by several names; the delimiter is the one that fits.

A spreadsheet's row numbers count every record, empty ones too, and a cell with a line break is one record: so do ours.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import NamedTuple, TextIO

from milepost.errors import UsageError
from milepost_client.imports import cells
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Row, Wanted
from milepost_client.recording.seen import fold_case

DELIMITERS = (",", ";", "\t", "|")
# Some programs put notes above their header.
HEADER_ROW_MAX = 20
CELL_LENGTH_MAX = 1 << 17
COLUMNS_SHOWN_MAX = 8
# What stands in the first column of a row that counts the others.
_SUMS = frozenset(("total", "totals", "grand total", "subtotal", "sum", "average", "avg", "mean", "median"))
_IN_BRACKETS = re.compile(r"[(\[].*[)\]]")
# Workbooks of today, which are archives, and of the nineties.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Names = Mapping[str, Sequence[str]]
"""A column by the name we give it -> the names that headers give it, folded."""


class Header(NamedTuple):
    """Where the header stands, its delimiter, the columns it names, and those nobody reads.

    `day_first`: which number of 3/4/2026 is the day in this table; None where nothing says so.
    """

    row: int
    delimiter: str
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]
    day_first: bool | None = None


class Record(NamedTuple):
    """One record below the header."""

    row: Sequence[str]
    header: Header

    def get(self, column: str) -> str:
        """The cell of a column in one line, without the space around it; empty where the record has none."""
        return " ".join(self._cell(column).split())

    def lines(self, column: str) -> str:
        """The cell of a column with the line breaks that somebody typed into it."""
        return self._cell(column).replace("\r\n", "\n").replace("\r", "\n").strip()

    def _cell(self, column: str) -> str:
        place = self.header.columns.get(column)
        return self.row[place] if place is not None and place < len(self.row) else ""

    def day(self, column: str) -> date | None:
        """The date in the cell of a column. Raises CellRefused for what is none, or may be two."""
        return cells.day(self.get(column), self.title(column), day_first=self.header.day_first)

    def title(self, column: str) -> str:
        """What the header calls a column; our own name where the header has none."""
        return self.header.titles.get(column, column)


def header_of(source: Source, names: Names, needed: str) -> Header | None:
    """The header of a table that has the column `needed`; None where no row near the top is one."""
    best: Header | None = None
    for delimiter in DELIMITERS:
        with source.text() as text:
            for number, row in _numbered(text, delimiter, HEADER_ROW_MAX):
                found = _header(number, delimiter, row, names)
                if needed in found.columns and len(found.columns) > len(best.columns if best else ()):
                    best = found
    return best


Read = Callable[[Record], tuple[Wanted, ...]]


def with_days(source: Source, header: Header, columns: Sequence[str]) -> Header:
    """The header with what is known of the dates in these columns.

    That is as somebody said; else as those dates say that can be read in one way only, where they agree.
    """
    places = [header.columns[column] for column in columns if column in header.columns]
    if source.day_first is not None or not places:
        return header._replace(day_first=source.day_first)
    found: set[bool] = set()
    with source.text() as text, suppress(CellRefused):
        for number, row in _numbered(text, header.delimiter):
            if number > header.row:
                said = (cells.is_day_first(row[place]) for place in places if place < len(row))
                found.update(one for one in said if one is not None)
    return header._replace(day_first=found.pop() if len(found) == 1 else None)


def rows(source: Source, header: Header, label: Callable[[Record], str], read: Read) -> Iterator[Row]:
    """The records below the header that hold anything, as `read` understands them; `label` says what each is about.

    Where the text stops being a table (a quotation that never ends), the last row says so.
    """
    with source.text() as text:
        try:
            for number, row in _numbered(text, header.delimiter):
                if number > header.row and any(map(str.strip, row)):
                    yield _row(Record(row, header), str(number), label, read)
        except _Broken as broken:
            yield broken.row(str(broken.number), "")


def _row(record: Record, place: str, label: Callable[[Record], str], read: Read) -> Row:
    if fold_case(label(record)) in _SUMS:
        return Row(place, label(record), passed_over="a sum of the rows above")
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
    with source.data() as data:
        start = data.read(len(_WORKBOOKS[0]))
    if start.startswith(_WORKBOOKS):
        message, remedy = f"{source.name} is a workbook, not a table", "save its sheet as CSV, and import that"
    elif not (first := _first_titles(source)):
        message, remedy = f"{source.name} is empty", "name a table with a header"
    else:
        message = f"{source.name} has no header that names a column read here; it begins with: {', '.join(first)}"
        remedy = f"its first row should have some of {', '.join(names)}"
    return UsageError(message, code="no_header", field="file", remedy=remedy)


def _first_titles(source: Source) -> list[str]:
    """The cells of the first row that holds any, however it is delimited; empty where there is none."""
    with source.text() as text:
        line = next((line for line in islice(text, HEADER_ROW_MAX) if line.strip()), "")
    delimiter = max(DELIMITERS, key=line.count)
    return [title for cell in line.split(delimiter)[:COLUMNS_SHOWN_MAX] if (title := cell.strip(' "\r\n'))]


def _numbered(text: TextIO, delimiter: str, limit: int | None = None) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(CELL_LENGTH_MAX)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=limit is None)
    number = 0
    try:
        for number, row in enumerate(islice(reader, limit), 1):
            yield number, row
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


def _header(number: int, delimiter: str, row: Sequence[str], names: Names) -> Header:
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    known = {alias: column for column, aliases in names.items() for alias in (column, *aliases)}
    ignored = []
    for place, title in enumerate(row):
        column = known.get(fold_case(_IN_BRACKETS.sub("", title).replace("_", " ").strip(" *:?")))
        if column is not None and column not in columns:
            columns[column], titles[column] = place, title.strip()
        elif title.strip():
            ignored.append(title.strip())
    return Header(number, delimiter, columns, titles, tuple(ignored))
