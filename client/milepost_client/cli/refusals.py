"""A line that the parser cannot read, refused in our words: what is wrong with it, and one that works."""

from typing import Any

import typer

from milepost.errors import UsageError
from milepost_client.cli.frame import examples_of

_COMMAND, _ARGUMENT, _EXTRA = "missing command", "missing argument", "got unexpected extra argument"
_OPTION, _POSSIBLE = "no such option", " (Possible options: "


class VerifyUsage(UsageError):
    """A `verify` that does not parse: its 2 says that there is damage."""

    exit_code = 64


def refusal(error: typer.TyperException, path: str) -> UsageError:
    """What to raise for a line that does not parse; `path` is its command where the parser does not say."""
    context = getattr(error, "ctx", None)
    typed = context.command_path if context else path
    message, remedy = _lowered(error.format_message()), f"see: {typed} --help"
    name = typed.removeprefix("mp ")
    if context and message.startswith(_COMMAND):
        message = f"{name} needs a command: {', '.join(context.command.list_commands(context))}"
    elif context and message.startswith(_ARGUMENT):
        message, remedy = f"{name} needs {_argument(message)}", _example(context.command, remedy)
    elif message.startswith(_OPTION) and _POSSIBLE in message:
        message, _, possible = message.partition(_POSSIBLE)
        remedy = f"did you mean: {possible.strip(' )')}"
    elif context and message.startswith(_EXTRA):
        message = f"{name} takes no {message.partition('(s) ')[2].strip('()')!r}"
    return (VerifyUsage if path == "mp verify" else UsageError)(message, remedy=remedy)


def _argument(message: str) -> str:
    return message.partition("'")[2].rpartition("'")[0]


def _example(command: Any, otherwise: str) -> str:
    examples = examples_of(command)
    return f"try: {examples[0]}" if examples else otherwise


def _lowered(message: str) -> str:
    text = message.rstrip(".")
    return text[:1].lower() + text[1:]
