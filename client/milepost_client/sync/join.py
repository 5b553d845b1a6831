"""Join a server with an invite, and remember whom we joined.

The invite names the server's key; whoever answers with another key is not the server the invite came from.
"""

from collections.abc import Mapping
from typing import NamedTuple

from milepost.errors import BadSignature, PairingNeeded, RemoteProtocolError, Unreachable, UsageError
from milepost.ids import base64url, from_base32, from_base64url
from milepost.keys import name_of
from milepost.trust import facts_of
from milepost_client.store.log import Log
from milepost_client.store.settings import ERASED_SETTING, KEY_SETTING, URL_SETTING
from milepost_client.store.trusted import trusted
from milepost_client.sync.session import Peer
from milepost_client.sync.web import Address, Json, Web, address

INVITE_PREFIX = "mp1-"
INVITE_SECRET_BYTES = 10
KEY_ID_BYTES = 16


class Invite(NamedTuple):
    """An invite code, read: the text to show the server, and the id of the key that it must have."""

    code: str
    key_id: bytes


class Server(NamedTuple):
    """The server this device joined."""

    address: Address
    key: bytes

    @property
    def peer(self) -> Peer:
        """What a sync session is pinned to."""
        return Peer(self.address.host, self.key)


def invite(code: str) -> Invite:
    """Read an invite code; case, spaces and hyphens do not matter. Raises UsageError for anything else."""
    text = "".join(code.split()).lower()
    try:
        if not text.startswith(INVITE_PREFIX):
            raise ValueError
        raw = from_base32(text.removeprefix(INVITE_PREFIX), INVITE_SECRET_BYTES + KEY_ID_BYTES)
    except ValueError:
        raise UsageError(f"{code!r} is not an invite", remedy="copy all of it, from `mp1-` to the end") from None
    return Invite(text, raw[INVITE_SECRET_BYTES:])


def join(log: Log, url: str, code: str) -> Json:
    """Redeem an invite and pin the server; returns what it answers (cohort, pod, skill codes, ...).

    Idempotent: the same device may join again with the same invite. Raises UsageError, Unreachable, UserError with the
    server's reason, BadSignature where the server is not the one that the invite names.
    """
    read = invite(code)
    web = Web(address(url))
    try:
        key = server_key(web, read.key_id)
    except Unreachable as away:
        remedy = "look at the address and the network, and join again; the invite is as good as before"
        raise Unreachable(away.message, remedy=remedy) from None
    enrolment = trusted(log).enrolments[log.device]
    facts: dict[str, object] = {**facts_of(enrolment), "user": base64url(log.user)}
    answer = web.post("/v1/join", {"code": read.code, "enrolment": facts})
    pin(log, Server(web.server, key))
    log.set_settings([(ERASED_SETTING, b"")])
    return answer


def server_key(web: Web, key_id: bytes) -> bytes:
    """The server's public key, which must be the one of that id."""
    key = key_in(web.get("/v1/server"), "public", "key")
    if name_of(key) != key_id:
        raise BadSignature(
            f"{web.server.url} has another key than the one in the code",
            code="SERVER_KEY",
            remedy="ask whoever gave you the code for the right address; do not go on",
        )
    return key


def pin(log: Log, server: Server) -> None:
    """Remember the server and its key."""
    log.set_settings(settings_of(server))


def lose_account(log: Log) -> None:
    """Remember that the server erased the account. What is recorded here stays, and may join another."""
    log.set_settings([(ERASED_SETTING, b"1")])


def settings_of(server: Server) -> list[tuple[str, bytes]]:
    """The settings that `pin` keeps."""
    return [(URL_SETTING, server.address.url.encode("utf-8")), (KEY_SETTING, server.key)]


def server_of(log: Log) -> Server:
    """The server this device joined. Raises PairingNeeded where it joined none."""
    url, key = log.setting(URL_SETTING), log.setting(KEY_SETTING)
    if url is None or key is None:
        raise PairingNeeded("this device has joined no server", remedy="try: mp join https://milepost.example.org CODE")
    return Server(address(url.decode("utf-8")), key)


def key_in(answer: Mapping[str, object], *names: str) -> bytes:
    """32 bytes in base64url, under the first of `names` that is there. Raises RemoteProtocolError."""
    text = next((answer[name] for name in names if name in answer), None)
    try:
        key = from_base64url(text) if isinstance(text, str) else b""
    except ValueError:
        key = b""
    if len(key) != 32:
        raise RemoteProtocolError(f"the server's answer has no {names[0]}; is this a Milepost server?")
    return key
