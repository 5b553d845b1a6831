"""`contact`: add, list, edit, show, funnel."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.correcting import edit
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import show_thing
from milepost_client.cli.parameters import AsOf, History, Id, as_of_day
from milepost_client.cli.recording import command
from milepost_client.pages.contacts import contacts_listed, funnel_shown
from milepost_client.recording.commands import today
from milepost_client.words.contacts import ADD

app = new_app()
contact = new_app(
    """Keep the people you set out to reach, and see who waits for a word.

    mp contact add "Dana R." --class recruiter --target
    mp contact list --due
    mp contact funnel
    """
)
app.add_typer(contact, name="contact")

contact.command("add", cls=Command)(command(ADD))


@contact.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="who waits for a thanks, a follow-up or a session")] = False,
) -> Answer:
    """List contacts, those met last first.

    mp contact list
    mp contact list --due
    """
    with terminal(ctx).views() as views:
        return contacts_listed(views, is_due=due, today=today(views.log.world))


@contact.command("edit", cls=Command, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def edit_(
    ctx: typer.Context,
    id: Id,
    changes: Annotated[list[str] | None, typer.Argument(metavar="--FIELD VALUE ...", show_default=False)] = None,
) -> Answer:
    """Change a contact; every field has a flag, and an empty value takes it away.

    mp contact edit dana --class hiring_manager --employer Acme
    """
    answer: Answer = edit(ctx, id, changes)
    return answer


@contact.command("show", cls=Command)
def show(
    ctx: typer.Context,
    id: Id,
    history: History = False,
) -> Answer:
    """Show a contact: the touches, what is due, what came of it.

    mp contact show dana
    """
    return show_thing(terminal(ctx), id, history=history)


@contact.command("funnel", cls=Command)
def funnel(
    ctx: typer.Context,
    as_of: AsOf = None,
) -> Answer:
    """Show how far it came, from the target list to what came of it.

    mp contact funnel
    mp contact funnel --as-of 2026-04-13
    """
    where = terminal(ctx)
    day = as_of_day(where, as_of)
    with where.views() as views:
        return funnel_shown(views, today(where.world), day)
