"""The door of the process that holds the sync lock: where it listens, and the knock that tells it of new entries.

The holder writes port and password into the lock file, which only this user can read. The append path knocks, so this
imports next to nothing, and a socket only where somebody listens.
"""

import os

from milepost.compact_json import loads
from milepost.errors import StorageError
from milepost.light import NamedTuple
from milepost_client.device.home import refused

LOOPBACK = "127.0.0.1"
PORT_MAX = 65_535
# A port and a password, with room.
_DOOR_BYTES_MAX = 200


class Door(NamedTuple):
    """Where the holder of a lock can be asked for a round of sync (TCP), and knocked at (UDP)."""

    port: int
    password: str


def door_of(lock: str) -> Door | None:
    """Where the holder of the lock file can be asked; None while it does not say. Raises StorageError."""
    try:
        said = loads(_read(lock))
    except OSError as error:
        raise refused(lock, error) from None
    except ValueError:
        return None
    match said:
        case [int(port), str(password)] if 0 < port <= PORT_MAX and password.isascii():
            return Door(port, password)
        case _:
            raise StorageError(f"{lock} holds no door", remedy="remove the file")


def knock(lock: str) -> None:
    """Tell the holder of the lock, if there is one, that the log has grown.

    Nothing is owed: a knock may be lost, and a watch looks at the log by itself, only not as soon.
    """
    if not os.path.exists(lock):
        return
    try:
        door = door_of(lock)
        if door is None:
            return
        # The C half of `socket`, which would load `enum` and `selectors` into a daily word.
        from _socket import AF_INET, SOCK_DGRAM, socket

        hand = socket(AF_INET, SOCK_DGRAM)
        hand.setblocking(False)
        hand.sendto(door.password.encode("ascii"), (LOOPBACK, door.port))
        hand.close()
    except (OSError, StorageError):
        # What was appended is on the disk, and nobody waits for this.
        return


def _read(path: str) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, _DOOR_BYTES_MAX).decode("ascii", "replace")
    finally:
        os.close(descriptor)
