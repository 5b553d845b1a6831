"""What every command of the operator needs: the flags they share, the way to the data, the way an answer is shown."""

from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from milepost_server import config
from milepost_server.operating import asking
from milepost_server.world import SYSTEM, World

# Commands take from here what `main` was given: Typer's own context is not ours to type.
world: ContextVar[World] = ContextVar("world", default=SYSTEM)

Data = Annotated[Path | None, typer.Option(help="The data folder; else MILEPOST_SERVER_DATA, else ./milepost-data.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def group(name: str | None, help: str, *, is_command: bool = False) -> typer.Typer:
    """A group of commands. `is_command`: its name alone does something too."""
    return typer.Typer(
        name=name,
        help=help,
        no_args_is_help=not is_command,
        invoke_without_command=is_command,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def ask(data: Path | None, path: str, request: Any) -> Any:
    """The answer to a request, from the running server or from the data."""
    return asking.ask(config.load(data=text(data)), path, request, world.get())


def show(answer: Any, *, as_json: bool) -> None:
    """Print an answer, or a list of them, as JSON or as a table."""
    if as_json:
        typer.echo(msgspec.json.encode(answer).decode())
        return
    rows = answer if isinstance(answer, list) else [answer]
    if not rows:
        typer.echo("none")
        return
    fields = rows[0].__struct_fields__
    table([fields, *[[config.shown(getattr(row, field)) for field in fields] for row in rows]])


def table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def text(value: object) -> str | None:
    """A flag as settings want it."""
    return None if value is None else str(value)
