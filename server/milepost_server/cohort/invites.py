"""Invites: a code that lets one person in, once. It holds a secret and names the server key, which the client pins.

The server keeps the SHA-256 of the secret: whoever reads the database can invite nobody.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milepost.errors import NotFound
from milepost.ids import base32, base64url, from_base32
from milepost.keys import Enrolment
from milepost_server.cohort import weeks
from milepost_server.cohort.cohorts import SERVER, Cohorts
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows

PREFIX = "mp1-"
SECRET_BYTES = 10
KEY_ID_BYTES = 16
GROUP = 6
DAYS_DEFAULT = 14
DAY_MS = 86_400_000


class Code(NamedTuple):
    """An invite code."""

    secret: bytes
    key_id: bytes

    def __str__(self) -> str:
        digits = base32(self.secret + self.key_id)
        return PREFIX + "-".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))

    @property
    def secret_hash(self) -> bytes:
        return sha256(self.secret).digest()


class Admitted(NamedTuple):
    """What an invite opened: its cohort, and the pod that offers a place, or that is to be led (`role` lead)."""

    cohort: rows.Cohort
    pod: rows.Pod | None
    role: str


def read(text: str) -> Code | None:
    """The code that was typed; spaces, case and hyphens do not matter. None when it is not one."""
    digits = "".join(text.split()).lower()
    if not digits.startswith(PREFIX):
        return None
    try:
        raw = from_base32(digits.removeprefix(PREFIX), SECRET_BYTES + KEY_ID_BYTES)
    except ValueError:
        return None
    return Code(raw[:SECRET_BYTES], raw[SECRET_BYTES:])


class Drawn(NamedTuple):
    """An invite before it is written: its id, its code, until when it works (Unix ms)."""

    id: str
    code: Code
    expires: int


def draw(random: Callable[[int], bytes], id: str, now_ms: int, key_id: bytes, days: int) -> Drawn:
    """A new invite, good for so many days."""
    return Drawn(id, Code(random(SECRET_BYTES), key_id), now_ms + days * DAY_MS)


def facts(drawn: Drawn, *, role: str, scope: str, target: str, name: str | None) -> dict[str, object]:
    """The facts of `invite.issued`, into a pod or a cohort (`scope`) as member or lead."""
    return {
        "invite": drawn.id,
        "role": role,
        "scope": scope,
        "id": target,
        "expires": datetime.fromtimestamp(drawn.expires // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "secret_hash": base64url(drawn.code.secret_hash),
        "name": name,
    }


def redeem(connection: Connection, cohorts: Cohorts, code: Code, enrolment: Enrolment, now_ms: int) -> Admitted:
    """Use an invite for the member of `enrolment`. Again by the same member is the same answer.

    Raises NotFound, in one wording, for an invite that is not there, has run out, was revoked, or let another in.
    """
    invite = rows.invite_by_secret(connection, code.secret_hash)
    if invite is None or invite.revoked or invite.member not in (None, enrolment.user):
        raise unusable()
    cohort = rows.cohort_of(connection, invite.stream)
    assert cohort is not None, "an invite stands in a cohort's stream"  # noqa: S101
    if invite.member is None:
        if invite.expires < now_ms or cohort.closed or not _has_room(connection, invite):
            raise unusable()
        today = weeks.day_of(now_ms, ZoneInfo(cohort.zone)).isoformat()
        left = _left(connection, invite, enrolment.user)
        cohorts.append(connection, cohort, *left, *_drafts(invite, base64url(enrolment.user), today))
    return Admitted(cohort, rows.pod(connection, invite.target) if invite.scope == "pod" else None, invite.role)


def _left(connection: Connection, invite: rows.Invite, user: bytes) -> list[tuple[str, dict[str, object]]]:
    """The place that somebody gives up by taking another in the same cohort: they are in one pod at a time."""
    before = rows.offers(connection, invite.stream).get(user)
    if invite.role == "lead" or invite.scope != "pod" or before in (None, invite.target):
        return []
    return [("member.removed", {"member": base64url(user), "pod": before, "actor": SERVER})]


def _drafts(invite: rows.Invite, member: str, today: str) -> list[tuple[str, dict[str, object]]]:
    drafts: list[tuple[str, dict[str, object]]] = [
        ("invite.used", {"invite": invite.invite, "member": member, "actor": SERVER})
    ]
    name = {"name": invite.name} if invite.name else {}
    if invite.role == "lead":
        scope = {"scope": invite.scope, "id": invite.target}
        drafts.append(("lead.appointed", {"lead": member, **scope, "start": today, **name, "actor": SERVER}))
    elif invite.scope == "pod":
        drafts.append(("member.placed", {"member": member, "pod": invite.target, **name, "actor": SERVER}))
    return drafts


def _has_room(connection: Connection, invite: rows.Invite) -> bool:
    """Whether the pod takes one more; leads take no place."""
    pod = rows.pod(connection, invite.target) if invite.scope == "pod" and invite.role == "member" else None
    return pod is None or (not pod.closed and len(rows.placed(connection, pod.pod)) < pod.capacity)


def unusable() -> NotFound:
    """The one answer for every invite that does not work."""
    return NotFound(
        "this invite does not work: it is unknown, used, revoked or too old", code="invite", remedy="ask for a new one"
    )
