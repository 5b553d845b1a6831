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
from milepost_client.render.table import blocks, table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.views import Views

SCORE_MAX = 5
GAP = "—"
_BAR_ROOM = 20
_EMPTY = 'no role is described yet: mp role brief "Product Manager"'


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
        yield from wrapped(_EMPTY, look)
        return
    names = [role.title or found.shorts[role.id] for role in found.roles]
    if not found.factors:
        yield from wrapped(f'nothing to compare roles on yet: mp role score "{names[0]}" "decision authority" 4', look)
        return
    rows = [
        (_label(factor), f"x{factor.weight}", *(_cell(role, factor) for role in found.roles))
        for factor in found.factors
    ]
    lines = table(("factor", "weight", *names), [*rows, *_sums(found)], look)
    yield from lines if _is_whole([*names, *(row[0] for row in rows)], lines) else _below(found, names, look)
    yield from _totals(found, names, look)


def _is_whole(texts: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether these names stand in one line each: names in pieces cannot be compared."""
    return all(any(text in line for line in lines) for text in texts)


def _below(found: Comparison, names: Sequence[str], look: Look) -> Iterator[str]:
    """Factor by factor, the roles under each other: for many roles, or little room."""
    pairs = list(zip(found.roles, names, strict=True))
    scores = [(f"  {name}", *_score_cells(role, factor)) for factor in found.factors for role, name in pairs]
    # Laid out together, so that the bars of one factor stand under those of the other.
    drawn = iter(blocks(scores, look))
    for factor in found.factors:
        yield f"{look.paint(_label(factor), 'bold')}  {look.paint(f'x{factor.weight}', 'dim')}"
        yield from (line for _ in pairs for line in next(drawn))
    sums = [(f"  {name}", *_scored(found, role), _remarks(found, role)) for role, name in pairs]
    yield look.paint("scored", "bold")
    yield from (line for block in blocks(sums, look) for line in block)


def _score_cells(role: Role, factor: Factor) -> tuple[str, str]:
    score = _score(role, factor)
    return (GAP if score.score is None else rated(score.score), score.raw or "")


def _scored(found: Comparison, role: Role) -> tuple[str, str]:
    total = found.total(role)
    return f"{total.scored} of {total.factors}", f"values fit {_said(found.fit(role))}" if found.values else ""


def _totals(found: Comparison, names: Sequence[str], look: Look) -> Iterator[str]:
    """The totals as bars, once there is one to draw."""
    totals = [found.total(role) for role in found.roles]
    if any(total.is_complete for total in totals):
        yield ""
        yield from table(("", ""), [(name, _drawn(total)) for name, total in zip(names, totals, strict=True)], look)
    else:
        yield from ("", *wrapped("no total yet: a role has one when each of its factors is scored", look))


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


def _cell(role: Role, factor: Factor) -> str:
    return " ".join(filter(None, _score_cells(role, factor)))


def roles_listed(views: Views) -> Answer:
    """The roles, each with how much of its page is there."""
    found = comparison_of(views)
    rated_skills = {skill.id for skill in views.all(Skill) if skill.ratings}
    rows = [_row(found, role, rated_skills) for role in found.roles]
    heads = ("id", "role", "kind", "skills rated", "total", "")
    return listed("roles/1", "roles", rows, heads, _EMPTY)


def _row(found: Comparison, role: Role, rated_skills: set[str]) -> Row:
    known = sum(skill in rated_skills for skill in role.competencies)
    data = {**_role_data(found, role), "competencies_listed": len(role.competencies), "competencies_rated": known}
    skills = f"{known} of {len(role.competencies)}" if role.competencies else ""
    chosen = "chosen" if found.is_chosen(role) else ""
    return Row(data, (found.shorts[role.id], role.title, role.kind, skills, found.total(role).said(), chosen))
