"""The reading that a member means: by its metric, which means the last one, or by its own id."""

from milepost.errors import NotFound, UsageError
from milepost_client.recording.commands import Desk
from milepost_client.recording.entries import Line, line, matching

_RECORDED = "metric.recorded"
_READINGS_MAX = 1000


def find_reading(desk: Desk, typed: str) -> str:
    """The id of the entry. Raises NotFound where the metric has no reading, UsageError for another entry's id."""
    if not desk.seen.find(("metric",), typed) and (entry := _entry(desk, typed)) is not None:
        if entry.type != _RECORDED or entry.is_struck:
            raise UsageError(
                f"{typed!r} is no reading that stands", field="reading", remedy="see: mp log --type metric"
            )
        return entry.id
    metric = desk.find(("metric",), typed)
    every = matching(desk.log, desk.seen, since=None, type_=_RECORDED, about=metric.id, limit=_READINGS_MAX)
    standing = [one for one in every if one.values.get("metric") == metric.id and not one.is_struck]
    if not standing:
        raise NotFound(f"{metric.name} has no reading yet", field="reading", remedy=f"try: mp metric {metric.id} 12")
    return standing[0].id


def _entry(desk: Desk, typed: str) -> Line | None:
    try:
        return line(desk.log.by_prefix(typed), desk.seen)
    except NotFound:
        # Then it was meant as the name of a metric, and `find` knows what it may have been.
        return None
