"""`note list`, `focus list`, `value list`."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import LINES_MAX
from milepost_client.cli.parameters import Since, since_day
from milepost_client.pages import direction
from milepost_client.recording.declare import choose
from milepost_client.recording.entries import matching
from milepost_client.words.direction import PROMPTS

app = new_app()


@app.command("note list", cls=Command)
def notes(
    ctx: typer.Context,
    since: Since = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", metavar="PROMPT", help="only answers to: " + ", ".join(PROMPTS))
    ] = None,
) -> Answer:
    """List your notes by the question they answer, the newest first.

    mp note list
    mp note list --prompt problems
    """
    where = terminal(ctx)
    first = since_day(where, since)
    wanted = None if prompt is None else choose(prompt, PROMPTS, "prompt")
    with where.desk(fresh=True) as desk:
        found = matching(desk.log, desk.seen, since=first, type_="reflection", about="", limit=LINES_MAX)
    return direction.notes_listed(found, wanted)


@app.command("focus list", cls=Command)
def focus(ctx: typer.Context) -> Answer:
    """List what the way ahead was measured by, the oldest first.

    mp focus list
    """
    with terminal(ctx).views() as views:
        return direction.focus_listed(views)


@app.command("value list", cls=Command)
def values(ctx: typer.Context) -> Answer:
    """List your values, what matters most first.

    mp value list
    """
    with terminal(ctx).views() as views:
        return direction.values_listed(views)
