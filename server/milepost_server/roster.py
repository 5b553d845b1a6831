"""Who is in a pod: a place that was offered and taken. One without the other makes no member (privacy.md)."""

from typing import NamedTuple

from milepost_server.store import Connection, cohorts, control, streams


class Member(NamedTuple):
    """Somebody in a pod, under the display name they chose."""

    user: bytes
    name: str


def members(connection: Connection, pod: str) -> list[Member]:
    """The members of a pod, by name."""
    found = []
    for user in cohorts.placed(connection, pod):
        stream = streams.find(connection, user)
        taken = control.membership(connection, stream) if stream else None
        if taken is not None and taken.pod == pod:
            found.append(Member(user, taken.name))
    return sorted(found, key=lambda member: (member.name, member.user))


def pod_of(connection: Connection, stream: streams.Stream) -> cohorts.Pod | None:
    """The pod a member is in, or None."""
    taken = control.membership(connection, stream)
    if taken is None or taken.pod not in cohorts.placements(connection, stream.stream_id):
        return None
    return cohorts.pod(connection, taken.pod)


def may_read(connection: Connection, stream: streams.Stream, pod: cohorts.Pod, today: str) -> bool:
    """Whether a member may read the pod's page: its members, its leads, and those of its cohort."""
    mine = pod_of(connection, stream)
    if mine is not None and mine.pod == pod.pod:
        return True
    cohort = cohorts.cohort_of(connection, pod.stream)
    leading = cohorts.leads(connection, stream.stream_id, today)
    return ("pod", pod.pod) in leading or (cohort is not None and ("cohort", cohort.cohort) in leading)
