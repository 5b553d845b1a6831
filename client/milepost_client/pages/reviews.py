"""Weekly reviews as they were written, and small wins as they add up: read from the entries, which hold the words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.logged import hung_on
from milepost_client.recording.commands import Desk
from milepost_client.recording.entries import Line
from milepost_client.render.columns import broken
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped

_LESSON_MARK = "→"
_MARKS = (("worked", "✓", "good"), ("adjust", "~", "note"))


class Held(NamedTuple):
    """A review: its week and day, the entry, its words, and the goal that it ended in."""

    week: str
    on: str
    event: str
    worked: Sequence[str]
    adjust: Sequence[str]
    lesson: str | None
    next_goal: Mapping[str, str | None] | None


class Win(NamedTuple):
    """A small win, the how-manieth it is, and the names of what it belongs to."""

    number: int
    id: str
    on: str
    text: str
    of: Sequence[str]


def reviews_listed(desk: Desk, entries: Sequence[Line]) -> Answer:
    """The reviews that stand, the newest first."""
    found = [_held(desk, one) for one in entries if not one.is_struck and one.entry]

    def text(look: Look) -> list[str]:
        lines = [line for held in found for line in (*_drawn(held, look), "")]
        return lines[:-1] or wrapped("no review was held yet: mp review", look)

    data = {"reviews": [held._asdict() for held in found]}
    records = [
        (one.week, one.on, "; ".join(one.worked), "; ".join(one.adjust), one.lesson, (one.next_goal or {}).get("name"))
        for one in found
    ]
    return Answer("reviews/1", data, text, records)


def _held(desk: Desk, one: Line) -> Held:
    values = one.values
    goal = values.get("next_goal")
    named = {"id": goal, "name": desk.seen.name("goal", goal) or None} if isinstance(goal, str) else None
    lesson = values.get("lesson")
    worked, adjust = _points(values.get("worked")), _points(values.get("adjust"))
    said = lesson if isinstance(lesson, str) else None
    return Held(str(values.get("week", "")), one.on.isoformat(), one.id, worked, adjust, said, named)


def _points(value: object) -> list[str]:
    return [str(point) for point in value] if isinstance(value, list) else []


def _drawn(held: Held, look: Look) -> Iterator[str]:
    yield f"{look.paint(held.week, 'bold')}  {look.paint('held on ' + held.on, 'dim')}"
    for name, mark, style in _MARKS:
        for point in getattr(held, name):
            yield from _said(mark, point, look, style)
    if held.lesson:
        yield from _said(_LESSON_MARK, held.lesson, look)
    if held.next_goal:
        yield from _said("next:", held.next_goal["name"] or held.next_goal["id"] or "", look)


def _said(mark: str, text: str, look: Look, style: str = "") -> Iterator[str]:
    """What was said behind its mark, whole: it goes on below where it began."""
    stand = " " * (len(mark) + 3)
    first, *rest = broken(clean(text), look.width - len(stand))
    yield f"  {look.paint(mark, style) if style else mark} {first}"
    yield from (stand + line for line in rest)


def wins_listed(desk: Desk, entries: Sequence[Line], since: str | None) -> Answer:
    """The wins that stand since a day, the newest first, numbered over all of them."""
    standing = [one for one in entries if not one.is_struck and one.entry]
    every = [_win(desk, number, one) for number, one in zip(range(len(standing), 0, -1), standing, strict=True)]
    shown = [win for win in every if since is None or win.on >= since]

    def text(look: Look) -> list[str]:
        rows = [(f"{win.number}", win.on, win.text, ", ".join(win.of)) for win in shown]
        head = f"{counted(len(every), 'win')} in all" + (f", {len(shown)} since {since}" if since else "")
        lines = table(("", "", "", ""), rows, look, styles=("dim", "dim", "good", ""))
        return (
            [look.paint(head, "bold"), *lines]
            if shown
            else wrapped('no win is kept yet: mp win "Pilot approved"', look)
        )

    data = {"total": len(every), "since": since, "wins": [win._asdict() for win in shown]}
    return Answer("wins/1", data, text, [(win.number, win.id, win.on, win.text, ", ".join(win.of)) for win in shown])


def _win(desk: Desk, number: int, one: Line) -> Win:
    return Win(number, one.id, one.on.isoformat(), str(one.values.get("text", "")), hung_on(desk, one.values))
