"""Roles held against each other: weighted totals where every factor is scored, gaps shown as gaps where not.

A factor weighs the same for every role. The total leaves out values that no role was scored on; the fit with one's
values is over every value that was named.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost.projections.direction import CHOICE, WEIGHT_USUAL, Choice, Role, Score, Value, Weight
from milepost.projections.skills import Skill
from milepost_client.answer import Answer, Look
from milepost_client.pages.lists import Row, listed, short_ids
from milepost_client.render.bars import bar, rated
from milepost_client.render.columns import shortened, width
from milepost_client.render.table import table
from milepost_client.views.views import Views

SCORE_MAX = 5
GAP = "—"
_BAR_ROOM = 20


class Factor(NamedTuple):
    """What roles are compared on. `name` tells it apart; `value` is the id of the value it is, if it is one."""

    name: str
    label: str
    weight: int
    value: str | None


class Sum(NamedTuple):
    """Weighted scores. `total` is None while a factor is not scored: a gap is no nought."""

    total: int | None
    possible: int
    scored: int
    factors: int

    @property
    def is_complete(self) -> bool:
        """Whether there is a total."""
        return self.total is not None

    def said(self) -> str:
        """The sum in words."""
        if not self.factors:
            return ""
        if self.total is None:
            return f"incomplete, {self.scored} of {self.factors} scored"
        return f"{self.total} of {self.possible}"

    def data(self) -> dict[str, object]:
        """The sum as JSON shows it."""
        return {**self._asdict(), "is_complete": self.is_complete}


class Comparison(NamedTuple):
    """Every role on every factor."""

    roles: Sequence[Role]
    factors: Sequence[Factor]
    values: Sequence[Factor]
    chosen: Choice | None
    shorts: dict[str, str]

    def total(self, role: Role) -> Sum:
        """A role on every factor of the table."""
        return weighed(role, self.factors)

    def fit(self, role: Role) -> Sum:
        """A role on every value that was named."""
        return weighed(role, self.values)

    def is_chosen(self, role: Role) -> bool:
        """Whether it is the role to head for."""
        return self.chosen is not None and self.chosen.role == role.id


def weighed(role: Role, factors: Sequence[Factor]) -> Sum:
    """A role's weighted scores on these factors."""
    scores = [(_score(role, factor).score, factor.weight) for factor in factors]
    given = [score * weight for score, weight in scores if score is not None]
    possible = sum(SCORE_MAX * weight for _, weight in scores)
    is_complete = bool(scores) and len(given) == len(scores)
    return Sum(sum(given) if is_complete else None, possible, len(given), len(scores))


def _score(role: Role, factor: Factor) -> Score:
    return role.score(factor.name) or Score(factor.label)


def comparison_of(views: Views) -> Comparison:
    """The roles with what they are compared on, the heaviest factor first, values last."""
    roles = sorted(views.all(Role), key=lambda role: (role.folded_name, role.id))
    ranked = sorted(views.all(Value), key=lambda value: (value.rank or 1000, value.name, value.id))
    weights = {weight.factor: weight.weight for weight in views.all(Weight)}
    values = [Factor(value.id, value.name, weights.get(value.id, WEIGHT_USUAL), value.id) for value in ranked]
    noted = {score.name: score.factor for role in roles for score in role.scores}
    of_values = [value for value in values if value.name in noted]
    others = [
        Factor(name, label, weights.get(name, WEIGHT_USUAL), None)
        for name, label in sorted(noted.items())
        if name not in {value.name for value in values}
    ]
    factors = sorted(others, key=lambda factor: -factor.weight) + of_values
    return Comparison(roles, factors, values, views.get(Choice, CHOICE), short_ids([role.id for role in roles]))


def compared(views: Views) -> Answer:
    """The table of roles and factors, with totals and the fit with one's values."""
    found = comparison_of(views)
    data = {
        "chosen": found.chosen and found.chosen.role,
        "roles": [_role_data(found, role) for role in found.roles],
        "factors": [_factor_data(found, factor) for factor in found.factors],
    }
    return Answer("role_compare/1", data, lambda look: list(_lines(found, look)), list(_records(found)))


