"""Times and days as a reader sees them: in the cohort's zone, with the machine's spelling beside the words."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_MINUTES_OF_A_DAY = 24 * 60
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def moment(text: str, zone: str) -> datetime:
    """The moment of a UTC time such as 2026-11-23T09:00:00Z, in a zone."""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone))


def said_moment(text: str, zone: str) -> str:
    """Mon 23 Nov 2026, 10:00."""
    return f"{moment(text, zone):%a} {moment(text, zone).day} {moment(text, zone):%b %Y, %H:%M}"


def spelled(sentence: str, zone: str) -> str:
    """A sentence with the UTC times in it as `said_moment` says them: acts name values as they were sent."""
    return _INSTANT.sub(lambda found: said_moment(found[0], zone), sentence)


def said_time(text: str, zone: str) -> str:
    """10:00."""
    return f"{moment(text, zone):%H:%M}"


def said_day(text: str) -> str:
    """Mon 23 Nov 2026."""
    day = date.fromisoformat(text)
    return f"{day:%a} {day.day} {day:%b %Y}"


def day_of(text: str, zone: str) -> str:
    """The day of a moment in a zone, as 2026-11-23."""
    return moment(text, zone).date().isoformat()


def said_week(week: str) -> str:
    """Week 47, from 16 Nov: for 2026-W47."""
    return f"Week {number_of(week)}, from {said_date(monday_of(week))}"


def number_of(week: str) -> int:
    """47, for 2026-W47."""
    return int(week[-2:])


def monday_of(week: str) -> str:
    """2026-11-16, for 2026-W47."""
    return date.fromisocalendar(int(week[:4]), number_of(week), 1).isoformat()


def said_date(text: str) -> str:
    """16 Nov."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%b}"


def said_age(text: str, now: str) -> str:
    """How long ago, in the largest unit that says it: 3 days, 1 hour, 12 minutes, just now."""
    minutes = int((datetime.fromisoformat(now) - datetime.fromisoformat(text)).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    for size, unit in ((_MINUTES_OF_A_DAY, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            n = minutes // size
            return f"{n} {unit}{'' if n == 1 else 's'} ago"
    raise AssertionError("a minute has a unit")


def said_due(text: str, today: str) -> str:
    """today, tomorrow, in 5 days, 2 days past due."""
    days = (date.fromisoformat(text) - date.fromisoformat(today)).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "1 day past due"
        case _:
            return f"in {days} days" if days > 0 else f"{-days} days past due"


def utc(now_ms: int) -> str:
    """The moment as UTC text."""
    return datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today_in(zone: str, now_ms: int) -> str:
    """The day there."""
    return datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date().isoformat()


def said_month(text: str) -> str:
    """Nov, for a day of it."""
    return f"{date.fromisoformat(text):%b}"


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "said_moment": said_moment,
    "said_time": said_time,
    "day_of": day_of,
    "said_date": said_date,
    "said_month": said_month,
    "said_day": said_day,
    "said_week": said_week,
    "number_of": number_of,
    "monday_of": monday_of,
    "said_age": said_age,
    "said_due": said_due,
}
