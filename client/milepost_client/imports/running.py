"""One `mp import` from its source to its answer."""

import sys
from typing import NamedTuple

from milepost_client.answer import Answer
from milepost_client.imports import report
from milepost_client.imports.apply import Import
from milepost_client.imports.formats import Format, reading
from milepost_client.imports.progress import told
from milepost_client.imports.source import Source
from milepost_client.recording.commands import today
from milepost_client.recording.dates import read_date
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views


class Asked(NamedTuple):
    """What the line asks for. `typed` is the line without `--apply` and `--skip-refused`."""

    typed: str
    is_applied: bool
    skips_refused: bool


def imported(where: Terminal, format: Format, source: Source, asked: Asked, on: str | None) -> Answer:
    """Look at a source and, where that is asked for and nothing stands against it, write it.

    Raises UsageError for a source that the format cannot read at all.
    """
    day = today(where.world)
    read = reading(format, source)
    heard = read._replace(rows=lambda: told(read.rows(), read.noun, sys.stderr, where.world))
    with where.desk(fresh=True) as desk, Views.open(where.home, desk.log) as views:
        one = Import(desk, views, heard, day if on is None else read_date(on, day, "on", "on"))
        done = one.write(skips_refused=asked.skips_refused) if asked.is_applied else one.counted()
        unsent = desk.log.unsent_count()
        return report.answer(report.Outcome(format, source, read, done, asked.skips_refused, asked.typed, unsent))
