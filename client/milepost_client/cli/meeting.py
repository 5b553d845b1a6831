"""What leads type under `pod` about its sessions."""

from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.leading import Cohort, Pod, said
from milepost_client.pod.leading import lead
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import Sense, read_date, read_minutes, say_minutes
from milepost_client.recording.instants import in_column, read_instant, say_instant
from milepost_client.render.table import table
from milepost_client.sync.web import Json
from milepost_client.terminal import Terminal

app = new_app()

Session = Annotated[str, typer.Argument(metavar="SESSION", show_default=False)]
For = Annotated[str | None, typer.Option("--for", metavar="DURATION", help="how long; 1h, or as scheduled")]
# Ids of a cohort are drawn apart from the member's own, so no shortest prefix is known here.
SHORT_ID = 7


@app.command("sessions", cls=Command)
def sessions(ctx: typer.Context, cohort: Cohort = None) -> Answer:
    """List the sessions of the pods you lead, with the ids by which they are held and cancelled.

    mp pod sessions
    """
    where = terminal(ctx)
    leading = lead(where)
    found = leading.sessions(leading.cohort(cohort))
    rows = [
        (one["id"][:SHORT_ID], one["pod_name"], in_column(where.world, one["start"]), say_minutes(one["minutes"]),
         one["state"])
        for one in found
    ]  # fmt: skip

    def text(look: Look) -> list[str]:
        heads = ("id", "pod", "when", "how long", "state")
        nothing = ["no session was scheduled: mp pod schedule POD --on DATE --at TIME"]
        return table(heads, rows, look, styles=("bold",)) if rows else nothing

    records = [(one["id"], one["pod_name"], one["start"], one["minutes"], one["state"]) for one in found]
    return Answer("sessions/1", {"sessions": found}, text, records)


@app.command("schedule", cls=Command)
def schedule(
    ctx: typer.Context,
    pod: Pod,
    on: Annotated[str, typer.Option("--on", "-d", metavar="DATE", help="the day")],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="the time of day where you are: 17:00")],
    for_: For = None,
) -> Answer:
    """Schedule a session of a pod. Its members see it in `mp pod` and in their calendar file.

    mp pod schedule Harbour --on fri --at 17:00 --for 1h
    """
    where = terminal(ctx)
    start = _start(where, on, at, "due")
    came = lead(where).act("sessions/schedule", {"pod": pod, "start": start, "minutes": _minutes(for_)})
    return _said(where, "sessions/schedule", "session scheduled:", came, "mp pod hold {id}")


@app.command("cancel", cls=Command)
def cancel(ctx: typer.Context, session: Session) -> Answer:
    """Cancel a session that was scheduled.

    mp pod cancel scj
    """
    where = terminal(ctx)
    came = lead(where).act("sessions/cancel", {"session": session})
    return _said(where, "sessions/cancel", "session cancelled:", came, "mp pod list")


@app.command("hold", cls=Command)
def hold(
    ctx: typer.Context,
    session: Annotated[str, typer.Argument(metavar="SESSION|POD", show_default=False)],
    on: Annotated[
        str | None, typer.Option("--on", "-d", metavar="DATE", help="for a pod: the day; today if not given")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="for a pod: when a session began that was not scheduled")
    ] = None,
    for_: For = None,
) -> Answer:
    """Say that a session was held: one that was scheduled, or with --at one that was not.

    mp pod hold scj
    mp pod hold scj --for 55m
    mp pod hold Harbour --on yesterday --at 17:00 --for 1h
    """
    where = terminal(ctx)
    named: dict[str, object] = {"session": session}
    if at is not None:
        named = {"pod": session, "start": _start(where, on or "today", at, "on")}
    elif on is not None:
        raise UsageError("a session on a day began at a time", field="at", code="missing", remedy="add --at 17:00")
    came = lead(where).act("sessions/hold", {**named, "minutes": _minutes(for_)})
    return _said(where, "sessions/hold", "session held:", came, "mp pod list")


def _start(where: Terminal, on: str, at: str, sense: Sense) -> str:
    return read_instant(where.world, read_date(on, today_of(where.world), sense, "on"), at)


def _minutes(typed: str | None) -> int | None:
    return None if typed is None else read_minutes(typed, "for")


def _said(where: Terminal, path: str, head: str, came: Json, next_: str) -> Answer:
    when = say_instant(where.world, str(came["start"]), today_of(where.world))
    says = f"{head} {came['pod_name']}, {when}, {say_minutes(int(str(came['minutes'])))}"
    return said(path, says, came, next_.format(id=str(came["id"])[:SHORT_ID]))
