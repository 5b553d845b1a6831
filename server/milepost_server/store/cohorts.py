"""Cohorts as rows: pods, leads, invites, placements, skill codes. `milepost_server.cohorts` writes their events."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from milepost.ids import from_base64url
from milepost_server.store import Connection

Facts = Mapping[str, Any]


class Cohort(NamedTuple):
    """A cohort. `start` and `end` are dates, its weeks are cut in `zone`; its keys are derived with `root`."""

    stream: int
    cohort: str
    name: str
    start: str
    end: str
    zone: str
    root: bytes
    closed: bool


class Pod(NamedTuple):
    """A pod, with the stream of its cohort."""

    stream: int
    pod: str
    name: str
    capacity: int
    closed: bool


class Invite(NamedTuple):
    """An invite. `expires` is Unix ms; `member` is who used it."""

    stream: int
    invite: str
    role: str
    scope: str
    target: str
    expires: int
    member: bytes | None
    revoked: bool


_COHORT = 'SELECT stream, cohort, name, start, "end", zone, root, closed FROM cohort '
_POD = "SELECT stream, pod, name, capacity, closed FROM pod "
_INVITE = "SELECT stream, invite, role, scope, target, expires, member, revoked FROM invite "


def cohorts(connection: Connection) -> list[Cohort]:
    """Every cohort, oldest first."""
    return [Cohort(*row) for row in connection.execute(_COHORT + "ORDER BY stream")]


def cohort(connection: Connection, cohort_id: str) -> Cohort | None:
    row = connection.execute(_COHORT + "WHERE cohort = ?", (cohort_id,)).fetchone()
    return Cohort(*row) if row else None


def cohort_of(connection: Connection, stream: int) -> Cohort | None:
    """The cohort whose events stand in `stream`."""
    row = connection.execute(_COHORT + "WHERE stream = ?", (stream,)).fetchone()
    return Cohort(*row) if row else None


def pods(connection: Connection, stream: int) -> list[Pod]:
    """The pods of a cohort."""
    return [Pod(*row) for row in connection.execute(_POD + "WHERE stream = ? ORDER BY name", (stream,))]


def pod(connection: Connection, pod_id: str) -> Pod | None:
    row = connection.execute(_POD + "WHERE pod = ?", (pod_id,)).fetchone()
    return Pod(*row) if row else None


def invite_by_secret(connection: Connection, secret_hash: bytes) -> Invite | None:
    row = connection.execute(_INVITE + "WHERE secret_hash = ?", (secret_hash,)).fetchone()
    return Invite(*row) if row else None


def placed(connection: Connection, pod_id: str) -> dict[bytes, str | None]:
    """Who has a place in the pod: user -> the name the lead knows them by."""
    rows = connection.execute("SELECT user, name FROM placement WHERE pod = ? ORDER BY user", (pod_id,))
    return {bytes(user): name for user, name in rows}


def placements(connection: Connection, user: bytes) -> set[str]:
    """The pods that offer a member a place."""
    return {pod_id for (pod_id,) in connection.execute("SELECT pod FROM placement WHERE user = ?", (user,))}


def leads(connection: Connection, user: bytes, today: str) -> set[tuple[str, str]]:
    """What a member leads on a day: (scope, id) of pods and cohorts."""
    rows = connection.execute(
        'SELECT scope, target FROM lead WHERE user = ? AND start <= ? AND ("end" IS NULL OR "end" >= ?)',
        (user, today, today),
    )
    return {(scope, target) for scope, target in rows}


def skill_codes(connection: Connection, stream: int) -> list[tuple[str, str]]:
    """The (code, label) pairs that a cohort published."""
    return list(connection.execute("SELECT code, label FROM skill_code WHERE stream = ? ORDER BY code", (stream,)))


def apply(connection: Connection, stream: int, root: bytes, type: str, facts: Facts) -> None:
    """Write the row that a cohort event asks for. The server wrote the event, so its facts are as declared."""
    handler = _HANDLERS.get(type)
    if handler is not None:
        handler(connection, stream, {**facts, "root": root})


def _opened(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO cohort VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (stream, facts["cohort"], facts["name"], facts["start"], facts["end"], facts["zone"], facts["root"]),
    )


def _closed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute("UPDATE cohort SET closed = 1 WHERE stream = ?", (stream,))


def _listed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO skill_code VALUES (?, ?, ?) ON CONFLICT (stream, code) DO UPDATE SET label = excluded.label",
        (stream, facts["code"], facts["label"]),
    )


def _formed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO pod VALUES (?, ?, ?, ?, 0)", (stream, facts["pod"], facts["name"], facts["capacity"])
    )


def _pod_closed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute("UPDATE pod SET closed = 1 WHERE stream = ? AND pod = ?", (stream, facts["pod"]))


def _appointed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO lead VALUES (?, ?, ?, ?, ?, ?) "
        'ON CONFLICT (stream, user, scope, target) DO UPDATE SET start = excluded.start, "end" = excluded."end"',
        (stream, from_base64url(facts["lead"]), facts["scope"], facts["id"], facts["start"], facts.get("end")),
    )


def _lead_removed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "DELETE FROM lead WHERE stream = ? AND user = ? AND scope = ? AND target = ?",
        (stream, from_base64url(facts["lead"]), facts["scope"], facts["id"]),
    )


def _issued(connection: Connection, stream: int, facts: Facts) -> None:
    expires = int(datetime.fromisoformat(facts["expires"]).timestamp() * 1000)
    secret_hash = from_base64url(facts["secret_hash"])
    connection.execute(
        "INSERT INTO invite VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0)",
        (stream, facts["invite"], secret_hash, facts["role"], facts["scope"], facts["id"], expires),
    )


def _used(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "UPDATE invite SET member = ? WHERE stream = ? AND invite = ?",
        (from_base64url(facts["member"]), stream, facts["invite"]),
    )


def _invite_revoked(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute("UPDATE invite SET revoked = 1 WHERE stream = ? AND invite = ?", (stream, facts["invite"]))


def _placed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO placement VALUES (?, ?, ?, ?) ON CONFLICT (stream, user, pod) DO UPDATE SET name = excluded.name",
        (stream, from_base64url(facts["member"]), facts["pod"], facts.get("name")),
    )


def _removed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "DELETE FROM placement WHERE stream = ? AND user = ? AND pod = ?",
        (stream, from_base64url(facts["member"]), facts["pod"]),
    )


_HANDLERS: dict[str, Callable[[Connection, int, Facts], None]] = {
    "cohort.opened": _opened,
    "cohort.closed": _closed,
    "cohort.skill_listed": _listed,
    "pod.formed": _formed,
    "pod.closed": _pod_closed,
    "lead.appointed": _appointed,
    "lead.removed": _lead_removed,
    "invite.issued": _issued,
    "invite.used": _used,
    "invite.revoked": _invite_revoked,
    "member.placed": _placed,
    "member.removed": _removed,
}
