"""Sessions of the dashboard: kept here, named by a cookie of which the database holds the hash.

A session ends eight hours after the person last did something, and seven days after it began. What a page fetches by
itself is nothing the person did. Signing in always begins a new session, so a cookie that was planted is worth nothing.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from milepost.ids import base32, base64url
from milepost_server.store import Connection

TOKEN_BYTES = 32
ID_BYTES = 10
IDLE_MS = 8 * 3_600_000
WHOLE_MS = 7 * 86_400_000
# Not at every page: a write each five minutes is precise enough for eight hours.
SEEN_MS = 5 * 60_000


class WebSession(NamedTuple):
    """Somebody's session. `opened` and `seen` are Unix ms; `id` names it in lists, and opens nothing."""

    id: str
    user: bytes
    opened: int
    seen: int
    browser: str

    def is_due(self, now_ms: int) -> bool:
        """Whether `seen` is old enough to be written again."""
        return now_ms - self.seen >= SEEN_MS


def begin(connection: Connection, random: Callable[[int], bytes], user: bytes, browser: str, now_ms: int) -> str:
    """A new session of `user`: the token for its cookie. Sessions that are over are swept away on the occasion."""
    connection.execute("DELETE FROM web_session WHERE opened < ? OR seen < ?", (now_ms - WHOLE_MS, now_ms - IDLE_MS))
    token = base64url(random(TOKEN_BYTES))
    connection.execute(
        "INSERT INTO web_session VALUES (?, ?, ?, ?, ?, ?)",
        (_hash(token), base32(random(ID_BYTES)), user, now_ms, now_ms, browser),
    )
    return token


def find(connection: Connection, token: str, now_ms: int) -> WebSession | None:
    """The session of a cookie, unless it is over."""
    row = connection.execute(
        "SELECT id, user, opened, seen, browser FROM web_session WHERE hash = ? AND opened >= ? AND seen >= ?",
        (_hash(token), now_ms - WHOLE_MS, now_ms - IDLE_MS),
    ).fetchone()
    return WebSession(*row) if row else None


def note_seen(connection: Connection, token: str, now_ms: int) -> None:
    """The person did something now."""
    connection.execute("UPDATE web_session SET seen = ? WHERE hash = ?", (now_ms, _hash(token)))


def listed(connection: Connection, user: bytes, now_ms: int) -> list[WebSession]:
    """The sessions of `user` that are not over, newest first."""
    rows = connection.execute(
        "SELECT id, user, opened, seen, browser FROM web_session WHERE user = ? AND opened >= ? AND seen >= ? "
        "ORDER BY opened DESC, id",
        (user, now_ms - WHOLE_MS, now_ms - IDLE_MS),
    )
    return [WebSession(*row) for row in rows]


def revoke(connection: Connection, user: bytes, id: str) -> None:
    """End a session of `user`. Idempotent; another's session is untouched."""
    connection.execute("DELETE FROM web_session WHERE user = ? AND id = ?", (user, id))


def end(connection: Connection, token: str) -> None:
    """End the session of a cookie. Idempotent."""
    connection.execute("DELETE FROM web_session WHERE hash = ?", (_hash(token),))


def form_token(token: str) -> str:
    """What every form of the session carries: made from the cookie, which no other site can read or send."""
    return base64url(sha256(b"milepost/form/1\0" + token.encode("ascii")).digest())


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8")).digest()
