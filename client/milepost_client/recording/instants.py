"""Moments as people type and read them: a day and a time of day where they are, UTC in between."""

from datetime import UTC, date, datetime, timedelta

from milepost.errors import UsageError
from milepost_client.device.world import World
from milepost_client.recording.dates import say_date

TIME_EXAMPLES = "17:00, 9:30 or 17"
_HOURS, _MINUTES = 24, 60


def read_instant(world: World, day: date, typed: str, field: str = "at") -> str:
    """The instant, in UTC with a Z, of a time of day on a day here. Raises UsageError for what is no time of day."""
    hours, colon, minutes = typed.strip().partition(":")
    fits = hours.isascii() and hours.isdigit() and (minutes.isascii() and minutes.isdigit() if colon else True)
    if not fits or int(hours) >= _HOURS or int(minutes or 0) >= _MINUTES:
        raise UsageError(
            f"{field} {typed!r} is not a time of day", code="time", field=field, remedy=f"try {TIME_EXAMPLES}"
        )
    here = datetime(day.year, day.month, day.day, int(hours), int(minutes or 0), tzinfo=UTC)
    # The offset belongs to the instant that is looked for; a second look is right but in the hour that a change skips.
    instant = here - _east(world, here)
    instant = here - _east(world, instant)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def say_instant(world: World, instant: str, today: date) -> str:
    """An instant as people here read it: `Fri 2026-11-27 17:00`."""
    at = datetime.fromisoformat(instant)
    here = at + _east(world, at)
    return f"{say_date(here.date(), today)} {here:%H:%M}"


def in_column(world: World, instant: str) -> str:
    """An instant for a column of a table: `2026-11-27 17:00`."""
    at = datetime.fromisoformat(instant)
    return f"{at + _east(world, at):%Y-%m-%d %H:%M}"


def _east(world: World, at: datetime) -> timedelta:
    return timedelta(minutes=world.offset_at(int(at.timestamp() * 1000)))
