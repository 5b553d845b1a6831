"""The sync lock: one process of a home talks to the server, others ask it to.

The holder listens on a loopback port and writes port and password into the lock file, which only this user can read; so
`mp sync` beside a running watch wakes it and waits, on every platform, however long the path of the home.
"""

import json
import os
import sys
from typing import NamedTuple

from milepost.errors import StorageError
from milepost_client.device.home import FILE_MODE, Home, refused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Door(NamedTuple):
    """Where the holder of a lock can be asked for a round of sync."""

    port: int
    password: str


class SyncLock:
    """The sync lock of a home, held by this process until it is released or the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, home: Home) -> "SyncLock | None":
        """Take the lock, or None while another process has it. Raises StorageError."""
        try:
            descriptor = os.open(home.sync_lock, os.O_RDWR | os.O_CREAT, FILE_MODE)
            os.chmod(home.sync_lock, FILE_MODE)
        except OSError as error:
            raise refused(home.sync_lock, error) from None
        if not _lock(descriptor):
            os.close(descriptor)
            return None
        os.ftruncate(descriptor, 0)
        return cls(descriptor)

    def announce(self, door: Door) -> None:
        """Say where this process can be asked."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps(door).encode("ascii"))

    def release(self) -> None:
        """Let another process have it."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def door_of(home: Home) -> Door | None:
    """Where the holder of the lock can be asked; None while it does not say."""
    try:
        with open(home.sync_lock, "rb") as file:
            port, password = json.loads(file.read())
    except OSError as error:
        raise refused(home.sync_lock, error) from None
    except ValueError:
        return None
    if not isinstance(port, int) or not isinstance(password, str):
        raise StorageError(f"{home.sync_lock} holds no door", remedy="remove the file")
    return Door(port, password)


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            # Windows locks bytes, and keeps others from reading them: lock one that is never written.
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
