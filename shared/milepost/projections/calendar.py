"""Days as the header counts them, and as people write them."""

from datetime import date
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY = date.min.toordinal() - _EPOCH
LAST_DAY = date.max.toordinal() - _EPOCH


@lru_cache(maxsize=4096)
def iso_day(on: int) -> str:
    """The ISO date of days since 1970-01-01, which must be within FIRST_DAY and LAST_DAY."""
    return date.fromordinal(on + _EPOCH).isoformat()


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def days_between(first: str, last: str) -> int:
    """Days from one ISO date to another."""
    return date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal()
