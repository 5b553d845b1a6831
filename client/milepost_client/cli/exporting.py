"""`export`: the log and its views in the formats of others, and in our own."""

import os
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_group

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, examples_of, new_app, sentence_of, terminal
from milepost_client.cli.parameters import as_of_day, since_day
from milepost_client.exports.destination import STANDARD_OUTPUT, put, put_all
from milepost_client.recording.commands import today
from milepost_client.recording.dates import read_date
from milepost_client.recording.declare import choose
from milepost_client.render.counted import counted

if TYPE_CHECKING:
    pass

app = new_app()
export = new_app(
    """Write the log, or what is in it, to a file that other programs read.

    mp export jsonl log.jsonl
    """
)
app.add_typer(export, name="export")


@export.callback(invoke_without_command=True)
def formats(ctx: typer.Context) -> Answer | None:
    """Say what can be written, where no format is named."""
    if ctx.invoked_subcommand is not None:
        return None
    rows = [(name, sentence_of(each), examples_of(each)[0]) for name, each in get_group(export).commands.items()]
    data = {"formats": [{"name": name, "says": says, "example": example} for name, says, example in rows]}

    def text(look: Look) -> list[str]:
        return [line for row in rows for line in _format_lines(*row, look)]

    return Answer("export_formats/1", data, text, rows)


_SECTIONS = {
    "work": ("job",),
    "education": ("course of study", "courses of study"),
    "certificates": ("certificate",),
    "publications": ("publication",),
    "skills": ("skill",),
    "projects": ("project",),
    "highlights": ("highlight",),
}
_LEFT_OUT = "read it before you hand it on: it holds what you wrote about your milestones; no names of people met"
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="what there was to show on that day")]
File = Annotated[str, typer.Argument(metavar="FILE|-", help="where to; `-` is standard output")]


def _format_lines(name: str, says: str, example: str, look: Look) -> Iterator[str]:
    yield look.paint(name, "bold")
    yield from (f"  {line}" for line in wrap(says, look.width - 2))
    yield look.paint(f"  {example}", "dim")


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


@export.command("csv", cls=Command)
def csv(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FOLDER", help="a folder; with --table a file, or `-`")],
    name: Annotated[str | None, typer.Option("--table", metavar="NAME", help="only this one: goals, time, …")] = None,
    as_of: AsOf = None,
) -> Answer:
    """Write goals, milestones, skills, time, people and all else as CSV files, one a table.

    mp export csv milepost-tables
    mp export csv --table goals goals.csv
    mp export csv --table time - --as-of 2026-03-31
    """
    from milepost_client.exports.csv_table import written
    from milepost_client.exports.tables import NAMES, tables

    where = terminal(ctx)
    day = as_of_day(where, as_of)
    only = None if name is None else choose(name, NAMES, "table")
    with where.looking() as (views, seen):
        found = tables(views, seen, NAMES if only is None else [only], day)
    kept = {one: table for one, table in found.items() if table.rows or only}
    files = {f"{one}.csv": written(table.columns, table.rows) for one, table in kept.items()}
    path = put_all(where, target, files) if only is None else put(where, target, files[f"{only}.csv"])
    counts = {one: len(table.rows) for one, table in kept.items()}
    says = f"{counted(sum(counts.values()), 'row')} in {counted(len(counts), 'table')}"
    return _written("csv", path, counts, says)


@export.command("jsonresume", cls=Command)
def jsonresume(
    ctx: typer.Context,
    file: File,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="yours, as it shall be read")] = None,
    public_only: Annotated[bool, typer.Option("--public-only", help="only artifacts that are public")] = False,
) -> Answer:
    """Write a résumé that the themes of JSON Resume can draw: positions, credentials, projects, results.

    mp export jsonresume resume.json --name "Mara Lind"
    mp export jsonresume - --public-only
    """
    from milepost_client.exports.json_resume import resume_of, written

    where = terminal(ctx)
    with where.looking() as (views, _):
        resume = resume_of(views, where.world.now_ms(), name=name, public_only=public_only)
        path = put(where, file, [written(resume)])
    counts = resume.counts
    says = ", ".join(counted(number, *_SECTIONS[section]) for section, number in counts.items() if number)
    talk = () if resume.basics.name else ("it has no name in it: add --name NAME",)
    return _written("jsonresume", path, counts, says or "an empty résumé", talk)


