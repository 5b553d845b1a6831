"""`device` and `key`."""

from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look, Warn
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.render.table import table

app = new_app()
device = new_app(
    """Look after the devices of your account.

    mp device add CODE
    mp device list
    """
)
key = new_app(
    """Look after the twelve words and the keys of your account.

    mp key words
    mp key status
    """
)
app.add_typer(device, name="device")
app.add_typer(key, name="key")


@device.command("add", cls=Command)
def add(ctx: typer.Context, code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)]) -> Answer:
    """Let a new device in: CODE is what `mp init --pair SERVER` shows there.

    mp device add mp2-...
    """
    from milepost_client.cli.pairing_talk import add as let_in

    return let_in(terminal(ctx), code)


@device.command("list", cls=Command)
def list_(ctx: typer.Context) -> Answer:
    """List your devices: their entries, what is unsent, and which one this is.

    mp device list
    """
    from milepost_client.account.devices import devices_of

    with terminal(ctx).log() as log:
        found = devices_of(log)
    rows = [
        (
            one.short,
            one.name,
            "this one" if one.is_this else "revoked" if one.is_revoked else "",
            one.entries,
            one.last_on,
            one.unsent,
        )
        for one in found
    ]

    def text(look: Look) -> list[str]:
        return table(("device", "name", "", "entries", "newest", "to sync"), rows, look, styles=("bold",))

    return Answer("devices/1", {"devices": [one.data() for one in found]}, text, rows)


@device.command("rename", cls=Command)
def rename(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
) -> Answer:
    """Call a device something else.

    mp device rename laptop "work laptop"
    """
    from milepost_client.account.devices import renaming

    with terminal(ctx).desk() as desk:
        return desk.record(renaming(desk, id, name))


@device.command("revoke", cls=Command)
def revoke(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)],
    why: Annotated[str | None, typer.Option("--why", help="a word for yourself, on your devices only")] = None,
) -> Answer:
    """Shut a device out that is lost or sold: its connections end, and it reads nothing new.

    mp device revoke phone --why "lost on the train"
    """
    from milepost_client.account.devices import called, revoking
    from milepost_client.pod.rounds import told_at_once

    where = terminal(ctx)
    with where.desk() as desk:
        plan = revoking(desk, called(desk.log, id), why)
        if not where.confirm(f"{plan.says.replace('revoked', 'Revoke')} for good?"):
            raise UsageError("nothing was revoked", code="confirm", remedy="rename it instead: mp device rename")
        answer = desk.record(plan)
    return answer._replace(warnings=[*answer.warnings, *told_at_once(where)])


@key.command("words", cls=Command)
def words(ctx: typer.Context) -> Answer:
    """Show the twelve words and have them typed back; then they are forgotten here.

    mp key words
    """
    from milepost_client.account.recovery import are_saved, save_words

    where = terminal(ctx)
    with where.log() as log:
        if are_saved(log):
            says = "the words were saved before, and are not on this device any more"
            return Answer("words/1", {"saved": True}, lambda _: [says], [("saved",)])
        if not where.can_ask:
            raise UsageError(
                "the words are shown and typed back on a terminal", remedy="run it on one, without --no-input"
            )
        unsaved = save_words(where, log)
    says = "nothing has changed; the words stay here until they are typed back" if unsaved else "the words are saved"
    return Answer("words/1", {"saved": not unsaved}, lambda _: [says], [("unsaved" if unsaved else "saved",)])


@key.command("status", cls=Command)
def status(ctx: typer.Context) -> Answer:
    """Show whether the words are saved, and which user keys this device can open.

    mp key status
    """
    from milepost_client.account.devices import keys_of
    from milepost_client.account.recovery import UNSAVED, are_saved

    with terminal(ctx).log() as log:
        saved, keys = are_saved(log), keys_of(log)
    data = {"words_saved": saved, "keys": [one._asdict() for one in keys]}
    rows = [(one.kid, "open" if one.is_open else "locked", "seals new text" if one.is_sealing else "") for one in keys]
    warnings: list[Warn] = [] if saved else [UNSAVED]

    def text(look: Look) -> list[str]:
        state = "saved" if saved else look.paint("not saved yet", "note")
        return [f"the twelve words: {state}", *table(("key", "", ""), rows, look)]

    return Answer("keys/1", data, text, rows, warnings)
