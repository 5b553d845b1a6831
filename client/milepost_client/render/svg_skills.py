"""Skills as pictures: from where to where each came beside its target, and the map of strength and enjoyment."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost_client.render.bars import RATING_MAX
from milepost_client.render.columns import broken, shortened
from milepost_client.render.markup import Markup
from milepost_client.render.svg import LABEL_ROOM, ROW, WIDTH, box, dot, label, picture, rule

_HEAD = 24
_SAID_ROOM = 310
_LABEL_COLUMNS = 28
_CELL_HEIGHT = 58
_CELL_LINES = 3
_CELL_COLUMNS = 17
_MIDDLE = 3
_GUTTER = 56


class Gap(NamedTuple):
    """A skill: its rating before (None without a second one), its rating now, its target, and that in words."""

    name: str
    before: int | None
    after: int
    target: int | None
    says: str


class Place(NamedTuple):
    """A skill on the map."""

    name: str
    strength: int
    enjoyment: int
    avoided: bool


def gaps(skills: Sequence[Gap]) -> Markup:
    """A line a skill: an open dot where it was, a full one where it is, a mark where it should be."""
    height = _HEAD + ROW * len(skills)
    parts = []
    for rating in range(1, RATING_MAX + 1):
        parts += [label(str(rating), _across(rating), 12, "small", "middle")]
        parts += [rule(_across(rating), _HEAD - 6, _across(rating), height, "grid")]
    for number, skill in enumerate(skills):
        parts += _gap(skill, _HEAD + ROW * number + ROW / 2)
    said = "; ".join(f"{skill.name} {skill.says}" for skill in skills)
    return picture("Skills, rated 1 to 5", said, height, *parts)


def _gap(skill: Gap, y: float) -> Iterator[Markup]:
    yield label(shortened(skill.name, _LABEL_COLUMNS), 0, y + 4)
    if skill.target is not None and skill.target > skill.after:
        yield rule(_across(skill.after), y, _across(skill.target), y, "missing")
    if skill.target is not None:
        yield box(_across(skill.target) - 1.5, y - 9, 3, 18, "target", 0)
    if skill.before is not None:
        yield rule(_across(skill.before), y, _across(skill.after), y, "way")
        yield dot(_across(skill.before), y, 5, "before")
    yield dot(_across(skill.after), y, 7, "after")
    yield label(skill.says, WIDTH, y + 4, "small", "end")


def _across(rating: int) -> float:
    room = WIDTH - LABEL_ROOM - _SAID_ROOM
    return LABEL_ROOM + room * (rating - 1) / (RATING_MAX - 1) + 8


def placed(places: Sequence[Place]) -> Markup:
    """Five by five: the strongest on the right, the most enjoyed on top."""
    cell = (WIDTH - _GUTTER) / RATING_MAX
    foot = _CELL_HEIGHT * RATING_MAX
    parts = [label("enjoyed", 0, 12, "small"), label("strength", WIDTH, foot + 34, "small", "end")]
    for enjoyment in range(RATING_MAX, 0, -1):
        top = _CELL_HEIGHT * (RATING_MAX - enjoyment)
        parts += [label(str(enjoyment), _GUTTER - 14, top + _CELL_HEIGHT / 2 + 4, "small", "end")]
        for strength in range(1, RATING_MAX + 1):
            left = _GUTTER + cell * (strength - 1)
            tone = "cell strong" if strength > _MIDDLE and enjoyment > _MIDDLE else "cell"
            parts += [box(left + 2, top + 2, cell - 4, _CELL_HEIGHT - 4, tone)]
            here = [one for one in places if (one.strength, one.enjoyment) == (strength, enjoyment)]
            parts += _named(here, left + 10, top + 18)
    parts += [
        label(str(strength), _GUTTER + cell * (strength - 0.5), foot + 18, "small", "middle")
        for strength in range(1, RATING_MAX + 1)
    ]
    said = "; ".join(f"{one.name}: strength {one.strength}, enjoyed {one.enjoyment}" for one in places)
    return picture("Strength and enjoyment", said, foot + 40, *parts)


def _named(here: Sequence[Place], x: float, y: float) -> Iterator[Markup]:
    """The skills of a cell, each on as many lines as it needs; what has no room is counted."""
    lines: list[str] = []
    for number, one in enumerate(here):
        name = broken(("! " if one.avoided else "") + one.name, _CELL_COLUMNS)
        room = _CELL_LINES - (number + 1 < len(here))
        if not number and len(name) > room:
            name = [*name[: room - 1], shortened(f"{name[room - 1]} {name[room]}", _CELL_COLUMNS)]
        if len(lines) + len(name) > room:
            lines.append(f"and {len(here) - number} more")
            break
        lines += name
    for number, words in enumerate(lines):
        yield label(words, x, y + 15 * number, "small strong")
