"""Skills: every rating is kept, the last by day is current; one target at a time.

Rows of `skill:ID`: `named`, `rating` (readings), `target`. A skill that was rated once has no change, which is not 0.
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import days_between, iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Replacing, Said, Writes


class SkillNamed(Replacing, frozen=True, omit_defaults=True):
    """Data of `named`."""

    code: str | None = None


class SkillRated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `rating`."""

    rating: int
    basis: str = "self"


class SkillTargeted(Replacing, frozen=True, omit_defaults=True):
    """Data of `target`."""

    target: int = 5
    by: str | None = None
    method: str | None = None


class Rating(msgspec.Struct, frozen=True):
    """One rating: the day, 1 to 5, whose it is, and the entry."""

    on: str
    rating: int
    basis: str
    event: str


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """The rating wanted. `met_on` is the first day from `set_on` on that a rating reached it."""

    target: int
    set_on: str
    by: str | None = None
    method: str | None = None
    met_on: str | None = None

    @property
    def days_late(self) -> int | None:
        """Days between the day planned and the day it was met; None while one of the two is missing."""
        return days_between(self.by, self.met_on) if self.by and self.met_on else None


class Skill(View, frozen=True, kw_only=True, omit_defaults=True):
    """A skill as it stands; `ratings` are the last ones by day, the very last is current, `rated` counts them all."""

    id: str
    code: str | None = None
    rated: int = 0
    first: Rating | None = None
    ratings: tuple[Rating, ...] = ()
    target: Target | None = None

    @property
    def standing(self) -> str:
        if not self.ratings:
            return "unrated"
        return "gap" if self.gap else "rated"

    @property
    def current(self) -> int | None:
        """The rating that holds now."""
        return self.ratings[-1].rating if self.ratings else None

    @property
    def change(self) -> int | None:
        """Last less first; None, "no change recorded", without a second rating."""
        return self.ratings[-1].rating - self.first.rating if self.first and self.rated > 1 else None

    @property
    def gap(self) -> int:
        """How far the current rating is below the target."""
        return max(0, self.target.target - self.ratings[-1].rating) if self.target and self.ratings else 0


def _named(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("skill", facts["skill"]), "named", data_of(facts, SkillNamed)),)


def _rated(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("skill", facts["skill"]), "rating", data_of(facts, SkillRated)),)


def _targeted(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("skill", facts["skill"]), "target", data_of(facts, SkillTargeted)),)


def resolve(id: str, writes: Writes) -> Skill | None:
    """The skill, or None when nothing about it stands."""
    named = writes.single("named", SkillNamed, is_worded=True)
    readings = writes.readings("rating", SkillRated)
    target = _target(writes, readings)
    if named is None and target is None and not readings:
        return None
    return Skill(
        id=id,
        code=named.data.code if named else None,
        rated=len(readings),
        first=_rating(readings[0]) if readings else None,
        ratings=tuple(map(_rating, readings[-SHOWN_MAX:])),
        target=target,
        heads=writes.heads,
    )


def _rating(said: Said[SkillRated]) -> Rating:
    return Rating(iso_day(said.on), said.data.rating, said.data.basis, base32(said.event_id))


def _target(writes: Writes, readings: list[Said[SkillRated]]) -> Target | None:
    said = writes.single("target", SkillTargeted)
    if said is None:
        return None
    met = next((each.on for each in readings if each.on >= said.on and each.data.rating >= said.data.target), None)
    met_on = None if met is None else iso_day(met)
    return Target(said.data.target, iso_day(said.on), said.data.by, said.data.method, met_on)


FOLDERS = {"skill.named": _named, "skill.rated": _rated, "skill.targeted": _targeted}
KINDS = {"skill": Kind(resolve, Skill)}