@export.command("ics", cls=Command)
def ics(ctx: typer.Context, file: File) -> Answer:
    """Write a calendar: milestones, goals that are due or come back, and the sessions of your pod.

    mp export ics milepost.ics
    """
    from milepost_client.exports.ics import written

    where = terminal(ctx)
    with where.looking() as (views, _):
        made = written(views, where.world.now_ms(), today(where.world))
        path = put(where, file, [made.text])
    says = ", ".join(counted(number, noun.removesuffix("s")) for noun, number in made.counts.items() if number)
    return _written("ics", path, made.counts, says or "an empty calendar")


@export.command("report", cls=Command)
def report(
    ctx: typer.Context,
    file: File,
    is_markdown: Annotated[bool, typer.Option("--md", help="as Markdown, whatever the file is called")] = False,
    is_html: Annotated[bool, typer.Option("--html", help="as one HTML page, whatever the file is called")] = False,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="leave out what was before")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="leave out what came after")] = None,
    as_of: AsOf = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="yours, as it shall be read")] = None,
    with_names: Annotated[bool, typer.Option("--with-names", help="name the people you met")] = False,
    with_outcomes: Annotated[bool, typer.Option("--with-outcomes", help="what came of it, and pay")] = False,
) -> Answer:
    """Write your story with its evidence, as one page to hand to a mentor: HTML with pictures, or Markdown.

    mp export report half-year.html --name "Mara Lind"
    mp export report half-year.md --since 2026-01-05 --until 2026-07-03
    mp export report - --as-of 2026-03-31
    """
    from milepost_client.exports import report_html, report_markdown
    from milepost_client.exports.report import Asked
    from milepost_client.exports.report_sources import gather

    where = terminal(ctx)
    if is_markdown and is_html:
        raise UsageError("a report is --md or --html, not both", field="html", remedy="write it twice")
    day = today(where.world)
    first = since_day(where, since)
    last = None if until is None else read_date(until, day, "as_of", "until")
    asked = Asked(day, first, last, as_of_day(where, as_of), name, with_names=with_names, with_outcomes=with_outcomes)
    with where.looking() as (views, _):
        found = gather(views, asked)
    is_page = is_html or (not is_markdown and file.endswith((".html", ".htm")))
    path = put(where, file, [(report_html.page(found) if is_page else report_markdown.text(found)).encode()])
    counts = {"milestones": len(found.steps), "results": len(found.lines), "skills": len(found.skills)}
    says = f"{counted(len(found.steps), 'milestone')}, {counted(len(found.lines), 'result')} with figures"
    return _written("html" if is_page else "markdown", path, counts, says, (_LEFT_OUT,) if not with_names else ())


@export.command("bundle", cls=Command)
def bundle(ctx: typer.Context, file: File) -> Answer:
    """Write a file that carries the log to another of your devices, with no server between them.

    mp export bundle milepost.bundle
    """
    from milepost_client.exports.bundle import written

    where = terminal(ctx)
    with where.log() as log:
        made = written(log)
        path = put(where, file, made.pieces)
    talk = () if file == STANDARD_OUTPUT else (f"on your other device: mp import bundle {os.path.basename(path)}",)
    return _written("bundle", path, {"events": made.events}, counted(made.events, "event"), talk)


def _written(format: str, path: str, counts: dict[str, int], says: str, talk: tuple[str, ...] = ()) -> Answer:
    """What was written, and where; nothing on standard output where that has the export itself."""
    is_output = path == STANDARD_OUTPUT

    def text(look: Look) -> list[str]:
        return [] if is_output else [f"{look.paint(says, 'bold')} written to {path}"]

    records = [] if is_output else [(path, *counts.values())]
    talk = (f"{says} written", *talk) if is_output else talk
    return Answer("export/1", {"format": format, "path": path, "counts": counts}, text, records, talk=talk)
