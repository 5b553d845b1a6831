"""The skill map: strength across, enjoyment up. What lacks either is listed beside it as unplaced, never guessed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost.projections.direction import Enjoyed
from milepost.projections.progress import Shelf
from milepost.projections.skills import Skill
from milepost_client.answer import Answer, Look
from milepost_client.pages.lists import short_ids
from milepost_client.render.bars import RATING_MAX
from milepost_client.render.columns import shortened, width
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.views import Views

CELL_MAX = 32
_GUTTER = 4
_MARKS = "abcdefghijklmnopqrstuvwxyz"


class Placed(NamedTuple):
    """A skill with its place: strength is the current rating. Either may be missing."""

    id: str
    short_id: str
    name: str
    strength: int | None
    enjoyment: int | None
    avoided: bool
    stance: str | None

    @property
    def missing(self) -> list[str]:
        """What it takes to place it."""
        pairs = (("rating", self.strength), ("enjoyment", self.enjoyment))
        return [name for name, value in pairs if value is None]

    @property
    def remarks(self) -> str:
        """Whether it is avoided, and what to do about it."""
        words = ["avoided"] if self.avoided else []
        return ", ".join([*words, *([self.stance.replace("_", " ")] if self.stance else [])])

    def data(self) -> dict[str, object]:
        """The skill as JSON shows it."""
        return self._asdict() | {"missing": self.missing}


def skills_placed(views: Views, shelf: Shelf) -> list[Placed]:
    """Every skill on a shelf with what is known of its place, by name."""
    names, skills = views.names("skill"), shelf.all(Skill)
    liked = {enjoyed.id: enjoyed for enjoyed in shelf.all(Enjoyed)}
    shorts = short_ids([skill.id for skill in skills])
    found = [
        _placed(skill, shorts[skill.id], names.get(skill.id, ""), liked.get(skill.id) or Enjoyed(id=skill.id))
        for skill in skills
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _placed(skill: Skill, short: str, name: str, liked: Enjoyed) -> Placed:
    return Placed(skill.id, short, name or "(unnamed)", skill.current, liked.enjoyment, liked.avoided, liked.stance)


def mapped(views: Views) -> Answer:
    """The map of all skills."""
    found = skills_placed(views, views.shelf())
    placed, unplaced = [one for one in found if not one.missing], [one for one in found if one.missing]
    data = {"placed": [one.data() for one in placed], "unplaced": [one.data() for one in unplaced]}
    records = [
        (one.id, one.name, one.strength, one.enjoyment, one.avoided, one.stance, " ".join(one.missing))
        for one in (*placed, *unplaced)
    ]
    return Answer("skill_map/1", data, lambda look: list(_lines(placed, unplaced, look)), records)


def _lines(placed: Sequence[Placed], unplaced: Sequence[Placed], look: Look) -> Iterator[str]:
    if placed:
        yield from _grid(placed, look)
        yield ""
        rows = [
            (mark, one.name, f"strength {one.strength}", f"enjoyed {one.enjoyment}", one.remarks)
            for mark, one in zip(_marks(placed), placed, strict=True)
        ]
        yield from table(("",) * 5, rows, look, styles=("bold", "", "", "", "note"))
    elif not unplaced:
        yield from wrapped('no skill is rated yet: mp rate "sprint planning" 3 --enjoy 4', look)
    if unplaced:
        yield ""
        yield look.paint("unplaced", "dim")
        lacks = [(one.short_id, one.name, "no " + " and no ".join(one.missing), one.remarks) for one in unplaced]
        yield from table(("",) * 4, lacks, look, styles=("bold",))


def _marks(placed: Sequence[Placed]) -> list[str]:
    """A letter each; after the 26th two."""
    return [
        _MARKS[n] if n < len(_MARKS) else _MARKS[n // len(_MARKS) - 1] + _MARKS[n % len(_MARKS)]
        for n in range(len(placed))
    ]


def _grid(placed: Sequence[Placed], look: Look) -> Iterator[str]:
    """Five by five, the most enjoyed on top, the strongest on the right."""
    room = min(CELL_MAX, (look.width - _GUTTER - 1 - RATING_MAX) // RATING_MAX)
    cells: dict[tuple[int | None, int | None], list[str]] = {}
    for mark, one in zip(_marks(placed), placed, strict=True):
        warned = "!" if one.avoided else ""
        cells.setdefault((one.enjoyment, one.strength), []).append(shortened(f"{mark}{warned} {one.name}", room))
    yield look.paint("enjoyed", "dim")
    for enjoyment in range(RATING_MAX, 0, -1):
        across = [cells.get((enjoyment, strength), []) for strength in range(1, RATING_MAX + 1)]
        for line in range(max(1, *map(len, across))):
            texts = [cell[line] if line < len(cell) else "" for cell in across]
            head = f"{enjoyment:>{_GUTTER - 1}} " if line == 0 else " " * _GUTTER
            # A dot marks an empty place, so that the grid can be seen.
            drawn = [text or ("·" if line == 0 else "") for text in texts]
            yield (look.paint(head, "dim") + "│" + " ".join(_padded(text, room) for text in drawn)).rstrip()
    yield " " * _GUTTER + "└" + "─" * (RATING_MAX * (room + 1) - 1)
    scale = " ".join(_padded(str(strength), room) for strength in range(1, RATING_MAX + 1))
    yield look.paint(" " * (_GUTTER + 1) + shortened(scale.rstrip() + "  strength", look.width - _GUTTER - 1), "dim")
    if any(one.avoided for one in placed):
        yield look.paint("! avoided", "dim")


def _padded(text: str, room: int) -> str:
    return text + " " * (room - width(text))
