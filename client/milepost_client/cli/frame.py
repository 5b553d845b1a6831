"""What every command is made of: its help, its parsing, and how it gets at its surroundings.

A command's docstring is its help: one sentence, then examples, a line each. Its parameters are texts; what they mean is
read by dates.py, words/ and the catalogue, so that both ways of parsing a line agree.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import Default

from milepost.errors import UsageError
from milepost_client.answer import FLAG_HELP, Flags, look
from milepost_client.render.wrapped import reflowed
from milepost_client.terminal import Terminal

# argv cannot hold a zero byte, so this mark cannot be meant by anybody.
_GUARD = "\0"
_COLUMN = 26


class Command(TyperCommand):
    """A command with our help, which takes `-8%` and `-3d` for the values they are."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, [_GUARD + arg if _is_negative(arg) else arg for arg in args])
        ctx.params = {name: _unguarded(value) for name, value in ctx.params.items()}
        return [arg.removeprefix(_GUARD) for arg in rest]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The sentence, the examples, then the flags."""
        formatter.write(page_of(help_lines(self, ctx.command_path)))


class Group(TyperGroup):
    """A noun with commands of its own."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The sentence, the examples, then the commands."""
        formatter.write(page_of(help_lines(self, ctx.command_path)))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.list_commands(ctx):
            raise unknown(args[0], self.list_commands(ctx), ctx.command_path)
        return super().resolve_command(ctx, args)


def new_app(help: str | None = None) -> typer.Typer:
    """A place to hang commands on, without rich, without typer's own completion and tracebacks."""
    return typer.Typer(
        # Where none is given, it is the docstring of the callback.
        help=help or Default(None),
        cls=Group,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def terminal(ctx: typer.Context) -> Terminal:
    """The surroundings of the command that is running."""
    found = ctx.find_object(Terminal)
    if found is None:
        raise LookupError("a command runs inside `app.run`, which hands it its surroundings")
    return found


def unknown(typed: str, known: list[str], path: str, guessed: str | None = None) -> UsageError:
    """The refusal of a command that does not exist, with the one that was `guessed`, else the nearest that does."""
    from difflib import get_close_matches

    near = get_close_matches(typed, known, n=1, cutoff=0.5)
    meant = guessed or (f"{path} {near[0]}" if near else None)
    remedy = f"did you mean: {meant}" if meant else f"see: {path} --help"
    return UsageError(f"there is no command {typed!r}", code="unknown_command", field="command", remedy=remedy)


def sentence_of(command: Any) -> str:
    """The first line of a command's help."""
    return str(command.help or "").strip().partition("\n")[0]


def examples_of(command: Any) -> list[str]:
    """The examples in a command's help."""
    lines = str(command.help or "").strip().split("\n")[1:]
    return [line.strip() for line in lines if line.strip()]


def usage_of(command: Any, path: str) -> str:
    """How a command is typed."""
    metavars = " ".join(
        param.metavar or param.name.upper() for param in command.params if param.param_type_name == "argument"
    )
    if isinstance(command, TyperGroup):
        return f"{path} [flags] | {path} COMMAND ..." if command.invoke_without_command else f"{path} COMMAND ..."
    return " ".join(part for part in (path, metavars, "[flags]" if options_of(command) else "") if part)


def options_of(command: Any) -> list[tuple[str, str]]:
    """Each flag as it is typed, with its sentence."""
    found = []
    for param in command.params:
        if param.param_type_name == "option" and not param.hidden:
            typed = ", ".join(sorted(param.opts, key=len))
            value = "" if param.is_flag else f" {param.metavar or 'TEXT'}"
            found.append((typed + value, str(param.help or "")))
    return found


def page_of(lines: Iterable[str]) -> str:
    """A help page as wide as the terminal that it is printed on."""
    return "\n".join(reflowed(lines, look(sys.stdout, Flags(), "never"))) + "\n"


def help_lines(command: Any, path: str) -> Iterator[str]:
    """A command's help page."""
    yield sentence_of(command)
    yield ""
    yield from (f"  {example}" for example in examples_of(command))
    if examples_of(command):
        yield ""
    yield f"usage: {usage_of(command, path)}"
    if isinstance(command, TyperGroup):
        yield ""
        yield from (_row(name, sentence_of(child)) for name, child in command.commands.items() if not child.hidden)
    if options := options_of(command):
        yield ""
        yield from (_row(flag, text) for flag, text in options)
    yield ""
    yield "everywhere:"
    yield from (_row(flag, text) for flag, text in FLAG_HELP)


def _row(left: str, right: str) -> str:
    # A flag too long for its column has its sentence on the next line, where it stays readable at 60 columns.
    return f"  {left:<{_COLUMN}}{right}" if len(left) < _COLUMN else f"  {left}\n  {'':<{_COLUMN}}{right}"


def _is_negative(arg: str) -> bool:
    return len(arg) > 1 and arg[0] == "-" and arg[1].isdigit()


def _unguarded(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(_GUARD)
    if isinstance(value, list | tuple):
        return [_unguarded(item) for item in value]
    return value
