"""What leads type under `pod` about its sessions."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.leading import Pod, acted, said
from milepost_client.commands import today as today_of
from milepost_client.dates import read_date, read_minutes, say_minutes
from milepost_client.instants import read_instant, say_instant
from milepost_client.leading import fitting, lead

app = new_app()

Session = Annotated[str, typer.Argument(metavar="SESSION", show_default=False)]
MINUTES_DEFAULT = 60


@app.command("schedule", cls=Command)
def schedule(
    ctx: typer.Context,
    pod: Pod,
    on: Annotated[str, typer.Option("--on", "-d", metavar="DATE", help="the day")],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="the time of day where you are: 17:00")],
    for_: Annotated[str | None, typer.Option("--for", metavar="DURATION", help="how long; 1h if not given")] = None,
) -> Answer:
    """Schedule a session of a pod. Its members see it in `mp pod` and in their calendar file.

    mp pod schedule Harbour --on fri --at 17:00 --for 1h
    """
    where = terminal(ctx)
    today = today_of(where.world)
    start = read_instant(where.world, read_date(on, today, "due", "on"), at)
    minutes = MINUTES_DEFAULT if for_ is None else read_minutes(for_, "for")
    says = f"session of {pod} on {say_instant(where.world, start, today)}, {say_minutes(minutes)}"
    return acted(where, "sessions/schedule", says, {"pod": pod, "start": start, "minutes": minutes}, "mp pod list")


@app.command("cancel", cls=Command)
def cancel(ctx: typer.Context, session: Session) -> Answer:
    """Cancel a session that was scheduled.

    mp pod cancel scj
    """
    leading = lead(terminal(ctx))
    id_ = fitting(leading.sessions(), session, "session")
    return said("sessions/cancel", "session cancelled", leading.act("sessions/cancel", {"session": id_}), "mp pod list")


@app.command("hold", cls=Command)
def hold(
    ctx: typer.Context,
    session: Session,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="DURATION", help="how long it lasted; as scheduled if not given")
    ] = None,
) -> Answer:
    """Say that a session was held.

    mp pod hold scj
    mp pod hold scj --for 55m
    """
    leading = lead(terminal(ctx))
    id_ = fitting(leading.sessions(), session, "session")
    minutes = None if for_ is None else read_minutes(for_, "for")
    return said(
        "sessions/hold",
        "session held",
        leading.act("sessions/hold", {"session": id_, "minutes": minutes}),
        "mp pod list",
    )
