"""What `doctor` looks at. Each point says what it found, and what to do where that is not well."""

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from typing import NamedTuple

from milepost.errors import MilepostError
from milepost_client.account.recovery import are_saved
from milepost_client.render.counted import counted
from milepost_client.store.settings import URL_SETTING
from milepost_client.terminal import Terminal

FREE_BYTES_MIN = 50 * 1024 * 1024
# Older ones may corrupt a database in WAL mode when it is reset; the log does not use WAL, the views do.
SQLITE_SOUND = (3, 51, 3)
_PRIVATE = 0o077


class Point(NamedTuple):
    """One thing looked at."""

    name: str
    is_well: bool
    says: str


def examine(where: Terminal) -> Iterator[Point]:
    """Every point, in the order in which it is worth reading."""
    yield Point("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _sqlite()
    yield _program()
    yield from _home(where)
    yield _settings(where)
    yield from _log(where)


def _sqlite() -> Point:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= SQLITE_SOUND:
        return Point("sqlite", True, version)
    return Point("sqlite", True, f"{version}; its WAL bug can cost the views, which rebuild themselves, never the log")


def _program() -> Point:
    first = shutil.which("mp")
    ours = os.path.join(os.path.dirname(sys.executable), "mp")
    if first is None:
        return Point("mp", True, "not on PATH under that name; `milepost` is the same program")
    is_ours = os.path.realpath(first) == os.path.realpath(ours)
    return Point("mp", is_ours, first if is_ours else f"{first} comes first and is another program; type `milepost`")


def _home(where: Terminal) -> Iterator[Point]:
    path = where.home.path
    if not os.path.isdir(path):
        yield Point("home", True, f"{path} is made by the first entry")
        return
    yield Point("home", os.access(path, os.W_OK), path if os.access(path, os.W_OK) else f"{path} cannot be written")
    for name in (where.home.log, where.home.views):
        if os.path.exists(name) and stat.S_IMODE(os.stat(name).st_mode) & _PRIVATE:
            yield Point("privacy", False, f"others can read {name}; run: chmod 600 {name}")
    free = shutil.disk_usage(path).free
    yield Point("disk", free >= FREE_BYTES_MIN, f"{free // 1024 // 1024} MiB free")


def _settings(where: Terminal) -> Point:
    try:
        count = len([value for value in where.config.all() if value.origin != "default"])
    except MilepostError as error:
        return Point("settings", False, str(error))
    return Point("settings", True, f"{count} set" if count else "all at their defaults")


def _log(where: Terminal) -> Iterator[Point]:
    try:
        with where.log() as log:
            yield Point("log", True, f"{counted(log.count, 'entry', 'entries')}, {log.unsent_count()} to sync")
            saved = are_saved(log)
            yield Point("words", saved, "saved" if saved else "the 12 words are not saved; run: mp key words")
            server = log.setting(URL_SETTING)
            yield Point("server", True, server.decode() if server else "none joined; everything stays on this machine")
    except MilepostError as error:
        yield Point("log", error.code == "no_log", str(error))
