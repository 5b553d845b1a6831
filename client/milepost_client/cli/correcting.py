"""`undo`, `edit` and `erase`."""

from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.parameters import Id
from milepost_client.recording.corrections import edit as edit_plan
from milepost_client.recording.corrections import undo as undo_plan
from milepost_client.recording.fields import pairs
from milepost_client.terminal import Terminal

app = new_app()


@app.command("undo", cls=Command)
def undo(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="[ID]", show_default=False)] = None,
) -> Answer:
    """Take back this device's last command, or the entry named; undoing an undo restores.

    mp undo
    mp undo k7f3m2q
    """
    with terminal(ctx).desk() as desk:
        return desk.record(undo_plan(desk, id))


@app.command("edit", cls=Command, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def edit(
    ctx: typer.Context,
    id: Id,
    changes: Annotated[list[str] | None, typer.Argument(metavar="--FIELD VALUE ...", show_default=False)] = None,
) -> Answer:
    """Change a thing or an entry; every field has a flag, and an empty value takes it away.

    mp edit k7f --due fri --test "Sam reviews 2"
    mp edit "bounce rate" --better down
    mp edit q4m7x2a --minutes 30 --on yesterday
    """
    with terminal(ctx).desk() as desk:
        return desk.record(edit_plan(desk, id, pairs(changes or [])))


@app.command("erase", cls=Command)
def erase(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="ID", show_default=False)] = None,
    account: Annotated[bool, typer.Option("--account", help="your whole account on the server")] = False,
    local: Annotated[bool, typer.Option("--local", help="everything that is on this device")] = False,
    recover: Annotated[
        str | None, typer.Option("--recover", metavar="SERVER", help="with --account: by the twelve words")
    ] = None,
) -> Answer:
    """Delete for good: an entry, everywhere (of a thing, every entry about it); your account; what is on this device.

    mp erase k7f3m2q
    mp erase "Dana R." --yes
    mp erase --account
    mp erase --account --recover https://milepost.example
    mp erase --local
    """
    where = terminal(ctx)
    if id is None:
        return _erase_whole(where, recover, account=account, local=local)
    if account or local or recover:
        raise UsageError(f"--account and --local take no entry such as {id}", code="extra", remedy=f"mp erase {id}")
    return _erase_entry(where, id)


def _erase_whole(where: Terminal, recover: str | None, *, account: bool, local: bool) -> Answer:
    from milepost_client.cli.erasure_talk import erase_by_words, erase_here, erase_this_account

    if account and recover:
        return erase_by_words(where, recover, local=local)
    if account:
        return erase_this_account(where, local=local)
    if local and not recover:
        return erase_here(where)
    raise UsageError("what is to be erased?", code="missing", field="id", remedy="mp erase ID, --account or --local")


def _erase_entry(where: Terminal, id: str) -> Answer:
    from milepost_client.recording.erasing import erasing, meant, question

    with where.desk() as desk:
        lines = meant(desk, id)
        if not where.confirm(question(lines)):
            raise UsageError("nothing was erased", code="confirm", remedy="to hide an entry instead: mp undo ID")
        answer = desk.record(erasing(desk, lines))
    # What the views were folded from is gone: so is what they say of it, before the command ends.
    with where.views():
        return answer
