"""`today` (also bare `mp`), `status`, `inbox`: how things stand."""

from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.parameters import AsOf, as_of_day
from milepost_client.pages import inbox as inbox_page
from milepost_client.pages import status as status_page
from milepost_client.pages import today as today_page
from milepost_client.pages.reminders import due as due_now
from milepost_client.pages.trends import MEASURES
from milepost_client.recording.declare import choose

app = new_app()
ALL = "all"


@app.command("today", cls=Command)
def today(ctx: typer.Context) -> Answer:
    """Show today: open goals, what is due this week, what is blocked, what waits. `mp` alone does the same.

    mp
    mp today --json
    """
    return today_page.today(terminal(ctx))


@app.command("status", cls=Command)
def status(
    ctx: typer.Context,
    as_of: AsOf = None,
    weeks: Annotated[str | None, typer.Option("--weeks", metavar="N", help="how many weeks; 6 if not given")] = None,
    due: Annotated[bool, typer.Option("--due", help="only what is due, with the command that answers it")] = False,
    trend: Annotated[
        list[str] | None,
        typer.Option("--trend", metavar="MEASURE", help="draw minutes, goals, feedback or all; may be repeated"),
    ] = None,
) -> Answer:
    """Show where you stand: milestones, goals, skills, people, weeks; with -v the digests that devices compare.

    mp status
    mp status --trend minutes --weeks 12
    mp status --as-of 2026-03-01
    """
    where = terminal(ctx)
    day = as_of_day(where, as_of)
    if trend:
        return status_page.trend(where, _measures(trend), day, weeks)
    return due_now(where) if due else status_page.status(where, day, weeks)


def _measures(typed: list[str]) -> list[str]:
    """The measures named, each once, in the order of the first."""
    chosen = [choose(one, (*MEASURES, ALL), "trend") for one in typed]
    return list(MEASURES) if ALL in chosen else list(dict.fromkeys(chosen))


@app.command("inbox", cls=Command)
def inbox(
    ctx: typer.Context,
    act: Annotated[str | None, typer.Argument(metavar="[keep|dismiss|accept]", show_default=False)] = None,
    id: Annotated[str | None, typer.Argument(metavar="[ID]", show_default=False)] = None,
) -> Answer:
    """List what needs a look: conflicts, entries set aside, likely doubles, entries of devices that do not count.

    mp inbox
    mp inbox keep q4m7x2a
    mp inbox dismiss q4m7x2a
    """
    where = terminal(ctx)
    if act is None:
        return inbox_page.inbox(where)
    from milepost_client.recording.settling import ACTS, settling

    chosen = choose(act, ACTS, "act")
    if id is None:
        raise UsageError(f"{chosen} needs an entry", code="missing", field="id", remedy="see: mp inbox")
    with where.views() as views:
        found = views.inbox()
    with where.desk() as desk:
        return desk.record(settling(desk, found, chosen, id))
