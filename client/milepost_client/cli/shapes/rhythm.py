"""Objectives, reviews, wins, capacity."""

import msgspec

from milepost_client.cli.shapes.shape import Day, Shape, Thing


class KeyResult(Shape):
    """`share` is how much of the way from the baseline to the target is done, from 0 to 1."""

    metric: str
    name: str | None
    unit: str
    baseline: str | None
    value: str | None
    target: str | None
    share: str | None


class Objective(Thing):
    horizon: str
    start: Day
    end: Day
    status: str
    skill: str | None
    key_results: list[KeyResult]
    milestones: list[str]
    milestones_completed: int
    children: list[str]
    goals: list[str]
    goals_done: int
    goals_open: int


class Objectives(Shape):
    """objectives/1. Goals count through their milestones too."""

    objectives: list[Objective]


class Review(Shape):
    week: str
    on: Day
    event: str
    worked: list[str]
    adjust: list[str]
    lesson: str | None
    next_goal: dict[str, str | None] | None


class Reviews(Shape):
    """reviews/1: the newest first."""

    reviews: list[Review]


class Win(Shape):
    number: int
    id: str
    on: Day
    text: str
    of: list[str]


class Wins(Shape):
    """wins/1: the newest first, numbered over all; `total` counts those before `since` too."""

    total: int
    since: Day | None
    wins: list[Win]


class CapacitySpan(Shape):
    """Minutes by weekday from a day on; null where nothing was said."""

    start: Day = msgspec.field(name="from")
    minutes: dict[str, int | None]


class Capacity(Shape):
    """capacity/1: the span that holds today, and those that follow."""

    today: Day
    spans: list[CapacitySpan]


SHAPES: dict[str, type[Shape]] = {
    "objectives/1": Objectives,
    "reviews/1": Reviews,
    "wins/1": Wins,
    "capacity/1": Capacity,
}
