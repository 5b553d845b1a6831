"""Requests for help, in their members' words: whom they were put to, how old they are, what was answered."""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from milepost.ids import base64url
from milepost.projections.asking import CLOSED, OPEN, Help
from milepost.projections.kinds import decode_view
from milepost.projections.rows import key
from milepost_server.cohort import weeks
from milepost_server.projection import generations
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT, checked_limit
from milepost_server.reads.people import Names
from milepost_server.reads.reader import AS_LEAD, Reader, Sight, sight_of
from milepost_server.reads.words import Said
from milepost_server.store import Connection, cohorts, members

ANSWERED = "answered"
# What a request can be about, as it is said: the kinds of things that a `ref` names.
_THINGS = ("milestone", "goal", "objective", "skill", "metric", "artifact", "contact")


class AnswerInfo(msgspec.Struct, frozen=True):
    """A sentence that answers a request."""

    text: str
    by_name: str
    at: str


class RequestInfo(msgspec.Struct, frozen=True):
    """A request for help. `to` is lead or pod, `state` open, answered or closed; `about` is a kind of thing.

    `text` is None where the sentence was taken back, or has not come yet.
    """

    id: str
    pod: str
    pod_name: str
    member: str
    name: str
    kind: str
    to: str
    text: str | None
    asked_at: str
    state: str
    about: str | None
    answers: list[AnswerInfo]
    is_mine: bool = False


class RequestsPage(msgspec.Struct, frozen=True):
    """The requests of a cohort: those that wait, oldest first. `next` goes into `after` for more."""

    cohort: CohortInfo
    items: list[RequestInfo]
    next: str | None


class Waiting(NamedTuple):
    """The open requests of one pod that nobody answered: how many, and since when the oldest waits (Unix ms)."""

    requests: int
    oldest_at: int


class _Row(NamedTuple):
    stream: int
    user: bytes
    name: str
    help: str
    pod: str
    audience: str
    standing: str
    asked_at: int
    view: str


def requests_page(
    connection: Connection,
    reader: Reader,
    cohort_id: str,
    *,
    standing: str = OPEN,
    after: str | None = None,
    limit: int = LIMIT_DEFAULT,
) -> RequestsPage:
    """The requests of a cohort's pods that this reader leads. Raises NotFound for who leads none of it.

    `standing`: open takes those answered and not closed too; closed has the others.
    """
    sight = sight_of(connection, reader, cohort_id)
    pods = {pod.pod: pod.name for pod in cohorts.pods(connection, sight.cohort.stream) if sight.shows(pod.pod)}
    rows = _Requests(connection, AS_LEAD).of_cohort(
        sight, CLOSED if standing == CLOSED else OPEN, after, checked_limit(limit) + 1
    )
    # A member says themselves which cohort a pod is in; the cohort knows better.
    shown = [row for row in rows[:limit] if row.pod in pods]
    items = request_infos(connection, sight.cohort.stream, shown, pods, AS_LEAD)
    return RequestsPage(cohort_info(sight.cohort), items, rows[limit - 1].help if len(rows) > limit else None)


def pod_requests(connection: Connection, pod: cohorts.Pod, audiences: Sequence[str]) -> list[RequestInfo]:
    """The open requests of a pod that some audiences may read, oldest first."""
    rows = _Requests(connection, audiences).of_pod(pod.pod, OPEN)
    return request_infos(connection, pod.stream, rows, {pod.pod: pod.name}, audiences)


def own_requests(connection: Connection, stream: int, pod: cohorts.Pod) -> list[RequestInfo]:
    """A member's own requests in their pod, closed ones too, oldest first."""
    rows = _Requests(connection, AS_LEAD).of_member(stream, pod.pod)
    return request_infos(connection, pod.stream, rows, {pod.pod: pod.name}, AS_LEAD)


def waiting(connection: Connection, pods: Sequence[str]) -> dict[str, Waiting]:
    """The requests that wait for an answer, by pod; pods without any are left out."""
    version = generations.live(connection).version
    marks = ",".join("?" * len(pods))
    rows = connection.execute(
        f"SELECT r.pod, count(*), min(r.asked_at) FROM request_v{version:d} r "
        "JOIN in_pod m ON m.stream = r.stream AND m.pod = r.pod "
        f"WHERE r.pod IN ({marks}) AND r.standing = 'open' AND NOT EXISTS "
        "(SELECT 1 FROM answer a WHERE a.help = r.help) GROUP BY r.pod",
        tuple(pods),
    )
    return {pod: Waiting(count, oldest) for pod, count, oldest in rows}


