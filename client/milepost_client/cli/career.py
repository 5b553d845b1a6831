"""`position` and `timeline`: the story so far, drawn."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.parameters import AsOf, as_of_day, since_day
from milepost_client.cli.recording import command
from milepost_client.pages import timeline as timelines
from milepost_client.recording.commands import today
from milepost_client.words.positions import ADD

app = new_app()
position = new_app(
    """Keep the jobs and studies your story is made of.

    mp position add "Customer Success" --start 2019-09-01 --end 2022-05-31
    mp position list
    """
)
app.add_typer(position, name="position")
position.command("add", cls=Command)(command(ADD))


@position.command("list", cls=Command)
def list_(ctx: typer.Context) -> Answer:
    """List positions, the first one first.

    mp position list
    """
    with terminal(ctx).views() as views:
        return timelines.positions_listed(views, today(views.log.world))


@app.command("timeline", cls=Command)
def timeline(
    ctx: typer.Context,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="leave out what ended before")] = None,
    as_of: AsOf = None,
) -> Answer:
    """Draw positions over the years and milestones over the months, with what overlaps.

    mp timeline
    mp timeline --since 2026-01-01
    mp timeline --as-of 2026-03-31
    """
    where = terminal(ctx)
    first, day = since_day(where, since), as_of_day(where, as_of)
    with where.views() as views:
        return timelines.timeline(views, today(where.world), first, day)
