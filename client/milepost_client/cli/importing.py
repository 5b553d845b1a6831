"""`import`: what other programs wrote, looked at first and then recorded."""

from shlex import quote
from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.imports.formats import FORMATS, format_called
from milepost_client.imports.source import source
from milepost_client.recording.declare import choose
from milepost_client.render.table import table

DAY_FIRST = "dmy"
ORDERS = (DAY_FIRST, "mdy")
app = new_app()


@app.command("import", cls=Command)
def import_(
    ctx: typer.Context,
    format: Annotated[str | None, typer.Argument(metavar="FORMAT", show_default=False)] = None,
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", show_default=False)] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="write it; without this you see what would be written")
    ] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help="leave out rows that a rule refuses")] = False,
    dates: Annotated[
        str | None,
        typer.Option(
            "--dates", metavar="ORDER", help="what stands first in 3/4/2026, day or month: " + " or ".join(ORDERS)
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", "-d", metavar="DATE", help="the day of rows that name none; today if not given"),
    ] = None,
) -> Answer:
    """Move in: read what a spreadsheet or another program wrote. Nothing is written before --apply.

    mp import
    mp import csv audit.csv
    mp import csv audit.csv --apply
    mp import contacts people.csv --apply --skip-refused
    """
    from milepost_client.imports import logs, running

    if format is None:
        return _formats()
    chosen = format_called(format)
    if file is None:
        raise UsageError("import needs a file", code="missing", field="file", remedy=f"try: {chosen.example}")
    order = None if dates is None else choose(dates, ORDERS, "dates")
    typed = f"mp import {format} {quote(file)}" + (f" --dates {order}" if order else "")
    typed += f" --on {quote(on)}" if on else ""
    if not chosen.module:
        return logs.imported(terminal(ctx), chosen, source(file), typed, is_applied=apply)
    asked = running.Asked(typed, is_applied=apply, skips_refused=skip_refused)
    read = source(file, None if order is None else order == DAY_FIRST)
    return running.imported(terminal(ctx), chosen, read, asked, on)


def _formats() -> Answer:
    """What can be imported."""
    rows = [(one.name, one.says, one.example) for one in FORMATS]
    data = {"formats": [{"name": one.name, "says": one.says, "example": one.example} for one in FORMATS]}

    def text(look: Look) -> list[str]:
        # The examples stand on lines of their own: cut short they would be of no use.
        said = table(("", ""), [row[:2] for row in rows], look, styles=("bold", ""))
        return [line for head, row in zip(said, rows, strict=True) for line in (head, look.paint(f"  {row[2]}", "dim"))]

    return Answer("import_formats/1", data, text, rows)
