"""What cohort events say, as rows written in the transaction that stores them (`milepost_server.cohort.cohorts`)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from milepost.ids import from_base64url
from milepost_server.store import Connection, totals

Facts = Mapping[str, Any]


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
