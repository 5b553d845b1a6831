"""Completion in the shells themselves, installed as `mp completion --help` says."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.cli import MAIN, TIMEOUT_SECONDS, Device
from tests.support.keyboard import Keyboard, at_a_terminal

GOAL = "Draft 3: Sam's story"
PROMPT = "what next? "
COMPLETED = (
    ("mp go", ["goal"]),
    ("mp sha", ["share"]),
    ("mp share gr", ["share", "grant"]),
    ("mp goal Read --du", ["goal", "Read", "--due"]),
    ("mp goal Read --no-i", ["goal", "Read", "--no-input"]),
    ("mp done Dra", ["done", GOAL]),
    ("mp done ", ["done", GOAL]),
)
# Tab completes for `mp`; the line is then typed into this, which says what it was given.
_SAY = "mp() { printf '<%s>\\n' \"$@\"; echo ended; }\n"


class Desk(NamedTuple):
    """A member's home folder, and the variables of their shell."""

    folder: Path
    environ: dict[str, str]

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


Completes = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Device:
    device = Device(tmp_path_factory.mktemp("home"))
    device.mp("goal", GOAL)
    return device


@pytest.fixture
def desk(tmp_path: Path, device: Device) -> Desk:
    environ = {
        **device.environ(),
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    desk = Desk(tmp_path, environ)
    for name in ("mp", "milepost"):
        desk.write(f"bin/{name}", f'#!/bin/sh\nexec {shlex.join(MAIN)} "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    return desk


def tab(desk: Desk, shell: tuple[str, ...], line: str) -> list[str]:
    """What the words of `line` are after a press of Tab in an interactive shell: the first press, and a later one."""
    with at_a_terminal(shell, desk.environ) as keyboard:
        first, later = (given(keyboard, line) for _ in range(2))
        keyboard.type("exit")
        keyboard.ends()
    assert first == later
    return first


def given(keyboard: Keyboard, line: str) -> list[str]:
    keyboard.answer(PROMPT, f"{line}\t")
    said = keyboard.hear("ended")
    return [shown.strip()[1:-1] for shown in said.splitlines() if shown.startswith("<")]


@pytest.mark.parametrize(("line", "words"), COMPLETED)
def test_bash_completes(desk, device, line, words):
    desk.write(".bashrc", f"{_SAY}{device.mp('completion', 'bash').out}\nPS1={PROMPT!r}\n")
    assert tab(desk, ("bash", "-i"), line) == words


@pytest.mark.parametrize(("line", "words"), COMPLETED)
def test_zsh_completes(desk, device, line, words):
    desk.write(".zfunc/_mp", device.mp("completion", "zsh").out)
    start = f"fpath=(~/.zfunc $fpath)\nautoload -Uz compinit && compinit -u -D\nPS1={PROMPT!r}\n"
    desk.write(".zshrc", _SAY + start)
    assert tab(desk, ("zsh", "-d", "-i"), line) == words


def test_zsh_completes_from_a_script_that_is_sourced(desk, device):
    desk.write("completion.zsh", device.mp("completion", "zsh").out)
    start = f"autoload -Uz compinit && compinit -u -D\nsource ~/completion.zsh\nPS1={PROMPT!r}\n"
    desk.write(".zshrc", _SAY + start)
    assert tab(desk, ("zsh", "-d", "-i"), "mp go") == ["goal"]


@pytest.mark.parametrize(("line", "words"), COMPLETED)
def test_fish_completes(desk, device, line, words):
    desk.write(".config/fish/completions/mp.fish", device.mp("completion", "fish").out)
    found = subprocess.run(
        ["fish", "-c", f'complete -C "{line}"'],
        env=desk.environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    [(completed, _, sentence)] = [one.partition("\t") for one in found.stdout.splitlines()]
    assert completed == words[-1]
    assert sentence
