"""A table as CSV: RFC 4180, UTF-8, a header line.

A spreadsheet takes a cell that begins with `=` for a formula and runs it, and these cells hold what others may have
typed: such a cell gets an apostrophe in front, which spreadsheets hide. Numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from milepost_client.exports.tables import Cell

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def written(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The lines of a table."""
    yield _line(columns)
    for row in rows:
        yield _line([guarded(cell) for cell in row])


def guarded(cell: Cell) -> Cell:
    """`cell`, harmless in a spreadsheet."""
    if not isinstance(cell, str) or not cell.startswith(_FORMULA) or _is_number(cell):
        return cell
    return GUARD + cell


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _line(cells: Sequence[Cell]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode("utf-8")
