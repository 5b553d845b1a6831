"""What leads type under `pod`: forming pods, who is in them, invites and skill codes."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from milepost.catalogue import draft
from milepost.checks import check
from milepost.errors import UsageError
from milepost.ids import base64url
from milepost_client.answer import Answer, Look, Warn, clean
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pages.pod_page import figure_sign
from milepost_client.pod.leading import Leading, lead
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import read_date, say_date
from milepost_client.recording.declare import read_whole
from milepost_client.recording.instants import in_column
from milepost_client.render.table import table
from milepost_client.sync.web import Item
from milepost_client.terminal import Terminal

app = new_app()

Pod = Annotated[str, typer.Argument(metavar="POD", show_default=False)]
Member = Annotated[str, typer.Argument(metavar="MEMBER", show_default=False)]
Cohort = Annotated[str | None, typer.Option("--cohort", metavar="COHORT", help="needed where you lead in several")]
PodOrMember = Annotated[str, typer.Argument(metavar="[POD]", show_default=False)]
MemberOfPod = Annotated[str | None, typer.Argument(metavar="MEMBER", show_default=False)]
OfCohort = Annotated[
    str | None, typer.Option("--cohort", metavar="COHORT", help="instead of a pod: who leads the cohort itself")
]


def said(path: str, says: str, came: dict[str, Any], next_: str) -> Answer:
    """What an act came to."""
    id_ = str(came.get("id") or "")

    def text(look: Look) -> list[str]:
        return [f"{look.paint('✓', 'good')} {clean(says)} {look.paint(id_, 'bold')}".rstrip()]

    data = {"act": path, "says": says, "id": id_ or None, "answer": came}
    return Answer("lead/1", data, text, [(path, id_, says)], talk=(f"next: {next_}",))


@app.command("list", cls=Command)
def list_(ctx: typer.Context, cohort: Cohort = None) -> Answer:
    """List the pods you lead: who came, when they meet, what is asked, and this week as far as three or more share it.

    mp pod list
    """
    where = terminal(ctx)
    leading = lead(where)
    pods = leading.pods(leading.cohort(cohort))

    def text(look: Look) -> list[str]:
        heads = ("pod", "joined", "last met", "next", "asked", "blocked")
        rows = [_row(where, one) for one in pods]
        return table(heads, rows, look, styles=("bold",)) if rows else ["no pod was formed: mp pod form NAME"]

    records = [(one["id"], one["name"], one["joined"], one["invited"], one["open_requests"]) for one in pods]
    return Answer("pods/1", {"pods": list(pods)}, text, records)


def _row(where: Terminal, one: Item) -> tuple[object, ...]:
    def when(name: str) -> str:
        session = one[name]
        return in_column(where.world, session["start"]) if session else "–"

    name = f"{one['name']} (closed)" if one["closed"] else one["name"]
    quiet = " (quiet)" if one["quiet"] else ""
    joined = f"{one['joined']} of {one['invited']}"
    return (
        name,
        joined,
        when("last_session") + quiet,
        when("next_session"),
        one["open_requests"],
        figure_sign(one["blocked"]),
    )


@app.command("form", cls=Command)
def form(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    cohort: Cohort = None,
    capacity: Annotated[
        str | None, typer.Option("--capacity", metavar="N", help="how many it has room for; 3 to 5 is usual")
    ] = None,
) -> Answer:
    """Form a pod in the cohort you lead.

    mp pod form Harbour
    mp pod form Harbour --capacity 4
    """
    where = terminal(ctx)
    leading = lead(where)
    room = None if capacity is None else read_whole(capacity, "capacity")
    came = leading.act("pods/form", {"name": name, "cohort": leading.cohort(cohort), "capacity": room})
    return said("pods/form", f"{name} formed", came, f"mp pod invite {name}")._replace(warnings=_warned(where, came))


def _warned(where: Terminal, formed: Item) -> list[Warn]:
    """What the catalogue's checks say of a pod: ranges warn, and refuse nothing."""
    with where.desk() as desk:
        values = {"pod": formed["id"], "name": formed["name"], "capacity": formed["capacity"]}
        found = check(draft("pod.formed", {**values, "actor": base64url(desk.log.user)}), desk.seen, on=desk.today)
    return [Warn(one.code, one.message, one.field, one.remedy) for one in found if one.level == "warn"]


