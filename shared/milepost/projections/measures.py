"""Metrics: defined once, recorded often; a fall is an improvement where down is better.

Rows of `metric:ID`: `defined`, `reading` (readings). A reading without `value` keeps its number on the member's
devices.
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Replacing, Writes


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
    ref: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reading: the day, the entry, and the number as it was written (None: private)."""

    on: str
    event: str
    value: str | None = None
    basis: str = "unknown"
    window_days: int | None = None
    source: str = "other"
    ref: tuple[str, ...] = ()


class Metric(View, frozen=True, kw_only=True, omit_defaults=True):
    """A metric as it stands; `readings` by day, the last is current."""

    id: str
    kind: str = "level"
    unit: str = "other"
    better: str = "up"
    own: bool = False
    ref: tuple[str, ...] = ()
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
        readings=tuple(
            Reading(
                iso_day(said.on),
                base32(said.event_id),
                said.data.value,
                said.data.basis,
                said.data.window_days,
                said.data.source,
                said.data.ref,
            )
            for said in readings
        ),
        heads=writes.heads,
    )


FOLDERS = {"metric.defined": _defined, "metric.recorded": _recorded}
KINDS = {"metric": Kind(resolve, Metric)}
