"""`role`: brief, score, choose, compare, list, show."""

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import show_thing
from milepost_client.cli.parameters import History, Id
from milepost_client.cli.recording import command
from milepost_client.pages import roles
from milepost_client.words.roles import WORDS

app = new_app()
role = new_app(
    """Describe the roles you could head for, compare them, choose one.

    mp role brief "Product Manager" --asks "sprint planning"
    mp role score "Product Manager" "decision authority" 4 --weight 2
    mp role compare
    """
)
app.add_typer(role, name="role")

for _word in WORDS:
    role.command(_word.name.rpartition(" ")[2], cls=Command)(command(_word))


@role.command("compare", cls=Command)
def compare(ctx: typer.Context) -> Answer:
    """Compare roles factor by factor: weighted totals where every factor is scored, gaps where not.

    mp role compare
    """
    with terminal(ctx).views() as views:
        return roles.compared(views)


@role.command("list", cls=Command)
def list_(ctx: typer.Context) -> Answer:
    """List roles: how many of the skills that each asks for are rated, and its total.

    mp role list
    """
    with terminal(ctx).views() as views:
        return roles.roles_listed(views)


@role.command("show", cls=Command)
def show(
    ctx: typer.Context,
    id: Id,
    history: History = False,
) -> Answer:
    """Show the page about a role, with your ratings of the skills it asks for.

    mp role show "Product Manager"
    """
    return show_thing(terminal(ctx), id, history=history)
