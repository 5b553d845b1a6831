"""Erasing the account on its server, by this device or by the twelve words; and, apart from that, what is here.

The one says nothing about the other: a server's word empties no device, and a device that is emptied leaves the account
where it is. The server's answer is signed, and is checked against the key that was pinned when the device joined.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from glob import escape, glob
from typing import NamedTuple

from milepost.erasure import ErasureReceipt, Statement, erasing
from milepost.errors import BadSignature, RemoteProtocolError, Unreachable, UsageError
from milepost.ids import base64url, from_base64url
from milepost.keys import Enrolment, Identity, name_of, secret_of
from milepost.trust import BY_IDENTITY, facts_of
from milepost_client.device.home import Home, refused, sync_folder
from milepost_client.device.secrets import NAMES, UNBORN, secrets_of
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.store.trusted import trusted
from milepost_client.sync.join import key_in, lose_account, server_of
from milepost_client.sync.lock import SyncLock
from milepost_client.sync.web import Json, Web, address

# What a home holds beside the settings, which say nothing about anybody.
_HELD = ("views.db*", "set-aside-*", "pairing", "paired", "log.db*", "keys")


class Erased(NamedTuple):
    """What the server did: when (Unix ms), its signature on that, and by when its files hold nothing of it (UTC)."""

    server: str
    at: int
    signature: bytes
    swept_by: str


def erase_account(log: Log) -> Erased:
    """Have the server that this device joined erase the account. Again is the same answer.

    Raises PairingNeeded, Unreachable (nothing was erased then, as far as this device knows), NotFound where the server
    has no such account or this device was revoked, BadSignature where the answer is not by the pinned key.
    """
    server, keys = server_of(log), device_keys(log.secrets)
    statement = erasing(log.user, server.key, log.device, keys.signing)
    lineage = trusted(log).lineage(log.device)
    done = _asked(Web(server.address), statement, lineage[0].identity, lineage)
    lose_account(log)
    return done


def erase_recovered(url: str, words: str, is_right: Callable[[str], bool]) -> Erased:
    """Have a server erase the account that the twelve words are of; this machine need not know of it.

    `is_right` is shown the id of the server's key, and says whether to go on. Raises CheckRefused for wrong words,
    before anything is sent, UsageError where the key is not the right one, and like `erase_account`.
    """
    identity = Identity.from_secret(secret_of(words))
    web = Web(address(url))
    key = key_in(web.get("/v1/server"), "public", "key")
    if not is_right(base64url(name_of(key))):
        raise UsageError("nothing was sent", code="confirm", remedy="ask for the right address")
    statement = erasing(identity.user, key, None, identity.signing)
    return _asked(web, statement, identity.signing.public, ())


def erase_local(home: Home) -> None:
    """Delete what is in a home: log, views, keys, logs that were set aside. The settings stay. Again finishes it.

    The folder is then as new: the next entry begins another log, with another account. Raises Unreachable while a
    `sync --watch` has it, StorageError.
    """
    home.prepare()
    lock = SyncLock.take(home)
    if lock is None:
        raise Unreachable("sync is running here", code="syncing", remedy="stop it, then run this again")
    try:
        secrets = secrets_of(home)
        for name in NAMES:
            secrets.drop(name)
            secrets.drop(name + UNBORN)
        _remove(path for held in _HELD for path in glob(os.path.join(escape(home.path), held)))
        sync_folder(home.path)
    finally:
        lock.release()
        with suppress(FileNotFoundError):
            os.unlink(home.sync_lock)


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        try:
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
        except OSError as error:
            raise refused(path, error) from None


def _asked(web: Web, statement: Statement, identity: bytes, lineage: Iterable[Enrolment]) -> Erased:
    """Send the statement, and check what comes back."""
    body: dict[str, object] = {
        "user": base64url(statement.user),
        "by": BY_IDENTITY if statement.by is None else base64url(statement.by),
        "identity": base64url(identity),
        "signature": base64url(statement.signature),
        "enrolments": [{**facts_of(each), "user": base64url(statement.user)} for each in lineage],
    }
    try:
        answer = web.post("/v1/erase", body)
    except Unreachable as error:
        # Where the answer was lost on its way it may be done: asking again brings the same receipt.
        raise Unreachable(
            error.message, code=error.code, remedy="nothing was erased that is known here; run it again later"
        ) from None
    return _checked(answer, statement, web.server.url)


def _checked(answer: Json, statement: Statement, url: str) -> Erased:
    at, text, swept_by = (answer.get(name) for name in ("at", "signature", "swept_by"))
    if not isinstance(at, int) or not isinstance(text, str) or not isinstance(swept_by, str):
        raise RemoteProtocolError("the server's answer is no receipt; is this a Milepost server?")
    try:
        signature = from_base64url(text)
    except ValueError:
        signature = b""
    receipt = ErasureReceipt(name_of(statement.server_key), statement.user, at, signature)
    if not 0 <= at < 1 << 63 or not receipt.is_by(statement.server_key):
        raise BadSignature("the receipt of the erasure is not signed by the server's key", remedy="ask its operator")
    return Erased(url, at, signature, swept_by)
