"""Cells as spreadsheets write them: numbers with either decimal mark, days, yes and no, words of a list.

Each reader raises CellRefused, which names the column and ends with a value that works.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from milepost_client.imports.wanted import CellRefused

# 3, 3.0, 3,0 and 3/5: a rating out of five is written in all these ways.
_RATING = re.compile(r"([+-]?\d{1,9})(?:[.,]0+)?(?:\s*/\s*5)?")
_NUMBER_DAY = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[T ][\d:.,+Z-]*)?")
_NAMED_DAY = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YES = frozenset(("yes", "y", "true", "x", "1", "✓", "✔", "target", "on"))
_NO = frozenset(("", "no", "n", "false", "0", "-", "off"))
_SHOWN_MAX = 40


def whole(text: str, column: str) -> int | None:
    """A whole number; None for an empty cell."""
    if not text.strip():
        return None
    found = _RATING.fullmatch(text.strip())
    if found is None:
        raise CellRefused(column, "number", f"{column} {shown(text)} is not a whole number", "write 3")
    return int(found[1])


def day(text: str, column: str) -> date | None:
    """A calendar date; None for an empty cell. A date that may be read in two ways is refused."""
    if not text.strip():
        return None
    try:
        found = _numbered(text.strip()) or _named(text.strip())
    except _TwoWays:
        raise CellRefused(column, "date", f"{column} {shown(text)} may be two days", "write it as 2026-03-02") from None
    except ValueError:
        found = None
    if found is None:
        raise CellRefused(column, "date", f"{column} {shown(text)} is not a date", "write it as 2026-03-02")
    return found


class _TwoWays(ValueError):
    """Day and month could change places."""


def _numbered(text: str) -> date | None:
    found = _NUMBER_DAY.fullmatch(text)
    if found is None:
        return None
    first, mark, second, third = int(found[1]), found[2], int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return date(first, second, third)
    if len(found[4]) != 4:
        return None
    # With dots the day comes first; with slashes and hyphens it depends on where one lives.
    if mark == "." or first > 12 or first == second:
        return date(third, second, first)
    if second > 12:
        return date(third, first, second)
    raise _TwoWays


def _named(text: str) -> date | None:
    """`14 Mar 2026`, which address books write."""
    found = _NAMED_DAY.fullmatch(text)
    month = found[2][:3].lower() if found else ""
    return date(int(found[3]), _MONTHS.index(month) + 1, int(found[1])) if found and month in _MONTHS else None


def yes(text: str, column: str) -> bool:
    """Yes or no; an empty cell is no."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellRefused(column, "yes_no", f"{column} {shown(text)} is neither yes nor no", "write yes, or leave it empty")


def choice(text: str, column: str, options: Sequence[str], synonyms: Mapping[str, str]) -> str | None:
    """The option that a cell spells, with spaces or hyphens, or names in another word; None for an empty cell."""
    word = "_".join(text.casefold().replace("-", " ").split())
    if not word:
        return None
    found = synonyms.get(word, word)
    if found in options:
        return found
    raise CellRefused(
        column, "choice", f"{column} {shown(text)} is not one of {', '.join(options)}", f"write {options[0]}"
    )


def shown(text: str) -> str:
    """A cell in a sentence."""
    short = " ".join(text.split())
    return repr(short if len(short) <= _SHOWN_MAX else short[: _SHOWN_MAX - 1] + "…")
