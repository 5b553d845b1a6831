"""A pod: who is in it, its totals, its sessions, and what its members share by name or said."""

from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure.named import Card
from milepost.ids import base64url
from milepost_server.cohort import roster, weeks
from milepost_server.reads.cards import card_of
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_MAX
from milepost_server.reads.people import SOMEBODY, Names
from milepost_server.reads.reader import PodSight, Reader, day_in, pod_sight_of
from milepost_server.reads.requests import RequestInfo, pod_requests
from milepost_server.reads.sessions import SessionInfo, session_info
from milepost_server.reads.setup import InviteRow, invite_row
from milepost_server.reads.totals import PodTotals, pod_totals
from milepost_server.reads.words import Said, WordsInfo
from milepost_server.store import Connection, cohorts
from milepost_server.store.members import Placed


class RosterRow(msgspec.Struct, frozen=True):
    """Somebody in the pod, since the day they took their place."""

    member: str
    name: str
    is_me: bool
    is_lead: bool
    since: str


class OfferedRow(msgspec.Struct, frozen=True):
    """Somebody who is offered a place in the pod and has not taken it."""

    member: str
    name: str


class LeadInfo(msgspec.Struct, frozen=True):
    """Somebody who leads the pod or its cohort (`scope`), from a day on."""

    name: str
    scope: str
    since: str


class MemberCard(msgspec.Struct, frozen=True):
    """The card of a member who shares by name with this reader."""

    member: str
    name: str
    card: Card


class PodPage(msgspec.Struct, frozen=True, kw_only=True):
    """A pod, as one reader may see it. `offered` and `invites`, those that nobody used yet, are for its leads."""

    id: str
    name: str
    capacity: int
    closed: bool
    cohort: CohortInfo
    roster: list[RosterRow]
    leads: list[LeadInfo]
    totals: PodTotals
    sessions: list[SessionInfo]
    cards: list[MemberCard]
    wins: list[WordsInfo]
    requests: list[RequestInfo]
    offered: list[OfferedRow]
    invites: list[InviteRow]


def pod_page(connection: Connection, reader: Reader, pod_id: str, now_ms: int) -> PodPage:
    """The page of a pod, for its members, its leads and its cohort's leads. Raises NotFound for everybody else."""
    sight = pod_sight_of(connection, reader, pod_id)
    pod, people = sight.pod, roster.members(connection, pod_id)
    return PodPage(
        id=pod.pod,
        name=pod.name,
        capacity=pod.capacity,
        closed=bool(pod.closed),
        cohort=cohort_info(sight.cohort),
        roster=_roster(connection, sight, reader, people, now_ms),
        leads=leads_of(connection, sight.cohort, pod, now_ms),
        totals=pod_totals(connection, sight, reader, now_ms),
        sessions=[session_info(session, pod.name) for session in cohorts.sessions_of(connection, pod.pod)],
        cards=_cards(connection, sight, reader, people, now_ms),
        wins=Said(connection, sight.hears).to_pod(pod.pod),
        requests=pod_requests(connection, pod, sight.hears),
        offered=_offered(connection, sight, people),
        invites=_invites(connection, sight, now_ms),
    )


def leads_of(connection: Connection, cohort: cohorts.Cohort, pod: cohorts.Pod, now_ms: int) -> list[LeadInfo]:
    """Who leads a pod or its cohort today: who reads what is shared with `lead`."""
    names, today = Names(connection, cohort.stream), day_in(cohort, now_ms)
    return [
        LeadInfo(names.of(one.user), one.scope, one.start)
        for one in cohorts.appointed(connection, cohort.stream)
        if one.holds(today) and one.target in (pod.pod, cohort.cohort)
    ]


def _roster(
    connection: Connection, sight: PodSight, reader: Reader, people: list[Placed], now_ms: int
) -> list[RosterRow]:
    today, zone = day_in(sight.cohort, now_ms), ZoneInfo(sight.cohort.zone)
    leads = {
        one.user
        for one in cohorts.appointed(connection, sight.cohort.stream)
        if one.holds(today) and one.target == sight.pod.pod
    }
    return [
        RosterRow(
            member=base64url(one.user),
            name=one.name,
            is_me=one.user == reader.user,
            is_lead=one.user in leads,
            since=weeks.day_of(one.since, zone).isoformat(),
        )
        for one in people
    ]


def _offered(connection: Connection, sight: PodSight, people: list[Placed]) -> list[OfferedRow]:
    if not sight.as_lead:
        return []
    came = {one.user for one in people}
    given = cohorts.placed(connection, sight.pod.pod)
    return [OfferedRow(base64url(user), name or SOMEBODY) for user, name in given.items() if user not in came]


def _invites(connection: Connection, sight: PodSight, now_ms: int) -> list[InviteRow]:
    """The invites of members into the pod that nobody used, for its leads."""
    if not sight.as_lead:
        return []
    people = Names(connection, sight.cohort.stream)
    unused = cohorts.unused_invites(connection, sight.cohort.stream, sight.pod.pod, LIMIT_MAX)
    return [invite_row(invite, {sight.pod.pod: sight.pod.name}, people, now_ms) for invite in unused]


def _cards(
    connection: Connection, sight: PodSight, reader: Reader, people: list[Placed], now_ms: int
) -> list[MemberCard]:
    said, today = Said(connection, sight.hears), day_in(sight.cohort, now_ms)
    found = []
    for one in people:
        card = card_of(connection, one, sight.cohort, sight.audiences, said, today) if one.user != reader.user else None
        if card is not None:
            found.append(MemberCard(base64url(one.user), one.name, card))
    return found
