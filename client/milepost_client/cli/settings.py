"""`config` and `completion`."""

from typing import Annotated

import typer

from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.device.config import SETTINGS
from milepost_client.render.table import table

app = new_app()
config = new_app(
    """Look at the settings and change them: flags over MILEPOST_* over your file over defaults.

    mp config list --origin
    mp config set color never
    mp config set alias.w "win --share pod"
    """
)
app.add_typer(config, name="config")

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@config.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    origin: Annotated[bool, typer.Option("--origin", help="where each value comes from")] = False,
) -> Answer:
    """List every setting in force, and your aliases.

    mp config list --origin
    """
    values = list(terminal(ctx).config.all())
    helps = {setting.name: setting.help for setting in SETTINGS}
    data = {"settings": [{"name": one.name, "value": one.value, "origin": one.origin} for one in values]}
    rows = [(one.name, one.value, one.origin) if origin else (one.name, one.value) for one in values]

    def text(look: Look) -> list[str]:
        third = [one.origin if origin else helps.get(one.name, "alias") for one in values]
        shown = [(one.name, one.value or "(empty)", more) for one, more in zip(values, third, strict=True)]
        return table(("setting", "value", "origin" if origin else ""), shown, look, styles=("bold",))

    return Answer("config/1", data, text, rows)


@config.command("get", cls=Command)
def get(ctx: typer.Context, name: Name) -> Answer:
    """Show one setting.

    mp config get color
    """
    value = terminal(ctx).config.look(name)
    data = {"settings": [value._asdict()]}
    return Answer("config/1", data, lambda _: [value.value], [(value.name, value.value, value.origin)])


@config.command("set", cls=Command)
def set_(
    ctx: typer.Context, name: Name, value: Annotated[str, typer.Argument(metavar="VALUE", show_default=False)]
) -> Answer:
    """Set a setting, or an alias of your own.

    mp config set editor "code --wait"
    mp config set alias.w "win --share pod"
    """
    return _put(ctx, name, value)


@config.command("unset", cls=Command)
def unset(ctx: typer.Context, name: Name) -> Answer:
    """Take a setting or an alias out of your file.

    mp config unset alias.w
    """
    return _put(ctx, name, None)


@config.command("path", cls=Command)
def path(ctx: typer.Context) -> Answer:
    """Show where your settings file is.

    mp config path
    """
    where = terminal(ctx).config.path
    return Answer("config_path/1", {"path": where}, lambda _: [where], [(where,)])


def _put(ctx: typer.Context, name: str, value: str | None) -> Answer:
    where = terminal(ctx).config
    where.put(name, value)
    says = f"{name} is no longer set" if value is None else f"{name} is now {value!r}"
    data = {"settings": [{"name": name, "value": value, "origin": where.path}]}
    return Answer("config/1", data, lambda look: [f"{look.paint('✓', 'good')} {says}"], [(name, value, where.path)])


@app.command("completion", cls=Command)
def completion(
    ctx: typer.Context, shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", show_default=False)]
) -> Answer:
    """Print the completion script for a shell; it completes your own names too.

    mp completion bash >> ~/.bashrc
    mp completion zsh > ~/.zfunc/_mp
    mp completion fish > ~/.config/fish/completions/mp.fish
    """
    from milepost_client.cli.completion import script

    lines = script(shell).split("\n")
    return Answer(
        "completion/1", {"shell": shell, "script": "\n".join(lines)}, lambda _: lines, [(one,) for one in lines]
    )
