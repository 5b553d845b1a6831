"""Focus, values and notes as lists: what the way ahead is measured by, and the answers it rests on."""

from collections.abc import Iterable, Iterator, Sequence

from milepost.projections.direction import FOCUS, Focus, Value
from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.lists import Row, listed, short_ids
from milepost_client.recording.entries import Line
from milepost_client.render.columns import broken
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.plain import plain
from milepost_client.views.views import Views
from milepost_client.words.direction import PROMPTS

_ASKED = {
    "problems": "problems worth your time",
    "industries": "industries on the rise",
    "tasks": "days well spent",
    "employers": "places to work",
    "free": "free notes",
}


def focus_listed(views: Views) -> Answer:
    """What the way ahead was measured by, the oldest first."""
    focus = views.get(Focus, FOCUS)
    changes = focus.changes if focus else ()
    data = {"mode": changes[-1].mode if changes else None, "changes": plain(changes)}
    rows = [(change.on, change.mode, change.why) for change in changes]

    def text(look: Look) -> list[str]:
        if not rows:
            return wrapped("no focus is set yet: mp focus skill", look)
        story = " -> ".join(change.mode for change in changes)
        return [look.paint(story, "bold"), *table(("", "", ""), rows, look, styles=("dim",))]

    return Answer("focus/1", data, text, rows)


def values_listed(views: Views) -> Answer:
    """The values, what matters most first; those without a rank last."""
    values = sorted(views.all(Value), key=lambda value: (value.rank is None, value.rank, value.name))
    shorts = short_ids([value.id for value in values])
    rows = [
        Row(
            {"id": value.id, "short_id": shorts[value.id], "name": value.name, "rank": value.rank},
            (shorts[value.id], value.rank or "", value.name),
        )
        for value in values
    ]
    return listed("values/1", "values", rows, ("id", "rank", "value"), "no value is named yet: mp value autonomy")


def notes_listed(lines: Sequence[Line], prompt: str | None) -> Answer:
    """The notes that stand, by the question they answer."""
    standing = _told_once(one for one in lines if not one.is_struck)
    notes = [one for one in standing if prompt in (None, one.values.get("prompt"))]
    counts = {name: sum(one.values.get("prompt") == name for one in standing) for name in PROMPTS}
    data = {"prompt": prompt, "answered": counts, "notes": [_note(one) for one in notes]}
    records = [(one.id, one.on.isoformat(), one.values.get("prompt"), one.values.get("text")) for one in notes]
    return Answer("notes/1", data, lambda look: list(_pages(notes, look)), records)


def _told_once(lines: Iterable[Line]) -> list[Line]:
    """Lines without the repeats that two devices make of one line of a file."""
    told: dict[object, Line] = {}
    for one in lines:
        told.setdefault(one.values.get("from", one.id), one)
    return list(told.values())


def _note(one: Line) -> dict[str, object]:
    return {
        "id": one.id,
        "short_id": one.short,
        "on": one.on.isoformat(),
        "prompt": one.values.get("prompt"),
        "text": one.values.get("text"),
    }


def _pages(notes: Sequence[Line], look: Look) -> Iterator[str]:
    if not notes:
        yield from wrapped('no note is kept yet: mp note --prompt problems "people wait too long"', look)
    for name in PROMPTS:
        answers = [one for one in notes if one.values.get("prompt") == name]
        if answers:
            yield look.paint(_ASKED[name], "bold")
        for one in answers:
            yield f"  {look.paint(one.short, 'bold')}  {look.paint(one.on.isoformat(), 'dim')}"
            yield from _paragraphs(str(one.values.get("text", "")), look)
    for one in notes:
        if one.entry is None:
            yield f"  {one.short}  {one.says}"


def _paragraphs(text: str, look: Look) -> Iterator[str]:
    for line in clean(text).splitlines():
        yield from (f"    {part}" for part in broken(line, look.width - 4, breaks_words=False))
