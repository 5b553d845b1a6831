"""Recording commands made from declarations: the same ones that the fast path reads."""

import inspect
from collections.abc import Callable
from keyword import iskeyword
from typing import Annotated, Any

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import terminal
from milepost_client.fast import record
from milepost_client.recording.declare import Args, Param, Word, bind
from milepost_client.terminal import Terminal

_POSITIONALS = "positionals"
CLOSED_BY = {"done": ("goal", "milestone", "help"), "reframe": ("goal",)}


def command(word: Word) -> Callable[..., Answer]:
    """A function whose signature typer reads the word's parameters from."""

    def run(ctx: typer.Context, **given: Any) -> Answer:
        where = terminal(ctx)
        return record(complete(arguments(word, given), where), where)

    parameters = [_parameter("ctx", typer.Context)]
    parameters += [_parameter(_POSITIONALS, _argument(word), None)] if word.positionals else []
    parameters += [_option(param) for param in word.params]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = "\n".join((word.help, *word.examples))
    return run


def arguments(word: Word, given: dict[str, Any]) -> Args:
    """What typer parsed, bound as the fast path binds it."""
    positionals = given.pop(_POSITIONALS, None) or []
    options = {name.rstrip("_"): value for name, value in given.items() if value not in (None, False, [])}
    return bind(word, positionals, options)


def complete(args: Args, where: Terminal) -> Args:
    """`args` with what is missing asked on the terminal. Raises UsageError where nobody can be asked."""
    missing = [param for param in args.word.params if param.needed and param.name not in args]
    choice = _choice(args.word, where) if missing else ""
    for param in missing:
        if not where.can_ask:
            raise args.missing(param.name, choice)
        args = args.put(param.name, where.ask("\n".join(filter(None, (choice, f"{param.help}?")))))
    return args


def _choice(word: Word, where: Terminal) -> str:
    """What a word may close, where it was typed alone; empty for a word that closes nothing."""
    kinds = CLOSED_BY.get(word.name)
    if kinds is None:
        return ""
    with where.desk() as desk:
        found = desk.open_ones(kinds)
    return f"open: {found}" if found else 'nothing is open; set a goal: mp goal "..." --due fri'


def _argument(word: Word) -> Any:
    return Annotated[list[str] | None, typer.Argument(metavar=word.usage, show_default=False)]


def _option(param: Param) -> inspect.Parameter:
    name = f"{param.name}_" if iskeyword(param.name) else param.name
    flags = [param.long, *([param.short] if param.short else [])]
    if param.flag:
        return _parameter(name, Annotated[bool, typer.Option(*flags, help=param.help)], False)
    kind: Any = list[str] | None if param.many else str | None
    option = typer.Option(*flags, help=param.help, metavar=param.metavar, show_default=False)
    return _parameter(name, Annotated[kind, option], None)


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
