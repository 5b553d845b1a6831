"""The installation: what ties a log to this copy on this machine, and what the machine is called.

People copy data folders and restore backups. A mark that no longer fits tells a copy, and a copy begins an epoch of
its own (log.md, Clones). Standard library only: every append looks at it.
"""

import os
import sys
from functools import cache

from milepost.light import NamedTuple, sha256

MARK_LABEL = b"milepost/mark/1\0"
MARK_BYTES = 16
NAME_LENGTH_MAX = 64

_MACHINE_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


class Installation(NamedTuple):
    """Where a log lies (`path`; empty for one in memory) and what its device is called at first."""

    path: str
    name: str

    def inode(self) -> int:
        """The number of the database's file; 0 where there is none."""
        try:
            return os.stat(self.path).st_ino if self.path else 0
        except OSError:
            return 0

    def mark(self) -> bytes:
        """Sixteen bytes over machine id, path and inode of the database: another copy has another mark."""
        seen = f"{machine_id()}\0{self.path}\0{self.inode()}"
        return sha256(MARK_LABEL + seen.encode("utf-8", "surrogateescape")).digest()[:MARK_BYTES]


def here(path: str) -> Installation:
    """The installation whose database is at `path`."""
    return Installation(path, machine_name())


@cache
def machine_id() -> str:
    """What this machine calls itself for good; empty where nothing does, as in most containers.

    The host name is no stand-in: it changes with the network, and each change would look like a copy.
    """
    for path in _MACHINE_ID_FILES:
        try:
            with open(path, encoding="ascii") as file:
                return file.read().strip()
        except (OSError, UnicodeDecodeError):
            continue
    return _host_uuid() if sys.platform == "darwin" else ""


def machine_name() -> str:
    """The host name, as a first name for the device."""
    name = os.uname().nodename if sys.platform != "win32" else os.environ.get("COMPUTERNAME", "")
    return "".join(character for character in name if character.isprintable())[:NAME_LENGTH_MAX] or "this device"


def _host_uuid() -> str:
    import ctypes

    identifier = ctypes.create_string_buffer(16)
    no_wait = (ctypes.c_long * 2)(0, 0)
    failed = ctypes.CDLL(None).gethostuuid(identifier, no_wait)
    return "" if failed else identifier.raw.hex()
