"""`init` and `join`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look, Text, Warn
from milepost_client.cli.consent_talk import ask_consents
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pod import membership
from milepost_client.pod.membership import Place
from milepost_client.recording.commands import Desk, Plan
from milepost_client.recording.commands import today as today_of
from milepost_client.sync.web import Json
from milepost_client.terminal import Terminal

app = new_app()

NameFlag = Annotated[str | None, typer.Option("--name", help="the name your pod will see")]


@app.command("init", cls=Command)
def init(
    ctx: typer.Context,
    pair: Annotated[
        str | None, typer.Option("--pair", metavar="SERVER", help="join the account of another device")
    ] = None,
    recover: Annotated[
        str | None, typer.Option("--recover", metavar="SERVER", help="come back with the twelve words")
    ] = None,
) -> Answer:
    """Make this device's log: offline, without an account anywhere. The first entry does it too.

    mp init
    mp init --pair https://milepost.example
    mp init --recover https://milepost.example
    """
    where = terminal(ctx)
    if recover is not None:
        from milepost_client.cli.recovery_talk import recover_this

        return recover_this(where, recover)
    if pair is not None:
        from milepost_client.cli.pairing_talk import pair_this

        return pair_this(where, pair)
    with where.log(create=True) as log:
        was_born = log.is_born
        if not was_born:
            log.append([])
    says = "there is a log already" if was_born else "a log was made"
    data = {"path": where.home.log, "made": not was_born}
    talk = ['next: mp goal "..."', "nothing leaves this machine until you join a server: mp join SERVER CODE"]
    return Answer(
        "init/1",
        data,
        lambda look: [f"{look.paint('✓', 'good')} {says}: {where.home.log}"],
        [(where.home.log,)],
        talk=talk,
    )


@app.command("join", cls=Command)
def join(
    ctx: typer.Context,
    server: Annotated[str, typer.Argument(metavar="SERVER", show_default=False)],
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)],
    name: NameFlag = None,
) -> Answer:
    """Join a server with an invite, take the place in its pod, and sync. Nothing is shared unless you say so.

    mp join https://milepost.example mp1-...
    mp join https://milepost.example mp1-... --name Mara --no-input
    """
    from milepost_client.sync.join import INVITE_PREFIX, invite
    from milepost_client.sync.join import join as redeem
    from milepost_client.sync.web import address

    where = terminal(ctx)
    # A slip in what was typed begins no log.
    if server.startswith(INVITE_PREFIX):
        raise UsageError("the server comes before the code", field="server", remedy=f"try: mp join {code} {server}")
    address(server)
    invite(code)
    today = today_of(where.world)
    with where.desk() as desk:
        if not desk.log.is_born:
            desk.log.append([])
        answer: Any = redeem(desk.log, server, code)
        is_lead, pod, cohort = answer.get("role") == "lead", answer.get("pod"), answer["cohort"]
        if pod and not is_lead:
            membership.keep(desk.log, membership.place_of(pod, cohort, today))
        place = None if is_lead else membership.placed(desk.log)
        joined = place is not None and _take_place(where, desk, place, name)
        granted = ask_consents(where, desk, place) if joined and place else []
        warnings = _save_words(where, desk)
    report, failed = _first_sync(where)
    data = {
        "server": server,
        "role": "lead" if is_lead else "member",
        "cohort": cohort["name"],
        "pod": pod["name"] if pod else None,
        "joined_pod": joined,
        "shared_with": granted,
        "pushed": report,
    }
    text = _said(server, _leads(pod, cohort) if is_lead else _is_in(place, granted, cohort, joined=joined))
    return Answer("join/1", data, text, [(server,)], [*warnings, *failed], _next(place, joined=joined, is_lead=is_lead))


def _take_place(where: Terminal, desk: Desk, place: Place, name: str | None) -> bool:
    if membership.is_joined(desk.log, place.pod):
        return True
    if name is None and where.can_ask:
        name = where.ask(f"You are invited to the pod {place.pod_name}. The name it will see (empty: not now)?")
    if not name:
        return False
    desk.record(Plan((membership.joining(place, name),), "pod joined", None, desk.today, (), "mp pod"))
    return True


def _save_words(where: Terminal, desk: Desk) -> list[Warn]:
    from milepost_client.account.recovery import save_words

    return save_words(where, desk.log)


def _first_sync(where: Terminal) -> tuple[int | None, list[Warn]]:
    from milepost.errors import PeerError
    from milepost_client.pod.rounds import synced

    try:
        return synced(where).pushed, []
    except PeerError as error:
        # Joined is joined: what was recorded goes up with the next sync.
        return None, [Warn(error.code, error.message, remedy="mp sync")]


def _said(server: str, rest: Callable[[Look], Sequence[str]]) -> Text:
    return lambda look: [f"{look.paint('✓', 'good')} joined {server}", *rest(look)]


def _leads(pod: Json | None, cohort: Json) -> Callable[[Look], Sequence[str]]:
    of = f" of {cohort['name']}" if pod else ""
    return lambda look: [f"  you lead {look.paint(str((pod or cohort)['name']), 'bold')}{of}, until {cohort['end']}"]


def _is_in(place: Place | None, granted: list[str], cohort: Json, *, joined: bool) -> Callable[[Look], Sequence[str]]:
    def text(look: Look) -> Sequence[str]:
        shared = f"  shared with {', '.join(granted)}" if granted else "  nothing is shared with anybody"
        if place is None:
            return [f"  you are in {cohort['name']}; a place in a pod will be in your inbox", shared]
        role = "you are in" if joined else "you are invited to"
        pod = look.paint(place.pod_name, "bold")
        return [f"  {role} the pod {pod} of {place.cohort_name}, until {place.end}", shared]

    return text


def _next(place: Place | None, *, joined: bool, is_lead: bool) -> list[str]:
    if is_lead:
        return ["next: mp pod list"]
    if place is not None and not joined:
        return ["take the place with: mp pod --name NAME"]
    return ["next: mp share", "whoever runs the server can read facts, never your texts: mp help privacy"]
