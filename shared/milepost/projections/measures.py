"""Metrics: defined once, recorded often; a fall is an improvement where down is better.

Rows of `metric:ID`: `defined`, `reading` (readings). A reading without `value` keeps its number on the member's
devices.
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Replacing, Said, Writes


class MetricDefined(Replacing, frozen=True, omit_defaults=True):
    """Data of `defined`."""

    kind: str = "level"
    unit: str = "other"
    better: str = "up"
    own: bool = False
    ref: tuple[str, ...] = ()


class MetricRecorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `reading`."""

    value: str | None = None
    basis: str = "unknown"
    window_days: int | None = None
    source: str = "other"


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reading: the day, the entry, and the number as it was written (None: private)."""

    on: str
    event: str
    value: str | None = None
    basis: str = "unknown"
    window_days: int | None = None
    source: str = "other"


class Metric(View, frozen=True, kw_only=True, omit_defaults=True):
    """A metric as it stands; `readings` are the last ones by day, the very last is current, `recorded` counts all."""

    id: str
    kind: str = "level"
    unit: str = "other"
    better: str = "up"
    own: bool = False
    ref: tuple[str, ...] = ()
    recorded: int = 0
    first: Reading | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def standing(self) -> str:
        return "recorded" if self.readings else "defined"


def _defined(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("metric", facts["metric"]), "defined", data_of(facts, MetricDefined)),)


def _recorded(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("metric", facts["metric"]), "reading", data_of(facts, MetricRecorded)),)


def resolve(id: str, writes: Writes) -> Metric | None:
    """The metric, or None when nothing about it stands."""
    defined = writes.single("defined", MetricDefined, is_worded=True)
    readings = writes.readings("reading", MetricRecorded)
    if defined is None and not readings:
        return None
    data = defined.data if defined else MetricDefined()
    return Metric(
        id=id,
        kind=data.kind,
        unit=data.unit,
        better=data.better,
        own=data.own,
        ref=data.ref,
        recorded=len(readings),
        first=_reading(readings[0]) if readings else None,
        readings=tuple(map(_reading, readings[-SHOWN_MAX:])),
        heads=writes.heads,
    )


def _reading(said: Said[MetricRecorded]) -> Reading:
    data = said.data
    return Reading(iso_day(said.on), base32(said.event_id), data.value, data.basis, data.window_days, data.source)


FOLDERS = {"metric.defined": _defined, "metric.recorded": _recorded}
KINDS = {"metric": Kind(resolve, Metric)}
