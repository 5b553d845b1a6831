"""The timeline: positions over the years, milestones over the months, overlaps drawn as what they are."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from milepost.projections.direction import Position
from milepost.projections.milestones import Milestone
from milepost.projections.progress import Shelf
from milepost_client.answer import Answer, Look
from milepost_client.pages.lists import Row, listed, short_ids
from milepost_client.render.counted import counted
from milepost_client.render.spans import AHEAD, Span, drawn
from milepost_client.render.wrapped import parts, wrapped
from milepost_client.views.views import Views

_POSITION_MARKS = {"job": "█", "temporary": "▓", "study": "▒"}
_MILESTONE_MARKS = {"completed": "█", "started": "▓", "blocked": "▓", "stopped": "▒", "planned": AHEAD}
_DAYS_A_YEAR = 365.25


class Bar(NamedTuple):
    """One line of the timeline: as JSON, and as it is drawn."""

    data: dict[str, object]
    span: Span


class Drawn(NamedTuple):
    """What is drawn; `rule` is what the line at `day` is called."""

    positions: Sequence[Bar]
    milestones: Sequence[Bar]
    years: int
    day: date
    rule: str


def timeline(views: Views, today: date, since: date | None = None, as_of: date | None = None) -> Answer:
    """Every position and every milestone, by their days.

    `since` leaves out what ended before that day; `as_of` draws it as it stood on a day.
    """
    shelf, day = views.shelf(as_of), as_of or today
    every, milestones = _positions(shelf, day), _from(since, _milestones(views, shelf, day))
    positions = _from(since, every)
    # A position that reaches into the time shown counts from its first day.
    years = _years([bar.span for bar in every if bar.span.last >= (since or bar.span.last)])
    data = {
        "since": since and since.isoformat(),
        "as_of": as_of and as_of.isoformat(),
        "positions": [bar.data for bar in positions],
        "milestones": [bar.data for bar in milestones],
        "years": years,
        "milestones_at_once": at_once([bar.span for bar in _counted(milestones)]),
    }
    records = [
        (section, *(bar.data[field] for field in ("id", "name", "kind", "start", "end")))
        for section, bars in (("position", positions), ("milestone", milestones))
        for bar in bars
    ]
    shown = Drawn(positions, milestones, years, day, "today" if as_of is None else day.isoformat())
    return Answer("timeline/1", data, lambda look: list(_lines(shown, look)), records)


def _from(since: date | None, bars: Sequence[Bar]) -> list[Bar]:
    """The bars that reach a day or lie after it, cut where they begin before it."""
    if since is None:
        return list(bars)
    reaching = [bar for bar in bars if bar.span.last >= since]
    return [bar._replace(span=bar.span._replace(first=max(bar.span.first, since))) for bar in reaching]


def at_once(spans: Sequence[Span]) -> int:
    """How many spans share a day, at most."""
    return max((sum(one.first <= span.first <= one.last for one in spans) for span in spans), default=0)


def positions_listed(views: Views, today: date) -> Answer:
    """The positions, the first one first."""
    rows = [Row(bar.data, _cells(bar.data)) for bar in _positions(views.shelf(), today)]
    heads = ("id", "position", "kind", "from", "to", "at")
    empty = 'no position is kept yet: mp position add "Customer Success" --start 2019-09-01'
    return listed("positions/1", "positions", rows, heads, empty)


def _cells(data: dict[str, object]) -> tuple[object, ...]:
    return (*(data[field] for field in ("short_id", "name", "kind", "start")), data["end"] or "now", data["employer"])


def _years(spans: Sequence[Span]) -> int:
    """How many years the spans cover together, from the first day to the last."""
    if not spans:
        return 0
    days = (max(span.last for span in spans) - min(span.first for span in spans)).days
    return round(days / _DAYS_A_YEAR)


def _positions(shelf: Shelf, today: date) -> list[Bar]:
    found = sorted(shelf.all(Position), key=lambda position: (position.start, position.id))
    shorts = short_ids([position.id for position in found])
    return [_position(position, shorts[position.id], today) for position in found]


def _position(position: Position, short: str, today: date) -> Bar:
    data: dict[str, object] = {
        "id": position.id,
        "short_id": short,
        "name": position.title,
        "kind": position.kind,
        "start": position.start,
        "end": position.end,
        "employer": position.employer,
        "highlights": list(position.highlights),
    }
    first = date.fromisoformat(position.start)
    last = date.fromisoformat(position.end) if position.end else max(today, first)
    label = f"{position.title}, {position.employer}" if position.employer else position.title
    return Bar(data, Span(label, first, last, _POSITION_MARKS[position.kind], last))


def _milestones(views: Views, shelf: Shelf, today: date) -> list[Bar]:
    names = views.names("milestone")
    found = _nested(shelf.all(Milestone))
    shorts = short_ids([milestone.id for milestone in found])
    return [_milestone(one, shorts[one.id], names.get(one.id) or "(unnamed)", today) for one in found]


def _nested(every: Sequence[Milestone]) -> list[Milestone]:
    """Milestones by their first day, each followed by those inside it."""
    ordered = sorted(every, key=lambda one: (one.start, one.due_on, one.id))
    known = {one.id for one in every}
    inside: dict[str | None, list[Milestone]] = {}
    for one in ordered:
        inside.setdefault(one.parent if one.parent in known else None, []).append(one)
    found: list[Milestone] = []
    waiting = inside.get(None, [])[::-1]
    while waiting:
        found.append(waiting.pop())
        waiting += inside.get(found[-1].id, [])[::-1]
    # Two devices can write milestones that are each in the other: those are shown too.
    return found + [one for one in ordered if one not in found]


def _counted(milestones: Sequence[Bar]) -> list[Bar]:
    """Those that count: what is inside another counts under it."""
    return [bar for bar in milestones if bar.data["parent"] is None]


def _milestone(milestone: Milestone, short: str, name: str, today: date) -> Bar:
    first = date.fromisoformat(milestone.start)
    due, end = date.fromisoformat(milestone.due_on), milestone.closed_on
    last = max(first, date.fromisoformat(end) if end else max(due, today) if _is_late(milestone, today) else due)
    data: dict[str, object] = {
        "id": milestone.id,
        "short_id": short,
        "name": name,
        "kind": milestone.kind,
        "status": milestone.status,
        "start": milestone.start,
        "due": milestone.due_on,
        "end": end,
        "parent": milestone.parent,
    }
    label = f"└ {name}" if milestone.parent else name
    # What lies behind is solid, what lies ahead is open; what never began is open all along.
    solid = last if end else min(last, today)
    return Bar(data, Span(label, first, last, _MILESTONE_MARKS[milestone.status], solid))


def _is_late(milestone: Milestone, today: date) -> bool:
    return milestone.is_open and milestone.status != "planned" and milestone.due_on < today.isoformat()


def _lines(shown: Drawn, look: Look) -> Iterator[str]:
    positions, milestones, day = shown.positions, shown.milestones, shown.day
    if not positions and not milestones:
        yield from wrapped('nothing to draw yet: mp position add "Customer Success" --start 2019-09-01', look)
    if positions:
        spans = [bar.span for bar in positions]
        yield look.paint(f"positions, {counted(shown.years, 'year')}", "bold")
        yield from drawn(spans, day, look)
        legend = _legend(_POSITION_MARKS, {str(bar.data["kind"]) for bar in positions}, shown.rule)
        yield from (look.paint(line, "dim") for line in parts(legend, look, "  "))
    if positions and milestones:
        yield ""
    if milestones:
        tops = [bar.span for bar in _counted(milestones)]
        inside = f" and {len(milestones) - len(tops)} inside them" if len(milestones) > len(tops) else ""
        head = f"{counted(len(tops), 'milestone')}{inside}, up to {at_once(tops)} at once"
        yield look.paint(head, "bold")
        yield from drawn([bar.span for bar in milestones], day, look)
        legend = _legend(_MILESTONE_MARKS, {str(bar.data["status"]) for bar in milestones}, shown.rule)
        yield from (look.paint(line, "dim") for line in parts(legend, look, "  "))


def _legend(marks: dict[str, str], used: set[str], rule: str) -> list[str]:
    """What each mark means, of those in use; `rule` is the line through them."""
    words: dict[str, list[str]] = {}
    for word, mark in marks.items():
        if word in used:
            words.setdefault(mark, []).append(word)
    if used & {"started", "blocked"}:
        words.setdefault(AHEAD, []).append("ahead")
    return [*(f"{mark} {' or '.join(meanings)}" for mark, meanings in words.items()), f"│ {rule}"]
