"""Milestones that fall due soon, of those alone who share progress by name with whoever leads them."""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from milepost.ids import base64url
from milepost.projections.kinds import decode_view
from milepost.projections.milestones import OPEN_STATUS, Milestone
from milepost.projections.rows import key
from milepost_server import generations
from milepost_server.reads.reader import AS_LEAD
from milepost_server.reads.words import Said
from milepost_server.store import Connection, members

DAYS = 14
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
    """What falls due in some pods (id -> name) in the days to come, for their leads; earliest first."""
    sharing = _sharing(connection, list(pods), today)
    found = [
        DueInfo(
            placed.pod, pods[placed.pod], base64url(placed.user), placed.name, view.id, view.kind, view.due_on, title
        )
        for placed, view, title in _milestones(connection, sharing, today, today + timedelta(days=days))
    ]
    return sorted(found, key=lambda due: (due.due, due.pod_name, due.name, due.kind))


def _sharing(connection: Connection, pods: Sequence[str], today: date) -> dict[int, members.Placed]:
    """Who lets leads see their progress by name, by stream; a consent counts for the pod its member is in."""
    granted = members.grants(connection, pods, ("lead",), today.isoformat())
    targets = {(grant.stream, grant.target) for grant in granted if grant.family == PROGRESS}
    placed = members.in_pods(connection, pods)
    return {one.stream: one for some in placed.values() for one in some if (one.stream, one.pod) in targets}


def _milestones(
    connection: Connection, sharing: Mapping[int, members.Placed], first: date, last: date
) -> list[tuple[members.Placed, Milestone, str | None]]:
    version, said = generations.live(connection).version, Said(connection, AS_LEAD)
    marks = ",".join("?" * len(OPEN_STATUS))
    found = []
    for stream, placed in sharing.items():
        rows = connection.execute(
            f"SELECT id, view FROM progress_v{version:d}_view WHERE stream = ? AND kind = 'milestone' "
            f"AND standing IN ({marks}) AND due BETWEEN ? AND ?",
            (stream, *OPEN_STATUS, first.isoformat(), last.isoformat()),
        ).fetchall()
        for id, text in rows:
            view = decode_view(key("milestone", id), text.encode())
            assert isinstance(view, Milestone), "of its kind"  # noqa: S101
            found.append((placed, view, said.about(stream, id)))
    return found