@app.command("close", cls=Command)
def close(
    ctx: typer.Context,
    pod: Annotated[str | None, typer.Argument(metavar="[POD]", show_default=False)] = None,
    cohort: Annotated[str | None, typer.Option("--cohort", metavar="COHORT", help="the cohort itself")] = None,
) -> Answer:
    """End a pod, or a whole cohort. Its members keep what is theirs; it takes nobody in any more.

    mp pod close Harbour
    mp pod close --cohort Spring
    """
    where = terminal(ctx)
    noun, name = ("cohort", cohort) if pod is None else ("pod", pod)
    if name is None or None not in (pod, cohort):
        raise UsageError("what ends is a pod or a cohort", field="pod", remedy="try: mp pod close Harbour")
    if not where.confirm(f"End the {noun} {name}?"):
        raise UsageError(f"{name} goes on", code="confirm")
    leading = lead(where)
    named = {"pod": name} if noun == "pod" else {"cohort": leading.cohort(name)}
    came = leading.act(f"{noun}s/close", named)
    return said(f"{noun}s/close", f"{came['name']} closed", came, "mp pod list")


@app.command("code", cls=Command)
def code(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)],
    label: Annotated[str, typer.Argument(metavar="LABEL", show_default=False)],
    cohort: Cohort = None,
) -> Answer:
    """Publish a code for a skill: members' own names for it never leave their devices, only codes are summed.

    mp pod code sprint_planning "Sprint planning"
    """
    leading = lead(terminal(ctx))
    came = leading.act("codes/list", {"cohort": leading.cohort(cohort), "code": code, "label": label})
    return said("codes/list", f"code {code} published: {label}", came, "mp pod list")


@app.command("place", cls=Command)
def place(ctx: typer.Context, pod: Pod, member: Member) -> Answer:
    """Offer a place in a pod to somebody who is in the cohort; they take it with `mp pod --name NAME`.

    mp pod place Harbour Mara
    """
    came = lead(terminal(ctx)).act("members/place", {"pod": pod, "member": member})
    return said("members/place", f"{came['name']} is offered a place in {came['pod_name']}", came, "mp pod list")


@app.command("move", cls=Command)
def move(ctx: typer.Context, pod: Pod, member: Member) -> Answer:
    """Offer a member a place in another pod instead of theirs. What they shared with the old one ends.

    mp pod move Lantern Mara
    """
    came = lead(terminal(ctx)).act("members/move", {"pod": pod, "member": member})
    says = f"{came['name']} is offered a place in {came['pod_name']} instead of {came['left']}"
    return said("members/move", says, came, "mp pod list")


@app.command("remove", cls=Command)
def remove(
    ctx: typer.Context,
    pod: PodOrMember,
    member: MemberOfPod = None,
    cohort: OfCohort = None,
    as_lead: Annotated[bool, typer.Option("--lead", help="they stop leading it; a place in it stays")] = False,
) -> Answer:
    """Take somebody out of a pod, or end their leading it, or their leading the cohort.

    mp pod remove Harbour Mara
    mp pod remove Harbour Dana --lead
    mp pod remove Dana --cohort Spring --lead
    """
    if cohort is not None and not as_lead:
        raise UsageError("one is taken out of a pod", field="cohort", remedy="to end their leading it, add --lead")
    leading = lead(terminal(ctx))
    named, who, where_ = _named(leading, pod, member, cohort)
    path, verb = ("leads/remove", "no longer leads") if as_lead else ("members/remove", "has no place any more in")
    came = leading.act(path, named)
    return said(path, f"{came['name'] or who} {verb} {where_}", came, "mp pod list")


def _named(leading: Leading, first: str, second: str | None, cohort: str | None) -> tuple[dict[str, object], str, str]:
    """Who is meant, of what: as the server is asked, and both as they were typed. Raises UsageError."""
    if (second is None) == (cohort is None):
        raise UsageError(
            "one leads a pod or a cohort", field="pod", code="missing", remedy="name the pod and them, or --cohort"
        )
    if cohort is not None:
        return {"cohort": leading.cohort(cohort), "member": first}, first, cohort
    return {"pod": first, "member": second}, str(second), first


