"""Sync over a real socket: one round, a watch, a server that goes and comes back, a second process that asks."""

import asyncio
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from milepost.errors import MilepostError, PairingNeeded, Unreachable
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.sync import link, sync
from milepost_client.sync.join import Server, pin
from milepost_client.sync.session import Notice
from milepost_client.sync.sync import SyncReport
from milepost_client.sync.web import address
from tests.client.devices import draft
from tests.client.meeting_place import MeetingPlace
from tests.client.serving import Serving, serving


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(str(tmp_path / "home"))


@pytest.fixture
def server(home: Home) -> Iterator[Serving]:
    """A server that the device of `home` has joined."""
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft("first", private="a secret plan")])
        with serving(MeetingPlace(log.user, now_ms=SYSTEM.now_ms())) as running:
            running.place.signers[log.device] = device_keys(log.secrets).signing.public
            pin(log, Server(address(running.url), running.place.key.public))
            yield running


def append(home: Home, text: str) -> None:
    with Log.open(home, SYSTEM) as log:
        log.append([draft(text)])


def test_one_round_pushes_what_is_here_and_says_what_it_did(home: Home, server: Serving):
    report = sync.sync_once(home, SYSTEM)

    assert (report.pushed, report.pulled, report.unsent, report.position) == (3, 0, 0, 3)
    assert report.set_agrees
    assert report.token == "token"
    assert all(b"secret plan" not in (event.sealed or b"") for event in server.place.events)


def test_a_device_that_joined_nobody_needs_pairing(home: Home):
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft()])

    with pytest.raises(PairingNeeded):
        sync.sync_once(home, SYSTEM)


def test_a_server_that_is_down_is_unreachable_and_the_entry_stays(home: Home, server: Serving):
    server.stop()

    with pytest.raises(Unreachable):
        sync.sync_once(home, SYSTEM)

    with Log.open(home, SYSTEM) as log:
        assert log.unsent_count() == 3


def test_a_server_with_another_key_is_not_told_anything(home: Home, server: Serving):
    with Log.open(home, SYSTEM) as log:
        pin(log, Server(address(server.url), bytes(32)))

    with pytest.raises(MilepostError) as refused:
        sync.sync_once(home, SYSTEM)

    assert refused.value.code == "SERVER_KEY"
    assert server.place.events == []


class Watching:
    """A watch in a thread of its own, as the command runs it."""

    def __init__(self, home: Home) -> None:
        self.said: queue.Queue[SyncReport | Notice] = queue.Queue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(home,), daemon=True)
        self._thread.start()

    def _run(self, home: Home) -> None:
        def tell(said: SyncReport | Notice) -> None:
            self.said.put(said)
            if self._stop.is_set():
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sync.watch(home, SYSTEM, tell)

    def report(self) -> SyncReport:
        while True:
            said = self.said.get(timeout=30)
            if isinstance(said, SyncReport):
                return said

    def stop(self, home: Home) -> None:
        """End it at its next round."""
        self._stop.set()
        append(home, "last")
        self._thread.join(30)
        assert not self._thread.is_alive()


def test_a_watch_sends_what_another_process_appends(home: Home, server: Serving):
    watching = Watching(home)
    assert watching.report().pushed == 3

    append(home, "second")

    assert watching.report().pushed == 1
    assert len(server.place.events) == 4
    watching.stop(home)


def test_a_knock_wakes_a_watch_that_would_look_much_later(home: Home, server: Serving, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link, "POLL_SECONDS", 3600.0)
    watching = Watching(home)
    watching.report()

    append(home, "second")

    assert watching.report().pushed == 1
    watching.stop(home)


def test_a_watch_whose_door_cannot_be_knocked_at_looks_by_itself(
    home: Home, server: Serving, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sync, "_Knocks", lambda *_: asyncio.DatagramProtocol())
    watching = Watching(home)
    watching.report()

    append(home, "second")

    assert watching.report().pushed == 1
    watching.stop(home)


def test_sync_beside_a_watch_asks_it_for_a_round(home: Home, server: Serving):
    watching = Watching(home)
    watching.report()
    append(home, "second")

    report = sync.sync_once(home, SYSTEM)

    assert report.unsent == 0
    assert len(server.place.events) == 4
    assert server.accepted == 1
    watching.stop(home)


def test_looking_at_the_server_does_not_end_a_watch(home: Home, server: Serving):
    watching = Watching(home)
    watching.report()

    with Log.open(home, SYSTEM) as log:
        _, incarnation = sync.look(home, log)

    assert incarnation == server.place.incarnation
    assert server.accepted == 1
    watching.stop(home)


def test_looking_at_the_server_exchanges_nothing(home: Home, server: Serving):
    with Log.open(home, SYSTEM) as log:
        sync.look(home, log)

    assert server.place.events == []


def test_a_watch_comes_back_after_the_server_went(home: Home, server: Serving):
    watching = Watching(home)
    watching.report()

    server.stop()
    append(home, "while it was away")
    server.start(server.port)

    assert watching.report().pushed == 1
    assert len(server.place.events) == 4
    watching.stop(home)


def test_the_lock_ends_with_its_process(home: Home, server: Serving):
    holder = (
        "import sys; from milepost_client.device.home import Home; from milepost_client.sync.lock import SyncLock\n"
        "assert SyncLock.take(Home(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, home.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(Unreachable) as busy:
            sync.sync_once(home, SYSTEM)
        process.kill()

    assert busy.value.code == "syncing"
    assert sync.sync_once(home, SYSTEM).unsent == 0
