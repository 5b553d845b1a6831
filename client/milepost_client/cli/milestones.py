"""`milestone`: plan, start, block, resume, move, complete, stop, list, show."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import show_thing
from milepost_client.cli.parameters import History, Id
from milepost_client.cli.recording import command
from milepost_client.pages import lists
from milepost_client.recording.commands import today
from milepost_client.words.milestones import WORDS

app = new_app()
milestone = new_app(
    """Plan weeks of work with a measure, and see them through.

    mp milestone start credential CSPO --for 13w --hours 8 --measure "certified"
    mp milestone list
    """
)
app.add_typer(milestone, name="milestone")

for _word in WORDS:
    milestone.command(_word.name.rpartition(" ")[2], cls=Command)(command(_word))


@milestone.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="completed and stopped ones too")] = False,
) -> Answer:
    """List milestones, the open ones first due first.

    mp milestone list
    mp milestone list --all
    """
    with terminal(ctx).views() as views:
        return lists.milestones_listed(views, today(views.log.world), every=every)


@milestone.command("show", cls=Command)
def show(
    ctx: typer.Context,
    id: Id,
    history: History = False,
) -> Answer:
    """Show a milestone: its measure, outputs, moves, and what hangs off it.

    mp milestone show CSPO --history
    """
    return show_thing(terminal(ctx), id, history=history)
