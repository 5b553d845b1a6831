"""What the cards of roles and positions say: the page, your ratings of the skills it asks for, the scores."""

from collections.abc import Iterator
from typing import Any

from milepost.projections.direction import CHOICE, Position, Role
from milepost_client.pages.facts import Fact
from milepost_client.recording.commands import Desk
from milepost_client.render.bars import rated
from milepost_client.render.counted import counted

JOY_MIN = 4
"""From this enjoyment on a skill is a joy."""


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
    skill, liked = desk.seen.skill(id), desk.seen.view("enjoyed", id) or {}
    return {
        "id": id,
        "name": desk.seen.name("skill", id) or None,
        "rating": skill.rating if skill else None,
        "enjoyment": liked.get("enjoyment"),
        "avoided": bool(liked.get("avoided")),
    }


def _says(one: dict[str, Any]) -> str:
    """A skill that a role asks for: how strong, and how welcome it would be every day."""
    liked = [f"enjoyed {one['enjoyment']}"] if one["enjoyment"] else []
    liked += ["avoided"] if one["avoided"] else []
    return ", ".join([f"{rated(one['rating'])} {one['name'] or one['id']}", *liked])


def _joys(skills: list[dict[str, Any]]) -> str:
    """How much of a role would be a joy, of what was said of its skills; empty where nothing was."""
    said = [one for one in skills if one["enjoyment"] or one["avoided"]]
    joys = sum((one["enjoyment"] or 0) >= JOY_MIN for one in skills)
    avoided = sum(one["avoided"] for one in skills)
    return f"{joys} of {counted(len(skills), 'skill')}" + (f", {avoided} avoided" if avoided else "") if said else ""


def role_facts(desk: Desk, view: Role, derived: dict[str, Any]) -> Iterator[Fact]:
    """A role's card for people."""
    yield "is", view.kind + (", chosen" if derived["is_chosen"] else "")
    if view.competencies:
        yield "asks for", f"{derived['competencies_rated']} of {counted(derived['competencies_listed'], 'skill')} rated"
        yield from (("", _says(one)) for one in derived["competencies"])
        if joys := _joys(derived["competencies"]):
            yield "a joy", joys
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
