"""Pauses: weeks in which the member said beforehand that there is no time. Only their own devices know of them."""

from datetime import date, timedelta

from milepost.projections.own import Capacity

WEEK_DAYS = 7


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
