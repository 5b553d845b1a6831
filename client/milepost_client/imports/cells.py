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
# 14 Mar 2026, 14-Mar-26, Sat 14 March 2026; and Mar 14, 2026.
_WEEKDAY = r"(?:[A-Za-z]{3,9},? )?"
_DAY_NAMED = re.compile(_WEEKDAY + r"(\d{1,2})(?:st|nd|rd|th|\.)?[ -]([A-Za-z]{3,9})\.?[ -](\d{4}|\d\d)")
_NAMED_DAY = re.compile(_WEEKDAY + r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_CENTURY = 2000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YES = frozenset(("yes", "y", "true", "x", "1", "✓", "✔", "target", "on"))
_NO = frozenset(("", "no", "n", "false", "0", "-", "off"))
_SHOWN_MAX = 40
_MONTHS_MAX = 12


def whole(text: str, column: str) -> int | None:
    """A whole number; None for an empty cell."""
    if not text.strip():
        return None
    found = _RATING.fullmatch(text.strip())
    if found is None:
        raise CellRefused(column, "number", f"{column} {shown(text)} is not a whole number", "write one of 1 to 5")
    return int(found[1])


def day(text: str, column: str, *, day_first: bool | None = None) -> date | None:
    """A calendar date; None for an empty cell.

    A date that may be read in two ways is refused, unless `day_first` says which of 3/4/2026 is the day.
    """
    text = text.strip()
    if not text:
        return None
    try:
        found = _numbered(text, day_first) or _named(text)
    except _TwoWays:
        remedy = "write it as 2026-03-02, or say what stands first: --dates dmy, or mdy"
        raise CellRefused(column, "date", f"{column} {shown(text)} may be two days", remedy) from None
    except ValueError:
        found = None
    if found is None:
        raise CellRefused(column, "date", f"{column} {shown(text)} is not a date", "write it as 2026-03-02")
    return found


def is_day_first(text: str) -> bool | None:
    """Whether the day stands before the month in a date in numbers; None where it says nothing of that."""
    found = _NUMBER_DAY.fullmatch(text.strip())
    if found is None or found[2] == "." or len(found[1]) > len("31"):
        return None
    first, second = int(found[1]), int(found[3])
    return None if (first > _MONTHS_MAX) is (second > _MONTHS_MAX) else first > _MONTHS_MAX


class _TwoWays(ValueError):
    """Day and month could change places."""


def _numbered(text: str, day_first: bool | None) -> date | None:
    found = _NUMBER_DAY.fullmatch(text)
    if found is None:
        return None
    first, mark, second, third = int(found[1]), found[2], int(found[3]), int(found[4])
    if len(found[1]) == len("2026"):
        return date(first, second, third)
    if len(found[1]) > len("31") or len(found[4]) not in (len("26"), len("2026")):
        return None
    year = _year(found[4])
    # With dots the day comes first; with slashes and hyphens it depends on where one lives.
    if mark == "." or first > _MONTHS_MAX or first == second:
        return date(year, second, first)
    if second > _MONTHS_MAX:
        return date(year, first, second)
    if day_first is None:
        raise _TwoWays
    return date(year, second, first) if day_first else date(year, first, second)


def _named(text: str) -> date | None:
    """`14 Mar 2026` or `Mar 14, 2026`, which address books and spreadsheets write."""
    found = _DAY_NAMED.fullmatch(text)
    if found is not None:
        return _of_month(found[2], found[1], found[3])
    found = _NAMED_DAY.fullmatch(text)
    return _of_month(found[1], found[2], found[3]) if found else None


def _of_month(name: str, day: str, year: str) -> date | None:
    month = name[:3].lower()
    return date(_year(year), _MONTHS.index(month) + 1, int(day)) if month in _MONTHS else None


def _year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == len("26") else 0)


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
