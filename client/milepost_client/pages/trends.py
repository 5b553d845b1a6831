"""Trends: what weeks hold of each measure, and which weeks say nothing because nobody logged, or wanted to.

A week with an entry or a review is logged, and its zeros are zeros. A week of capacity 0 is a pause. Any other is
unlogged, which is no zero. Neighbours: render/trend.py draws this, pauses.py knows pauses.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from milepost.projections.own import Capacity
from milepost.projections.progress import Week
from milepost_client.answer import Answer, Look
from milepost_client.recording.dates import days_of
from milepost_client.render.trend import Bar, drawn, fitting, legend
from milepost_client.render.wrapped import wrapped
from milepost_client.store.log import Log
from milepost_client.views.pauses import capacity_of_week, only_says_capacity
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

MEASURES = {"minutes": "minutes", "goals": "goals_done", "feedback": "feedback"}
"""The measures of a trend, and the field of a week that holds each."""
_TITLES = {"minutes": "minutes spent", "goals": "goals done", "feedback": "feedback received"}
WEEKS_SHOWN = 6
SMALL = 10


class TrendWeek(msgspec.Struct, frozen=True):
    """A week of a trend. `state` is logged, unlogged or pause; only a logged week has measures."""

    week: str
    first_day: str
    state: str
    is_logged: bool
    minutes: int | None
    goals_done: int | None
    touches: int | None
    feedback: int | None
    has_review: bool
    capacity_minutes: int | None


class Line(msgspec.Struct, frozen=True):
    """One measure over the weeks: null where a week has none, the sum, and the mean of logged weeks."""

    measure: str
    values: tuple[int | None, ...]
    total: int
    weeks_logged: int


def weeks_of(views: Views, today: date, count: int, as_of: date | None = None) -> list[TrendWeek]:
    """The last `count` weeks, the oldest first."""
    capacity = views.get(Capacity, "week")
    return [_week(week, capacity, views.log) for week in views.weeks(today, count, as_of)]


def _week(week: Week, capacity: Capacity | None, log: Log) -> TrendWeek:
    monday = date.fromisoformat(week.first_day)
    minutes = capacity_of_week(capacity, monday)
    if minutes == 0 and week.is_logged and not week.has_review and only_says_capacity(log, days_of(monday)):
        week = Week(week.week, week.first_day, False, None, None, None, None, False)
    state = "logged" if week.is_logged else "pause" if minutes == 0 else "unlogged"
    return TrendWeek(**msgspec.structs.asdict(week), state=state, capacity_minutes=minutes)


def trend(views: Views, today: date, count: int, measures: Sequence[str], as_of: date | None) -> Answer:
    """The trend lines of some measures, drawn over the same weeks."""
    weeks = weeks_of(views, today, count, as_of)
    lines = [_line(measure, weeks) for measure in measures]
    data = {"as_of": (as_of or today).isoformat(), "weeks": plain(weeks), "lines": plain(lines)}

    def text(look: Look) -> list[str]:
        shown = weeks[-fitting(look.width) :]
        left_out = len(weeks) - len(shown)
        parts = [part for line in lines for part in (*_drawn(line, shown, look), "")]
        parts.append(look.paint(legend([week.state for week in shown]), "dim"))
        if not any(week.is_logged for week in weeks):
            parts += wrapped("nothing is logged in these weeks: mp spend 45m", look)
        return parts + ([f"{left_out} earlier weeks do not fit here; all are in --plain"] if left_out else [])

    records = [(week.week, week.state, *(_value(week, measure) for measure in measures)) for week in weeks]
    return Answer("trend/1", data, text, records)


def _line(measure: str, weeks: Sequence[TrendWeek]) -> Line:
    values = tuple(_value(week, measure) for week in weeks)
    return Line(measure, values, sum(value or 0 for value in values), sum(week.is_logged for week in weeks))


def _value(week: TrendWeek, measure: str) -> int | None:
    value: int | None = getattr(week, MEASURES[measure])
    return value


def _mean(line: Line) -> str:
    """The mean of logged weeks, as exact as its size asks for."""
    mean = line.total / line.weeks_logged
    return f"{mean:.0f}" if mean >= SMALL else f"{mean:.1f}".removesuffix(".0")


def _drawn(line: Line, weeks: Sequence[TrendWeek], look: Look) -> list[str]:
    mean = f", {_mean(line)} a logged week" if line.weeks_logged > 1 else ""
    head = f"{look.paint(_TITLES[line.measure], 'bold')}  {line.total} in all{mean}"
    bars = [Bar(week.week[-3:], _value(week, line.measure), week.state) for week in weeks]
    return [head, *drawn(bars, look)]
