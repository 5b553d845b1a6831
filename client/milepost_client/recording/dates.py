"""Dates and durations as people type them (`mp help dates`).

A date is read from where it stands: what happened looks back, what is due looks ahead, so `fri` is last Friday after
`--on` and next Friday after `--due`. Today's own name means today. Pure: the caller brings today. Standard library
only.
"""

from milepost.errors import UsageError
from milepost.light import Literal, date, timedelta

Sense = Literal["on", "since", "due", "as_of"]
"""`on` something happened; `since` opens a span; `due` lies ahead; `as_of` closes a span that lies behind."""

_EPOCH = date(1970, 1, 1).toordinal()
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"d": 1, "w": 7}
_MONTHS_A_QUARTER = 3
_MONTHS_A_YEAR = len(_MONTHS)
_HOUR = 60
_LONG_UNITS = (
    *(("hours", "h"), ("hour", "h"), ("hrs", "h"), ("hr", "h")),
    *(("minutes", "m"), ("minute", "m"), ("mins", "m"), ("min", "m")),
)
# Longer numbers are typing errors: no year and no span of a life needs them.
_DIGITS_MAX = 4

DATE_EXAMPLES = "2026-03-02, today, yesterday, fri, 3d, 2w, 3mo, -3d, eow, eom, eoq, 2026-W10"
DURATION_EXAMPLES = "15m, 1h30, 2h or 90"


def days_of(day: date) -> int:
    """Days since 1970-01-01, as an event's header counts them."""
    return day.toordinal() - _EPOCH


def from_days(days: int) -> date:
    """The calendar date of a header's `on`."""
    return date.fromordinal(days + _EPOCH)


def read_date(text: str, today: date, sense: Sense, field: str = "date") -> date:
    """The day that `text` names. Raises UsageError, with the forms that work, for anything else."""
    word = text.strip().lower()
    try:
        day = _named(word, today, sense) or _relative(word, today, sense) or _written(word, sense)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise UsageError(f"{field} {text!r} is not a date", code="date", field=field, remedy=_date_remedy(word))
    return day


def _date_remedy(word: str) -> str:
    """What works instead: for a day that its month does not have, its last; for most other things the forms."""
    last = _last_day(word)
    if last is not None:
        return f"that month ends on {last.isoformat()}"
    if "/" in word or "." in word:
        return "write the year first, as in 2026-03-02, so that day and month cannot be mixed up"
    return f"try one of: {DATE_EXAMPLES}"


def _last_day(word: str) -> date | None:
    """The last day of the month of something like `2026-02-31`."""
    parts = word.split("-")
    if len(parts) != len(("year", "month", "day")) or not all(map(_is_number, parts)):
        return None
    year, month, _ = map(int, parts)
    return _month_end(year, month) if 1 <= year < date.max.year and 1 <= month <= _MONTHS_A_YEAR else None


def read_minutes(text: str, field: str = "minutes") -> int:
    """The minutes of a duration: `15m`, `45 min`, `1h30`, `1:30`, `1.5h`, or a bare number of minutes."""
    minutes = _minutes_of(_unspaced(text.strip().lower()))
    if minutes is None:
        raise UsageError(
            f"{field} {text!r} is not a duration", code="duration", field=field, remedy=f"try {DURATION_EXAMPLES}"
        )
    return minutes


def _unspaced(word: str) -> str:
    """`1 hour 30 min` as `1h30m`."""
    for long, short in _LONG_UNITS:
        word = word.replace(long, short)
    for unit in ("h", "m"):
        word = word.replace(f" {unit}", unit).replace(f"{unit} ", unit)
    return word


def _minutes_of(word: str) -> int | None:
    hours, colon, minutes = word.partition(":")
    if colon:
        fits = _is_number(hours) and len(minutes) == len("30") and _is_number(minutes) and int(minutes) < _HOUR
        return int(hours) * _HOUR + int(minutes) if fits else None
    hours, h, rest = word.rpartition("h")
    if h and rest == "" and ("." in hours or "," in hours):
        return _part_hours(hours.replace(",", "."))
    minutes = rest.removesuffix("m")
    fits = (not h or _is_number(hours)) and (_is_number(minutes) or (bool(h) and rest == ""))
    return int(hours or 0) * _HOUR + int(minutes or 0) if fits else None


