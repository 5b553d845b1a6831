"""The inbox is answered: a write of a conflict is kept or the conflict dismissed, and either is taken back."""

import json

import pytest

from milepost_client.device.home import Home
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from tests.support.homes import pair


@pytest.fixture
def torn(mp, home, world, tmp_path):
    """A goal whose day two devices moved without having seen each other: here to Monday, on the phone to Friday."""
    mp("goal", "Draft 3 stories", "--test", "Sam reviews 3", "--due", "2026-03-11")
    with Log.open(Home(str(home)), world) as log:
        log.set_settings([(URL_SETTING, b"https://meet.example"), (KEY_SETTING, bytes(32))])
    phone = str(tmp_path / "phone")
    pair(Home(str(home)), Home(phone))
    carry(mp, tmp_path, str(home), phone)
    mp("edit", "draft", "--due", "2026-03-09")
    mp("edit", "draft", "--due", "2026-03-13", MILEPOST_HOME=phone)
    carry(mp, tmp_path, phone, str(home))
    return mp


def carry(mp, folder, here, there):
    file = str(folder / "carried.bundle")
    assert mp("export", "bundle", file, "--yes", MILEPOST_HOME=here).code == 0
    assert mp("import", "bundle", file, "--apply", MILEPOST_HOME=there).code == 0


def due(mp) -> str:
    (goal,) = mp("goal", "list", "--json").data["goals"]
    return str(goal["due_on"])


def conflicts(mp) -> list[list[str]]:
    return [one["events"] for one in mp("inbox", "--json").data["conflicts"]]


def test_the_other_write_of_a_conflict_is_kept_and_undo_brings_the_conflict_back(torn):
    ((stands, other),) = conflicts(torn)
    before = due(torn)
    assert f"mp inbox keep {other[10:17]}" in " ".join(torn("inbox").out.split())
    assert torn("inbox", "keep", other).code == 0
    assert (conflicts(torn), {before, due(torn)}) == ([], {"2026-03-09", "2026-03-13"})
    torn("undo")
    assert (conflicts(torn), due(torn)) == ([[stands, other]], before)


def test_a_conflict_that_is_dismissed_leaves_what_stands(torn):
    ((_, other),) = conflicts(torn)
    before = due(torn)
    assert torn("inbox", "dismiss", other).code == 0
    assert (conflicts(torn), due(torn)) == ([], before)


def test_an_entry_that_was_set_aside_is_dismissed_and_undo_brings_it_back(mp, home, world):
    # Given a rating that another build let through
    mp("rate", "SQL", "3")
    (skill,) = mp("skill", "list", "--json").data["skills"]
    facts = json.dumps({"skill": skill["id"], "rating": 7, "basis": "self"}).encode()
    with Log.open(Home(str(home)), world) as log:
        log.append([Draft("skill.rated", 1, 20_516, 60, facts, None)])
    (listed,) = mp("inbox", "--json").data["set_aside"]
    words = mp("inbox").out.split()
    line = words[words.index("dismiss") + 1]
    # When the line that the inbox names is typed
    assert mp("inbox", "dismiss", line).code == 0
    # Then it is gone from there, the skill is as it was, and undo lists it again
    assert mp("inbox", "--json").data["set_aside"] == []
    assert mp("skill", "list", "--json").data["skills"][0]["current"] == 3
    mp("undo")
    assert mp("inbox", "--json").data["set_aside"] == [listed]


def test_what_the_inbox_does_not_list_is_not_settled(torn):
    torn("win", "A reply")
    (win,) = torn("log", "--type", "win", "--json").data["entries"]
    for act in ("keep", "dismiss", "accept"):
        assert torn("inbox", act, win["short_id"]).code == 3
    assert torn("inbox", "keep").code == 2
    assert torn("inbox", "burn", win["short_id"]).code == 2
