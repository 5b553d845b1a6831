"""A quarter on one page."""

from typing import Any

from milepost_client.cli.shapes.shape import Day, Shape


class TriedOut(Shape):
    """An experiment. `is_upheld` is null until its end says so; `outcomes` counts each kind that hangs off it."""

    id: str
    name: str | None
    status: str
    terms: str | None
    start: Day
    due: Day
    end: Day | None
    hypothesis: str | None
    is_upheld: bool | None
    result: str | None
    lesson: str | None
    outcomes: dict[str, int]


class TimeOfQuarter(Shape):
    """`capacity_minutes` is null where nobody said how much time there is."""

    capacity_minutes: int | None
    minutes: int
    weeks: int
    weeks_logged: int
    weeks_paused: int
    weeks_reviewed: int


class WonInQuarter(Shape):
    id: str
    on: Day
    text: str


class WinsOfQuarter(Shape):
    """`total` counts the wins of all quarters."""

    total: int
    in_quarter: int
    wins: list[WonInQuarter]


class OfferingRead(Shape):
    """An offering, and the readings that hang off it, by metric."""

    id: str
    name: str | None
    price: str
    rationale: str | None
    uptake: list[dict[str, Any]]


class Quarter(Shape):
    """quarter/1: whatever touches the days of a quarter, as it stands today."""

    quarter: str
    start: Day
    end: Day
    objectives: list[dict[str, Any]]
    experiments: list[TriedOut]
    milestones: list[dict[str, Any]]
    weeks: list[dict[str, Any]]
    time: TimeOfQuarter
    wins: WinsOfQuarter
    offerings: list[OfferingRead]


SHAPES: dict[str, type[Shape]] = {"quarter/1": Quarter}
