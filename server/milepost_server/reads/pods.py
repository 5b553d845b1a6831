"""The pods of a cohort, a row a pod: is it alive, who waits for a word, what falls due."""

from datetime import UTC, datetime, timedelta

import msgspec

from milepost_server.cohort import weeks
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.due import DueInfo, due_soon
from milepost_server.reads.figures import FigureInfo
from milepost_server.reads.paging import LIMIT_DEFAULT, cut_pods
from milepost_server.reads.reader import PodSight, Reader, Sight, sight_of
from milepost_server.reads.requests import Waiting, waiting
from milepost_server.reads.sessions import SessionInfo, last_held, next_planned, session_info
from milepost_server.reads.totals import pod_totals
from milepost_server.store import Connection, cohorts, members
from milepost_server.store.cohorts import Pod, Session
from milepost_server.store.members import Placed

QUIET_DAYS = 14
SHARING_MIN = 3
EMPTY = "empty"
WAITING = "waiting"
RUNNING = "running"


class PodRow(msgspec.Struct, frozen=True, kw_only=True):
    """A pod at a glance. `invited` counts places given and invites that are open, `joined` who took a place.

    `quiet`: no session was held for 14 days. The figures are those of the pod's totals, for this reader.
    """

    id: str
    name: str
    capacity: int
    joined: int
    invited: int
    last_session: SessionInfo | None
    next_session: SessionInfo | None
    open_requests: int
    oldest_request_at: str | None
    quiet: bool
    closed: bool
    week: str | None
    planned: FigureInfo
    completed: FigureInfo
    blocked: FigureInfo


class PodsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The pods that a reader leads, by name. `next` goes into `after` for more.

    `state`: empty without a pod, waiting while no pod has three members, running after that. `due` is of the members
    of the pods shown who share progress by name.
    """

    cohort: CohortInfo
    state: str
    joined: int
    pods: list[PodRow]
    due: list[DueInfo]
    next: str | None


def pods_page(
    connection: Connection,
    reader: Reader,
    cohort_id: str,
    now_ms: int,
    *,
    after: str | None = None,
    limit: int = LIMIT_DEFAULT,
    named: str | None = None,
) -> PodsPage:
    """The pods of a cohort for its leads; for who leads some of them, those; of them those that have `named` in their
    name. Raises NotFound for everybody else."""
    sight = sight_of(connection, reader, cohort_id)
    listed = [pod for pod in cohorts.pods(connection, sight.cohort.stream) if sight.shows(pod.pod)]
    counts = members.count_in_cohort(connection, sight.cohort.stream)
    joined = [counts.get(pod.pod, 0) for pod in listed]
    cut = cut_pods(listed, limit, after, named)
    return PodsPage(
        cohort=cohort_info(sight.cohort),
        state=EMPTY if not listed else RUNNING if max(joined) >= SHARING_MIN else WAITING,
        joined=sum(joined),
        pods=_rows(connection, reader, sight, cut.shown, now_ms),
        due=due_soon(connection, {pod.pod: pod.name for pod in cut.shown}, sight.today(now_ms)),
        next=cut.next,
    )


def _rows(connection: Connection, reader: Reader, sight: Sight, pods: list[Pod], now_ms: int) -> list[PodRow]:
    ids = [pod.pod for pod in pods]
    people, requests = members.in_pods(connection, ids), waiting(connection, ids)
    invited = cohorts.invited(connection, sight.cohort.stream, ids, now_ms)
    return [
        _row(
            connection,
            reader,
            PodSight(sight.cohort, pod, as_lead=True, as_member=reader.pod == pod.pod),
            people[pod.pod],
            invited.get(pod.pod, 0),
            requests.get(pod.pod),
            now_ms,
        )
        for pod in pods
    ]


def _row(
    connection: Connection,
    reader: Reader,
    sight: PodSight,
    people: list[Placed],
    invited: int,
    requests: Waiting | None,
    now_ms: int,
) -> PodRow:
    pod = sight.pod
    sessions = cohorts.sessions_of(connection, pod.pod)
    last, following = last_held(sessions), next_planned(sessions, now_ms)
    totals = pod_totals(connection, sight, reader, now_ms, weeks_shown=1)
    none = FigureInfo("no_data")
    return PodRow(
        id=pod.pod,
        name=pod.name,
        capacity=pod.capacity,
        joined=len(people),
        invited=max(invited, len(people)),
        last_session=session_info(last, pod.name) if last else None,
        next_session=session_info(following, pod.name) if following else None,
        open_requests=requests.requests if requests else 0,
        oldest_request_at=weeks.instant(requests.oldest_at) if requests else None,
        quiet=not pod.closed and is_quiet(people, last, now_ms),
        closed=bool(pod.closed),
        week=totals.week,
        planned=totals.figures.get("milestones_planned", none),
        completed=totals.figures.get("milestones_completed", none),
        blocked=totals.figures.get("milestones_blocked", none),
    )


def is_quiet(people: list[Placed], last: Session | None, now_ms: int) -> bool:
    """Whether a pod that has members has held no session for 14 days. Said of pods, never of people."""
    if not people:
        return False
    since = datetime.fromtimestamp(min(one.since for one in people) / 1000, UTC)
    newest = datetime.fromisoformat(last.start) if last else since
    return datetime.fromtimestamp(now_ms / 1000, UTC) - newest > timedelta(days=QUIET_DAYS)
