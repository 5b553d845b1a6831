"""Weeks and mornings of a cohort, in its zone: when one begins, when its figures are added up."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Figures are added up at this hour, every day for pods, on Monday for the cohort (privacy.md).
MORNING = time(6)


def week_of(at_ms: int, zone: ZoneInfo) -> str:
    """The ISO week of a Unix ms, as in 2026-W03."""
    return _named(day_of(at_ms, zone))


def day_of(at_ms: int, zone: ZoneInfo) -> date:
    """The day of a Unix ms."""
    return datetime.fromtimestamp(at_ms / 1000, zone).date()


def week_of_day(day: str) -> str:
    """The ISO week of a day, YYYY-MM-DD."""
    return _named(date.fromisoformat(day))


def next_week(week: str, weeks: int = 1) -> str:
    """The week so many weeks later."""
    return _named(monday(week) + timedelta(weeks=weeks))


def monday(week: str) -> date:
    """A week's first day."""
    return date.fromisoformat(f"{week}-1")


def start_ms(week: str, zone: ZoneInfo) -> int:
    """A week's Monday 00:00."""
    return _ms(monday(week), time(), zone)


def end_ms(week: str, zone: ZoneInfo) -> int:
    """The Monday 00:00 that ends a week."""
    return start_ms(next_week(week), zone)


def morning_ms(day: date, zone: ZoneInfo) -> int:
    """When the figures of a morning are added up."""
    return _ms(day, MORNING, zone)


def last_morning_ms(now_ms: int, zone: ZoneInfo) -> int:
    """The newest morning that has been."""
    today = day_of(now_ms, zone)
    at_ms = morning_ms(today, zone)
    return at_ms if at_ms <= now_ms else morning_ms(today - timedelta(days=1), zone)


def next_morning_ms(now_ms: int, zone: ZoneInfo) -> int:
    """The first morning that has not been."""
    today = day_of(now_ms, zone)
    at_ms = morning_ms(today, zone)
    return at_ms if at_ms > now_ms else morning_ms(today + timedelta(days=1), zone)


def release_ms(week: str, zone: ZoneInfo) -> int:
    """When the figures of a week are published: the Monday after it, in the morning."""
    return morning_ms(monday(next_week(week)), zone)


def instant(at_ms: int) -> str:
    """A Unix ms as people and programs read it: UTC, to the second."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _ms(day: date, at: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, at, zone).timestamp() * 1000)
