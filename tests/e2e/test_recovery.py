"""The laptop is gone, its member has twelve words: the account comes back on a machine that holds nothing."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from milepost.keys import words_of
from milepost_client.device.home import Home
from milepost_client.device.secrets import RECOVERY, FileSecrets
from tests.support.cli import Device
from tests.support.processes import ServerProcess


class Lost(NamedTuple):
    """An account on a server, the words its member wrote down, and the laptop that is gone."""

    server: ServerProcess
    laptop: Device
    words: str


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    folder = tmp_path_factory.mktemp("lost")
    with ServerProcess(folder / "server") as server:
        server.pod()
        laptop = Device(folder / "laptop")
        laptop.mp("win", "Pilot approved")
        laptop.mp("join", server.url, server.invite(), "--name", "Mara", "--no-input")
        laptop.mp("contact", "add", "Dana R.")
        laptop.mp("sync")
        secret = FileSecrets(Home(str(laptop.home)).keys).get(RECOVERY)
        assert secret is not None
        yield Lost(server, laptop, words_of(secret))


def come_back(device: Device, lost: Lost) -> None:
    done = device.type("init", "--recover", lost.server.url, "--yes", stdin=lost.words.upper() + "\n")
    assert done.code == 0, str(done)


def test_everything_that_was_synced_comes_back_with_its_words(lost, tmp_path):
    new = Device(tmp_path / "new")
    come_back(new, lost)
    assert "Pilot approved" in new.mp("win", "list").out
    assert "Dana R." in new.mp("contact", "list").out
    verified = new.type("verify", "--deep", "--server", "--json")
    assert (verified.code, verified.data["codes"]) == (0, [])
    # It is a device like any other: it writes, and whoever is left of the others reads it.
    new.mp("win", "Back again")
    new.mp("sync")
    lost.laptop.mp("sync")
    assert "Back again" in lost.laptop.mp("win", "list").out


def test_the_lost_device_can_be_revoked_from_there(lost, tmp_path):
    new, other = Device(tmp_path / "new"), Device(tmp_path / "other")
    come_back(other, lost)
    come_back(new, lost)
    gone = next(one for one in new.data("device", "list")["devices"] if one["entries"] and not one["this"])
    new.mp("device", "revoke", gone["id"].lstrip("-"), "--yes")
    assert [one["revoked"] for one in new.data("device", "list")["devices"] if one["id"] == gone["id"]] == [True]


def test_a_home_whose_keys_are_gone_keeps_what_it_had_not_sent(lost, tmp_path):
    device = Device(tmp_path / "broken")
    come_back(device, lost)
    device.mp("win", "never sent")
    (device.home / "keys" / "device").unlink()
    assert "mp init --recover" in device.type("sync").err
    come_back(device, lost)
    device.mp("sync")
    assert device.mp("win", "list").out.count("never sent") == 1
    assert device.mp("win", "list").out.count("Pilot approved") == 1
    assert [path.name for path in device.home.glob("set-aside-*")] == ["set-aside-1"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("abandon " * 11, "not 12"),
        ("mileposts " + "abandon " * 11, "word 1"),
        ("about " + "abandon " * 11, "in this order"),
    ],
    ids=["one short", "no such word", "another order"],
)
def test_a_wrong_word_fails_before_anything_is_written(lost, tmp_path, words, says):
    new = Device(tmp_path / "new")
    said = new.type("init", "--recover", lost.server.url, "--yes", "--json", stdin=words)
    error = json.loads(said.out)["error"]
    assert (said.code, error["code"]) == (5, "recovery_words")
    assert says in error["message"]
    assert not new.home.exists()


def test_it_asks_whether_the_server_is_the_right_one(lost, tmp_path):
    new = Device(tmp_path / "new")
    said = new.type("init", "--recover", lost.server.url, stdin=lost.words)
    assert said.code == 2
    assert "Is that your server?" in said.err
    assert not new.home.exists()


def test_words_of_an_account_that_the_server_does_not_know_are_said_to_be_unknown(lost, tmp_path):
    new = Device(tmp_path / "new")
    said = new.type("init", "--recover", lost.server.url, "--yes", "--json", stdin=words_of(bytes(16)))
    assert (said.code, json.loads(said.out)["error"]["code"]) == (4, "UNKNOWN")
    assert not (new.home / "log.db").exists()
