"""Cohorts as rows: pods, leads, invites, placements, sessions, answers. `milepost_server.cohorts` writes the events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from milepost.ids import from_base64url
from milepost_server.store import Connection, totals

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


def apply(connection: Connection, stream: int, root: bytes, type: str, facts: Facts, at: int) -> None:
    """Write the row that a cohort event of a Unix ms asks for. The server wrote it, so its facts are as declared."""
    handler = _HANDLERS.get(type)
    if handler is not None:
        handler(connection, stream, {**facts, "root": root, "at": at})


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
        'INSERT INTO lead (stream, user, scope, target, start, "end", name) VALUES (?, ?, ?, ?, ?, ?, ?) '
        "ON CONFLICT (stream, user, scope, target) DO UPDATE "
        'SET start = excluded.start, "end" = excluded."end", name = coalesce(excluded.name, name)',
        (
            stream, from_base64url(facts["lead"]), facts["scope"], facts["id"], facts["start"], facts.get("end"),
            facts.get("name"),
        ),
    )  # fmt: skip


def _lead_removed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "DELETE FROM lead WHERE stream = ? AND user = ? AND scope = ? AND target = ?",
        (stream, from_base64url(facts["lead"]), facts["scope"], facts["id"]),
    )


def _issued(connection: Connection, stream: int, facts: Facts) -> None:
    expires = int(datetime.fromisoformat(facts["expires"]).timestamp() * 1000)
    secret_hash = from_base64url(facts["secret_hash"])
    connection.execute(
        "INSERT INTO invite (stream, invite, secret_hash, role, scope, target, expires, name) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (stream, facts["invite"], secret_hash, facts["role"], facts["scope"], facts["id"], expires, facts.get("name")),
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
    totals.mark(connection, stream, [facts["pod"]], facts["at"])


def _removed(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "DELETE FROM placement WHERE stream = ? AND user = ? AND pod = ?",
        (stream, from_base64url(facts["member"]), facts["pod"]),
    )
    totals.mark(connection, stream, [facts["pod"]], facts["at"])


def _scheduled(connection: Connection, stream: int, facts: Facts) -> None:
    _put_session(connection, stream, facts, "scheduled")


def _held(connection: Connection, stream: int, facts: Facts) -> None:
    _put_session(connection, stream, facts, "held")


def _put_session(connection: Connection, stream: int, facts: Facts, state: str) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?)",
        (stream, facts["session"], facts["pod"], facts["start"], facts["minutes"], state),
    )


def _cancelled(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "UPDATE session SET state = 'cancelled' WHERE stream = ? AND session = ?", (stream, facts["session"])
    )


def _answered(connection: Connection, stream: int, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO answer SELECT ?, ?, coalesce(max(n), 0) + 1, ?, ?, ? FROM answer WHERE stream = ? AND help = ?",
        (stream, facts["help"], facts["text"], from_base64url(facts["by"]), facts["at"], stream, facts["help"]),
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
    "session.scheduled": _scheduled,
    "session.cancelled": _cancelled,
    "session.held": _held,
    "help.answered": _answered,
}
