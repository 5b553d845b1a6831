"""The guides, typed at real keyboards against a real server."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from milepost.pairing import CODE_PREFIX
from milepost_client.care.verify import DAMAGE, NOTICES
from tests.repo.tree import ROOT
from tests.support.cli import Device, environ
from tests.support.console import Console
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import pair

GUIDES = ROOT / "docs/guides"
SOON_SECONDS_MAX = 30.0


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


def test_a_pod_does_what_the_guide_shows(tmp_path):
    with rehearsed(tmp_path, datetime(2026, 11, 16, 10)) as console:
        console.hooks["asked"] = lambda who: soon(lambda: console.device(who).data("answer")["requests"])
        console.hooks["added-up"] = lambda who: soon(lambda: _is_shown(console.device(who)))
        assert console.run(GUIDES / "pods.md") >= 40


def test_a_server_is_looked_after_as_the_guide_shows(console):
    assert console.run(GUIDES / "self-hosting.md") == 9


def test_when_things_go_wrong_they_are_said_as_the_guide_shows(console):
    def damage() -> None:
        log = console.device("").home / "log.db"
        entry = log.read_bytes()
        log.write_bytes(entry.replace(b'"minutes":45', b'"minutes":99'))

    console.hooks["entry"] = lambda: console.device("").mp("spend", "45m")
    console.hooks["damage"] = damage
    console.hooks["copy"] = lambda: shutil.copytree(console.device("").home, console.device("copy").home)
    assert console.run(GUIDES / "when-things-go-wrong.md") == 4


def test_the_pairing_code_has_the_form_that_the_guide_shows():
    assert f"mp device add {CODE_PREFIX}…" in (GUIDES / "two-devices.md").read_text(encoding="utf-8")


def test_every_code_of_verify_is_in_the_guide():
    page = (GUIDES / "when-things-go-wrong.md").read_text(encoding="utf-8")
    assert [code for code in sorted(DAMAGE | NOTICES) if f"| `{code}` |" not in page] == []


@contextmanager
def rehearsed(folder: Path, begin: datetime) -> Iterator[Console]:
    """A server and members who go by one clock: that of the page, which sets it with `at`."""
    server = ServerProcess(folder / "server")
    keyboards: Console

    def ahead_of(moment: datetime) -> int:
        return int(moment.replace(tzinfo=UTC).timestamp() * 1000) - time.time_ns() // 1_000_000

    def at(moment: str) -> None:
        keyboards.ahead_ms = ahead_of(datetime.fromisoformat(moment))
        server.lead(keyboards.ahead_ms)

    server.lead(ahead_of(begin))
    with server:
        keyboards = Console(folder / "homes", server.url, environ({"MILEPOST_SERVER_DATA": str(server.data)}))
        keyboards.hooks["at"] = at
        yield keyboards


def soon(look: Callable[[], object]) -> None:
    """Wait for what comes of itself."""
    until = time.monotonic() + SOON_SECONDS_MAX
    while not look():
        assert time.monotonic() < until, "it never came"


def _is_shown(device: Device) -> bool:
    return bool(device.data("pod")["summary"]["state"] == "shown")
