"""The full command line: finds the command, runs it, prints its answer.

One command imports one file (index.py); `--help` alone imports them all. Aliases from the settings are looked at only
for words that are no command, so that none can be taken over.
"""

import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

from milepost.errors import UsageError
from milepost_client import words
from milepost_client.answer import Answer, Flags, clean, write
from milepost_client.cli.frame import Group, page_of, unknown
from milepost_client.cli.guesses import guess
from milepost_client.cli.index import LISTS, MODULES
from milepost_client.cli.overview import SENTENCE, short
from milepost_client.cli.refusals import refusal
from milepost_client.device.world import World
from milepost_client.terminal import Terminal

BARE = "today"
COMPLETE = "_complete"
VERSION = (["--version"], ["-V"])
ALIAS_DEPTH_MAX = 8


class Root(Group):
    """All commands, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        module = MODULES.get(cmd_name) or LISTS.get(cmd_name)
        return None if module is None else commands_in(module)[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        args = verb(args)
        command = self.get_command(ctx, args[0])
        if command is None:
            raise unknown(args[0], self.list_commands(ctx), ctx.command_path, guess(args[0]))
        return args[0], command, args[1:]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page_of(short(self)))


@lru_cache
def commands_in(module: str) -> Mapping[str, Any]:
    """The commands of one file of this package, by name."""
    return get_group(import_module(f"milepost_client.cli.{module}").app).commands


def root() -> Root:
    """The whole command line, as completion and the reference read it."""
    return Root(
        name="mp",
        help=SENTENCE,
        invoke_without_command=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def run(argv: Sequence[str], flags: Flags, environ: Mapping[str, str], world: World) -> int:
    """Run one command and print its answer; the exit code. Raises MilepostError for the door to say."""
    terminal = Terminal(flags, environ, world)
    if list(argv[:1]) == [COMPLETE]:
        return _complete(argv[1:], terminal)
    args = expanded(list(argv), terminal) or [BARE]
    if args in VERSION:
        from milepost_client.cli.helping import version

        return write(version(), flags, terminal.color)
    try:
        answer = root().main(args, prog_name="mp", standalone_mode=False, obj=terminal)
    except typer.TyperException as error:
        raise refusal(error, _path(args)) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    # Help has been printed by the time typer returns anything else.
    return write(answer, flags, terminal.color) if isinstance(answer, Answer) else 0


def _complete(words_so_far: Sequence[str], terminal: Terminal) -> int:
    """What a shell's completion script asks for."""
    from milepost_client.cli.completion import candidates

    for value, text in candidates(root(), words_so_far, terminal):
        sys.stdout.write(f"{clean(value)}\t{clean(text)}\n")
    return 0


def expanded(args: list[str], terminal: Terminal) -> list[str]:
    """`args` with the member's own word replaced by what it stands for."""
    for _ in range(ALIAS_DEPTH_MAX):
        if not args or args[0] in MODULES or args[0].startswith("-"):
            return args
        alias = terminal.config.aliases().get(args[0])
        if alias is None:
            return args
        args = [*shlex.split(alias), *args[1:]]
    raise UsageError(f"the alias {args[0]!r} leads back to itself", code="alias", remedy="see: mp config list")


def verb(args: list[str]) -> list[str]:
    """`goal show k7f` as `show k7f`: after a daily word a lone verb is a verb, not text."""
    if len(args) < 2 or args[0] not in words.MODULES or not words.is_verb(*args[:2]):
        return args
    word, action, *rest = args
    if action in ("show", "edit"):
        return [action, *rest]
    if f"{word} {action}" not in LISTS:
        raise UsageError(f"{word} has no {action}", remedy=f"to log the word itself: mp {word} --text {action}")
    return [f"{word} {action}", *rest]


def _path(args: Sequence[str]) -> str:
    return " ".join(["mp", *(arg for arg in args[:1] if arg in MODULES)])
