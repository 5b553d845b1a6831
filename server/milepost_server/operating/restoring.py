"""`restore`: a backup takes the place of the database, without what was erased since.

The backup is copied, brought up to date, checked, emptied of what the ledger names and given another incarnation beside
the database, and takes its place in one step. A process that dies on the way leaves the database as it was; run it
again. What was there before stays in the folder under another name.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from milepost.errors import StorageError, UsageError
from milepost_server import failpoint
from milepost_server.config import Settings
from milepost_server.operating import checkup
from milepost_server.store import Connection, sqlite
from milepost_server.store.ledger import LEDGER, Ledger, sync_folder

_DRAFT = f"{sqlite.DATABASE}.restoring"
_FINDINGS_SHOWN_MAX = 3
_LOG_ENDS = ("-wal", "-shm")


class Restored(NamedTuple):
    """What is in place now, how many erasures the ledger holds, and the file that holds what was there before."""

    members: int
    events: int
    erasures: int
    before: Path | None


def restore(settings: Settings, backup: Path, random: Callable[[int], bytes]) -> Restored:
    """Put a backup in the place of the database.

    Raises DataInUse while a server runs on it, UsageError where there is no such file, StorageError for a backup that
    is damaged or of a newer Milepost; nothing has changed then.
    """
    if not backup.is_file():
        raise UsageError(f"there is no file {backup}", remedy="name a file that `milepost-server backup` wrote")
    lock = sqlite.lock_folder(settings.data)
    try:
        draft, ledger = settings.data / _DRAFT, Ledger(settings.data / LEDGER)
        _remove(draft)
        try:
            members, events = _prepare(backup, draft, ledger, random(sqlite.INCARNATION_BYTES))
            failpoint.reach(failpoint.BEFORE_SWAP)
            before = _put_in_place(draft, settings.data / sqlite.DATABASE)
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"{backup} cannot be restored: {error}", remedy="nothing has changed") from error
        finally:
            _remove(draft)
        return Restored(members, events, len(ledger.read()), before)
    finally:
        lock.close()


def _prepare(backup: Path, draft: Path, ledger: Ledger, incarnation: bytes) -> tuple[int, int]:
    """The backup as it is to be, in a file of its own: members and events in it."""
    draft.touch(mode=0o600)
    shutil.copyfile(backup, draft)
    connection, _ = sqlite.open_data(draft, ledger, incarnation)
    with closing(connection):
        _check(draft)
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            _begin_again(connection, incarnation)
        # A copy of the file's pages may hold what was erased since, and what was erased before it was made.
        sqlite.sweep(connection)
        return checkup.counts(connection)


def _check(path: Path) -> None:
    found = list(checkup.verify_file(path))
    if found:
        listed = "; ".join(f"{each.code} {each.sentence}" for each in found[:_FINDINGS_SHOWN_MAX])
        raise StorageError(f"the backup does not verify: {listed}", remedy="take an older one; nothing has changed")


def _begin_again(connection: Connection, incarnation: bytes) -> None:
    """Other data under an old name: devices push what is lacking. Whoever was signed in then signs in again."""
    connection.execute("UPDATE meta SET value = ? WHERE name = 'incarnation'", (incarnation,))
    for table in ("token", "web_session", "web_link", "rendezvous"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- four names of our own


def _put_in_place(draft: Path, database: Path) -> Path | None:
    """The draft under the database's name; what was there before under another, which is returned."""
    before = _free_name(database) if database.exists() else None
    if before is not None:
        os.link(database, before)
        for end in _LOG_ENDS:
            log = database.with_name(database.name + end)
            if log.exists():
                log.replace(before.with_name(before.name + end))
    draft.replace(database)
    sync_folder(database.parent)
    return before


def _free_name(database: Path) -> Path:
    number = 1
    while (name := database.with_name(f"{database.name}.before-{number}")).exists():
        number += 1
    return name


def _remove(draft: Path) -> None:
    for end in ("", *_LOG_ENDS):
        draft.with_name(draft.name + end).unlink(missing_ok=True)
