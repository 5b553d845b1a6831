"""What the cards of roles and positions say: the page, your ratings of the skills it asks for, the scores."""

from collections.abc import Iterator
from typing import Any

from milepost.projections.direction import CHOICE, Position, Role
from milepost_client.pages.facts import Fact
from milepost_client.recording.commands import Desk
from milepost_client.render.bars import rated
from milepost_client.render.counted import counted


def role_figures(desk: Desk, view: Role) -> dict[str, object]:
    """What a role's card works out: how many of the skills it asks for are rated, and whether it is chosen."""
    skills = [_competency(desk, id) for id in view.competencies]
    chosen = desk.seen.view("choice", CHOICE) or {}
    return {
        "has_brief": view.is_briefed,
        "is_chosen": chosen.get("role") == view.id,
        "competencies": skills,
        "competencies_listed": len(skills),
        "competencies_rated": sum(skill["rating"] is not None for skill in skills),
    }


def _competency(desk: Desk, id: str) -> dict[str, object]:
    skill = desk.seen.skill(id)
    return {"id": id, "name": desk.seen.name("skill", id) or None, "rating": skill.rating if skill else None}


def role_facts(desk: Desk, view: Role, derived: dict[str, Any]) -> Iterator[Fact]:
    """A role's card for people."""
    yield "is", view.kind + (", chosen" if derived["is_chosen"] else "")
    if view.competencies:
        yield "asks for", f"{derived['competencies_rated']} of {counted(derived['competencies_listed'], 'skill')} rated"
        yield from (("", f"{rated(one['rating'])} {one['name'] or one['id']}") for one in derived["competencies"])
    for name, text in (("paths", view.paths), ("judged by", view.indicators), ("brief", view.brief)):
        if text:
            yield name, text
    for score in view.scores:
        shown = "not scored yet" if score.score is None else rated(score.score)
        yield "scored", f"{shown} {desk.seen.factor(score.factor)}" + (f" ({score.raw})" if score.raw else "")


def position_facts(view: Position) -> Iterator[Fact]:
    """A position's card for people."""
    yield "is", view.kind + (f", {view.employer}" if view.employer else "")
    yield "from", f"{view.start} to {view.end or 'now'}"
    yield from (("highlight", text) for text in view.highlights)
