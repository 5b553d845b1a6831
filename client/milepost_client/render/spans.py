"""Spans of days as bars under one scale: what overlaps is seen to overlap."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from milepost_client.answer import Look, clean
from milepost_client.render.columns import shortened, width

AHEAD = "░"
_LABEL_SHARE = 3
_MONTH_DAYS = 31
_YEAR_DAYS = 366
# A name of a month or a year, and a gap.
_MONTH_ROOM, _YEAR_ROOM = 5, 6


class Span(NamedTuple):
    """A bar: what it is called, its days, and the character it is drawn with up to `solid`, open beyond."""

    label: str
    first: date
    last: date
    mark: str
    solid: date


class Scale(NamedTuple):
    """Days to columns."""

    first: date
    last: date
    room: int

    def column(self, day: date) -> int:
        """The column of a day, within the room."""
        days = max(1, (self.last - self.first).days)
        return min(self.room - 1, max(0, (day - self.first).days * self.room // (days + 1)))


def drawn(spans: Sequence[Span], today: date, look: Look) -> Iterator[str]:
    """The spans, each on its line, with a scale above; today is a rule through the lines where it lies within."""
    label_room = min(max(width(span.label) for span in spans), look.width // _LABEL_SHARE)
    scale = Scale(min(span.first for span in spans), max(span.last for span in spans), look.width - label_room - 2)
    yield look.paint(" " * (label_room + 2) + _ruler(scale), "dim")
    for span in spans:
        label = shortened(clean(span.label), label_room)
        yield label + " " * (label_room - width(label) + 2) + _line(span, scale, today)


def _line(span: Span, scale: Scale, today: date) -> str:
    begin, end, solid = (scale.column(day) for day in (span.first, span.last, span.solid))
    cells = [" "] * scale.room
    if scale.first <= today <= scale.last:
        cells[scale.column(today)] = "│"
    for column in range(begin, end + 1):
        cells[column] = span.mark if span.solid >= span.first and column <= solid else AHEAD
    return "".join(cells).rstrip()


def _ruler(scale: Scale) -> str:
    """Years, or months where the whole is short; as many as have room."""
    text = ""
    for day, label in _ticks(scale):
        column = scale.column(day)
        if column + len(label) <= scale.room:
            text = text.ljust(column) + label
    return text


def _ticks(scale: Scale) -> Iterator[tuple[date, str]]:
    days = max(1, (scale.last - scale.first).days)
    is_long = days > 2 * _YEAR_DAYS
    # So many months, or years, that a label and a gap fit between two ticks.
    unit, room = (_YEAR_DAYS, _YEAR_ROOM) if is_long else (_MONTH_DAYS, _MONTH_ROOM)
    step = max(1, ceil(room * days / (unit * scale.room)))
    day = scale.first.replace(day=1)
    while day <= scale.last:
        number = day.year if is_long else day.month - 1
        if day >= scale.first and number % step == 0 and (not is_long or day.month == 1):
            yield day, str(day.year) if is_long or day.month == 1 else day.strftime("%b")
        day = (day + timedelta(days=_MONTH_DAYS)).replace(day=1)
