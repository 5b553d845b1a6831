"""Figures in words: what stands where a number cannot, and what each measure is called.

Zero, no data, hidden and pending are four things; each has a sign and a word of its own, and the word is always there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from milepost_server.reads.figures import FigureInfo

_SIGNS = {"no_data": "–", "hidden": "◌", "pending": "…"}
_WORDS = {"no_data": "no data", "hidden": "not shown", "pending": "being counted"}


def figure_sign(info: FigureInfo) -> str:
    """The sign of a figure that is not a number."""
    return _SIGNS[info.state]


def figure_word(info: FigureInfo) -> str:
    """The word for a figure that is not a number: the same whatever the cause (privacy.md)."""
    return _WORDS[info.state]


def cell(info: FigureInfo) -> str:
    """A figure in a table that is exported: its number, or the word."""
    return str(info.value) if info.state == "value" else _WORDS[info.state]


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"figure_sign": figure_sign, "figure_word": figure_word}
