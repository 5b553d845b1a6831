"""Days: what was recorded for each, so that weeks, trends and `as of` are sums over days. And the weekly reviews.

Rows of `day:DATE`: one for every entry that is not about an entry, its field the type in the header. A week with any
entry, or with a review for it, is logged. Rows of `review:WEEK`: `held` (readings; the last is current).
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from milepost.event import Event
from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Writes

# What a type's day counts apart: a touch by its kind, a closed goal by its result.
_SORTED_BY = {
    "touchpoint.logged": "kind",
    "goal.closed": "result",
    "feedback.received": "giver",
    "outcome.recorded": "kind",
}


_TIMED = ("time.spent", "touchpoint.logged")


class DayEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of a day's row."""

    sort: str | None = None
    minutes: int = 0


class Count(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many entries of a type and sort, and their minutes."""

    type: str
    count: int
    sort: str | None = None
    minutes: int = 0


class Day(View, frozen=True, kw_only=True, omit_defaults=True):
    """A day's entries by type."""

    date: str
    counts: tuple[Count, ...] = ()

    @property
    def due(self) -> str:
        """The day itself: lists of days are in its order."""
        return self.date

    @property
    def entries(self) -> int:
        """How many entries there are for this day."""
        return sum(count.count for count in self.counts)

    def count(self, type: str, sort: str | None = None) -> int:
        """Entries of a type, and of a sort if one is given."""
        return sum(one.count for one in self.counts if one.type == type and sort in (None, one.sort))

    @property
    def minutes_spent(self) -> int:
        """Minutes of `time.spent`; a reading linked to two entries counts once."""
        return sum(count.minutes for count in self.counts if count.type == "time.spent")


def summed(days: Iterable[Day]) -> list[Count]:
    """The counts of many days as one, by type and sort."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for day in days:
        for one in day.counts:
            number, minutes = found.get((one.type, one.sort or ""), (0, 0))
            found[one.type, one.sort or ""] = number + one.count, minutes + one.minutes
    return [Count(type, number, sort or None, minutes) for (type, sort), (number, minutes) in sorted(found.items())]


class ReviewHeld(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `held`."""

    worked_count: int = 0
    adjust_count: int = 0
    next_goal: str | None = None


class Review(View, frozen=True, kw_only=True, omit_defaults=True):
    """The review of a week; the last one held is current."""

    week: str
    held_on: str
    event: str
    held: int
    worked_count: int = 0
    adjust_count: int = 0
    next_goal: str | None = None

    @property
    def due(self) -> str:
        return self.held_on


def entry(event: Event, facts: Facts) -> Cell:
    """The row that an entry has in its day."""
    type = event.type
    by = _SORTED_BY.get(type)
    sort: Any = facts.get(by) if by else None
    minutes = facts.get("minutes", 0) if type in _TIMED else 0
    return Cell(f"day:{iso_day(event.on)}", type, DayEntry(sort, minutes) if sort or minutes else None)


def _review(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("review", facts["week"]), "held", data_of(facts, ReviewHeld)),)


def resolve_day(date: str, writes: Writes) -> Day | None:
    """The day, or None when no entry of it stands."""
    return add_to_day(Day(date=date), writes)


def add_to_day(before: Day, writes: Writes) -> Day | None:
    """`before` and what `writes` add to it. Sums only: which of them came first makes no difference."""
    found = {(count.type, count.sort or ""): (count.count, count.minutes) for count in before.counts}
    for type in writes.fields():
        for data in writes.counted(type, DayEntry):
            number, minutes = found.get((type, data.sort or ""), (0, 0))
            found[type, data.sort or ""] = number + 1, minutes + data.minutes
    counts = [Count(type, number, sort or None, minutes) for (type, sort), (number, minutes) in sorted(found.items())]
    return Day(date=before.date, counts=tuple(counts)) if counts else None


def resolve_review(week: str, writes: Writes) -> Review | None:
    """The review, or None when none of that week stands."""
    held = writes.readings("held", ReviewHeld)
    if not held:
        return None
    last = held[-1]
    return Review(
        week=week,
        held_on=iso_day(last.on),
        event=base32(last.event_id),
        held=len(held),
        worked_count=last.data.worked_count,
        adjust_count=last.data.adjust_count,
        next_goal=last.data.next_goal,
    )


FOLDERS = {"review.held": _review}
KINDS = {"day": Kind(resolve_day, Day, add=add_to_day), "review": Kind(resolve_review, Review)}
