"""Cohorts as rows: pods, leads, invites, placements, sessions, answers. `cohort_events` writes them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from milepost_server.store import Connection


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
    """An invite. `expires` is Unix ms; `member` is who used it, `name` who it is for."""

    stream: int
    invite: str
    role: str
    scope: str
    target: str
    expires: int
    member: bytes | None
    revoked: bool
    name: str | None


class Session(NamedTuple):
    """A session of a pod. `start` is ISO 8601 in UTC; `state` is scheduled, held or cancelled."""

    stream: int
    session: str
    pod: str
    start: str
    minutes: int
    state: str


class Answer(NamedTuple):
    """A sentence that answers a request. `at` is Unix ms."""

    help: str
    text: str
    by: bytes
    at: int


class Appointment(NamedTuple):
    """Somebody leads a pod or a whole cohort, from its first day to its last, if it has one."""

    user: bytes
    scope: str
    target: str
    start: str
    end: str | None
    name: str | None
    cohort: Cohort

    def holds(self, day: date) -> bool:
        """Whether they lead on a day."""
        return self.start <= day.isoformat() and (self.end is None or day.isoformat() <= self.end)


_COHORT = 'SELECT stream, cohort, name, start, "end", zone, root, closed FROM cohort '
_POD = "SELECT stream, pod, name, capacity, closed FROM pod "
_SESSION = "SELECT stream, session, pod, start, minutes, state FROM session "
_INVITE = "SELECT stream, invite, role, scope, target, expires, member, revoked, name FROM invite "


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


def placed_name(connection: Connection, stream: int, user: bytes) -> str | None:
    """The name under which a member was placed in a cohort."""
    row = connection.execute(
        "SELECT name FROM placement WHERE stream = ? AND user = ? AND name IS NOT NULL", (stream, user)
    ).fetchone()
    return row[0] if row else None


def placed_names(connection: Connection, stream: int) -> dict[bytes, str | None]:
    """Everybody who has a place in a cohort: user -> the name they were placed under."""
    return dict(connection.execute("SELECT user, name FROM placement WHERE stream = ?", (stream,)).fetchall())


def appointments(connection: Connection, user: bytes) -> list[Appointment]:
    """Everything a member was appointed to lead and not removed from, whether it holds today or not."""
    rows = connection.execute(
        'SELECT stream, user, scope, target, start, "end", name FROM lead WHERE user = ? ORDER BY scope, target',
        (user,),
    )
    return [_appointment(connection, *row) for row in rows.fetchall()]


def appointed(connection: Connection, stream: int) -> list[Appointment]:
    """Everybody who was appointed in a cohort and not removed, whether it holds today or not."""
    rows = connection.execute(
        'SELECT stream, user, scope, target, start, "end", name FROM lead WHERE stream = ? '
        "ORDER BY scope, target, user",
        (stream,),
    )
    return [_appointment(connection, *row) for row in rows.fetchall()]


def _appointment(connection: Connection, stream: int, *row: Any) -> Appointment:
    user, scope, target, start, end, name = row
    cohort_ = cohort_of(connection, stream)
    assert cohort_ is not None, "a lead is appointed in a cohort's stream"  # noqa: S101
    return Appointment(user, scope, target, start, end, name, cohort_)


def sessions(connection: Connection, stream: int) -> list[Session]:
    """The sessions of a cohort's pods, by their start."""
    return [
        Session(*row) for row in connection.execute(_SESSION + "WHERE stream = ? ORDER BY start, session", (stream,))
    ]


def sessions_of(connection: Connection, pod_id: str) -> list[Session]:
    """The sessions of a pod, by their start."""
    return [Session(*row) for row in connection.execute(_SESSION + "WHERE pod = ? ORDER BY start, session", (pod_id,))]


def session(connection: Connection, stream: int, session_id: str) -> Session | None:
    row = connection.execute(_SESSION + "WHERE stream = ? AND session = ?", (stream, session_id)).fetchone()
    return Session(*row) if row else None


def answers(connection: Connection, help_id: str) -> list[Answer]:
    """What was answered to a request, oldest first."""
    rows = connection.execute("SELECT help, text, by, at FROM answer WHERE help = ? ORDER BY at, n", (help_id,))
    return [Answer(*row) for row in rows]


