"""Parameters that several commands share: how they are typed, and which day a typed one means."""

from datetime import date
from typing import Annotated

import typer

from milepost_client.recording.commands import today
from milepost_client.recording.dates import read_date
from milepost_client.terminal import Terminal

Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
History = Annotated[bool, typer.Option("--history", help="every entry about it, with those taken back")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="entries from that day on")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="as it stood on that day")]


def since_day(where: Terminal, typed: str | None) -> date | None:
    """The first day that `--since` asks for; None where nothing was typed. Raises UsageError for what is no day."""
    return None if typed is None else read_date(typed, today(where.world), "since", "since")


def as_of_day(where: Terminal, typed: str | None) -> date | None:
    """The day that `--as-of` asks for; None where nothing was typed. Raises UsageError for what is no day."""
    return None if typed is None else read_date(typed, today(where.world), "as_of", "as-of")
