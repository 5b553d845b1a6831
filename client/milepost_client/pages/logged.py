"""What the daily words wrote, as lists: touches with whom, time on what, feedback from whom. What was taken back is in
`mp log` alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from milepost_client.answer import Answer, Look
from milepost_client.recording.commands import REFERABLE, Desk
from milepost_client.recording.dates import say_minutes
from milepost_client.recording.entries import Line, rows
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped

Cells = tuple[object, ...]


class Listed(NamedTuple):
    """How the entries of one word are listed: the type they have, the heads of a row and what is in it after its id
    and day, the sum of all, and what is said where there is none."""

    type: str
    heads: Sequence[str]
    cells: Callable[[Desk, Line], Cells]
    sum: Callable[[Sequence[Line]], str]
    empty: str


def of_daily_word(desk: Desk, word: str, lines: Sequence[Line], since: str | None) -> Answer:
    """The entries of a word that stand, the newest day first."""
    listed = LISTED[word]
    standing = [one for one in lines if not one.is_struck]
    cells = [(one.short, one.on.isoformat(), *_cells(listed, desk, one)) for one in standing]

    def text(look: Look) -> list[str]:
        if not cells:
            return wrapped(listed.empty if since is None else f"nothing since {since}: mp {word} list", look)
        lines = table(("id", "on", *listed.heads), cells, look, styles=("bold",))
        return [*lines, look.paint(listed.sum(standing), "dim")]

    data = {"since": since, "type": listed.type, "entries": [one.data() for one in standing]}
    return Answer("log/1", data, text, rows(standing))


def _cells(listed: Listed, desk: Desk, one: Line) -> Cells:
    if one.entry is None:
        return (*("",) * (len(listed.heads) - 1), one.says)
    return listed.cells(desk, one)


def hung_on(desk: Desk, values: Mapping[str, object]) -> list[str]:
    """The names of what an entry belongs to."""
    refs = values.get("ref")
    return [_name(desk, str(ref)) for ref in refs] if isinstance(refs, list) else []


def _name(desk: Desk, id: str) -> str:
    return next((found.name for found in desk.seen.find(REFERABLE, id) if found.name), id)


def _touch(desk: Desk, one: Line) -> Cells:
    values = one.values
    name = one.subject.name if one.subject else ""
    what = " ".join(filter(None, (str(values["kind"]).replace("_", " "), _minutes(values.get("minutes")))))
    return (name, what, "; ".join(_said(values)), *_of(desk, values))


def _said(values: Mapping[str, object]) -> list[str]:
    """What there is to say of a touch: the words where there are some, else that there were."""
    asked = values.get("questions")
    said = [counted(asked, "question")] if isinstance(asked, int) else []
    said += ["personalised"] if values.get("personalised") else []
    said += [str(values[field]) for field in ("agenda", "notes", "recap") if values.get(field)]
    said += [field for field in ("agenda", "recap") if values.get(f"has_{field}") and not values.get(field)]
    return said


def _spent(desk: Desk, one: Line) -> Cells:
    return (_minutes(one.values.get("minutes")), *_of(desk, one.values), one.values.get("note"))


def _feedback(desk: Desk, one: Line) -> Cells:
    values = one.values
    giver = ", ".join(str(values[field]) for field in ("giver", "who") if values.get(field))
    return (giver, values.get("words"), *_of(desk, values))


def _of(desk: Desk, values: Mapping[str, object]) -> Cells:
    return (", ".join(hung_on(desk, values)),)


def _minutes(value: object) -> str:
    return say_minutes(value) if isinstance(value, int) else ""


def _total(lines: Sequence[Line]) -> str:
    minutes = [value for one in lines if isinstance(value := one.values.get("minutes"), int)]
    return f"{say_minutes(sum(minutes))} in all"


LISTED: Mapping[str, Listed] = {
    "touch": Listed(
        "touchpoint",
        ("contact", "what", "", "of"),
        _touch,
        lambda lines: counted(len(lines), "touch", "touches"),
        'nobody was written to or met yet: mp touch "Dana R." interview 15m',
    ),
    "spend": Listed("time", ("time", "of", "note"), _spent, _total, "no time is logged yet: mp spend 45m"),
    "feedback": Listed(
        "feedback",
        ("from", "words", "of"),
        _feedback,
        lambda lines: counted(len(lines), "piece of feedback", "pieces of feedback"),
        'no feedback is kept yet: mp feedback mentor "tighten the ask"',
    ),
}
"""By daily word."""
