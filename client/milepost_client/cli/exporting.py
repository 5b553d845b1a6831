"""`export`: the log and its views in the formats of others, and in our own."""

from typing import Annotated

import typer

from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.exports.destination import STANDARD_OUTPUT, put
from milepost_client.render.counted import counted

app = new_app()
export = new_app(
    """Write the log, or what is in it, to a file that other programs read.

    mp export jsonl log.jsonl
    """
)
app.add_typer(export, name="export")

File = Annotated[str, typer.Argument(metavar="FILE|-", help="where to; `-` is standard output")]


@export.command("jsonl", cls=Command)
def jsonl(ctx: typer.Context, file: File) -> Answer:
    """Write the whole log as JSON Lines: an event a line, everything in clear, signed.

    mp export jsonl log.jsonl
    mp export jsonl - | gzip > log.jsonl.gz
    """
    from milepost_client.exports.jsonl import signer, written

    where = terminal(ctx)
    with where.log() as log:
        events, sign = log.count, signer(log)
        path = put(where, file, written(log, sign))
    unsigned = () if sign else ("not signed: the keys of this device are not here",)
    return _written("jsonl", path, {"events": events}, counted(events, "event"), unsigned)


def _written(format: str, path: str, counts: dict[str, int], says: str, talk: tuple[str, ...] = ()) -> Answer:
    """What was written, and where; nothing on standard output where that has the export itself."""
    is_output = path == STANDARD_OUTPUT

    def text(look: Look) -> list[str]:
        return [] if is_output else [f"{look.paint(says, 'bold')} written to {path}"]

    records = [] if is_output else [(path, *counts.values())]
    talk = (f"{says} written", *talk) if is_output else talk
    return Answer("export/1", {"format": format, "path": path, "counts": counts}, text, records, talk=talk)
