"""A member as the server knows them: the pod they are in, the places they are offered, what they lead."""

import msgspec

from milepost.errors import NotFound
from milepost.ids import base64url
from milepost_server.cohort import roster
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.pod import LeadInfo, leads_of
from milepost_server.reads.reader import AS_MEMBER, Reader, reader_of, unseen
from milepost_server.reads.requests import RequestInfo, own_requests, pod_requests
from milepost_server.reads.sessions import SessionInfo, session_info
from milepost_server.reads.words import Said, WordsInfo
from milepost_server.store import Connection, cohorts, members, streams


class LedInfo(msgspec.Struct, frozen=True):
    """A pod or a cohort that one leads today. `cohort` is the id of the cohort, its own or the pod's."""

    scope: str
    id: str
    name: str
    cohort: str


class PlaceInfo(msgspec.Struct, frozen=True):
    """A pod that offers a place, or that one is in."""

    id: str
    name: str
    cohort: str


class MePage(msgspec.Struct, frozen=True):
    """The member who asks. `name` is the one they chose in their pod; `places` are offered and not taken."""

    user: str
    name: str | None
    pod: PlaceInfo | None
    places: list[PlaceInfo]
    leads: list[LedInfo]


class PodMember(msgspec.Struct, frozen=True):
    """Somebody in the pod."""

    name: str
    me: bool


class MyPodPage(msgspec.Struct, frozen=True, kw_only=True):
    """The pod a member is in, or that offers them a place (`taken` is false, and nobody in it is named but its leads).

    `readers` are who reads today what is shared with `lead`. `requests` are one's own, and those put to the pod.
    `skill_codes` are those that the cohort published: only skills with one of them are in its figures.
    """

    id: str
    name: str
    cohort: CohortInfo
    taken: bool
    members: list[PodMember]
    readers: list[LeadInfo]
    sessions: list[SessionInfo]
    wins: list[WordsInfo]
    requests: list[RequestInfo]
    skill_codes: list[str]


def me_page(connection: Connection, stream: streams.Stream, now_ms: int) -> MePage:
    """Who a member is, to the server."""
    reader = reader_of(connection, stream, now_ms)
    placed = members.find(connection, stream.stream_id)
    offered = cohorts.placements(connection, stream.stream_id) - ({placed.pod} if placed else set())
    return MePage(
        user=base64url(stream.stream_id),
        name=placed.name if placed else None,
        pod=_place(connection, placed.pod) if placed else None,
        places=[place for pod in sorted(offered) if (place := _place(connection, pod)) is not None],
        leads=_led(connection, reader),
    )


def my_pod_page(connection: Connection, stream: streams.Stream, now_ms: int) -> MyPodPage:
    """The pod of a member, or else the one that offers them a place. Raises NotFound in neither."""
    pod, taken = roster.pod_of(connection, stream), True
    if pod is None:
        pod, taken = _offered(connection, stream), False
    cohort = cohorts.cohort_of(connection, pod.stream) if pod else None
    if pod is None or cohort is None:
        raise NotFound("you are in no pod", code="no_pod", remedy="join one with an invite")
    return MyPodPage(
        id=pod.pod,
        name=pod.name,
        cohort=cohort_info(cohort),
        taken=taken,
        members=_members(connection, pod, stream) if taken else [],
        readers=leads_of(connection, cohort, pod, now_ms),
        sessions=[session_info(each, pod.name) for each in cohorts.sessions_of(connection, pod.pod)] if taken else [],
        wins=Said(connection, AS_MEMBER).to_pod(pod.pod) if taken else [],
        requests=_requests(connection, pod, stream) if taken else [],
        skill_codes=[code for code, _ in cohorts.skill_codes(connection, cohort.stream)],
    )


def _members(connection: Connection, pod: cohorts.Pod, stream: streams.Stream) -> list[PodMember]:
    return [PodMember(each.name, each.user == stream.stream_id) for each in roster.members(connection, pod.pod)]


def _requests(connection: Connection, pod: cohorts.Pod, stream: streams.Stream) -> list[RequestInfo]:
    mine = [msgspec.structs.replace(each, is_mine=True) for each in own_requests(connection, stream.n, pod)]
    known = {each.id for each in mine}
    return mine + [each for each in pod_requests(connection, pod, AS_MEMBER) if each.id not in known]


def _offered(connection: Connection, stream: streams.Stream) -> cohorts.Pod | None:
    for pod_id in sorted(cohorts.placements(connection, stream.stream_id)):
        pod = cohorts.pod(connection, pod_id)
        if pod is not None and not pod.closed:
            return pod
    return None


def _led(connection: Connection, reader: Reader) -> list[LedInfo]:
    found = []
    for scope, id in sorted(reader.leads):
        pod = cohorts.pod(connection, id) if scope == "pod" else None
        cohort = cohorts.cohort_of(connection, pod.stream) if pod else cohorts.cohort(connection, id)
        if cohort is None:
            raise unseen()
        found.append(LedInfo(scope, id, pod.name if pod else cohort.name, cohort.cohort))
    return found


def _place(connection: Connection, pod_id: str) -> PlaceInfo | None:
    pod = cohorts.pod(connection, pod_id)
    cohort = cohorts.cohort_of(connection, pod.stream) if pod else None
    return PlaceInfo(pod.pod, pod.name, cohort.cohort) if pod and cohort else None
