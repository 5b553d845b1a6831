"""Skills listed with their gaps, and one skill's story of ratings."""

from milepost.projections.skills import Rating, Skill, Target
from milepost_client.answer import Answer, Look
from milepost_client.pages.cards import skill_figures
from milepost_client.pages.lists import Row, listed, skill_rows
from milepost_client.pages.skill_map import Placed, skills_placed
from milepost_client.render.bars import rated
from milepost_client.render.table import table
from milepost_client.render.wrapped import parts
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

_HOW = 5
_BELOW_NONE = "no skill is below its target"
_NO_TARGET = 'no skill has a target yet: mp rate "sprint planning" 3 --target 5 --by 6w'
_NO_SKILL = 'no skill is rated yet: mp rate "sprint planning" 3 --target 5'


def skills_listed(views: Views, *, gaps: bool) -> Answer:
    """The skills, the widest gap first; with `gaps` only those below their target."""
    skills = views.all(Skill, "gap") if gaps else views.all(Skill)
    places = {place.id: place for place in skills_placed(views, views.shelf())}
    by_id = {skill.id: skill for skill in skills}
    rows = [_row(row, by_id[str(row.data["id"])], places[str(row.data["id"])]) for row in skill_rows(views, skills)]
    heads: tuple[str, ...] = ("id", "skill", "rating", "target", "change", "how", "")
    if gaps:
        # Beside a gap the way to close it matters, not what the skill is like.
        rows, heads = [row._replace(cells=row.cells[:6]) for row in rows], heads[:6]
    is_aimed = any(skill.target for skill in views.all(Skill))
    empty = _BELOW_NONE if gaps and is_aimed else _NO_TARGET if gaps else _NO_SKILL
    # How a gap is closed stands in the list of gaps; in the other a narrow terminal does without.
    return listed("skills/1", "skills", rows, heads, empty, spared=None if gaps else _HOW)


def _row(row: Row, skill: Skill, place: Placed) -> Row:
    more = {
        **skill_figures(skill),
        "enjoyment": place.enjoyment,
        "avoided": place.avoided,
        "stance": place.stance,
    }
    target = skill.target
    how = (target.method or "").replace("_", " ") if target else ""
    drawn = rated(skill.current, target.target if target else None) if skill.ratings or target else "not rated"
    change = "" if skill.change is None else f"{skill.change:+d}"
    return Row({**row.data, **more}, (*row.cells[:2], drawn, _wanted(skill), change, how, place.remarks))


def _wanted(skill: Skill) -> str:
    target = skill.target
    if target is None:
        return ""
    if target.met_on is None:
        return f"{target.target}{_by(target)}"
    late = target.days_late
    side = f", {_span(abs(late))} {'late' if late > 0 else 'early'}" if late else ""
    return f"{target.target} met{side}"


def _by(target: Target) -> str:
    return f" by {target.by}" if target.by else ""


def _met(target: Target) -> str:
    """Whether a target was met, and how far from its day."""
    late = target.days_late
    if target.met_on is None or not late:
        return f"met on {target.met_on}" if target.met_on else "open"
    side = "later" if late > 0 else "earlier"
    return f"met {_span(abs(late))} {side} than planned"


def _span(days: int) -> str:
    """Days, as weeks where they are whole weeks."""
    weeks, rest = divmod(days, 7)
    return f"{days} days" if rest or weeks < 2 else f"{weeks} weeks"


def history_of(views: Views, id: str) -> Answer:
    """One skill's ratings, the oldest first, and its target. Raises LookupError when nothing about it stands."""
    skill = views.get(Skill, id)
    if skill is None:
        raise LookupError(id)
    name = views.name("skill", id)
    data = {"id": id, "name": name or None, "code": skill.code, "rated": skill.rated} | {
        "ratings": plain(skill.ratings),
        "target": plain(skill.target),
        **skill_figures(skill),
    }

    def text(look: Look) -> list[str]:
        lines = [look.paint(name or id, "bold"), *table(("",) * 3, [_reading(one) for one in skill.ratings], look)]
        return [*lines, *parts(_said(skill), look)]

    return Answer("skill_history/1", data, text, [(one.on, one.rating, one.basis) for one in skill.ratings])


def _reading(one: Rating) -> tuple[str, str, str]:
    return one.on, rated(one.rating), one.basis


def _said(skill: Skill) -> list[str]:
    if not skill.ratings:
        said = "not rated yet"
    else:
        said = "no change recorded" if skill.change is None else f"change {skill.change:+d}"
    if skill.target is None:
        return [said]
    return [said, f"target {skill.target.target}{_by(skill.target)}, {_met(skill.target)}"]
