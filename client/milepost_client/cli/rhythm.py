"""What follows `objective`, `review`, `capacity` and `win` as a verb."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import LINES_MAX
from milepost_client.cli.parameters import Id, Since, since_day
from milepost_client.pages.capacity import capacity_listed
from milepost_client.pages.objectives import objectives_listed
from milepost_client.pages.reviews import reviews_listed, wins_listed
from milepost_client.recording.commands import today
from milepost_client.recording.entries import matching
from milepost_client.words.objectives import closing

app = new_app()


@app.command("objective list", cls=Command)
def objectives(
    ctx: typer.Context, every: Annotated[bool, typer.Option("--all", help="closed ones too")] = False
) -> Answer:
    """List objectives with their key results, and the milestones and goals that serve them.

    mp objective list
    mp objective list --all
    """
    with terminal(ctx).views() as views:
        return objectives_listed(views, today(views.log.world), every=every)


@app.command("objective close", cls=Command)
def close(ctx: typer.Context, id: Id) -> Answer:
    """Close an objective, reached or not; what hangs off it stays.

    mp objective close "move to product"
    """
    with terminal(ctx).desk() as desk:
        return desk.record(closing(desk, id))


@app.command("review list", cls=Command)
def reviews(ctx: typer.Context, since: Since = None) -> Answer:
    """List weekly reviews with what was said in them, the newest first.

    mp review list
    mp review list --since 2mo
    """
    where = terminal(ctx)
    first = since_day(where, since)
    with where.desk(fresh=True) as desk:
        return reviews_listed(
            desk, matching(desk.log, desk.seen, since=first, type_="review", about="", limit=LINES_MAX)
        )


@app.command("capacity list", cls=Command)
def capacity(ctx: typer.Context) -> Answer:
    """List the minutes that a week has now, and from which day on that changes.

    mp capacity list
    """
    with terminal(ctx).views() as views:
        return capacity_listed(views, today(views.log.world))


@app.command("win list", cls=Command)
def wins(ctx: typer.Context, since: Since = None) -> Answer:
    """List your wins as they add up, the newest first.

    mp win list
    mp win list --since 2w
    """
    where = terminal(ctx)
    first = since_day(where, since)
    with where.desk(fresh=True) as desk:
        found = matching(desk.log, desk.seen, since=None, type_="win", about="", limit=LINES_MAX)
        return wins_listed(desk, found, first.isoformat() if first else None)