def invites(connection: Connection, stream: int) -> list[Invite]:
    """Every invite of a cohort, newest expiry first."""
    rows = connection.execute(_INVITE + "WHERE stream = ? ORDER BY expires DESC, invite", (stream,))
    return [Invite(*row) for row in rows]


def count_placed(connection: Connection, stream: int) -> dict[str, int]:
    """How many places each pod of a cohort has given, taken or not."""
    rows = connection.execute("SELECT pod, count(*) FROM placement WHERE stream = ? GROUP BY pod", (stream,))
    return dict(rows.fetchall())


def offers(connection: Connection, stream: int) -> dict[bytes, str]:
    """The places that a cohort's pods give: user -> pod."""
    rows = connection.execute("SELECT user, pod FROM placement WHERE stream = ?", (stream,))
    return {bytes(user): pod_id for user, pod_id in rows}


def invited(connection: Connection, stream: int, pods: Sequence[str], now_ms: int) -> dict[str, int]:
    """How many people some pods of a cohort have promised room to: places given, and invites that are open."""
    marks = ",".join("?" * len(pods))
    rows = connection.execute(
        f"SELECT pod, count(*) FROM (SELECT pod FROM placement WHERE pod IN ({marks}) UNION ALL "  # noqa: S608
        "SELECT target FROM invite WHERE stream = ? AND scope = 'pod' AND role = 'member' AND member IS NULL "
        f"AND NOT revoked AND expires >= ? AND target IN ({marks})) GROUP BY pod",
        (*pods, stream, now_ms, *pods),
    )
    return dict(rows.fetchall())


def invites_page(connection: Connection, stream: int, after: str | None, limit: int) -> list[Invite]:
    """Invites of a cohort, newest expiry first, those that follow `after`."""
    rows = connection.execute(
        _INVITE + "WHERE stream = ? AND (? IS NULL OR (-expires, invite) > "  # noqa: S608 -- a text of our own
        "(SELECT -expires, invite FROM invite WHERE stream = ? AND invite = ?)) ORDER BY expires DESC, invite LIMIT ?",
        (stream, after, stream, after, limit),
    )
    return [Invite(*row) for row in rows]


def unused_invites(connection: Connection, stream: int, pod_id: str, limit: int) -> list[Invite]:
    """Invites of members into a pod that nobody used and nobody revoked, newest expiry first."""
    rows = connection.execute(
        _INVITE + "WHERE stream = ? AND scope = 'pod' AND target = ? AND role = 'member' AND member IS NULL "
        "AND NOT revoked ORDER BY expires DESC, invite LIMIT ?",
        (stream, pod_id, limit),
    )
    return [Invite(*row) for row in rows]


def count_invited(connection: Connection, stream: int) -> int:
    """How many members a cohort invited, revoked invites apart."""
    row = connection.execute(
        "SELECT count(*) FROM invite WHERE stream = ? AND role = 'member' AND NOT revoked", (stream,)
    ).fetchone()
    return int(row[0])


def unplaced(connection: Connection, stream: int, limit: int) -> list[Invite]:
    """Invites of a cohort by which members came in who have no place in it."""
    rows = connection.execute(
        _INVITE + "WHERE stream = ? AND role = 'member' AND member IS NOT NULL AND NOT EXISTS "  # noqa: S608 -- ours
        "(SELECT 1 FROM placement p WHERE p.stream = invite.stream AND p.user = invite.member) "
        "ORDER BY invite LIMIT ?",
        (stream, limit),
    )
    return [Invite(*row) for row in rows]


def pods_with_sessions(connection: Connection, stream: int) -> set[str]:
    """The pods of a cohort that have a session, held or planned."""
    rows = connection.execute("SELECT DISTINCT pod FROM session WHERE stream = ? AND state != 'cancelled'", (stream,))
    return {pod_id for (pod_id,) in rows}


def invite(connection: Connection, stream: int, invite_id: str) -> Invite | None:
    row = connection.execute(_INVITE + "WHERE stream = ? AND invite = ?", (stream, invite_id)).fetchone()
    return Invite(*row) if row else None


def skill_codes(connection: Connection, stream: int) -> list[tuple[str, str]]:
    """The (code, label) pairs that a cohort published."""
    return list(connection.execute("SELECT code, label FROM skill_code WHERE stream = ? ORDER BY code", (stream,)))
