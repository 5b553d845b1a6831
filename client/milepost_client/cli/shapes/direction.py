"""Roles, skills, positions, notes."""

from typing import Any

from milepost_client.cli.shapes.evidence import Sum
from milepost_client.cli.shapes.shape import Day, Shape


class ListedRole(Shape):
    id: str
    short_id: str
    name: str | None
    kind: str
    is_chosen: bool
    has_brief: bool
    total: Sum
    fit: Sum
    competencies_listed: int = 0
    competencies_rated: int = 0


class Roles(Shape):
    """roles/1. `fit` is over every value that was named."""

    roles: list[ListedRole]


class RoleScore(Shape):
    role: str
    score: int | None
    raw: str | None


class RoleFactor(Shape):
    """A factor, the same weight for every role; `value` is the id of the value it is, if it is one."""

    factor: str
    value: str | None
    weight: int
    scores: list[RoleScore]


class RoleCompare(Shape):
    """role_compare/1."""

    chosen: str | None
    roles: list[ListedRole]
    factors: list[RoleFactor]


class PlacedSkill(Shape):
    id: str
    short_id: str
    name: str
    strength: int | None
    enjoyment: int | None
    avoided: bool
    stance: str | None
    missing: list[str]


class SkillMap(Shape):
    """skill_map/1. What lacks a rating or an enjoyment is unplaced."""

    placed: list[PlacedSkill]
    unplaced: list[PlacedSkill]


class SkillHistory(Shape):
    """skill_history/1. `change` is null without a second rating: that is no 0."""

    id: str
    name: str | None
    code: str | None
    rated: int
    ratings: list[dict[str, Any]]
    target: dict[str, Any] | None
    current: int | None
    change: int | None
    gap: int
    target_days_late: int | None


class ListedPosition(Shape):
    id: str
    short_id: str
    name: str
    kind: str
    start: Day
    end: Day | None
    employer: str | None
    highlights: list[str]


class Positions(Shape):
    """positions/1."""

    positions: list[ListedPosition]


class TimedMilestone(Shape):
    id: str
    short_id: str
    name: str
    kind: str
    status: str
    start: Day
    due: Day
    end: Day | None
    parent: str | None


class Timeline(Shape):
    """timeline/1. `years` is from the first position's first day to the last day of any."""

    since: Day | None
    as_of: Day | None
    positions: list[ListedPosition]
    milestones: list[TimedMilestone]
    years: int
    milestones_at_once: int


class FocusStory(Shape):
    """focus/1."""

    mode: str | None
    changes: list[dict[str, Any]]


class ListedValue(Shape):
    id: str
    short_id: str
    name: str
    rank: int | None


class Values(Shape):
    """values/1."""

    values: list[ListedValue]


class Note(Shape):
    id: str
    short_id: str
    on: Day
    prompt: str | None
    text: str | None


class Notes(Shape):
    """notes/1. `answered` counts the notes of each question."""

    prompt: str | None
    answered: dict[str, int]
    notes: list[Note]


SHAPES: dict[str, type[Shape]] = {
    "roles/1": Roles,
    "role_compare/1": RoleCompare,
    "skill_map/1": SkillMap,
    "skill_history/1": SkillHistory,
    "positions/1": Positions,
    "timeline/1": Timeline,
    "focus/1": FocusStory,
    "values/1": Values,
    "notes/1": Notes,
}
