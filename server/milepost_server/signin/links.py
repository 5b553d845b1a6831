"""Signing in to the dashboard: a link for somebody who leads. It works once, for ten minutes; there are no passwords.

Opening a link shows a page with one button and changes nothing, since mail scanners open links too; the button
consumes it. The database holds the SHA-256 of the code.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from milepost.errors import NotFound
from milepost.ids import base32
from milepost_server.acts.desk import Desk
from milepost_server.acts.finding import found_person
from milepost_server.reads.people import people_in_cohort
from milepost_server.reads.reader import leads_of
from milepost_server.store import Connection, cohorts

CODE_BYTES = 20
LINK_SECONDS = 10 * 60
ENTER = "/dashboard/enter/"


class SignIn(msgspec.Struct, frozen=True):
    """A sign-in link for somebody who leads a pod or a cohort: a name or a key."""

    member: str


class LinkInfo(msgspec.Struct, frozen=True):
    """A link that was just made: its path on this server, shown once, and until when it works."""

    path: str
    expires: str


def sign_in(connection: Connection, desk: Desk, asked: SignIn) -> LinkInfo:
    """A sign-in link for somebody who leads."""
    known: dict[bytes, str] = {}
    for cohort in cohorts.cohorts(connection):
        names = people_in_cohort(connection, cohort)
        known |= {one.user: names.get(one.user, "") for one in cohorts.appointed(connection, cohort.stream)}
    user = found_person(known, "all that is led here", asked.member)
    return issue(connection, desk.world.random, user, desk.world.now_ms())


def issue(connection: Connection, random: Callable[[int], bytes], user: bytes, now_ms: int) -> LinkInfo:
    """A link for `user`. Raises NotFound when they lead nothing: there is nothing behind the door for them."""
    if not leads_of(connection, user, now_ms):
        raise NotFound("the dashboard is for those who lead a pod or a cohort", code="leads_nothing")
    code = base32(random(CODE_BYTES))
    expires = now_ms + LINK_SECONDS * 1000
    connection.execute("DELETE FROM web_link WHERE expires < ?", (now_ms,))
    connection.execute("INSERT INTO web_link VALUES (?, ?, ?)", (_hash(code), user, expires))
    return LinkInfo(ENTER + code, datetime.fromtimestamp(expires // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def is_open(connection: Connection, code: str, now_ms: int) -> bool:
    """Whether the link still works. Using it is `consume`."""
    return _holder(connection, code, now_ms) is not None


def consume(connection: Connection, code: str, now_ms: int) -> bytes:
    """Whom the link lets in; it works no more. Raises NotFound, in one wording, for every link that does not work."""
    user = _holder(connection, code, now_ms)
    if user is None:
        raise unusable()
    connection.execute("DELETE FROM web_link WHERE hash = ?", (_hash(code),))
    return user


def unusable() -> NotFound:
    """The one answer for every link that does not work."""
    return NotFound("this link does not work: it is unknown, used or too old", code="link", remedy="ask for a new one")


def _holder(connection: Connection, code: str, now_ms: int) -> bytes | None:
    found = connection.execute(
        "SELECT user FROM web_link WHERE hash = ? AND expires >= ?", (_hash(code), now_ms)
    ).fetchone()
    return bytes(found[0]) if found else None


def _hash(code: str) -> bytes:
    return sha256(code.encode("utf-8")).digest()
