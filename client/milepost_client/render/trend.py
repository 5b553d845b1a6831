"""A trend as columns of blocks, a week each, with its figure and its name below.

What is not a number is a sign of its own, so that a zero, a gap and a pause cannot be taken for each other.
"""

from collections.abc import Sequence
from typing import NamedTuple

from milepost_client.answer import Look

HEIGHT = 4
CELL_MIN = 5
CELL_MAX = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SIGNS = {"unlogged": "·", "pause": "‖"}
_MEANS = {"unlogged": "· not logged", "pause": "‖ pause"}


class Bar(NamedTuple):
    """One week: its name, its value where it has one, and logged, unlogged or pause."""

    name: str
    value: int | None
    state: str


def fitting(width: int) -> int:
    """How many weeks fit."""
    return width // CELL_MIN


def drawn(bars: Sequence[Bar], look: Look) -> list[str]:
    """The columns, their figures and their names: none wider than the terminal."""
    if not bars:
        return []
    cell = min(CELL_MAX, look.width // len(bars))
    highest = max([bar.value or 0 for bar in bars] + [1])
    rows = ["".join(_block(bar, level, highest).center(cell) for bar in bars) for level in range(HEIGHT, 0, -1)]
    lines = [look.paint(row.rstrip(), "good") for row in rows if row.strip()]
    figures = "".join(_figure(bar).center(cell) for bar in bars)
    names = "".join(bar.name.center(cell) for bar in bars)
    return [*lines, figures.rstrip(), look.paint(names.rstrip(), "dim")]


def legend(states: Sequence[str]) -> str:
    """What the signs mean that occur."""
    return "; ".join(["0 logged, none of it", *(_MEANS[state] for state in _MEANS if state in states)])


def _block(bar: Bar, level: int, highest: int) -> str:
    """The part of a column at a level, the lowest being 1: a value above 0 is never drawn as nothing."""
    if not bar.value:
        return " "
    eighths = max(1, round(bar.value * HEIGHT * 8 / highest))
    return _EIGHTHS[min(8, max(0, eighths - (level - 1) * 8))] * 3


def _figure(bar: Bar) -> str:
    return _SIGNS.get(bar.state, "") if bar.value is None else str(bar.value)
