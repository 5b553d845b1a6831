"""Timewarrior itself tracks and exports; what it exported is then in every view."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import Device


class Timewarrior:
    """`timew` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "data").mkdir(parents=True)
        (folder / "timewarrior.cfg").write_text("confirmation = off\n", encoding="utf-8")
        self._environ = {**os.environ, "TIMEWARRIORDB": str(folder), "TZ": "Europe/Berlin"}

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            ["timew", *words], env=self._environ, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )
        return done.stdout


@pytest.fixture
def timew(tmp_path: Path) -> Timewarrior:
    return Timewarrior(tmp_path / "timew")


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Device:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return Device(tmp_path / "home")


def moved_in(device: Device, timew: Timewarrior) -> str:
    done = device.type("import", "timewarrior", "-", "--apply", stdin=timew("export"))
    assert done.code == 0, str(done)
    return done.out


def spent(device: Device) -> list[tuple[str, int, str]]:
    entries = device.data("log", "--type", "time.spent")["entries"]
    return sorted((one["on"], one["values"]["minutes"], one["values"].get("note", "")) for one in entries)


def test_intervals_are_minutes_of_their_local_days(device, timew):
    timew("track", "2026-07-20T10:00", "-", "2026-07-20T11:30", "m2p", "deep work")
    timew("track", "2026-07-21T23:30", "-", "2026-07-22T01:00", "m2p")
    timew("track", "2026-01-21T23:30", "-", "2026-01-22T00:30", "m2p")
    moved_in(device, timew)
    assert spent(device) == [
        ("2026-01-21", 30, "m2p"),
        ("2026-01-22", 30, "m2p"),
        ("2026-07-20", 90, "deep work, m2p"),
        ("2026-07-21", 30, "m2p"),
        ("2026-07-22", 60, "m2p"),
    ]


def test_time_with_the_tag_of_a_goal_is_spent_on_it(device, timew):
    device.mp("goal", "Draft 3 user stories", "--due", "fri")
    timew("track", "2026-07-20T10:00", "-", "2026-07-20T11:30", "Draft 3 user stories")
    timew("annotate", "@1", "two are good")
    moved_in(device, timew)
    (entry,) = device.data("log", "--type", "time.spent")["entries"]
    assert device.data("show", entry["values"]["ref"][0])["name"] == "Draft 3 user stories"
    assert entry["values"]["note"] == "Draft 3 user stories; two are good"


def test_what_was_tracked_since_is_all_that_is_new(device, timew):
    timew("track", "2026-07-20T10:00", "-", "2026-07-20T10:25", "SQL")
    moved_in(device, timew)
    assert "nothing is new" in moved_in(device, timew)
    timew("track", "2026-07-20T11:00", "-", "2026-07-20T11:25", "SQL")
    timew("start", "reading")
    said = moved_in(device, timew)
    assert "1 entry written" in said
    assert "it still runs" in said
    assert spent(device) == [("2026-07-20", 25, "SQL")] * 2
