"""`log` and `show`: entries, and the things they are about."""

from datetime import date
from difflib import get_close_matches
from typing import Annotated

import typer

from milepost import catalogue
from milepost.errors import NotFound
from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.parameters import History, Id, Since, since_day
from milepost_client.pages.cards import card_of
from milepost_client.recording.commands import SHOWN
from milepost_client.recording.declare import read_whole
from milepost_client.recording.entries import Line, line, matching, rows
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.terminal import Terminal

app = new_app()
LINES_DEFAULT = 20
LINES_MAX = 100_000
CARD_LINES = 12

Type = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="a type, or the noun it begins with")]
Limit = Annotated[str | None, typer.Option("--limit", metavar="N", help="how many; 20 without --since")]


@app.command("log", cls=Command)
def log(ctx: typer.Context, since: Since = None, type_: Type = None, limit: Limit = None) -> Answer:
    """List entries, the newest day first.

    mp log
    mp log --since 2w --type touchpoint
    """
    where = terminal(ctx)
    first, count = span(where, since, limit)
    with where.desk(fresh=True) as desk:
        lines = matching(desk.log, desk.seen, since=first, type_=type_ or "", about="", limit=count)
    if type_ and not lines:
        _refuse_unknown(type_)
    return _listed(lines, {"since": first.isoformat() if first else None, "type": type_})


def _refuse_unknown(typed: str) -> None:
    """Raises NotFound for a type that no entry could have: an empty list would say that nothing was done."""
    names = [declared.name for declared in catalogue.types()]
    if any(name.startswith(typed) for name in names):
        return
    near = get_close_matches(typed, [*names, *(name.partition(".")[0] for name in names)], n=1)
    remedy = f"did you mean: {near[0]}" if near else "see: mp help events"
    raise NotFound(f"no type of entry is called {typed!r}", field="type", remedy=remedy)


def span(where: Terminal, since: str | None, limit: str | None) -> tuple[date | None, int]:
    """From which day entries are listed, and how many of them."""
    first = since_day(where, since)
    count = LINES_DEFAULT if since is None else LINES_MAX
    return first, count if limit is None else max(0, read_whole(limit, "limit"))


def _listed(lines: list[Line], about: dict[str, str | None]) -> Answer:
    def text(look: Look) -> list[str]:
        if not lines:
            fits = any(about.values())
            return ["no entry fits"] if fits else wrapped('no entry is here yet: mp goal "Draft 3 user stories"', look)
        cells = [_cells(one) for one in lines]
        return table(("id", "on", "type", "entry"), cells, look, styles=("bold", "", "dim", ""), is_cut=True)

    return Answer("log/1", {**about, "entries": [one.data() for one in lines]}, text, rows(lines))


def _cells(one: Line) -> tuple[str, str, str, str]:
    subject = f"{one.subject.name}: " if one.subject and one.subject.name else ""
    struck = "taken back: " if one.is_struck else ""
    return one.short, one.on.isoformat(), one.type, (struck + subject + one.says).removesuffix(": ")


@app.command("show", cls=Command)
def show(
    ctx: typer.Context,
    id: Id,
    history: History = False,
) -> Answer:
    """Show a thing by its id or name, or an entry by its id.

    mp show k7f
    mp show "sprint planning" --history
    """
    return show_thing(terminal(ctx), id, history=history)


def show_thing(where: Terminal, name: str, *, history: bool) -> Answer:
    """A thing with what stands about it, or an entry."""
    with where.desk(fresh=True) as desk:
        if not desk.seen.find(SHOWN, name):
            return _entry(line(desk.log.by_prefix(name), desk.seen))
        thing = desk.find(SHOWN, name)
        card = card_of(desk, thing)
        found = matching(desk.log, desk.seen, since=None, type_="", about=thing.id, limit=LINES_MAX)
    lines = found if history else [one for one in found if not one.is_struck][:CARD_LINES]
    data = {**card.data, "history": [one.data() for one in lines]}

    def text(look: Look) -> list[str]:
        cells = [_cells(one) for one in lines]
        return [
            *card.lines(look),
            "",
            *table(("", "", "", ""), cells, look, styles=("bold", "", "dim", ""), is_cut=True),
        ]

    hidden = len(found) - len(lines)
    talk = (f"{hidden} more entries: mp show {card.short} --history",) if hidden else ()
    return Answer("show/1", data, text, [*card.facts, *rows(lines)], talk=talk)


def _entry(one: Line) -> Answer:
    facts = [(name.replace("_", " "), value) for name, value in one.values.items()]

    def text(look: Look) -> list[str]:
        struck = look.paint(" (taken back)", "note") if one.is_struck else ""
        head = f"{look.paint(one.short, 'bold')} {one.type} of {one.on.isoformat()}{struck}"
        said = facts or [("", one.says)]
        return [head, f"  id  {one.id}", *table(("", ""), [("  " + name, value) for name, value in said], look)]

    return Answer("show_entry/1", one.data(), text, facts)
