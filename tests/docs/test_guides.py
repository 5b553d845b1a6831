"""The guides, typed at real keyboards against a real server."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from milepost.pairing import CODE_PREFIX
from milepost_client.verify import DAMAGE, NOTICES
from tests.repo.tree import ROOT
from tests.support.cli import Device, environ
from tests.support.console import Console
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import pair

GUIDES = ROOT / "docs/guides"
ADDED_UP_SECONDS_MAX = 30.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "server") as server:
        yield server


@pytest.fixture
def console(tmp_path: Path, server: ServerProcess) -> Console:
    operator = environ({"MILEPOST_SERVER_DATA": str(server.data)})
    console = Console(tmp_path / "homes", server.url, operator)
    console.hooks["pair"] = lambda old, new: pair(console.device(old), console.device(new), server.url)
    return console


def test_two_devices_do_what_the_guide_shows(console, server):
    def invite(code: str) -> None:
        server.pod()
        console.names[code] = server.invite()

    console.hooks["invite"] = invite
    assert console.run(GUIDES / "two-devices.md") >= 10


def test_a_pod_does_what_the_guide_shows(console):
    def added_up(who: str) -> None:
        until = time.monotonic() + ADDED_UP_SECONDS_MAX
        while _is_pending(console.device(who)):
            assert time.monotonic() < until, "the server does not add the week up"

    console.hooks["added-up"] = added_up
    assert console.run(GUIDES / "pods.md") >= 15


def test_a_server_is_looked_after_as_the_guide_shows(console):
    assert console.run(GUIDES / "self-hosting.md") == 7


def test_when_things_go_wrong_they_are_said_as_the_guide_shows(console):
    def damage() -> None:
        log = console.device("").home / "log.db"
        entry = log.read_bytes()
        log.write_bytes(entry.replace(b'"minutes":45', b'"minutes":99'))

    console.hooks["entry"] = lambda: console.device("").mp("spend", "45m")
    console.hooks["damage"] = damage
    console.hooks["copy"] = lambda: shutil.copytree(console.device("").home, console.device("copy").home)
    assert console.run(GUIDES / "when-things-go-wrong.md") == 2


def test_the_pairing_code_has_the_form_that_the_guide_shows():
    assert f"mp device add {CODE_PREFIX}…" in (GUIDES / "two-devices.md").read_text(encoding="utf-8")


def test_every_code_of_verify_is_in_the_guide():
    page = (GUIDES / "when-things-go-wrong.md").read_text(encoding="utf-8")
    assert [code for code in sorted(DAMAGE | NOTICES) if f"| `{code}` |" not in page] == []


def _is_pending(device: Device) -> bool:
    figures = device.data("pod")["summary"]["figures"]
    return any(figure["state"] == "pending" for figure in figures.values())
