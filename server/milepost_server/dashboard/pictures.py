"""Where the marks of a picture stand. Positions across are shares of the width, as SVG takes them: nothing scales.

The templates draw (`pictures.html`). Each picture has a title, a description and a table with the same numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from milepost.disclosure.named import MilestoneCard
from milepost_server.reads.figures import FigureInfo

BAR_HEIGHT = 40
RATING_LEAST, RATING_MOST = 1, 5


class Bar(NamedTuple):
    """One week of small bars: where it stands, how tall it is in px; None where there is no number."""

    week: str
    x: str
    middle: str
    width: str
    height: float | None
    info: FigureInfo


class Segment(NamedTuple):
    """A part of a stacked bar."""

    name: str
    number: int
    x: str
    width: str


def share(value: float, most: float) -> str:
    """How far across `value` is, of `most`: 40%, say."""
    return f"{100 * value / most:.4g}%" if most else "0%"


def rating_share(rating: float) -> str:
    """How far across a rating is on the scale of 1 to 5."""
    return share(rating - RATING_LEAST, RATING_MOST - RATING_LEAST)


def top_of(figures: Sequence[FigureInfo]) -> int:
    """The end of a scale that holds all these figures: the largest, rounded up to an even number, and at least 4."""
    most = max((figure.value or 0 for figure in figures), default=0)
    return max(4, most + most % 2)


def bars(weeks: Sequence[tuple[str, FigureInfo]]) -> list[Bar]:
    """Small bars, oldest first, as tall as the tallest of them allows."""
    most = max((info.value or 0 for _, info in weeks), default=0)
    every = len(weeks)
    return [
        Bar(week, share(n + 0.1, every), share(n + 0.5, every), share(0.8, every), _height(info, most), info)
        for n, (week, info) in enumerate(weeks)
    ]


def segments(counts: Mapping[str, int]) -> list[Segment]:
    """The parts of a stacked bar, in the order given; what counts nothing is left out."""
    whole, drawn, at = sum(counts.values()), [], 0
    for name, count in counts.items():
        if count:
            drawn.append(Segment(name, count, share(at, whole), share(count, whole)))
            at += count
    return drawn


# More names of months than these would not fit on a phone.
MONTHS_MAX = 6


class Month(NamedTuple):
    """Where a month begins on a timeline: its first day, how far across, and whether it is named."""

    day: str
    x: str
    is_named: bool


class Timeline(NamedTuple):
    """The days a timeline runs over."""

    first: date
    last: date

    @classmethod
    def over(cls, days: Sequence[str], today: str) -> "Timeline":
        """The days that hold `days` and today, with a little room."""
        every = [date.fromisoformat(day) for day in (*days, today)]
        return cls(min(every), max(every))

    def at(self, day: str) -> str:
        """How far across a day is."""
        return share(self._days(day), max(1, (self.last - self.first).days))

    def months(self) -> list[Month]:
        """The months that begin on it."""
        first = self.first.replace(day=1)
        count = 12 * (self.last.year - first.year) + self.last.month - first.month
        begins = [date(first.year + (first.month + n) // 12, (first.month + n) % 12 + 1, 1) for n in range(count)]
        step = 1 + (count - 1) // MONTHS_MAX
        return [Month(day.isoformat(), self.at(day.isoformat()), n % step == 0) for n, day in enumerate(begins)]

    def anchor(self, day: str) -> str:
        """Which end of a text stands there, so that it stays inside."""
        return "start" if 3 * self._days(day) < 2 * (self.last - self.first).days else "end"

    def _days(self, day: str) -> int:
        return (date.fromisoformat(day) - self.first).days


def timeline_days(milestones: Sequence[MilestoneCard]) -> list[str]:
    """Every day that a timeline of these has to hold."""
    return [day for each in milestones for day in (each.start, each.due, each.done_on) if day]


def milestone_name(milestone: MilestoneCard) -> str:
    """What a milestone is called: by the title that was said to this reader, else by its kind."""
    return milestone.title or milestone.kind.replace("_", " ")


def _height(info: FigureInfo, most: int) -> float | None:
    if info.value is None:
        return None
    # A bar of zero is a line, so that it is seen to be there.
    return max(1.5, BAR_HEIGHT * info.value / most) if most else 1.5


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "share": share,
    "rating_share": rating_share,
    "top_of": top_of,
    "bars": bars,
    "segments": segments,
    "timeline_over": Timeline.over,
    "timeline_days": timeline_days,
    "milestone_name": milestone_name,
}
