"""An account is erased from one device: the server lets go of all of it, the other device is told and keeps its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Device
from tests.support.household import Household
from tests.support.keyboard import at_a_terminal

MINUTES = '"minutes":739'
ASKED = "plughword"


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    with Household(tmp_path) as household:
        household.laptop.mp("share", "grant", "progress", "--to", "lead")
        household.laptop.mp("spend", "739m")
        household.laptop.mp("ask", "lead", f"What is {ASKED}?", "--no-input")
        household.settle()
        yield household


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_account_is_erased_by_typing_its_name_and_the_other_device_keeps_what_it_has(household: Household):
    laptop, phone, server = household.laptop, household.phone, household.server
    assert holds(server.data, MINUTES)
    assert holds(server.data, ASKED)

    with at_a_terminal(laptop.command("erase", "--account"), laptop.environ()) as keyboard:
        said = keyboard.answer("Type Mara to go on:", "Mara")
        assert keyboard.ends() == 0, keyboard.screen
    for word in ("for good", "your place in Harbour", "stays", "--local deletes it too", "keeps what it has"):
        assert word in said, said
    assert "the receipt is signed" in keyboard.screen

    told = phone.type("sync", "--json")
    assert told.code == 4
    assert '"code": "ERASED"' in told.out
    assert "mp export jsonl" in told.out
    kept = phone.mp("spend", "list").out
    assert "12 h 19" in kept
    assert "was erased" in phone.mp("status").out
    assert phone.data("today")["erased"]
    # It records on, and goes on saying so.
    phone.mp("spend", "10m")
    assert phone.type("sync").code == 4

    server.stop()
    for path in server.data.rglob("*"):
        if path.is_file():
            assert MINUTES.encode() not in path.read_bytes(), path.name
            assert ASKED.encode() not in path.read_bytes(), path.name
            assert b"Mara" not in path.read_bytes(), path.name
    server.start()
    assert server.operate("verify") == "everything verifies\n"


def test_a_wrong_name_erases_nothing(household: Household):
    laptop = household.laptop
    with at_a_terminal(laptop.command("erase", "--account"), laptop.environ()) as keyboard:
        keyboard.answer("Type Mara to go on:", "mara")
        assert keyboard.ends() == 2, keyboard.screen
    assert "nothing was erased" in keyboard.screen
    assert laptop.type("erase", "--account").code == 2
    household.check()


def test_without_a_server_that_answers_nothing_is_erased(household: Household):
    household.server.stop()
    refused = household.laptop.type("erase", "--account", "--yes")
    assert refused.code == 6
    assert "nothing was erased" in refused.err
    household.server.start()
    household.check()


def test_what_is_here_goes_only_when_that_is_asked_for(household: Household):
    laptop, phone = household.laptop, household.phone
    done = laptop.data("erase", "--account", "--local", "--yes")
    assert done["local"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT03:00:00Z", done["swept_by"])
    assert not [path for path in laptop.home.iterdir() if path.name != "config.toml"]
    assert laptop.mp("status").out.startswith("nothing is recorded here yet")
    # The next entry begins an account of its own, which may join.
    laptop.mp("goal", "Begin anew", "--due", "2027-01-08")
    laptop.mp("join", household.server.url, household.server.invite(), "--name", "Mara", "--no-input")
    assert phone.mp("erase", "--local", "--yes").code == 0
    assert not holds(phone.home, MINUTES)


def test_the_account_stays_when_only_a_device_is_emptied(household: Household):
    household.phone.mp("erase", "--local", "--yes")
    assert household.laptop.mp("sync").code == 0
    assert holds(household.server.data, MINUTES)


def test_the_words_erase_the_account_from_a_machine_that_knows_nothing(household: Household, tmp_path: Path):
    laptop, server = household.laptop, household.server
    with at_a_terminal(laptop.command("key", "words"), laptop.environ()) as keyboard:
        shown = keyboard.hear("Type the twelve words back")
        words = " ".join(re.findall(r"\d+ ([a-z]+)", shown))
        keyboard.type(words)
        assert keyboard.ends() == 0
    fresh = Device(tmp_path / "fresh")
    line = ("erase", "--account", "--recover", server.url, "--yes")
    wrong = fresh.type(*line, stdin=" ".join(reversed(words.split())))
    assert wrong.code == 5
    done = fresh.type(*line, stdin=words)
    assert done.code == 0, str(done)
    assert laptop.type("sync", "--json").code == 4
    assert not [path for path in fresh.home.rglob("*") if path.name == "log.db"]
