"""Milestones that fall due soon, of those alone who share progress by name with whoever leads them."""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from milepost.ids import base64url
from milepost.projections.kinds import decode_view
from milepost.projections.milestones import OPEN_STATUS, Milestone
from milepost.projections.rows import key
from milepost_server.projection import generations
from milepost_server.reads.reader import AS_LEAD
from milepost_server.reads.words import Said
from milepost_server.store import Connection

DAYS = 14
DUE_MAX = 200
IDS_MAX = 500
PROGRESS = "progress"


class DueInfo(msgspec.Struct, frozen=True):
    """An open milestone of somebody who shares it by name. `title` is there where they said it to this reader."""

    pod: str
    pod_name: str
    member: str
    name: str
    milestone: str
    kind: str
    due: str
    title: str | None


def due_soon(connection: Connection, pods: Mapping[str, str], today: date, days: int = DAYS) -> list[DueInfo]:
    """What falls due in some pods (id -> name) in the days to come, for their leads; the earliest, DUE_MAX at most."""
    found = _milestones(connection, list(pods), today, today + timedelta(days=days))
    said = Said(connection, AS_LEAD)
    return [_info(row, pods[row.pod], said) for row in sorted(found)[:DUE_MAX]]


class _Row(NamedTuple):
    due: str
    pod: str
    name: str
    user: bytes
    stream: int
    milestone: str
    view: str


def _milestones(connection: Connection, pods: Sequence[str], first: date, last: date) -> list[_Row]:
    """Open milestones of those who share progress with leads; a consent counts for the pod its member is in."""
    table, marks = f"progress_v{generations.live(connection).version:d}_view", ",".join("?" * len(OPEN_STATUS))
    found = []
    for start in range(0, len(pods), IDS_MAX):
        some = pods[start : start + IDS_MAX]
        rows = connection.execute(
            "SELECT v.due, m.pod, m.name, m.user, m.stream, v.id, v.view FROM granted g "
            "JOIN in_pod m ON m.stream = g.stream AND m.pod = g.target "
            f"JOIN {table} v ON v.stream = g.stream AND v.kind = 'milestone' "
            f"WHERE g.target IN ({','.join('?' * len(some))}) AND g.audience = 'lead' AND g.family = ? "
            f"AND g.until >= ? AND v.standing IN ({marks}) AND v.due BETWEEN ? AND ? ORDER BY v.due LIMIT ?",
            (*some, PROGRESS, first.isoformat(), *OPEN_STATUS, first.isoformat(), last.isoformat(), DUE_MAX),
        )
        found += [_Row(*row) for row in rows]
    return found


def _info(row: _Row, pod_name: str, said: Said) -> DueInfo:
    view = decode_view(key("milestone", row.milestone), row.view.encode())
    assert isinstance(view, Milestone), "of its kind"  # noqa: S101
    return DueInfo(
        pod=row.pod,
        pod_name=pod_name,
        member=base64url(row.user),
        name=row.name,
        milestone=row.milestone,
        kind=view.kind,
        due=row.due,
        title=said.about(row.stream, row.milestone),
    )
