"""Uptake: the readings that hang off a thing, as bookings off an offering or views off an article.

A view of a metric does not hold what each reading hangs off; the entries do.
"""

from collections.abc import Collection, Iterator

import msgspec

from milepost.projections.measures import Metric, Reading
from milepost.projections.progress import Shelf
from milepost_client.pages.worded import values_in
from milepost_client.views.views import Views


class Read(msgspec.Struct, frozen=True):
    """One reading: the day, and the number as it was written, one that stays on these devices too."""

    on: str
    value: str | None


class Uptake(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of one metric that hang off some things, the first one first."""

    metric: str
    name: str | None
    unit: str
    readings: tuple[Read, ...]

    @property
    def last(self) -> Read:
        """The reading that holds now."""
        return self.readings[-1]

    @property
    def says(self) -> str:
        """`bookings 1, 2, 4`."""
        unit = {"percent": " %", "count": "", "other": ""}.get(self.unit, f" {self.unit}")
        values = ", ".join(one.value or "(not readable here)" for one in self.readings)
        return f"{self.name or self.metric} {values}{unit}"


def uptake(views: Views, shelf: Shelf, ids: Collection[str]) -> list[Uptake]:
    """The readings that hang off any of these, by metric, the one first read first."""
    names, wanted = views.names("metric"), set(ids)
    # An entry's id begins with its time, so metrics of one day stand in the order in which they were read.
    metrics = sorted(shelf.all(Metric), key=lambda one: (one.first.on, one.first.event) if one.first else ("", ""))
    found = ((metric, tuple(_hung(views, metric, wanted))) for metric in metrics)
    return [
        Uptake(metric=metric.id, name=names.get(metric.id), unit=metric.unit, readings=readings)
        for metric, readings in found
        if readings
    ]


def _hung(views: Views, metric: Metric, wanted: set[str]) -> Iterator[Read]:
    for reading in metric.readings:
        values = values_in(views.log, reading.event)
        refs = values.get("ref")
        if isinstance(refs, list) and wanted.intersection(refs):
            yield Read(reading.on, _value(reading, values.get("private_value")))


def _value(reading: Reading, private: object) -> str | None:
    return reading.value if private is None else str(private)