def _role_data(found: Comparison, role: Role) -> dict[str, object]:
    return {
        "id": role.id,
        "short_id": found.shorts[role.id],
        "name": role.title or None,
        "kind": role.kind,
        "is_chosen": found.is_chosen(role),
        "has_brief": role.is_briefed,
        "total": found.total(role).data(),
        "fit": found.fit(role).data(),
    }


def _factor_data(found: Comparison, factor: Factor) -> dict[str, object]:
    scores = [(role, _score(role, factor)) for role in found.roles]
    return {
        "factor": factor.label,
        "value": factor.value,
        "weight": factor.weight,
        "scores": [{"role": role.id, "score": score.score, "raw": score.raw} for role, score in scores],
    }


def _records(found: Comparison) -> Iterator[tuple[object, ...]]:
    for role in found.roles:
        for factor in found.factors:
            score = _score(role, factor)
            yield role.id, role.title, "factor", factor.label, factor.weight, score.score, score.raw
        yield role.id, role.title, "total", "", "", found.total(role).total, found.total(role).said()
        yield role.id, role.title, "fit", "", "", found.fit(role).total, found.fit(role).said()


def _lines(found: Comparison, look: Look) -> Iterator[str]:
    if not found.roles:
        yield 'no role is described yet: mp role brief "Product Manager"'
        return
    names = [role.title or found.shorts[role.id] for role in found.roles]
    if not found.factors:
        yield f'nothing to compare roles on yet: mp role score "{names[0]}" "decision authority" 4'
        return
    rows = [
        (_label(factor), f"x{factor.weight}", *(_cell(_score(role, factor)) for role in found.roles))
        for factor in found.factors
    ]
    yield from table(("factor", "weight", *names), [*rows, *_sums(found)], look)
    yield ""
    room = max(map(width, names))
    for role, name in zip(found.roles, names, strict=True):
        label = shortened(name, min(room, look.width // 2))
        yield label + " " * (min(room, look.width // 2) - width(label)) + "  " + _drawn(found.total(role))


def _sums(found: Comparison) -> Iterator[tuple[str, ...]]:
    """The rows below the factors: totals, the fit with one's values, and what the roles are."""
    blank = ("",) * len(found.roles)
    yield ("", "", *blank)
    totals, fits = [found.total(role) for role in found.roles], [found.fit(role) for role in found.roles]
    yield ("total", "", *(_said(total) for total in totals))
    yield ("scored", "", *(f"{total.scored} of {total.factors}" for total in totals))
    if found.values:
        yield ("values fit", "", *(_said(fit) for fit in fits))
    remarks = [_remarks(found, role) for role in found.roles]
    if any(remarks):
        yield ("", "", *remarks)


def _said(sum_: Sum) -> str:
    return "incomplete" if sum_.total is None else f"{sum_.total} of {sum_.possible}"


def _remarks(found: Comparison, role: Role) -> str:
    words = ["chosen"] if found.is_chosen(role) else []
    return ", ".join([*words, *(["specialisation"] if role.kind == "specialisation" else [])])


def _drawn(total: Sum) -> str:
    if total.total is None:
        return "·" * _BAR_ROOM + "  incomplete"
    return bar(total.total, total.possible, _BAR_ROOM) + f"  {total.total} of {total.possible}"


def _label(factor: Factor) -> str:
    return f"value: {factor.label}" if factor.value else factor.label


def _cell(score: Score) -> str:
    shown = GAP if score.score is None else rated(score.score)
    return f"{shown} {score.raw}" if score.raw else shown


def roles_listed(views: Views) -> Answer:
    """The roles, each with how much of its page is there."""
    found = comparison_of(views)
    rated_skills = {skill.id for skill in views.all(Skill) if skill.ratings}
    rows = [_row(found, role, rated_skills) for role in found.roles]
    heads = ("id", "role", "kind", "skills rated", "total", "")
    return listed("roles/1", "roles", rows, heads, 'no role is described yet: mp role brief "Product Manager"')


def _row(found: Comparison, role: Role, rated_skills: set[str]) -> Row:
    known = sum(skill in rated_skills for skill in role.competencies)
    data = {**_role_data(found, role), "competencies_listed": len(role.competencies), "competencies_rated": known}
    skills = f"{known} of {len(role.competencies)}" if role.competencies else ""
    chosen = "chosen" if found.is_chosen(role) else ""
    return Row(data, (found.shorts[role.id], role.title, role.kind, skills, found.total(role).said(), chosen))
