"""The timeline as a picture: milestones as bars over the months, what overlaps seen to overlap."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from milepost_client.render.columns import shortened
from milepost_client.render.markup import Markup
from milepost_client.render.svg import LABEL_ROOM, ROW, WIDTH, box, label, picture, rule

_HEAD = 24
_BAR = 16
_LABEL_COLUMNS = 28
_TICKS_MAX = 14
_CHARACTER = 7


class Bar(NamedTuple):
    """A milestone: its name, its first and last day, how it stands, and whether it is inside the one above."""

    name: str
    first: date
    last: date
    status: str
    is_inside: bool = False


def timeline(bars: Sequence[Bar], today: date) -> Markup:
    """The bars under a scale of months; today is a rule where it lies within."""
    first, last = min(bar.first for bar in bars), max(bar.last for bar in bars)
    scale = _Scale(first, last)
    height = _HEAD + ROW * len(bars) + 6
    parts = [*_months(scale, height)]
    for number, bar in enumerate(bars):
        parts += _drawn(bar, scale, _HEAD + ROW * number)
    if first <= today <= last:
        parts += [rule(scale.at(today), _HEAD - 6, scale.at(today), height, "today")]
    tops = sum(not bar.is_inside for bar in bars)
    return picture(
        "Timeline", f"{tops} milestones from {first} to {last}; the table below has their days", height, *parts
    )


class _Scale(NamedTuple):
    """Days to places across."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day begins."""
        days = (self.last - self.first).days + 1
        return LABEL_ROOM + (WIDTH - LABEL_ROOM) * (day - self.first).days / days


def _drawn(bar: Bar, scale: _Scale, top: float) -> Iterator[Markup]:
    indent = 14 if bar.is_inside else 0
    yield label(
        shortened(bar.name, _LABEL_COLUMNS - indent // 7), indent, top + 17, "small" if bar.is_inside else "label"
    )
    start, end = scale.at(bar.first), scale.at(bar.last + timedelta(days=1))
    thin = 4 if bar.is_inside else 0
    yield box(start, top + 5 + thin / 2, max(3, end - start), _BAR - thin, f"bar {bar.status}")


def _months(scale: _Scale, height: float) -> Iterator[Markup]:
    """A rule at the first day and at that of each month, or of every so many where there are more than fit."""
    firsts = [*_firsts(scale.first, scale.last)]
    step = max(1, -(-len(firsts) // _TICKS_MAX))
    free, year = 0.0, 0
    for day in firsts[::step]:
        at = scale.at(day)
        yield rule(at, _HEAD - 6, at, height, "grid")
        # A year is said with the first month of it that has room.
        name = f"{day:%b}" if day.year == year else f"{day:%b %Y}"
        end = at + 3 + _CHARACTER * len(name)
        if free <= at and end <= WIDTH:
            yield label(name, at + 3, _HEAD - 10, "small")
            free, year = end, day.year


def _firsts(first: date, last: date) -> Iterator[date]:
    yield first
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)
