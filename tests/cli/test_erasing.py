"""Erasing: the words of an entry are gone for good, and nothing else is."""

from pathlib import Path

import pytest

from milepost_client.device.home import Home
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from tests.support.homes import pair

WORDS = ("Zebulon", "Xyzzycorp", "plughword")


@pytest.fixture
def met(mp) -> None:
    """Somebody was met, and looked at in a list."""
    mp("contact", "add", "Zebulon Quax", "--employer", "Xyzzycorp")
    mp("touch", "Zebulon", "interview", "15m", "--notes", "plughword said")
    mp("goal", "Mail two people", "--due", "fri")
    mp("contact", "list")


def found_in(folder: Path) -> list[str]:
    """Which of the words stand in any file of a home."""
    held = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return [word for word in WORDS if word.encode() in held]


def test_a_person_that_is_erased_is_in_no_file_any_more(mp, home, met):
    assert found_in(home) == list(WORDS)
    said = mp("erase", "Zebulon Quax", "--yes")
    assert said.code == 0
    assert "erased 2 entries" in said.out
    assert found_in(home) == []
    assert mp("contact", "list", "--json").data["contacts"] == []


def test_the_rest_stays_and_the_chain_still_verifies(mp, met):
    mp("erase", "Zebulon Quax", "--yes")
    assert [goal["name"] for goal in mp("goal", "list", "--json").data["goals"]] == ["Mail two people"]
    said = mp("verify", "--deep", "--json")
    assert (said.code, said.data["codes"]) == (1, ["ERASED"])


def test_one_entry_can_be_erased_without_the_others_about_the_thing(mp, home, met):
    touch = next(one for one in mp("log", "--json").data["entries"] if one["type"] == "touchpoint.logged")
    mp("erase", touch["short_id"], "--yes")
    assert found_in(home) == ["Zebulon", "Xyzzycorp"]
    (contact,) = mp("contact", "list", "--json").data["contacts"]
    assert contact["counts"] == {}


def test_what_was_taken_back_can_still_be_erased(mp, home, met):
    mp("rate", "SQL", "3")
    mp("undo", "Zebulon Quax")
    mp("undo", "Zebulon Quax")
    assert found_in(home) == list(WORDS)
    for one in mp("log", "--type", "contact.added", "--json").data["entries"]:
        mp("erase", one["short_id"], "--yes")
    assert found_in(home) == ["plughword"]


def test_a_sealed_entry_is_erased_too(mp, home):
    mp("win", "plughword approved")
    mp("erase", mp("log", "--json").data["entries"][0]["short_id"], "--yes")
    assert found_in(home) == []
    assert mp("win", "list", "--json").data["wins"] == []


def test_it_asks_first(mp, home, met):
    said = mp("erase", "Zebulon Quax", "--json")
    assert (said.code, said.json["error"]["code"]) == (2, "confirm")
    assert "touchpoint.logged" in said.json["error"]["message"]
    assert found_in(home) == list(WORDS)


@pytest.mark.parametrize("type_", ["device.enrolled", "key.issued"])
def test_what_the_log_rests_on_stays(mp, met, type_):
    one = mp("log", "--type", type_, "--json").data["entries"][0]
    assert mp("erase", one["short_id"], "--yes", "--json").json["error"]["code"] == "control"


def test_a_retraction_is_not_erased_for_that_would_bring_its_target_back(mp, met):
    mp("undo")
    one = mp("log", "--type", "entry.retracted", "--json").data["entries"][0]
    assert mp("erase", one["short_id"], "--yes", "--json").json["error"]["code"] == "control"


def test_what_is_erased_is_not_erased_twice(mp, met):
    entry = mp("log", "--json").data["entries"][0]["short_id"]
    assert mp("erase", entry, "--yes").code == 0
    assert mp("erase", entry, "--yes", "--json").json["error"]["code"] == "erased"


def test_an_erasure_is_not_taken_back(mp, met):
    mp("erase", "Zebulon Quax", "--yes")
    erased = mp("log", "--type", "entry.erased", "--json").data["entries"][0]["short_id"]
    assert mp("undo", erased, "--json").json["error"]["code"] == "control"
    assert "goal.set" in mp("undo").out


def test_another_device_that_hears_of_it_erases_too(mp, home, world, met, tmp_path):
    with Log.open(Home(str(home)), world) as log:
        log.set_settings([(URL_SETTING, b"https://meet.example"), (KEY_SETTING, bytes(32))])
    phone = tmp_path / "phone"
    pair(Home(str(home)), Home(str(phone)))
    carried = str(tmp_path / "b.bundle")

    def meet() -> None:
        mp("export", "bundle", carried, "--yes")
        mp("import", "bundle", carried, "--apply", MILEPOST_HOME=str(phone))
        mp("contact", "list", MILEPOST_HOME=str(phone))

    meet()
    assert found_in(phone) == list(WORDS)
    mp("erase", "Zebulon Quax", "--yes")
    meet()
    assert found_in(phone) == []
    assert mp("verify", "--json", MILEPOST_HOME=str(phone)).data["codes"] == ["ERASED"]