@app.command("appoint", cls=Command)
def appoint(
    ctx: typer.Context,
    pod: PodOrMember,
    member: MemberOfPod = None,
    cohort: OfCohort = None,
    start: Annotated[str | None, typer.Option("--on", metavar="DATE", help="the first day; today if not given")] = None,
    end: Annotated[str | None, typer.Option("--until", metavar="DATE", help="the last day, if there is one")] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="what members know them by, where they are in no pod")
    ] = None,
) -> Answer:
    """Let somebody of the cohort lead a pod, or the cohort itself. Its members are told.

    mp pod appoint Harbour Mara
    mp pod appoint Harbour Mara --until eoq
    mp pod appoint Mara --cohort Spring
    """
    where = terminal(ctx)
    today = today_of(where.world)
    first = None if start is None else read_date(start, today, "due", "on")
    last = None if end is None else read_date(end, today, "due", "until")
    days = {"start": first and first.isoformat(), "end": last and last.isoformat()}
    leading = lead(where)
    named, who, what = _named(leading, pod, member, cohort)
    came = leading.act("leads/appoint", {**named, "name": name, **days})
    until = f", until {say_date(last, today)}" if last else ""
    says = f"{came['name'] or who} leads {what} from {say_date(first or today, today)}{until}"
    return said("leads/appoint", says, came, "mp pod list")


@app.command("invite", cls=Command)
def invite(
    ctx: typer.Context,
    pod: Annotated[str | None, typer.Argument(metavar="[POD]", show_default=False)] = None,
    cohort: Annotated[
        str | None, typer.Option("--cohort", metavar="COHORT", help="into the cohort, and no pod yet")
    ] = None,
    name: Annotated[str | None, typer.Option("--for", metavar="NAME", help="who it is for, as you know them")] = None,
    as_lead: Annotated[bool, typer.Option("--lead", help="to lead, not to be a member")] = False,
    days: Annotated[
        str | None, typer.Option("--days", metavar="N", help="how many days it works; 14 if not given")
    ] = None,
    every: Annotated[bool, typer.Option("--list", help="the invites there are")] = False,
    resend: Annotated[str | None, typer.Option("--resend", metavar="ID", help="end one, make another for it")] = None,
    revoke: Annotated[str | None, typer.Option("--revoke", metavar="ID", help="end one")] = None,
) -> Answer:
    """Make a code that lets one person in, once. It is shown now and never again.

    mp pod invite Harbour --for Mara
    mp pod invite --list
    mp pod invite --resend xpq
    """
    leading = lead(terminal(ctx))
    room = None if days is None else read_whole(days, "days")
    if every:
        return _listed(leading.invites(leading.cohort(cohort)))
    if revoke:
        came = leading.act("invites/revoke", {"invite": revoke})
        return said("invites/revoke", f"invite into {came['target_name']} ended", came, "mp pod invite --list")
    if resend:
        return _code(leading.act("invites/resend", {"invite": resend, "days": room}), leading.web.server.url)
    if (pod is None) == (cohort is None):
        raise UsageError("an invite is into a pod or into a cohort", field="pod", remedy="try: mp pod invite Harbour")
    asked = {
        "pod": pod,
        "cohort": None if cohort is None else leading.cohort(cohort),
        "role": "lead" if as_lead else "member",
        "name": name,
        "days": room,
    }
    return _code(leading.act("invites/issue", asked), leading.web.server.url)


def _code(made: dict[str, Any], server: str) -> Answer:
    data = {name: made.get(name) for name in ("id", "code", "role", "scope", "target", "expires")}
    talk = (f"works once, until {made.get('expires')}; they type: mp join {server} {made.get('code')}",)
    return Answer("invite/1", data, lambda look: [str(made.get("code"))], [tuple(data.values())], talk=talk)


def _listed(invites: Sequence[dict[str, Any]]) -> Answer:
    rows = [
        (one["id"][:7], one.get("name"), one["role"], one.get("target_name"), one["state"], one["expires"][:10])
        for one in invites
    ]

    def text(look: Look) -> list[str]:
        heads = ("id", "for", "as", "into", "state", "until")
        return table(heads, rows, look, styles=("bold",)) if rows else ["no invite was made"]

    return Answer("invites/1", {"invites": list(invites)}, text, [tuple(one.values()) for one in invites])
