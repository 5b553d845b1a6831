"""Setting a cohort up: what is done, what comes next, who was invited and who has no pod yet."""

from collections.abc import Sequence

import msgspec

from milepost.ids import base64url
from milepost_server.cohort import weeks
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT, LIMIT_MAX, checked_limit, cut_pods
from milepost_server.reads.people import SOMEBODY, Names
from milepost_server.reads.reader import Reader, day_in, whole_sight_of
from milepost_server.reads.week import first_release
from milepost_server.store import Connection, cohorts, members
from milepost_server.store.cohorts import Cohort, Invite, Pod

OPEN = "open"
USED = "used"
REVOKED = "revoked"
EXPIRED = "expired"
CODES_MIN = 1


class Step(msgspec.Struct, frozen=True):
    """A line of the checklist: `count` of `of` is done; `hint` says how."""

    key: str
    title: str
    done: bool
    count: int
    of: int
    hint: str


class PodPlaces(msgspec.Struct, frozen=True):
    """A pod with its places: how many were given or are offered, how many were taken."""

    id: str
    name: str
    capacity: int
    placed: int
    joined: int
    closed: bool


class InviteRow(msgspec.Struct, frozen=True):
    """An invite. Its code is not kept; resending makes another. `used_by` is the name of who came in."""

    id: str
    role: str
    scope: str
    target: str
    target_name: str
    expires: str
    state: str
    name: str | None
    used_by: str | None


class CodeRow(msgspec.Struct, frozen=True):
    """A skill code that the cohort published."""

    code: str
    label: str


class LeadRow(msgspec.Struct, frozen=True):
    """Somebody who leads, from `start` to `end`. `holds`: today."""

    member: str
    name: str
    scope: str
    id: str
    target_name: str
    start: str
    end: str | None
    holds: bool


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody who came in and is in no pod. `state`: unplaced, or offered while the place is not taken."""

    member: str
    name: str
    state: str
    pod_name: str | None


class SetupPage(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort being set up. `next` goes into `after` for more invites, `pods_next` into `pods_after` for more pods.

    `pods_count` is of all pods that fit the name that was asked for; `leads` are those of the cohort and of `pods`;
    `first_release` is a day.
    """

    cohort: CohortInfo
    first_release: str
    steps: list[Step]
    pods: list[PodPlaces]
    pods_count: int
    pods_next: str | None
    invites: list[InviteRow]
    codes: list[CodeRow]
    leads: list[LeadRow]
    unplaced: list[PersonRow]
    next: str | None


def setup_page(
    connection: Connection,
    reader: Reader,
    cohort_id: str,
    now_ms: int,
    *,
    after: str | None = None,
    limit: int = LIMIT_DEFAULT,
    pods_after: str | None = None,
    named: str | None = None,
) -> SetupPage:
    """The set-up of a cohort, for its leads: of its pods those that have `named` in their name. Raises NotFound for
    everybody else."""
    cohort = whole_sight_of(connection, reader, cohort_id).cohort
    pods = cohorts.pods(connection, cohort.stream)
    names = {pod.pod: pod.name for pod in pods} | {cohort.cohort: cohort.name}
    people = Names(connection, cohort.stream)
    found = cohorts.invites_page(connection, cohort.stream, after, checked_limit(limit) + 1)
    shown, cut = found[:limit], cut_pods(pods, limit, pods_after, named)
    return SetupPage(
        cohort=cohort_info(cohort),
        first_release=first_release(connection, cohort),
        steps=_steps(connection, cohort, pods),
        pods=pod_places(connection, cohort, cut.shown),
        pods_count=cut.fitting,
        pods_next=cut.next,
        invites=[invite_row(invite, names, people, now_ms) for invite in shown],
        codes=[CodeRow(code, label) for code, label in cohorts.skill_codes(connection, cohort.stream)],
        leads=lead_rows(connection, cohort, cut.shown, people, now_ms),
        unplaced=_unplaced(connection, cohort, names),
        next=shown[-1].invite if len(found) > len(shown) else None,
    )


