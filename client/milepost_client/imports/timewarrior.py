"""Intervals as `timew export` writes them: minutes spent, a local day each.

The tags are kept as the note, and what carries the name of a tag here is what the minutes were spent on. An interval
past midnight is minutes of both days; one that still runs is passed over.
"""

from collections.abc import Iterator
from datetime import date

from milepost_client.imports.elements import Element, rows_of
from milepost_client.imports.formats import Reading
from milepost_client.imports.instants import Instant, at, instant
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Mention, Row, Wanted

TYPES = ("time.spent",)
# An interval of more is a clock that somebody forgot to stop.
INTERVAL_DAYS_MAX = 7
_MINUTE_SECONDS = 60
_REFS_MAX = 32

Interval = Element


def reading(source: Source) -> Reading:
    """The intervals of an export."""
    return Reading("interval", "mp spend list", TYPES, lambda: _rows(source))


def _rows(source: Source) -> Iterator[Row]:
    return rows_of(source, "interval", "timew export", lambda interval: ", ".join(_tags(interval)), _row)


def _row(place: str, label: str, interval: Interval) -> Row:
    start = instant(interval.get("start"), "start")
    if "end" not in interval:
        return Row(place, label, passed_over="it still runs")
    end = instant(interval["end"], "end")
    if end.seconds < start.seconds:
        raise CellRefused("end", "end_before_start", "end is before start", "mend it: timew modify")
    if end.seconds - start.seconds > INTERVAL_DAYS_MAX * 24 * 3600:
        message = f"it goes on for more than {INTERVAL_DAYS_MAX} days"
        raise CellRefused("end", "interval", message, "mend it: timew modify")
    spans = [(day, minutes) for day, seconds in _days(start, end) if (minutes := _minutes(seconds))]
    if not spans:
        return Row(place, label, passed_over="less than half a minute")
    tags = _tags(interval)
    annotation = interval.get("annotation")
    note = "; ".join(filter(None, (label, annotation if isinstance(annotation, str) else "")))
    ref = tuple(Mention(tag) for tag in tags[:_REFS_MAX])
    columns = {"note": "tags", "on": "start"}
    return Row(
        place,
        label or note,
        tuple(
            Wanted("time.spent", day, {"minutes": minutes, "ref": ref, "note": note or None}, columns)
            for day, minutes in spans
        ),
    )


def _days(start: Instant, end: Instant) -> Iterator[tuple[date, int]]:
    """The local days of an interval, and the seconds of each."""
    while start.seconds < end.seconds:
        stop = min(end.seconds, start.seconds + start.until_midnight)
        yield start.day, stop - start.seconds
        start = at(stop)


def _minutes(seconds: int) -> int:
    return (seconds + _MINUTE_SECONDS // 2) // _MINUTE_SECONDS


def _tags(interval: Interval) -> list[str]:
    tags = interval.get("tags")
    return [tag for tag in tags if isinstance(tag, str) and tag] if isinstance(tags, list) else []
