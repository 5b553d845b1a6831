"""Steps as a picture: how many it was at each, one bar under the other on one scale."""

from collections.abc import Sequence
from typing import NamedTuple

from milepost_client.render.markup import Markup
from milepost_client.render.svg import LABEL_ROOM, ROW, WIDTH, box, label, picture

_FIGURE_ROOM = 150


class Step(NamedTuple):
    """A step: what it is called, how many, what to say beside it, and whether it is a part of the one above."""

    name: str
    number: int
    note: str = ""
    is_part: bool = False


def steps(title: str, found: Sequence[Step]) -> Markup:
    """The steps, the longest bar as wide as there is room."""
    widest = max([step.number for step in found] + [1])
    room = WIDTH - LABEL_ROOM - _FIGURE_ROOM
    parts = []
    for place, step in enumerate(found):
        top, long = ROW * place, room * step.number / widest
        parts.append(label(step.name, 14 if step.is_part else 0, top + 18, "small" if step.is_part else "label"))
        parts.append(box(LABEL_ROOM, top + 6, max(1.5, long), 16, "part" if step.is_part else "value"))
        said = f"{step.number} {step.note}".strip()
        parts.append(label(said, LABEL_ROOM + long + 8, top + 18, "small strong"))
    described = "; ".join(f"{step.name} {step.number} {step.note}".strip() for step in found)
    return picture(title, described, ROW * len(found), *parts)