def pod_places(connection: Connection, cohort: Cohort, pods: Sequence[Pod]) -> list[PodPlaces]:
    """The pods of a cohort with their places."""
    placed = cohorts.count_placed(connection, cohort.stream)
    joined = members.count_in_cohort(connection, cohort.stream)
    return [
        PodPlaces(pod.pod, pod.name, pod.capacity, placed.get(pod.pod, 0), joined.get(pod.pod, 0), bool(pod.closed))
        for pod in pods
    ]


def invite_row(invite: Invite, targets: dict[str, str], people: Names, now_ms: int) -> InviteRow:
    """An invite, as it is sent. `targets` gives the names of pods and cohort."""
    return InviteRow(
        id=invite.invite,
        role=invite.role,
        scope=invite.scope,
        target=invite.target,
        target_name=targets.get(invite.target, ""),
        expires=weeks.instant(invite.expires),
        state=invite_state(invite, now_ms),
        name=invite.name,
        used_by=people.of(invite.member) if invite.member is not None else None,
    )


def invite_state(invite: Invite, now_ms: int) -> str:
    """How an invite stands: used, revoked, expired or open."""
    if invite.member is not None:
        return USED
    if invite.revoked:
        return REVOKED
    return EXPIRED if invite.expires < now_ms else OPEN


def lead_rows(connection: Connection, cohort: Cohort, pods: Sequence[Pod], people: Names, now_ms: int) -> list[LeadRow]:
    """Everybody who was appointed to lead a cohort, or these pods of it, and not removed: the cohort's first."""
    today = day_in(cohort, now_ms)
    targets = {cohort.cohort: cohort.name} | {pod.pod: pod.name for pod in pods}
    found = [
        LeadRow(
            member=base64url(one.user),
            name=people.of(one.user),
            scope=one.scope,
            id=one.target,
            target_name=targets[one.target],
            start=one.start,
            end=one.end,
            holds=one.holds(today),
        )
        for one in cohorts.appointed(connection, cohort.stream)
        if one.target in targets
    ]
    return sorted(found, key=lambda lead: (lead.scope, lead.target_name, lead.name))


def _unplaced(connection: Connection, cohort: Cohort, pods: dict[str, str]) -> list[PersonRow]:
    came = [
        PersonRow(base64url(invite.member or b""), invite.name or SOMEBODY, "unplaced", None)
        for invite in cohorts.unplaced(connection, cohort.stream, LIMIT_MAX)
    ]
    offered = [
        PersonRow(base64url(user), name or SOMEBODY, "offered", pods.get(pod))
        for user, pod, name in members.not_taken(connection, cohort.stream, LIMIT_MAX)
    ]
    return came + offered


def _steps(connection: Connection, cohort: Cohort, pods: Sequence[Pod]) -> list[Step]:
    open_pods = [pod for pod in pods if not pod.closed]
    joined = sum(members.count_in_cohort(connection, cohort.stream).values())
    sent = cohorts.count_invited(connection, cohort.stream)
    led = {one.target for one in cohorts.appointed(connection, cohort.stream)}
    leads = len(open_pods) if cohort.cohort in led else sum(pod.pod in led for pod in open_pods)
    met = cohorts.pods_with_sessions(connection, cohort.stream)
    counts = (
        ("cohort", "Open the cohort", 1, 1, f"milepost-server cohort open {cohort.name!r} --start DAY --end DAY"),
        ("pods", "Form pods of 3 to 5", len(open_pods), max(1, len(open_pods)), "mp pod form Harbour"),
        (
            "codes",
            "Publish skill codes",
            len(cohorts.skill_codes(connection, cohort.stream)),
            CODES_MIN,
            'milepost-server cohort code sprint_planning "Sprint planning"',
        ),
        ("leads", "Appoint who leads each pod", leads, max(1, len(open_pods)), "mp pod appoint Harbour Mara"),
        ("invites", "Invite the members", sent, max(1, sent), "mp pod invite Harbour"),
        ("members", "Members take their places", joined, max(1, sent), "mp join SERVER CODE"),
        (
            "sessions",
            "Schedule each pod's first session",
            sum(pod.pod in met for pod in open_pods),
            max(1, len(open_pods)),
            "mp pod schedule Harbour --on fri --at 17:00 --for 1h",
        ),
    )
    return [Step(key, title, count >= of, min(count, of), of, hint) for key, title, count, of, hint in counts]
