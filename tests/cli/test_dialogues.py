"""What `mp` asks on a terminal, answered there."""

import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from milepost.keys import words_of
from milepost.wording import AT_JOIN, audiences
from milepost_client.device.home import Home
from milepost_client.device.secrets import RECOVERY, FileSecrets
from tests.support.cli import Device
from tests.support.keyboard import Keyboard, at_a_terminal
from tests.support.processes import ServerProcess

LATER = "(empty: later)"
REVIEW = (
    ("What worked?", "drafting before mail; short goals"),
    ("What needs adjusting?", "two goals a day"),
    ("What should the next goal heed?", "leave slack on Monday"),
    ("The next goal?", "Draft 1 story"),
    ("Due?", "2027-01-08"),
    ("How will you tell that it is done?", "Sam reviews it"),
)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """A home with a first entry in it."""
    device = Device(tmp_path / "home")
    device.mp("spend", "20m")
    return device


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "server") as server:
        server.pod()
        yield server


def sits_at(device: Device, *line: str, **environ: str) -> AbstractContextManager[Keyboard]:
    """A line typed by somebody who is there to answer."""
    return at_a_terminal(device.command(*line), {**device.environ(), **environ})


def recovery_secret(device: Device) -> bytes | None:
    return FileSecrets(Home(str(device.home)).keys).get(RECOVERY)


def words_in(shown: str) -> list[str]:
    """The words as they are shown: each behind its number."""
    return re.findall(r"\d+ ([a-z]+)", shown)


def joins(device: Device, server: ServerProcess, *agreed: str) -> str:
    """Join, saying yes to the audiences `agreed` and nothing to all others; the screen."""
    with sits_at(device, "join", server.url, server.invite()) as keyboard:
        keyboard.answer("(empty: not now)?", "Mara")
        for audience in audiences():
            before = " ".join(keyboard.answer("[y/N]", "y" if audience.name in agreed else "").split())
            assert f"{audience.question} {audience.preview} {audience.after}" in before
        keyboard.answer(LATER)
        assert keyboard.ends() == 0, keyboard.screen
    return keyboard.screen


def test_who_joins_and_agrees_to_nothing_shares_nothing(device, server):
    screen = joins(device, server)
    assert "nothing is shared with anybody" in screen
    assert device.data("share", "show")["grants"] == []


def test_a_yes_at_join_shares_with_that_audience_and_no_other(device, server):
    screen = joins(device, server, "pod_total")
    assert "shared with pod_total" in screen
    [grant] = device.data("share", "show")["grants"]
    assert grant["audience"] == "pod_total"
    assert set(grant["families"]) == set(AT_JOIN)


def test_the_questions_are_asked_again_and_enter_changes_nothing(device, server):
    joins(device, server, "pod_total", "cohort_total")
    device.mp("milestone", "start", "credential", "CSPO", "--for", "13w")
    with sits_at(device, "share") as keyboard:
        assert "Today that is 1 milestone (credential, started)" in " ".join(keyboard.answer("[y/N]").split())
        keyboard.answer("[y/N]", "y")
        assert "You share progress, rhythm, skills, people, evidence until" in keyboard.answer("[Y/n]", "n")
        keyboard.answer("[Y/n]")
        assert keyboard.ends() == 0, keyboard.screen
    assert [grant["audience"] for grant in device.data("share", "show")["grants"]] == ["lead", "cohort_total"]


def test_a_request_is_typed_under_the_line_that_names_its_readers(device, server):
    joins(device, server)
    with sits_at(device, "ask", "lead") as keyboard:
        before = keyboard.answer("Your request?", "Who can open a test account?")
        assert "in clear to the leads of Harbour; whoever runs the server can read it too" in before
        assert keyboard.ends() == 0, keyboard.screen
    [request] = device.data("ask", "list")["requests"]
    assert request["name"] == "Who can open a test account?"


def test_the_twelve_words_are_forgotten_once_they_were_typed_back_right(device):
    secret = recovery_secret(device)
    assert secret is not None
    words = words_of(secret).split()
    wrong = [*words[:2], "zoo" if words[2] != "zoo" else "zone", *words[3:]]

    with sits_at(device, "key", "words") as keyboard:
        shown = keyboard.answer(LATER, " ".join(words[:11]))
        assert words_in(shown) == words
        assert "that was 11 words, not 12" in keyboard.answer(LATER, " ".join(wrong))
        assert "word 3 is another" in keyboard.hear(LATER)
        assert recovery_secret(device) == secret

        keyboard.type(" ".join(words).upper())
        assert keyboard.ends() == 0, keyboard.screen

    assert recovery_secret(device) is None
    assert device.data("key", "status")["words_saved"] is True
    assert words_in(device.mp("key", "words").out) == []


def test_words_left_for_later_are_shown_again(device):
    for _ in range(2):
        with sits_at(device, "key", "words") as keyboard:
            shown = keyboard.answer(LATER)
            assert keyboard.ends() == 0
        secret = recovery_secret(device)
        assert secret is not None
        assert words_in(shown) == words_of(secret).split()


def test_words_typed_wrong_three_times_stay_unsaved(device):
    with sits_at(device, "key", "words") as keyboard:
        for _ in range(3):
            keyboard.answer(LATER, "not these")
        assert keyboard.ends() != 0
    assert "try again: mp key words" in keyboard.screen
    assert recovery_secret(device) is not None


def test_a_review_is_held_by_answering(device):
    with sits_at(device, "review") as keyboard:
        for question, said in REVIEW:
            keyboard.answer(question, said)
        assert keyboard.ends() == 0, keyboard.screen

    [held] = device.data("review", "list")["reviews"]
    assert held["worked"] == ["drafting before mail", "short goals"]
    assert held["adjust"] == ["two goals a day"]
    assert held["lesson"] == "leave slack on Monday"
    assert held["next_goal"]["name"] == "Draft 1 story"
    assert held["next_goal"]["id"] in {goal["id"] for goal in device.data("goal", "list")["goals"]}


def test_a_review_without_answers_is_not_held(device):
    with sits_at(device, "review") as keyboard:
        for question, _ in REVIEW[:4]:
            keyboard.answer(question)
        assert keyboard.ends() == 2
    assert device.data("review", "list")["reviews"] == []


def test_a_private_text_is_written_in_the_editor_and_leaves_no_file(device, tmp_path):
    seen = tmp_path / "seen"
    editor = (
        f"import pathlib, sys; path = pathlib.Path(sys.argv[1]); pathlib.Path({str(seen)!r}).write_text(str(path)); "
        "path.write_text('people leave\\nat the second screen\\n')"
    )
    with sits_at(device, "note", "-", EDITOR=shlex.join((sys.executable, "-c", editor)), VISUAL="") as keyboard:
        assert keyboard.ends() == 0, keyboard.screen

    [note] = device.data("note", "list")["notes"]
    assert note["text"] == "people leave\nat the second screen"
    assert not Path(seen.read_text()).parent.exists()


@pytest.mark.parametrize("editor", ["true", "false", "no-such-editor"])
def test_an_editor_that_leaves_nothing_writes_nothing(device, editor):
    with sits_at(device, "note", "-", EDITOR=editor, VISUAL="") as keyboard:
        assert keyboard.ends() == 2
    assert device.data("note", "list")["notes"] == []
