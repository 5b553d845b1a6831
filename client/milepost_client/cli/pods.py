"""`pod`: the pod one is in, and leaving it."""

from typing import Annotated

import typer

from milepost.errors import PeerError
from milepost_client.answer import Answer, Warn
from milepost_client.cli import leading, meeting
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pages.pod_page import Kept, page_answer
from milepost_client.pod import membership
from milepost_client.pod.behind import left_requests
from milepost_client.pod.consents import elsewhere, ending, standing
from milepost_client.pod.membership import Place
from milepost_client.pod.pods import kept_page, kept_totals
from milepost_client.recording.commands import Desk, Plan
from milepost_client.recording.commands import today as today_of
from milepost_client.render.counted import counted
from milepost_client.terminal import Terminal

app = new_app()
pod = new_app()
app.add_typer(pod, name="pod")
# Without a name their commands stand beside those of this file.
pod.add_typer(leading.app)
pod.add_typer(meeting.app)


@pod.callback(invoke_without_command=True)
def show(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="take the place you were offered, under this name")] = None,
) -> Answer | None:
    """Show your pod: who is in it, its sessions and requests, its week as far as three or more share it.

    mp pod
    mp pod --name Mara
    """
    if ctx.invoked_subcommand is not None:
        return None
    where = terminal(ctx)
    talk = [] if name is None else take_place(where, name)
    warnings = _refreshed(where)
    with where.views() as views:
        kept = Kept(membership.require_place(views.log), kept_page(views.log), kept_totals(views.log))
        if name is not None and (left := left_requests(views)):
            behind = counted(len(left), "request of yours stayed", "requests of yours stayed")
            talk.append(f"{behind} behind, and nobody reads what you asked before: mp ask list")
    return page_answer(kept, where.world, today_of(where.world))._replace(warnings=warnings, talk=talk)


def _refreshed(where: Terminal) -> list[Warn]:
    """A round of sync; where there can be none, what is known is older, and that is said."""
    from milepost_client.pod.rounds import synced

    try:
        synced(where)
    except PeerError as error:
        return [Warn(error.code, f"{error.message}; this is what the server said before")]
    return []


def take_place(where: Terminal, name: str) -> list[str]:
    """Take the place that was offered. Consents that name the pod before it end; what goes on is said."""
    with where.desk() as desk:
        place = membership.require_place(desk.log)
        left = elsewhere(desk.log, place, desk.today)
        intents = (membership.joining(place, name), *map(ending, left))
        desk.record(Plan(intents, "pod joined", None, desk.today, (), "mp pod"))
        return _after_taking(where, desk, place, had_left=bool(left))


def _after_taking(where: Terminal, desk: Desk, place: Place, *, had_left: bool) -> list[str]:
    from milepost_client.cli.consent_talk import ask_consents

    names = ask_consents(where, desk, place, standing(desk.log, desk.today))
    ended = ["what you shared with the pod before ended with the move"] if had_left else []
    return [
        *ended,
        f"shared here: {', '.join(names)}" if names else f"nothing is shared with {place.pod_name}: mp share",
    ]


@pod.command("leave", cls=Command)
def leave(
    ctx: typer.Context,
    erase: Annotated[
        bool, typer.Option("--erase", help="what you said there goes too, and its totals are hidden")
    ] = False,
) -> Answer:
    """Leave your pod: nobody there sees you by name any more, and every consent for it ends.

    mp pod leave
    mp pod leave --erase
    """
    where = terminal(ctx)
    with where.desk() as desk:
        place = membership.require_joined(desk.log)
        also = " and take back what you said there" if erase else ""
        if not where.confirm(f"Leave {place.pod_name}{also}?"):
            return desk.record(Plan((), "you stay", None, desk.today, (), "mp pod"))
        intents = (membership.leaving(place, erase=erase), *map(ending, standing(desk.log, desk.today)))
        details = ("every consent for it ended", *(("what you said there goes",) if erase else ()))
        return desk.record(Plan(intents, f"left {place.pod_name}", None, desk.today, details, "mp sync"))
