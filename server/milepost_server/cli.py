"""The operator's commands. While the server runs they ask it; otherwise they open the data themselves."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from milepost.errors import MilepostError
from milepost_server import config, running

app = typer.Typer(
    name="milepost-server",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Data = Annotated[Path | None, typer.Option(help="The data folder; else MILEPOST_SERVER_DATA, else ./milepost-data.")]


@app.callback()
def _program() -> None:
    """The Milepost server: where a member's devices meet, and pods and cohorts with them."""


@app.command()
def run(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve. Needs no configuration: listens on 127.0.0.1:8750, keeps its data in ./milepost-data."""
    settings = config.load(data=_text(data), host=host, port=_text(port))
    running.run(settings, lambda line: typer.echo(line))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def main() -> None:
    """The program: a sentence and an exit code for everything said on purpose."""
    try:
        app()
    except MilepostError as error:
        typer.echo(f"milepost-server: {error}", err=True)
        sys.exit(error.exit_code)
