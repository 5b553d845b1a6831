"""The operator's commands on cohorts, pods, people and sessions: each is an act, done by the operator.

Leads do the same from their own command line, as far as they lead (`mp pod --help`).
"""

from typing import Annotated

import typer

from milepost_server.acts.cohorts import CloseCohort, ListCode, OpenCohort
from milepost_server.acts.desk import Nothing
from milepost_server.acts.invites import InviteInfo, IssueInvite, ListInvites, ResendInvite, RevokeInvite
from milepost_server.acts.leads import AppointLead, RemoveLead
from milepost_server.acts.members import MoveMember, PlaceMember, RemoveMember
from milepost_server.acts.pods import ClosePod, FormPod
from milepost_server.acts.sessions import MINUTES_DEFAULT, CancelSession, HoldSession, ScheduleSession
from milepost_server.cohort import invites
from milepost_server.cohort.cohorts import CAPACITY_DEFAULT
from milepost_server.operating.console import Data, Json, ask, group, show

cohort = group("cohort", "Cohorts.")
pod = group("pod", "Pods, who is in them, who leads them, and their sessions.")
invite = group("invite", "Make a code that lets one person in, once. It is shown now and never again.", is_command=True)

PodName = Annotated[str, typer.Argument(help="The pod, by name or id.")]
Person = Annotated[str, typer.Argument(help="Who: a name that is the only one, or a key.")]
CohortName = Annotated[str, typer.Option("--cohort", help="The cohort, by name or id.")]
SessionId = Annotated[str, typer.Argument(help="The session, by id or how its id begins.")]
InviteId = Annotated[str, typer.Argument(help="The invite, by id or how its id begins.")]
Days = Annotated[int, typer.Option(help="How many days the code works.")]


@cohort.command("open")
def cohort_open(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    start: Annotated[str, typer.Option(help="Its first day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.")],
    zone: Annotated[str, typer.Option(help="The time zone its weeks are cut in.")] = "UTC",
    data: Data = None,
    json: Json = False,
) -> None:
    """Open a cohort."""
    show(ask(data, "cohorts/open", OpenCohort(name, start, end, zone)), as_json=json)


@cohort.command("close")
def cohort_close(
    name: Annotated[str, typer.Argument(help="The cohort, by name or id.")], data: Data = None, json: Json = False
) -> None:
    """Close a cohort: nobody comes in any more, nothing in it changes."""
    show(ask(data, "cohorts/close", CloseCohort(name)), as_json=json)


@cohort.command("code")
def cohort_code(
    code: Annotated[str, typer.Argument(help="The code, such as sprint_planning.")],
    label: Annotated[str, typer.Argument(help="What it means.")],
    cohort: CohortName,
    data: Data = None,
    json: Json = False,
) -> None:
    """Publish a skill code: skills are only ever summed by codes."""
    show(ask(data, "codes/list", ListCode(cohort, code, label)), as_json=json)


@cohort.command("list")
def cohort_list(data: Data = None, json: Json = False) -> None:
    """List the cohorts."""
    show(ask(data, "cohorts/list", Nothing()), as_json=json)


