"""The sync lock: one process of a home talks to the server, others ask it to.

The holder listens on a loopback port and writes port and password into the lock file, which only this user can read; so
`mp sync` beside a running watch wakes it and waits, on every platform, however long the path of the home.
"""

import json
import os
import sys

from milepost_client.device.door import Door
from milepost_client.device.home import FILE_MODE, Home, refused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


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
