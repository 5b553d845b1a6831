"""The last door: whatever the surroundings do, a command ends with a sentence and an exit code, never a traceback."""

import json
import os
import subprocess
from contextlib import redirect_stdout
from errno import ENOSPC
from io import StringIO
from pathlib import Path

import pytest

from milepost_client.main import run
from tests.support.cli import TIMEOUT_SECONDS, Device

NAME = "Näch 完成 🎉"
# What a stripped-down machine or an old terminal leaves of the world's characters.
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "home")


def typed_in_ascii(device: Device, *line: str) -> tuple[int, str, str]:
    done = subprocess.run(
        device.command(*line),
        env={**device.environ(), **ASCII},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_terminal_that_knows_few_characters_shows_the_others_as_question_marks(device):
    device.mp("goal", NAME)
    code, out, err = typed_in_ascii(device)
    assert (code, err.isascii()) == (0, True)
    assert "N?ch ?? ?" in out


def test_json_is_whole_where_few_characters_can_be_written(device):
    device.mp("goal", NAME)
    code, out, _ = typed_in_ascii(device, "goal", "list", "--json")
    assert (code, out.isascii()) == (0, True)
    assert [goal["name"] for goal in json.loads(out)["data"]["goals"]] == [NAME]


class Full(StringIO):
    """Where output goes, with no room left."""

    def write(self, _: str) -> int:
        raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_output_that_nothing_takes_is_said_and_the_entry_is_kept(mp, home, world, capsys):
    with redirect_stdout(Full()):
        assert run(["goal", "Draft 3 stories"], {"MILEPOST_HOME": str(home)}, world) == 1
    assert "refuses: no space left on device; what was recorded before is safe" in capsys.readouterr().err
    assert [entry["type"] for entry in mp("log", "--json").data["entries"]] == ["goal.set"]


def test_a_text_from_windows_is_read_without_its_line_endings(device):
    typed_in = device.type("note", "-", "--json", stdin="first\r\nsecond\r\n")
    assert typed_in.code == 0, str(typed_in)
    assert [note["text"] for note in device.data("note", "list")["notes"]] == ["first\nsecond"]


def test_views_that_cannot_be_made_anew_are_refused_in_a_sentence(mp, home):
    mp("goal", "Draft 3 stories")
    for beside in home.glob("views.db*"):
        beside.unlink()
    (home / "views.db").mkdir()
    said = mp()
    assert said.code == 1
    assert "views.db" in said.err
    assert "bug" not in said.err


def test_an_interrupted_command_says_so_and_what_was_saved_stays(mp, home, world, capsys):
    mp("goal", "Draft 3 stories")

    def interrupt() -> int:
        raise KeyboardInterrupt

    assert run(["win", "Pilot approved"], {"MILEPOST_HOME": str(home)}, world._replace(now_ms=interrupt)) == 130
    assert capsys.readouterr().err == "interrupted; what was saved before stays saved\n"
    assert [entry["type"] for entry in mp("log", "--json").data["entries"]] == ["goal.set"]
