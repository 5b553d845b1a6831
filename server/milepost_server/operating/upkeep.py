"""The operator's hand on the read models: rebuild, compare, flip; let streams out of quarantine."""

from datetime import UTC, datetime

import msgspec

from milepost.errors import NotFound, UserError
from milepost.ids import base64url, from_base64url
from milepost_server.acts.desk import Action, Desk, Nothing
from milepost_server.projection import generations
from milepost_server.projection.projector import rebuild_member, retry
from milepost_server.store import Connection, streams, work

DIFFERENCES_MAX = 1_000


class Rebuild(msgspec.Struct, frozen=True):
    """Fold everything anew, or one member (their key in base64url). `hold`: flip only when that is asked for."""

    member: str | None = None
    hold: bool = False


class RebuildState(msgspec.Struct, frozen=True):
    """How far a rebuild is. `behind` counts streams with work left; a `ready` version waits for the flip."""

    live: int
    building: int | None
    behind: int
    ready: bool


class Difference(msgspec.Struct, frozen=True):
    """An entity whose view is another in the version being built. `was` and `now` are digests; empty: absent."""

    member: str
    entity: str
    was: str
    now: str


class QuarantineInfo(msgspec.Struct, frozen=True):
    """A stream's projection that was set aside: after which position, why, since when."""

    member: str
    projection: str
    version: int
    position: int
    error: str
    at: str


class Retry(msgspec.Struct, frozen=True):
    """Let one member's projection out of quarantine, or all."""

    member: str | None = None


class Retried(msgspec.Struct, frozen=True):
    """How many projections were let out."""

    count: int


def rebuild(connection: Connection, desk: Desk, asked: Rebuild) -> RebuildState:
    """Begin a rebuild; readers stay on the old views until it is complete."""
    if asked.member is not None:
        rebuild_member(connection, _stream(connection, asked.member).n)
    else:
        begun = generations.begin(connection)
        if asked.hold:
            generations.hold(connection, begun.version)
    return rebuild_state(connection, desk, Nothing())


def rebuild_state(connection: Connection, desk: Desk, asked: Nothing) -> RebuildState:
    """How far the rebuild is."""
    building = generations.building(connection)
    ready = building is not None and generations.is_complete(connection, building.version)
    behind, _ = work.lag(connection)
    return RebuildState(generations.live(connection).version, building.version if building else None, behind, ready)


def rebuild_difference(connection: Connection, desk: Desk, asked: Nothing) -> list[Difference]:
    """What the flip would change, entity by entity; at most DIFFERENCES_MAX."""
    live, building = generations.live(connection), _ready(connection)
    old, new = f"progress_v{live.version:d}_view", f"progress_v{building.version:d}_view"
    found: dict[tuple[int, str], list[str]] = {}
    for side, (here, there) in enumerate(((old, new), (new, old))):
        rows = connection.execute(
            f"SELECT stream, kind, id, digest FROM {here} EXCEPT SELECT stream, kind, id, digest FROM {there} LIMIT ?",  # noqa: S608 - names of our own
            (DIFFERENCES_MAX,),
        )
        for stream, kind, entity, digest in rows:
            found.setdefault((stream, f"{kind}:{entity}"), ["", ""])[side] = base64url(digest)
    return [
        Difference(base64url(streams.get(connection, stream).stream_id), entity, was, now)
        for (stream, entity), (was, now) in sorted(found.items())[:DIFFERENCES_MAX]
    ]


def rebuild_flip(connection: Connection, desk: Desk, asked: Nothing) -> RebuildState:
    """Make the version that was held the live one."""
    generations.flip(connection, _ready(connection).version)
    return rebuild_state(connection, desk, asked)


def list_quarantine(connection: Connection, desk: Desk, asked: Nothing) -> list[QuarantineInfo]:
    """Every projection in quarantine."""
    rows = connection.execute(
        "SELECT s.stream_id, q.projection, q.version, q.position, q.error, q.at FROM quarantine q "
        "JOIN stream s ON s.n = q.stream ORDER BY q.at"
    )
    return [
        QuarantineInfo(base64url(user), projection, version, position, error, _instant(at))
        for user, projection, version, position, error, at in rows
    ]


def retry_quarantine(connection: Connection, desk: Desk, asked: Retry) -> Retried:
    """Fold again what was set aside."""
    return Retried(retry(connection, _stream(connection, asked.member).n if asked.member else None))


def _ready(connection: Connection) -> generations.Generation:
    building = generations.building(connection)
    if building is None or not generations.is_complete(connection, building.version):
        raise UserError(
            "no rebuild waits for the flip", code="no_rebuild", remedy="try: milepost-server rebuild --verify"
        )
    return building


def _stream(connection: Connection, member: str) -> streams.Stream:
    try:
        found = streams.find(connection, from_base64url(member))
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"no member has the key {member!r}")
    return found


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


ACTIONS = {
    "rebuild/begin": Action(Rebuild, RebuildState, rebuild),
    "rebuild/state": Action(Nothing, RebuildState, rebuild_state),
    "rebuild/difference": Action(Nothing, list[Difference], rebuild_difference),
    "rebuild/flip": Action(Nothing, RebuildState, rebuild_flip),
    "quarantine/list": Action(Nothing, list[QuarantineInfo], list_quarantine),
    "quarantine/retry": Action(Retry, Retried, retry_quarantine),
}
