"""`skill`: list, map, history, code."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.recording import command
from milepost_client.pages import skill_lists, skill_map
from milepost_client.words.skills import CODE

app = new_app()
skill = new_app(
    """See your skills: gaps to their targets, strength beside enjoyment, how ratings moved.

    mp skill list --gaps
    mp skill map
    mp skill history "sprint planning"
    """
)
app.add_typer(skill, name="skill")
skill.command("code", cls=Command)(command(CODE))


@skill.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    gaps: Annotated[bool, typer.Option("--gaps", help="only those below their target")] = False,
) -> Answer:
    """List skills with rating, target, change and method, the widest gap first.

    mp skill list
    mp skill list --gaps
    """
    with terminal(ctx).views() as views:
        return skill_lists.skills_listed(views, gaps=gaps)


@skill.command("map", cls=Command)
def map_(ctx: typer.Context) -> Answer:
    """Draw skills by strength and enjoyment; what lacks either is listed as unplaced.

    mp skill map
    """
    with terminal(ctx).views() as views:
        return skill_map.mapped(views)


@skill.command("history", cls=Command)
def history(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SKILL", show_default=False)],
) -> Answer:
    """Show how the ratings of a skill moved, and whether its target was met.

    mp skill history "sprint planning"
    """
    where = terminal(ctx)
    with where.desk() as desk:
        found = desk.find(("skill",), name)
    with where.views() as views:
        return skill_lists.history_of(views, found.id)
