"""What the operator can ask for: one function each, the same behind the command line and the administration routes.

`ACTIONS` names them by route; each takes a connection inside a write job, a Desk, and its request.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from milepost.errors import CheckRefused, UsageError
from milepost.ids import from_base64url
from milepost_server import invites, signin, upkeep
from milepost_server.cohorts import CAPACITY_DEFAULT, found_cohort, found_pod
from milepost_server.desk import Action, Desk, Nothing
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows

INVITE_DAYS_MAX = 365


class OpenCohort(msgspec.Struct, frozen=True):
    """Open a cohort: dates as YYYY-MM-DD, a time zone by name."""

    name: str
    start: str
    end: str
    zone: str = "UTC"


class FormPod(msgspec.Struct, frozen=True):
    """Form a pod in a cohort, which is named by id or name; `lead` is a member's key in base64url."""

    name: str
    cohort: str
    capacity: int = CAPACITY_DEFAULT
    lead: str | None = None


class IssueInvite(msgspec.Struct, frozen=True):
    """Invite one person into a pod, or else a cohort, either named by id or name."""

    pod: str | None = None
    cohort: str | None = None
    role: str = "member"
    days: int = invites.DAYS_DEFAULT


class CohortInfo(msgspec.Struct, frozen=True):
    """A cohort, as the operator sees it."""

    id: str
    name: str
    start: str
    end: str
    zone: str
    closed: bool


class PodInfo(msgspec.Struct, frozen=True):
    """A pod, as the operator sees it; `members` counts the places that are given."""

    id: str
    name: str
    cohort: str
    capacity: int
    members: int
    closed: bool


class InviteInfo(msgspec.Struct, frozen=True):
    """An invite that was just made. The code is shown once: only its hash is kept."""

    code: str
    role: str
    scope: str
    id: str
    expires: str


def open_cohort(connection: Connection, desk: Desk, asked: OpenCohort) -> CohortInfo:
    """A new cohort."""
    try:
        ZoneInfo(asked.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CheckRefused(
            f"zone {asked.zone!r} is not known", code="zone", remedy="try: --zone Europe/Berlin"
        ) from None
    return _cohort_info(desk.cohorts.open(connection, asked.name, asked.start, asked.end, asked.zone))


def form_pod(connection: Connection, desk: Desk, asked: FormPod) -> PodInfo:
    """A new pod in a cohort that is there."""
    cohort = found_cohort(connection, asked.cohort)
    if asked.lead is not None:
        _check_user(asked.lead)
    return _pod_info(connection, desk.cohorts.form_pod(connection, cohort, asked.name, asked.capacity, asked.lead))


def issue_invite(connection: Connection, desk: Desk, asked: IssueInvite) -> InviteInfo:
    """A code that lets one person in."""
    if (asked.pod is None) == (asked.cohort is None):
        raise UsageError("an invite is into a pod or into a cohort", remedy="try: milepost-server invite --pod Harbour")
    if not 1 <= asked.days <= INVITE_DAYS_MAX:
        raise CheckRefused(f"{asked.days} days are not 1..{INVITE_DAYS_MAX}", code="days", remedy="try: --days 14")
    if asked.pod is not None:
        scope, target = "pod", found_pod(connection, asked.pod).pod
    else:
        scope, target = "cohort", found_cohort(connection, asked.cohort or "").cohort
    now_ms = desk.world.now_ms()
    code = invites.issue(
        connection,
        desk.cohorts,
        desk.world.random,
        now_ms,
        desk.key.key_id,
        role=asked.role,
        scope=scope,
        target=target,
        days=asked.days,
    )
    expires = datetime.fromtimestamp(now_ms / 1000 + asked.days * 86_400, UTC).date().isoformat()
    return InviteInfo(str(code), asked.role, scope, target, expires)


def list_cohorts(connection: Connection, desk: Desk, asked: Nothing) -> list[CohortInfo]:
    """Every cohort."""
    return [_cohort_info(cohort) for cohort in rows.cohorts(connection)]


def list_pods(connection: Connection, desk: Desk, asked: Nothing) -> list[PodInfo]:
    """Every pod of every cohort."""
    found = rows.cohorts(connection)
    return [_pod_info(connection, pod) for cohort in found for pod in rows.pods(connection, cohort.stream)]


def _cohort_info(cohort: rows.Cohort) -> CohortInfo:
    return CohortInfo(cohort.cohort, cohort.name, cohort.start, cohort.end, cohort.zone, bool(cohort.closed))


def _pod_info(connection: Connection, pod: rows.Pod) -> PodInfo:
    cohort = rows.cohort_of(connection, pod.stream)
    members = len(rows.placed(connection, pod.pod))
    return PodInfo(pod.pod, pod.name, cohort.cohort if cohort else "", pod.capacity, members, bool(pod.closed))


def _check_user(text: str) -> None:
    try:
        size = len(from_base64url(text))
    except ValueError:
        size = 0
    if size != 16:
        raise CheckRefused(
            f"{text!r} is not a member's key", code="lead", remedy="`mp whoami` shows it on their device"
        )


ACTIONS = {
    "cohorts/open": Action(OpenCohort, CohortInfo, open_cohort),
    "cohorts/list": Action(Nothing, list[CohortInfo], list_cohorts),
    "pods/form": Action(FormPod, PodInfo, form_pod),
    "pods/list": Action(Nothing, list[PodInfo], list_pods),
    "invites/issue": Action(IssueInvite, InviteInfo, issue_invite),
    "dashboard/link": Action(signin.SignIn, signin.LinkInfo, signin.sign_in),
    **publishing.ACTIONS,
    **upkeep.ACTIONS,
}
