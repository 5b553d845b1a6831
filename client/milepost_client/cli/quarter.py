"""`quarter`: three months on one page."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import LINES_MAX
from milepost_client.pages.quarter import page_of, read_quarter
from milepost_client.pages.quarter_page import shown
from milepost_client.recording.commands import today
from milepost_client.recording.entries import matching

app = new_app()


@app.command("quarter", cls=Command)
def quarter(
    ctx: typer.Context,
    of: Annotated[
        str | None, typer.Option("--of", metavar="QUARTER", help="2026-Q1, or any day in it; this one if not given")
    ] = None,
) -> Answer:
    """Show a quarter: objectives with key results, experiments and what they found, reviews, wins, capacity, prices.

    mp quarter
    mp quarter --of 2026-Q1
    """
    where = terminal(ctx)
    day = today(where.world)
    wanted = read_quarter(of, day)
    with where.looking(create=True) as (views, seen):
        wins = matching(views.log, seen, since=None, type_="win", about="", limit=LINES_MAX)
        return shown(views, page_of(views, wins, wanted, day), day)
