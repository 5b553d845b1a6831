"""Erasing an account. No token is asked for: the statement is signed by a device that stands, or by the identity, which
the twelve words make when every device is lost."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from milepost.erasure import Statement, erased
from milepost.errors import NotFound
from milepost.ids import base64url, from_base64url
from milepost.trust import enrolment_of, standing
from milepost_server.api.access import limit_joins
from milepost_server.api.meeting import EnrolmentFacts
from milepost_server.site import Site
from milepost_server.store import Connection, control, erasures, streams
from milepost_server.sync.session import Grew

IDENTITY = "identity"
# From the identity to a device that a device let in that a device let in ...
ENROLMENTS_MAX = 64
Key = Annotated[str, msgspec.Meta(max_length=128)]


class Erase(msgspec.Struct, frozen=True):
    """The statement. `by` is the device that signed it, or "identity"; `identity` the account's public key.

    `enrolments` lead from the identity down to that device; the identity itself needs none.
    """

    user: Key
    by: Key
    identity: Key
    signature: Key
    enrolments: Annotated[list[EnrolmentFacts], msgspec.Meta(max_length=ENROLMENTS_MAX)] = []


class ErasedInfo(msgspec.Struct, frozen=True):
    """What was erased, when (Unix ms), signed by the server. By `swept_by` (UTC) its files hold nothing of it."""

    user: str
    at: int
    key_id: str
    signature: str
    swept_by: str


@post("/v1/erase", tags=["member"], guards=[limit_joins], status_code=200)
async def erase(data: JSONBody[Erase], site: NamedDependency[Site]) -> ErasedInfo:
    """Erase an account, whole and for good. Again is the same answer."""
    statement, now_ms = _statement(data, site.key.public), site.world.now_ms()
    at = await site.write(lambda connection: _erase(connection, statement, now_ms))
    # Its devices are told now, not at their next word.
    site.hub.wake(Grew(statement.user, 0, control=True))
    receipt = erased(site.key.signing, statement.user, at)
    swept_by = datetime.fromtimestamp(erasures.swept_by(at) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ErasedInfo(data.user, at, base64url(receipt.key_id), base64url(receipt.signature), swept_by)


def _erase(connection: Connection, statement: Statement, now_ms: int) -> int:
    """When the account was erased. Raises NotFound for one that is not here and for a device that may not speak."""
    stream = streams.find(connection, statement.user)
    if stream is None or stream.kind != streams.MEMBER or not _stands(connection, stream, statement.by):
        raise _unknown()
    return erasures.erase_account(connection, statement.user, now_ms)


def _stands(connection: Connection, stream: streams.Stream, device: bytes | None) -> bool:
    """Whether a device may speak for its account. The identity always may, and of an erased account none is known."""
    if device is None or stream.state == streams.ERASED:
        return True
    account = control.standing_of(connection, stream)
    return device in account.devices and not account.is_revoked(device)


def _statement(data: Erase, server_key: bytes) -> Statement:
    """The statement, signed by whom it says: the account's identity, or a device enrolled under it."""
    by = None if data.by == IDENTITY else _bytes(data.by)
    statement = Statement(_bytes(data.user), server_key, by, _bytes(data.signature))
    public = _bytes(data.identity) if by is None else _signing_key(data, statement.user, by)
    if public is None or not statement.is_by(public):
        raise _unknown()
    return statement


def _signing_key(data: Erase, user: bytes, device: bytes) -> bytes | None:
    shown = [enrolment_of(msgspec.structs.asdict(each)) for each in data.enrolments]
    enrolment = standing(user, shown).devices.get(device)
    return enrolment.signing if enrolment else None


def _bytes(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError:
        raise _unknown() from None


def _unknown() -> NotFound:
    return NotFound("no account here is erased by this", code="erase", remedy="sync this device, then try again")


HANDLERS: list[Any] = [erase]