def _part_hours(hours: str) -> int | None:
    """The minutes of `1.5` hours, to the nearest."""
    whole, _, part = hours.partition(".")
    if not (_is_number(whole) and _is_number(part)):
        return None
    scale: int = 10 ** len(part)
    return int(whole) * _HOUR + round(int(part) * _HOUR / scale)


def read_span(text: str, start: date, field: str = "for") -> date:
    """The day a span ends that begins on `start`: `13w`, `10d`, `3mo`."""
    word = text.strip().lower()
    end = None if word.startswith(("-", "+")) else _moved(word, start, 1)
    if end is None:
        raise UsageError(f"{field} {text!r} is not a span", code="span", field=field, remedy="try 13w, 10d or 3mo")
    return end


def week_of(day: date) -> str:
    """The ISO week of a day, as `2026-W03`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def say_date(day: date, today: date) -> str:
    """A date as every success echoes it: absolute, with its weekday, and the word for it when it is near."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    absolute = f"{_WEEKDAYS[day.weekday()][:3].capitalize()} {day.isoformat()}"
    return f"{absolute} ({near})" if near else absolute


def say_day(day: str) -> str:
    """An ISO day as a page for others has it: `5 Jan 2026`."""
    found = date.fromisoformat(day)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def say_minutes(minutes: int) -> str:
    """Minutes for people: `45 min`, `1 h 30`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def _named(word: str, today: date, sense: Sense) -> date | None:
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(word)
    if near is not None:
        return today + timedelta(days=near)
    if len(word) >= 3:
        for number, name in enumerate(_WEEKDAYS):
            if name.startswith(word):
                return _weekday(number, today, sense)
    return _end_of(word, today)


def _weekday(number: int, today: date, sense: Sense) -> date:
    ahead = (number - today.weekday()) % 7
    if sense == "due" or ahead == 0:
        return today + timedelta(days=ahead)
    return today + timedelta(days=ahead - 7)


def _end_of(word: str, today: date) -> date | None:
    if word == "eow":
        return today + timedelta(days=6 - today.weekday())
    if word == "eom":
        return _month_end(today.year, today.month)
    if word == "eoq":
        return _month_end(today.year, today.month + -today.month % _MONTHS_A_QUARTER)
    return None


def _relative(word: str, today: date, sense: Sense) -> date | None:
    if word.startswith("-"):
        return _moved(word[1:], today, -1)
    if word.startswith("+"):
        return _moved(word[1:], today, 1)
    return _moved(word, today, 1 if sense == "due" else -1)


def _moved(word: str, start: date, direction: int) -> date | None:
    if word.endswith("mo") and _is_number(word[:-2]):
        return _months_from(start, direction * int(word[:-2]))
    if word and word[-1] in _UNITS and _is_number(word[:-1]):
        return start + timedelta(days=direction * int(word[:-1]) * _UNITS[word[-1]])
    return None


def _months_from(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    # A month after 31 January is the last of February, as people mean it.
    return date(year, month + 1, min(start.day, _month_end(year, month + 1).day))


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _written(word: str, sense: Sense) -> date | None:
    if len(word) == 8 and word[4:6] == "-w" and _is_number(word[:4]) and _is_number(word[6:]):
        # A week stands for the day that opens it where something opens, for the day that closes it where something
        # ends.
        return date.fromisocalendar(int(word[:4]), int(word[6:]), 7 if sense in ("due", "as_of") else 1)
    if len(word) == 10 and word[4] == word[7] == "-" and all(map(_is_number, (word[:4], word[5:7], word[8:]))):
        return date(int(word[:4]), int(word[5:7]), int(word[8:]))
    return None


def _is_number(text: str) -> bool:
    return 0 < len(text) <= _DIGITS_MAX and text.isascii() and text.isdigit()
