"""Capacity as it stands: what a week has from each day on, and which weeks are pauses."""

from datetime import date

from milepost.projections.own import WEEKDAYS, Capacity
from milepost_client.answer import Answer, Look
from milepost_client.recording.dates import say_minutes
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.views import Views

_HEADS = ("from", *WEEKDAYS, "a week")


def capacity_listed(views: Views, today: date) -> Answer:
    """What holds now, and what follows; each row is the whole week as it is from that day on."""
    spans = _spans(views.get(Capacity, "week"), today)

    def text(look: Look) -> list[str]:
        rows = [(day, *("·" if one is None else one for one in week.values()), _said(week)) for day, week in spans]
        empty = "no capacity is said yet: mp capacity mon-fri 90m"
        return table(_HEADS, rows, look, styles=("bold",)) if rows else wrapped(empty, look)

    data = {"today": today.isoformat(), "spans": [{"from": day, "minutes": week} for day, week in spans]}
    return Answer("capacity/1", data, text, [(day, *week.values()) for day, week in spans])


def _spans(capacity: Capacity | None, today: date) -> list[tuple[str, dict[str, int | None]]]:
    """The day from which each stands, and minutes by weekday; spans that are over are left out."""
    if capacity is None:
        return []
    days = sorted({span.from_date for span in capacity.spans})
    current = max((day for day in days if day <= today.isoformat()), default=days[0])
    return [
        (day, {name: capacity.minutes(day, number) for number, name in enumerate(WEEKDAYS)})
        for day in days
        if day >= current
    ]


def _said(week: dict[str, int | None]) -> str:
    total = sum(minutes or 0 for minutes in week.values())
    return say_minutes(total) if total else "pause"
