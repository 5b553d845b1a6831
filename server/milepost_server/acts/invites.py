"""Acts on invites: issuing, sending again, revoking. A code is shown once; only its hash is kept."""

from datetime import UTC, datetime

import msgspec

from milepost.errors import CheckRefused, UsageError
from milepost_server.acts.act import COHORT_LEAD, OPERATOR, POD_LEAD, Act, Done, Scene
from milepost_server.acts.finding import Finder, Place, not_led
from milepost_server.cohort import invites
from milepost_server.reads.people import Names
from milepost_server.reads.setup import InviteRow, invite_row
from milepost_server.store import cohorts as rows

INVITE_DAYS_MAX = 365
ROLES = ("member", "lead")


class IssueInvite(msgspec.Struct, frozen=True):
    """Invite one person into a pod, or else a cohort, either named by id or name; `name` is who it is for."""

    pod: str | None = None
    cohort: str | None = None
    role: str = "member"
    days: int = invites.DAYS_DEFAULT
    name: str | None = None


class ResendInvite(msgspec.Struct, frozen=True):
    """End an invite and make another for the same place."""

    invite: str
    days: int = invites.DAYS_DEFAULT


class RevokeInvite(msgspec.Struct, frozen=True):
    """End an invite."""

    invite: str


class ListInvites(msgspec.Struct, frozen=True):
    """The invites of a cohort, named by id or name."""

    cohort: str


class InviteInfo(msgspec.Struct, frozen=True):
    """An invite that was just made, into `target`. The code is shown once."""

    id: str
    code: str
    role: str
    scope: str
    target: str
    expires: str
    name: str | None = None


def issue(scene: Scene, asked: IssueInvite) -> Done:
    """A code that lets one person in."""
    scene.require_open()
    if asked.role not in ROLES:
        raise UsageError(f"role {asked.role!r} is not member or lead", field="role", remedy="name one of the two")
    _require_authority(scene, asked.role)
    _check_days(asked.days)
    if asked.role == "member" and scene.place.pod is not None:
        _require_room(scene)
    return Done(_issued(scene, asked.role, asked.days, asked.name))


def resend(scene: Scene, asked: ResendInvite) -> Done:
    """Another code for the place of an invite that was not used."""
    scene.require_open()
    invite = _unused(scene, asked.invite)
    _require_authority(scene, invite.role)
    _check_days(asked.days)
    if not invite.revoked:
        scene.append(("invite.revoked", {"invite": invite.invite}))
    return Done(_issued(scene, invite.role, asked.days, invite.name))


def revoke(scene: Scene, asked: RevokeInvite) -> Done:
    """An invite that lets nobody in any more. Again is the same answer."""
    invite = _unused(scene, asked.invite)
    _require_authority(scene, invite.role)
    if not invite.revoked:
        scene.append(("invite.revoked", {"invite": invite.invite}))
    names = {scene.cohort.cohort: scene.cohort.name} | ({scene.pod.pod: scene.pod.name} if scene.place.pod else {})
    people, now_ms = Names(scene.connection, scene.cohort.stream), scene.desk.world.now_ms()
    return Done(invite_row(invite._replace(revoked=True), names, people, now_ms))


def _issued(scene: Scene, role: str, days: int, name: str | None) -> InviteInfo:
    scope, target = ("pod", scene.pod.pod) if scene.place.pod else ("cohort", scene.cohort.cohort)
    desk = scene.desk
    made = invites.draw(desk.world.random, desk.cohorts.new_id(), desk.world.now_ms(), desk.key.key_id, days)
    scene.append(("invite.issued", invites.facts(made, role=role, scope=scope, target=target, name=name)))
    expires = datetime.fromtimestamp(made.expires // 1000, UTC).date().isoformat()
    return InviteInfo(made.id, str(made.code), role, scope, target, expires, name)


def _unused(scene: Scene, id: str) -> rows.Invite:
    _, invite = Finder(scene.connection, scene.actor.reader).invite(id)
    if invite.member is not None:
        raise CheckRefused(
            f"the invite {invite.invite} was used", code="invite_used", remedy="make another: mp pod invite"
        )
    return invite


def _require_authority(scene: Scene, role: str) -> None:
    """Who leads a pod invites members into it, who leads the cohort leads of pods too, the operator leads of cohorts:
    whoever holds a code is let in, and nobody has said who that is (decision 0029)."""
    needed = POD_LEAD if role == "member" and scene.place.pod is not None else COHORT_LEAD
    if role == "lead" and scene.place.pod is None:
        needed = OPERATOR
    if not any(scene.actor.holds(authority, scene.place) for authority in (*_ABOVE[needed], needed)):
        raise not_led()


_ABOVE = {POD_LEAD: (COHORT_LEAD, OPERATOR), COHORT_LEAD: (OPERATOR,), OPERATOR: ()}


def _check_days(days: int) -> None:
    if not 1 <= days <= INVITE_DAYS_MAX:
        raise CheckRefused(f"{days} days are not 1..{INVITE_DAYS_MAX}", code="days", remedy="try: --days 14")


def _require_room(scene: Scene) -> None:
    pod, now_ms = scene.pod.pod, scene.desk.world.now_ms()
    promised = rows.invited(scene.connection, scene.cohort.stream, [pod], now_ms).get(pod, 0)
    if promised >= scene.pod.capacity:
        raise CheckRefused(
            f"{scene.pod.name} has room for {scene.pod.capacity}, and {promised} are promised",
            code="full",
            remedy="revoke an invite, or name another pod",
        )


def _place(finder: Finder, asked: IssueInvite) -> Place:
    if (asked.pod is None) == (asked.cohort is None):
        raise UsageError("an invite is into a pod or into a cohort", remedy="try: milepost-server invite --pod Harbour")
    return finder.pod_or_cohort(asked.pod, asked.cohort)


def _of_invite(finder: Finder, asked: ResendInvite | RevokeInvite) -> Place:
    return finder.invite(asked.invite)[0]


_BY = frozenset((OPERATOR, COHORT_LEAD, POD_LEAD))
ACTS = {
    "invites/issue": Act(IssueInvite, InviteInfo, _BY, _place, issue),
    "invites/resend": Act(ResendInvite, InviteInfo, _BY, _of_invite, resend),
    "invites/revoke": Act(RevokeInvite, InviteRow, _BY, _of_invite, revoke),
}
