"""Weeks as a picture: a row a measure, a column a week; a zero, a week that nobody logged and a pause differ."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from milepost_client.render.markup import Markup
from milepost_client.render.svg import WIDTH, box, dot, label, picture, rule

_HEAD = 22
_CHART = 64
_ROW = _HEAD + _CHART + 14
_FOOT = 40
_WIDE = 18
_LABELS_MAX = 16


class Row(NamedTuple):
    """A measure: its name, the sum of it in words, and its figure in each week; None where a week has none."""

    name: str
    total: str
    values: Sequence[int | None]


class Column(NamedTuple):
    """A week: its name, its Monday, logged, unlogged or pause, and whether it was looked back on."""

    week: str
    monday: date
    state: str
    has_review: bool


def weeks(columns: Sequence[Column], rows: Sequence[Row]) -> Markup:
    """The rows over the same weeks; pauses are shaded through all of them."""
    cell = min(56.0, WIDTH / max(1, len(columns)))
    height = _ROW * len(rows) + _FOOT
    parts = [
        box(cell * number, 0, cell, height - _FOOT, "pause", 0)
        for number, column in enumerate(columns)
        if column.state == "pause"
    ]
    for place, row in enumerate(rows):
        parts += _measure(row, columns, cell, _ROW * place)
    parts += _foot(columns, cell, height - _FOOT)
    said = "; ".join(f"{row.name} {row.total} in all" for row in rows)
    logged = sum(column.state == "logged" for column in columns)
    return picture("Weeks", f"{len(columns)} weeks, {logged} of them logged: {said}", height, *parts)


def _measure(row: Row, columns: Sequence[Column], cell: float, top: float) -> Iterator[Markup]:
    highest = max([value or 0 for value in row.values] + [1])
    base = top + _HEAD + _CHART
    yield label(f"{row.name}: {row.total}", 0, top + 14, "strong")
    yield rule(0, base, cell * len(columns), base, "axis")
    for number, (column, value) in enumerate(zip(columns, row.values, strict=True)):
        middle = cell * (number + 0.5)
        if value:
            tall = max(2.0, (_CHART - 14) * value / highest)
            yield box(cell * number + 1.5, base - tall, cell - 3, tall, "value", 2)
            if cell >= _WIDE:
                yield label(str(value), middle, base - tall - 3, "tiny", "middle")
        elif value == 0:
            yield rule(cell * number + 3, base - 1, cell * (number + 1) - 3, base - 1, "zero")
        elif column.state == "unlogged":
            yield dot(middle, base - 5, 1.5, "unlogged")


def _foot(columns: Sequence[Column], cell: float, top: float) -> Iterator[Markup]:
    """Which weeks they are, and those that were looked back on."""
    step = max(1, -(-len(columns) // _LABELS_MAX))
    for number, column in enumerate(columns):
        if column.has_review:
            yield dot(cell * (number + 0.5), top + 8, 3.5, "review")
        if number % step == 0:
            yield label(f"{column.monday.day} {column.monday:%b}", cell * number + 1, top + 30, "tiny")
