"""Traces: from an impact back to the readings that it rests on. A reading that two impacts name counts once."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from milepost.projections.evidence import Impact
from milepost.projections.measures import Metric, Reading
from milepost.projections.progress import Shelf

CHANGE = "change"


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One reading, and whether it is an improvement; None where that cannot be told from it."""

    metric: str
    kind: str
    unit: str
    better: str
    reading: Reading
    is_improvement: bool | None


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """An impact with its readings. `missing` counts those taken back, or too old to be shown."""

    impact: Impact
    traces: tuple[Trace, ...]
    missing: int


def traced(shelf: Shelf) -> list[Traced]:
    """Every impact, the oldest first."""
    # An entry's id begins with its time, so impacts of one day stay in the order in which they were stated.
    impacts = sorted(shelf.all(Impact), key=lambda impact: (impact.stated_on, impact.head("stated") or ""))
    return [trace(impact, shelf.all(Metric)) for impact in impacts]


def trace(impact: Impact, metrics: Sequence[Metric]) -> Traced:
    """An impact with those of its readings that stand."""
    readings = {reading.event: (metric, number) for metric in metrics for number, reading in enumerate(metric.readings)}
    found = [readings[event] for event in impact.readings if event in readings]
    traces = tuple(
        Trace(
            metric=metric.id,
            kind=metric.kind,
            unit=metric.unit,
            better=metric.better,
            reading=metric.readings[number],
            is_improvement=_improvements(metric)[number],
        )
        for metric, number in found
    )
    return Traced(impact=impact, traces=traces, missing=len(impact.readings) - len(traces))


def readings_counted(every: Sequence[Traced]) -> int:
    """The readings that these impacts rest on, each once."""
    return len({trace.reading.event for one in every for trace in one.traces})


def _improvements(metric: Metric) -> list[bool | None]:
    """Whether each shown reading is an improvement: a change by its sign, any other beside the one before."""
    values = [None if one.value is None else Decimal(one.value) for one in metric.readings]
    if metric.kind == CHANGE:
        return [_is_better(metric, value) for value in values]
    steps = [None if later is None or earlier is None else later - earlier for earlier, later in pairwise(values)]
    return [None, *(_is_better(metric, step) for step in steps)] if values else []


def _is_better(metric: Metric, change: Decimal | None) -> bool | None:
    """A fall is an improvement where down is better."""
    return None if not change else (change < 0) == (metric.better == "down")
