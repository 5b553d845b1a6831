"""A table of texts that fits its terminal: the widest columns give way first, and nothing wraps.

Columns of words give way before those of ids, figures and days, which say nothing once they are cut.
"""

import re
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from milepost_client.answer import Look, clean

GAP = "  "
COLUMN_MIN = 6
WORD_MAX = 20
# As the command line says days: with its weekday while it is near.
_DAY = re.compile(r"(?:[A-Z][a-z]{2} )?\d{4}-\d\d-\d\d")
_WARNS = "! "


def table(
    heads: Sequence[str], rows: Sequence[Sequence[object]], look: Look, *, styles: Sequence[str] = ()
) -> list[str]:
    """The lines of a table. `styles` names a style for each column, empty for none.

    A cell that opens with `! ` warns, whatever its column.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    columns = list(zip(heads, *cells, strict=True))
    widths = _fitted([max(map(width, column)) for column in columns], [*map(_floor, columns)], look.width)
    lines = [look.paint(_row(heads, widths, ()), "dim")] if any(heads) else []
    return lines + [_row(row, widths, styles, look) for row in cells]


def width(text: str) -> int:
    """The columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(character) else 1 + (east_asian_width(character) in "WF") for character in text)


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` columns, an ellipsis where something was left out."""
    if width(text) <= room:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > room - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(clean(str(value)).split())


def _floor(column: Sequence[str]) -> int:
    """The width that a column keeps while others can give way: a day, or a single word, and an ellipsis after it."""
    return max([COLUMN_MIN, *(_kept(cell) for cell in column[1:])])


def _kept(cell: str) -> int:
    day = _DAY.match(cell)
    if day:
        return len(day[0]) + (len(cell) > len(day[0]))
    return len(cell) if " " not in cell and len(cell) <= WORD_MAX else 0


def _fitted(widths: list[int], floors: Sequence[int], room: int) -> list[int]:
    """Widths that fit: what is too much comes off the widest column, again and again."""
    room -= len(GAP) * (len(widths) - 1)
    for least in (floors, [COLUMN_MIN] * len(widths)):
        while sum(widths) > room and (spare := [place for place, size in enumerate(widths) if size > least[place]]):
            widest = max(spare, key=widths.__getitem__)
            second = max([least[widest], *(widths[place] for place in spare if place != widest)])
            widths[widest] -= max(1, min(sum(widths) - room, widths[widest] - second))
    return widths


def _row(row: Sequence[str], widths: Sequence[int], styles: Sequence[str], look: Look | None = None) -> str:
    parts = []
    for place, (text, room) in enumerate(zip(row, widths, strict=True)):
        short = shortened(text, room)
        padding = " " * (room - width(short))
        style = "note" if text.startswith(_WARNS) else styles[place] if place < len(styles) else ""
        parts.append((look.paint(short, style) if look and style else short) + padding)
    return GAP.join(parts).rstrip()
