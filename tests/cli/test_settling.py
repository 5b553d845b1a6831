"""The inbox is answered: a write of a conflict is kept or the conflict dismissed, and either is taken back."""

import pytest

from milepost_client.device.home import Home
from milepost_client.store.log import Log
from milepost_client.sync.join import KEY_SETTING, URL_SETTING
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


def test_what_the_inbox_does_not_list_is_not_settled(torn):
    torn("win", "A reply")
    (win,) = torn("log", "--type", "win", "--json").data["entries"]
    for act in ("keep", "dismiss", "accept"):
        assert torn("inbox", act, win["short_id"]).code == 3
    assert torn("inbox", "keep").code == 2
    assert torn("inbox", "burn", win["short_id"]).code == 2
