"""A table of texts that fits its terminal: the widest columns give way first, and what has no room goes on below.

Columns of words give way before those of ids, figures and days, which say nothing once they are cut. A column of
figures stands right, so that their places are under each other.
"""

import re
from collections.abc import Sequence

from milepost_client.answer import Look, clean
from milepost_client.render.columns import HELD, broken, padded, shortened, width

GAP = "  "
COLUMN_MIN = 6
WORD_MAX = 20
LINES_MAX = 3
_WARNS = "! "
_INSIDE = "└ "
# A day with its weekday, a figure with its bar: what no line breaks between.
_WHOLE = re.compile(r"(?<=\b[A-Z][a-z]{2}) (?=\d{4}-\d\d-\d\d)|(?<=[\d–]) (?=[█░·])")
_TELLS_WHOLE = re.compile(r"(?:[A-Z][a-z]{2}\0)?\d{4}-\d\d-\d\d|(?:[\d–]\0)?[█░·]+|[0-9a-z]*\d[0-9a-z]*")
_FIGURE = re.compile(r"[+-]?\d[\d.,]*(?: ?%| h(?: \d\d)?| min)?|[·‖—–]?")

Block = list[str]
"""The lines of one row."""


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    look: Look,
    *,
    styles: Sequence[str] = (),
    is_cut: bool = False,
) -> list[str]:
    """The lines of a table. `styles` names a style for each column, empty for none.

    A cell that opens with `! ` warns, whatever its column. With `is_cut` a row is one line, and what has no room is
    left out: for histories, which are scanned.
    """
    head, *blocks = _laid(heads, rows, look, styles, is_cut=is_cut)
    return [*(head if any(heads) else ()), *(line for block in blocks for line in block)]


def blocks(rows: Sequence[Sequence[object]], look: Look, *, styles: Sequence[str] = ()) -> list[Block]:
    """The rows of a table without heads, the lines of each on their own."""
    return _laid(("",) * max(map(len, rows), default=0), rows, look, styles, is_cut=False)[1:]


def _laid(
    heads: Sequence[str], rows: Sequence[Sequence[object]], look: Look, styles: Sequence[str], *, is_cut: bool
) -> list[Block]:
    cells = [[_cell(value) for value in row] for row in rows]
    columns = list(zip(heads, *cells, strict=True))
    widths = _fitted([_widest(column) for column in columns], columns, look.width)
    rights = [_is_figures(column[1:]) for column in columns]
    head = [look.paint(line, "dim") for line in _row(heads, widths, rights, (), look, is_cut=True)]
    return [head, *(_row(row, widths, rights, styles, look, is_cut=is_cut) for row in cells)]


def _cell(value: object) -> str:
    """One line of text, standing in as far as it was written to."""
    if value is None:
        return ""
    text = clean(str(value))
    indent = " " * (len(text) - len(text.lstrip(" ")))
    return indent + _WHOLE.sub(HELD, " ".join(text.split()))


def _is_figures(cells: Sequence[str]) -> bool:
    return any(cells) and all(_FIGURE.fullmatch(cell) for cell in cells)


def _widest(column: Sequence[str]) -> int:
    """The room that a column asks for: none where it says nothing, whatever its head."""
    return max(map(width, column)) if any(column[1:]) else 0


def _floor(column: Sequence[str]) -> int:
    """The width that a column keeps while others can give way: that of its longest word, unless it is very long."""
    words = (width(word) for cell in column[1:] for word in cell.split())
    return max([COLUMN_MIN, *(size for size in words if size <= WORD_MAX)])


def _last_floor(column: Sequence[str]) -> int:
    """The width that it keeps even then: that of an id, a figure or a day."""
    return max([COLUMN_MIN, *(width(cell) for cell in column[1:] if _TELLS_WHOLE.fullmatch(cell))])


def _fitted(widths: list[int], columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Widths that fit: what is too much comes off the widest column, again and again."""
    room -= len(GAP) * (sum(map(bool, widths)) - 1)
    for floor in (_floor, _last_floor, lambda _: COLUMN_MIN):
        least = [floor(column) for column in columns]
        while sum(widths) > room and (spare := [place for place, size in enumerate(widths) if size > least[place]]):
            widest = max(spare, key=widths.__getitem__)
            second = max([least[widest], *(widths[place] for place in spare if place != widest)])
            widths[widest] -= max(1, min(sum(widths) - room, widths[widest] - second))
    return widths


def _row(
    row: Sequence[str],
    widths: Sequence[int],
    rights: Sequence[bool],
    styles: Sequence[str],
    look: Look,
    *,
    is_cut: bool,
) -> Block:
    cells = [_lines(text, room, is_cut=is_cut) for text, room in zip(row, widths, strict=True)]
    return [
        GAP.join(
            _painted(lines[level] if level < len(lines) else "", room, is_right, style, look)
            for lines, room, is_right, style in zip(cells, widths, rights, _styles(row, styles), strict=True)
            if room
        ).rstrip()
        for level in range(max(map(len, cells), default=0))
    ]


def _styles(row: Sequence[str], styles: Sequence[str]) -> list[str]:
    usual = [*styles, *[""] * (len(row) - len(styles))]
    return ["note" if text.startswith(_WARNS) else style for text, style in zip(row, usual, strict=False)]


def _painted(text: str, room: int, is_right: bool, style: str, look: Look) -> str:
    placed = padded(text, room, is_right=is_right)
    # Spaces stay outside: a style that underlines or reverses would draw them.
    return placed.replace(text, look.paint(text, style), 1) if text and style else placed


def _lines(text: str, room: int, *, is_cut: bool) -> list[str]:
    if is_cut or width(text) <= room:
        return [shortened(text, room).replace(HELD, " ")]
    indent = text[: len(text) - len(text.lstrip(" "))]
    hang = indent + " " * (len(_INSIDE) if text.startswith(_INSIDE) else 0)
    first, *rest = broken(text, room - len(indent), hang=hang[len(indent) :])
    lines = [indent + line for line in (first, *rest)]
    if len(lines) > LINES_MAX:
        lines = [*lines[: LINES_MAX - 1], shortened(f"{lines[LINES_MAX - 1]} …", room)]
    return lines