@pod.command("form")
def pod_form(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    cohort: Annotated[str, typer.Option(help="The cohort it is in, by name or id.")],
    capacity: Annotated[int, typer.Option(help="How many it has room for; 3 to 5 is usual.")] = CAPACITY_DEFAULT,
    lead: Annotated[str | None, typer.Option(help="The key of the member who leads it.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Form a pod in a cohort."""
    show(ask(data, "pods/form", FormPod(name, cohort, capacity, lead)), as_json=json)


@pod.command("close")
def pod_close(pod: PodName, data: Data = None, json: Json = False) -> None:
    """Close a pod."""
    show(ask(data, "pods/close", ClosePod(pod)), as_json=json)


@pod.command("list")
def pod_list(data: Data = None, json: Json = False) -> None:
    """List the pods."""
    show(ask(data, "pods/list", Nothing()), as_json=json)


@pod.command("place")
def pod_place(
    pod: PodName,
    member: Person,
    name: Annotated[str | None, typer.Option(help="The name you know them by.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Offer a place in a pod to somebody who came into its cohort. They take it with `mp pod --name NAME`."""
    show(ask(data, "members/place", PlaceMember(pod, member, name)), as_json=json)


@pod.command("move")
def pod_move(pod: PodName, member: Person, data: Data = None, json: Json = False) -> None:
    """Offer a member a place in another pod, and take away the one they have."""
    show(ask(data, "members/move", MoveMember(pod, member)), as_json=json)


@pod.command("remove")
def pod_remove(
    pod: PodName,
    member: Person,
    lead: Annotated[bool, typer.Option("--lead", help="End their leading it; a place in it stays.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Take somebody out of a pod, or end their leading it."""
    if lead:
        show(ask(data, "leads/remove", RemoveLead(member, pod=pod)), as_json=json)
    else:
        show(ask(data, "members/remove", RemoveMember(pod, member)), as_json=json)


@pod.command("appoint")
def pod_appoint(
    member: Annotated[str, typer.Argument(help="Who: a name that is the only one, or a key.")],
    pod: Annotated[str | None, typer.Option(help="The pod they lead, by name or id.")] = None,
    cohort: Annotated[str | None, typer.Option(help="The cohort they lead, by name or id.")] = None,
    start: Annotated[str | None, typer.Option(help="The first day, YYYY-MM-DD; else today.")] = None,
    end: Annotated[str | None, typer.Option(help="The last day, YYYY-MM-DD.")] = None,
    name: Annotated[str | None, typer.Option(help="The name that members know them by.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Let somebody lead a pod, or a whole cohort."""
    show(ask(data, "leads/appoint", AppointLead(member, pod, cohort, start, end, name)), as_json=json)


@pod.command("schedule")
def pod_schedule(
    pod: PodName,
    start: Annotated[str, typer.Option(help="When it begins, as in 2026-01-16T17:00:00+01:00.")],
    minutes: Annotated[int, typer.Option(help="How long it is to last.")] = MINUTES_DEFAULT,
    data: Data = None,
    json: Json = False,
) -> None:
    """Schedule a session of a pod."""
    show(ask(data, "sessions/schedule", ScheduleSession(pod, start, minutes)), as_json=json)


@pod.command("cancel")
def pod_cancel(session: SessionId, data: Data = None, json: Json = False) -> None:
    """Cancel a session that was scheduled."""
    show(ask(data, "sessions/cancel", CancelSession(session)), as_json=json)


@pod.command("hold")
def pod_hold(
    session: Annotated[str | None, typer.Argument(help="The session, by id or how its id begins.")] = None,
    pod: Annotated[str | None, typer.Option(help="Or the pod, for a session that was not scheduled.")] = None,
    start: Annotated[str | None, typer.Option(help="When it began, as in 2026-01-16T17:00:00+01:00.")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long it lasted.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say that a session was held."""
    show(ask(data, "sessions/hold", HoldSession(session, pod, start, minutes)), as_json=json)


@invite.callback()
def invite_issue(
    context: typer.Context,
    pod: Annotated[str | None, typer.Option(help="Into this pod, by name or id.")] = None,
    cohort: Annotated[str | None, typer.Option(help="Into this cohort, but no pod yet.")] = None,
    lead: Annotated[bool, typer.Option("--lead", help="As a lead instead of a member.")] = False,
    name: Annotated[str | None, typer.Option("--for", help="Who it is for, as members know them.")] = None,
    days: Days = invites.DAYS_DEFAULT,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a code that lets one person in, once. It is shown now and never again."""
    if context.invoked_subcommand is None:
        role = "lead" if lead else "member"
        _show_code(ask(data, "invites/issue", IssueInvite(pod, cohort, role, days, name)), as_json=json)


@invite.command("list")
def invite_list(cohort: CohortName, data: Data = None, json: Json = False) -> None:
    """List the invites of a cohort, used and revoked ones too."""
    show(ask(data, "invites/list", ListInvites(cohort)), as_json=json)


@invite.command("resend")
def invite_resend(invite: InviteId, days: Days = invites.DAYS_DEFAULT, data: Data = None, json: Json = False) -> None:
    """End an invite and make another code for the same place."""
    _show_code(ask(data, "invites/resend", ResendInvite(invite, days)), as_json=json)


@invite.command("revoke")
def invite_revoke(invite: InviteId, data: Data = None, json: Json = False) -> None:
    """End an invite."""
    show(ask(data, "invites/revoke", RevokeInvite(invite)), as_json=json)


def _show_code(made: InviteInfo, *, as_json: bool) -> None:
    if as_json:
        show(made, as_json=True)
        return
    typer.echo(made.code)
    typer.echo(f"Works once, until {made.expires}. They type: mp join SERVER {made.code}", err=True)
