"""What follows the rounds of a watch: views are up to date, and the server is not asked more than it must be."""

import os
import sqlite3
from pathlib import Path

import pytest

from milepost_client.answer import Flags
from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.pod import rounds
from milepost_client.pod.rounds import POD_EVERY_MS, Rounds
from milepost_client.store.log import Log
from milepost_client.sync.sync import SyncReport
from milepost_client.terminal import Terminal
from tests.client.devices import draft

START_MS = 1_767_600_000_000
REPORT = SyncReport(0, 1, 0, 1, True, (), (), 0, "http://127.0.0.1", "token")


class Watched:
    """A home whose watch has made its rounds, with the moments at which it asked the server for the pod."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = Home(str(home))
        self.now_ms = START_MS
        self.asked: list[int] = []
        self.world = World(lambda: self.now_ms, os.urandom, lambda: 60)
        self.where = Terminal(Flags(), {"MILEPOST_HOME": str(home)}, self.world)
        monkeypatch.setattr(rounds, "_look_up_pod", lambda *_: self.asked.append(self.now_ms - START_MS))

    def append(self, text: str) -> None:
        with Log.open(self.home, self.world, create=True) as log:
            log.append([draft(text)])

    @property
    def shown(self) -> int:
        """How many events the views of the home have, looked at from outside."""
        with sqlite3.connect(self.home.views) as connection:
            count: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
        connection.close()
        return count


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    one = Watched(tmp_path / "home", monkeypatch)
    one.append("first")
    return one


def test_each_round_folds_what_it_brought(watched):
    with Rounds(watched.where) as following:
        following.settle(REPORT)
        before = watched.shown
        watched.append("second")
        following.settle(REPORT)
        assert watched.shown == before + 1


def test_views_that_were_removed_between_two_rounds_are_made_anew(watched):
    with Rounds(watched.where) as following:
        following.settle(REPORT)
        before = watched.shown
        for name in ("", "-wal", "-shm"):
            Path(watched.home.views + name).unlink(missing_ok=True)
        watched.append("second")
        following.settle(REPORT)
        assert watched.shown == before + 1


def test_the_server_is_asked_for_the_pod_at_the_first_round_and_then_once_a_minute(watched):
    with Rounds(watched.where) as following:
        for after in (0, 1, POD_EVERY_MS - 1, POD_EVERY_MS, POD_EVERY_MS + 1):
            watched.now_ms = START_MS + after
            following.settle(REPORT)
    assert watched.asked == [0, POD_EVERY_MS]


def test_a_clock_that_was_put_back_does_not_silence_the_question(watched):
    with Rounds(watched.where) as following:
        for after in (0, -POD_EVERY_MS):
            watched.now_ms = START_MS + after
            following.settle(REPORT)
    assert watched.asked == [0, -POD_EVERY_MS]


def test_a_round_that_was_not_let_in_asks_for_no_pod(watched):
    with Rounds(watched.where) as following:
        following.settle(REPORT._replace(token=""))
        assert watched.asked == []
        following.settle(REPORT)
    assert watched.asked == [0]
