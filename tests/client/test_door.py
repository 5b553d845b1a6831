"""The door of a running watch: whoever appends knocks, and nobody depends on the knock."""

import json
import socket
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import StorageError
from milepost_client.device.door import LOOPBACK, Door, door_of, knock
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_client.sync.lock import SyncLock
from tests.client.devices import draft


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(str(tmp_path / "home"))


@pytest.fixture
def ear():
    """A socket where the holder of a lock would listen."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((LOOPBACK, 0))
        listening.settimeout(10)
        yield listening


def test_an_append_knocks_with_the_password_of_the_lock(home: Home, ear: socket.socket):
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft("first")])
        lock = SyncLock.take(home)
        assert lock is not None
        lock.announce(Door(ear.getsockname()[1], "secret"))

        log.append([draft("second")])
        lock.release()

    assert ear.recv(100) == b"secret"


def test_an_append_without_a_watch_opens_no_socket(home: Home, ear: socket.socket):
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft("first")])
        lock = SyncLock.take(home)
        assert lock is not None
        lock.announce(Door(ear.getsockname()[1], "secret"))
        lock.release()

        log.append([draft("second")])

    ear.setblocking(False)
    with pytest.raises(BlockingIOError):
        ear.recv(100)


_HELD = st.one_of(
    st.binary(max_size=250),
    st.tuples(st.integers(), st.text(max_size=20)).map(lambda door: json.dumps(door).encode()),
    st.sampled_from([b"null", b"5", b"[]", b"[true, 1]", b'{"1": 2, "3": 4}', b"[80]"]),
)


@given(_HELD)
def test_whatever_the_lock_file_holds_a_knock_breaks_nothing(tmp_path_factory, held):
    lock = tmp_path_factory.mktemp("home") / "sync.lock"
    lock.write_bytes(held)

    knock(str(lock))

    with suppress(StorageError):
        door = door_of(str(lock))
        assert door is None or 0 < door.port < 65_536
