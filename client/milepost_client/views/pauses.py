"""Pauses: weeks in which the member said beforehand that there is no time. Only their own devices know of them."""

from datetime import date, timedelta

from milepost.projections.own import Capacity
from milepost_client.store.control import is_control
from milepost_client.store.log import Log
from milepost_client.store.storage import reading

WEEK_DAYS = 7

_ABOUT_ENTRIES = frozenset(("entry.retracted", "entry.settled", "entry.erased"))
_TYPES_BETWEEN = """SELECT DISTINCT CASE k.type WHEN 'entry.sealed'
    THEN coalesce(json_extract(CAST(e.private AS TEXT), '$.type'), k.type) ELSE k.type END
    FROM event e JOIN kind k ON k.n = e.kind WHERE e."on" BETWEEN ? AND ?"""


def capacity_of_week(capacity: Capacity | None, monday: date) -> int | None:
    """Minutes of a week; None where nothing was said about any of its days."""
    if capacity is None:
        return None
    days = [monday + timedelta(days=number) for number in range(WEEK_DAYS)]
    said = [capacity.minutes(day.isoformat(), day.weekday()) for day in days]
    return None if all(minutes is None for minutes in said) else sum(minutes or 0 for minutes in said)


def is_pause(capacity: Capacity | None, monday: date) -> bool:
    """Whether a week is a pause: nothing to spend on any of its days."""
    return capacity_of_week(capacity, monday) == 0


def only_says_capacity(log: Log, monday: int) -> bool:
    """Whether nothing was recorded for a week but what it has room for. Its Monday is a day as events number them.

    Who says on a Wednesday that this week is a pause has not begun to log it by that.
    """
    with reading(log.path):
        found = log.connection.execute(_TYPES_BETWEEN, (monday, monday + WEEK_DAYS - 1)).fetchall()
    return all(type_ == "capacity.set" or type_ in _ABOUT_ENTRIES or is_control(type_) for (type_,) in found)
