"""Invites: a code that lets one person in, once. It holds a secret and names the server key, which the client pins.

The server keeps the SHA-256 of the secret: whoever reads the database can invite nobody.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from milepost.errors import NotFound
from milepost.ids import base32, base64url, from_base32
from milepost.keys import Enrolment
from milepost_server.cohorts import OPERATOR, SERVER, Cohorts
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows

PREFIX = "mp1-"
SECRET_BYTES = 10
KEY_ID_BYTES = 16
GROUP = 6
DAYS_DEFAULT = 14


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
    """What an invite opened: its cohort, and the pod that offers a place."""

    cohort: rows.Cohort
    pod: rows.Pod | None


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


def issue(
    connection: Connection,
    cohorts: Cohorts,
    random: Callable[[int], bytes],
    now_ms: int,
    key_id: bytes,
    *,
    role: str,
    scope: str,
    target: str,
    days: int = DAYS_DEFAULT,
) -> Code:
    """An invite into a pod (`scope` pod) or a cohort, as member or lead, good for `days`."""
    code = Code(random(SECRET_BYTES), key_id)
    stream = _stream_of(connection, scope, target)
    expires = datetime.fromtimestamp(now_ms // 1000, UTC) + timedelta(days=days)
    facts = {
        "invite": cohorts.new_id(),
        "role": role,
        "scope": scope,
        "id": target,
        "expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "secret_hash": base64url(code.secret_hash),
        "actor": OPERATOR,
    }
    cohorts.append(connection, stream, ("invite.issued", facts))
    return code


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
        if invite.expires < now_ms or cohort.closed:
            raise unusable()
        cohorts.append(connection, cohort, *_drafts(cohorts, invite, base64url(enrolment.user)))
    return Admitted(cohort, rows.pod(connection, invite.target) if invite.scope == "pod" else None)


def _drafts(cohorts: Cohorts, invite: rows.Invite, member: str) -> list[tuple[str, dict[str, object]]]:
    drafts: list[tuple[str, dict[str, object]]] = [
        ("invite.used", {"invite": invite.invite, "member": member, "actor": SERVER})
    ]
    if invite.role == "lead":
        scope = {"scope": invite.scope, "id": invite.target}
        drafts.append(("lead.appointed", {"lead": member, **scope, "start": cohorts.today(), "actor": SERVER}))
    elif invite.scope == "pod":
        drafts.append(("member.placed", {"member": member, "pod": invite.target, "actor": SERVER}))
    return drafts


def _stream_of(connection: Connection, scope: str, target: str) -> rows.Cohort:
    pod = rows.pod(connection, target) if scope == "pod" else None
    cohort = rows.cohort_of(connection, pod.stream) if pod else rows.cohort(connection, target)
    if cohort is None:
        raise NotFound(f"no {scope} has the id {target}")
    return cohort


def unusable() -> NotFound:
    """The one answer for every invite that does not work."""
    return NotFound(
        "this invite does not work: it is unknown, used, revoked or too old", code="invite", remedy="ask for a new one"
    )
