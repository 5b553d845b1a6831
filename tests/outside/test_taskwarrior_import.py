"""Taskwarrior itself makes the tasks and the export; what it exported is then in every view."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Device


class Taskwarrior:
    """`task` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        settings = folder / "taskrc"
        settings.write_text(
            "confirmation=no\nuda.estimate.type=duration\nuda.estimate.label=Estimate\n", encoding="utf-8"
        )
        self._environ = {**os.environ, "TASKRC": str(settings), "TASKDATA": str(folder), "TZ": "Europe/Berlin"}

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            ["task", *words], env=self._environ, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )
        return done.stdout


@pytest.fixture
def task(tmp_path: Path) -> Taskwarrior:
    return Taskwarrior(tmp_path / "task")


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Device:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return Device(tmp_path / "home")


def moved_in(device: Device, task: Taskwarrior) -> str:
    done = device.type("import", "taskwarrior", "-", "--apply", stdin=task("export"))
    assert done.code == 0, str(done)
    return done.out


def goals(device: Device) -> dict[str, dict[str, Any]]:
    return {goal["name"]: goal for goal in device.data("goal", "list", "--all")["goals"]}


def test_tasks_are_goals_with_their_day_their_time_and_their_end(device, task):
    device.mp("objective", "m2p", "--horizon", "half")
    task("add", "Draft 3 user stories", "project:m2p", "due:2026-07-28", "estimate:90min", "+learning")
    task("add", "Ask Sam")
    task("add", "Old plan")
    task("2", "done")
    task("3", "delete")
    task("1", "annotate", "Sam takes two")
    moved_in(device, task)
    found = goals(device)
    drafted = found["Draft 3 user stories"]
    assert (drafted["due_on"], drafted["estimate_minutes"], drafted["learning"]) == ("2026-07-28", 90, True)
    assert device.data("show", drafted["ref"][0])["name"] == "m2p"
    assert {name: goal["result"] for name, goal in found.items()} == {
        "Draft 3 user stories": None,
        "Ask Sam": "done",
        "Old plan": "dropped",
    }
    assert "Draft 3 user stories: Sam takes two" in device.mp("note", "list").out


def test_what_happened_since_is_all_that_is_new(device, task):
    task("add", "Draft 3 user stories")
    moved_in(device, task)
    assert "nothing is new" in moved_in(device, task)
    task("1", "modify", "Draft 4 user stories")
    task("1", "done")
    assert "1 entry written" in moved_in(device, task)
    assert goals(device)["Draft 3 user stories"]["result"] == "done"


def test_a_task_that_recurs_is_the_tasks_made_from_it(device, task):
    task("add", "Weekly read", "due:2026-07-28", "recur:weekly", "until:2026-08-01")
    task("list")
    said = moved_in(device, task)
    assert "a template" in said
    assert list(goals(device)) == ["Weekly read"]
