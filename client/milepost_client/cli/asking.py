"""What follows `ask` as a verb."""

from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pages.asking import requests_listed
from milepost_client.recording.commands import today
from milepost_client.words.asking import asking_again, closing

app = new_app()


@app.command("ask list", cls=Command)
def list_(
    ctx: typer.Context, every: Annotated[bool, typer.Option("--all", help="solved and withdrawn ones too")] = False
) -> Answer:
    """List your requests for help, with the answers to them.

    mp ask list
    mp ask list --all
    """
    with terminal(ctx).views() as views:
        return requests_listed(views, today(views.log.world), every=every)


@app.command("ask close", cls=Command)
def close(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    solved: Annotated[bool, typer.Option("--solved", help="it is solved; so if nothing is said")] = False,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="it needs no answer any more")] = False,
) -> Answer:
    """End a request for help.

    mp ask close h4k
    mp ask close h4k --withdrawn
    """
    if solved and withdrawn:
        raise UsageError("a request is solved or withdrawn, not both", field="withdrawn")
    with terminal(ctx).desk() as desk:
        found = desk.find(("help",), id)
        return desk.record(closing(desk, found, "withdrawn" if withdrawn else "solved", desk.today))


@app.command("ask again", cls=Command)
def again(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID", show_default=False)]) -> Answer:
    """Ask again what stayed behind with a pod you were in. The answer says who reads it now; the old request ends.

    mp ask again h4k
    """
    with terminal(ctx).desk() as desk:
        return desk.record(asking_again(desk, desk.find(("help",), id), desk.today))