def asker_of(connection: Connection, help: str) -> members.Placed | None:
    """Who asked a request that is open, while they are in the pod that they asked in."""
    version = generations.live(connection).version
    row = connection.execute(
        f"SELECT m.user FROM request_v{version:d} r JOIN in_pod m ON m.stream = r.stream AND m.pod = r.pod "
        "WHERE r.help = ? AND r.standing = 'open' ORDER BY r.asked_at LIMIT 1",
        (help,),
    ).fetchone()
    return members.find(connection, row[0]) if row else None


def request_infos(
    connection: Connection, cohort: int, rows: Sequence[_Row], pods: Mapping[str, str], audiences: Sequence[str]
) -> list[RequestInfo]:
    """Requests as pages carry them; `pods` gives names."""
    names, said = Names(connection, cohort), Said(connection, audiences)
    return [_info(connection, row, pods[row.pod], names, said) for row in rows]


def _info(connection: Connection, row: _Row, pod_name: str, names: Names, said: Said) -> RequestInfo:
    view = decode_view(key("help", row.help), row.view.encode())
    assert isinstance(view, Help), "of its kind"  # noqa: S101
    answers = [
        AnswerInfo(answer.text, names.of(answer.by), weeks.instant(answer.at))
        for answer in cohorts.answers(connection, row.help)
    ]
    return RequestInfo(
        id=row.help,
        pod=row.pod,
        pod_name=pod_name,
        member=base64url(row.user),
        name=row.name,
        kind=view.kind,
        to=row.audience,
        text=said.sentence(row.stream, row.help),
        asked_at=weeks.instant(row.asked_at),
        state=CLOSED if row.standing == CLOSED else ANSWERED if answers else OPEN,
        about=_thing(connection, row.stream, view.ref),
        answers=answers,
    )


def _thing(connection: Connection, stream: int, ref: Sequence[str]) -> str | None:
    if not ref:
        return None
    version, marks = generations.live(connection).version, ",".join("?" * len(_THINGS))
    row = connection.execute(
        f"SELECT kind FROM progress_v{version:d}_view WHERE stream = ? AND id = ? AND kind IN ({marks})",
        (stream, ref[0], *_THINGS),
    ).fetchone()
    return row[0] if row else None


class _Requests:
    """Requests in the read models, of members who are still in the pod that they asked in."""

    def __init__(self, connection: Connection, audiences: Sequence[str]) -> None:
        version = generations.live(connection).version
        self._connection = connection
        self._audiences = tuple(audiences)
        self._table = f"request_v{version:d}"
        self._select = (
            "SELECT r.stream, m.user, m.name, r.help, r.pod, r.audience, r.standing, r.asked_at, v.view "
            f"FROM {self._table} r JOIN in_pod m ON m.stream = r.stream AND m.pod = r.pod "
            f"JOIN progress_v{version:d}_view v ON v.stream = r.stream AND v.kind = 'help' AND v.id = r.help "
            f"WHERE r.audience IN ({','.join('?' * len(self._audiences))}) "
        )

    def of_cohort(self, sight: Sight, standing: str, after: str | None, limit: int) -> list[_Row]:
        where, values = "AND r.cohort = ? AND r.standing = ? ", [sight.cohort.cohort, standing]
        if sight.pods is not None:
            # In the statement, so that not even the end of a page tells of other pods.
            where += f"AND r.pod IN ({','.join('?' * len(sight.pods))}) "
            values += sorted(sight.pods)
        if after is not None:
            where += f"AND (r.asked_at, r.help) > (SELECT asked_at, help FROM {self._table} WHERE help = ?) "
            values.append(after)
        return self._rows(where + "ORDER BY r.asked_at, r.help LIMIT ?", *values, limit)

    def of_pod(self, pod: str, standing: str) -> list[_Row]:
        return self._rows("AND r.pod = ? AND r.standing = ? ORDER BY r.asked_at, r.help", pod, standing)

    def of_member(self, stream: int, pod: str) -> list[_Row]:
        return self._rows("AND r.stream = ? AND r.pod = ? ORDER BY r.asked_at, r.help", stream, pod)

    def _rows(self, clause: str, *values: object) -> list[_Row]:
        return [_Row(*row) for row in self._connection.execute(self._select + clause, (*self._audiences, *values))]
