"""The screens of the documentation are what the program shows, fit their terminal, and need no colour."""

import re
from pathlib import Path

import pytest

from docs import screens
from docs.screens import FOLDER, NAME, Member, pages
from milepost_client.render.columns import width

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("screens") / "home"


@pytest.fixture(scope="module")
def shown(home: Path) -> list[screens.Screen]:
    return screens.screens(home)


def test_every_screen_is_what_the_program_shows(shown: list[screens.Screen]):
    kept = {path.name: path.read_text(encoding="utf-8") for path in (*FOLDER.glob("*.txt"), FOLDER / NAME)}
    assert kept == pages(shown), "run: python -m docs.screens"


def test_no_line_of_a_screen_is_wider_than_its_terminal(shown: list[screens.Screen]):
    assert [
        (screen.line, columns, line)
        for screen in shown
        for columns, text in screen.shown.items()
        for line in text.splitlines()
        if width(line) > columns
    ] == []


def test_a_colour_never_says_what_the_text_does_not(home: Path, shown: list[screens.Screen]):
    coloured = Member(home, is_terminal=True)
    for screen in shown:
        for columns, text in screen.shown.items():
            assert ESCAPE.sub("", coloured.type(screen.line, columns)) == text
    assert ESCAPE.search(coloured.type("mp status"))
