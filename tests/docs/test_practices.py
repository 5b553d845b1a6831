"""The page of practices: every line runs, records what the page says, and is seen where the page says."""

import json
import shlex
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from milepost import catalogue
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM, World
from milepost_client.main import run
from milepost_client.store.log import Log
from tests.repo.tree import ROOT
from tests.support.joined import take_place
from tests.support.practices import PRACTICES, TEXTS

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOT_YET = "not yet"
# Of whoever does nothing but keep a device: the practices are those of a person.
# A consent is ended by a withdrawal, and what is erased is gone: `undo` refuses both and says so.
OF_CONSENT = {"consent.granted", "consent.withdrawn", "pod.left", "entry.erased"}
NO_PRACTICE = {"device.enrolled", "device.revoked", "device.renamed", "key.issued", "entry.settled"}


class Desk:
    """A home in a pod, and what is typed there."""

    def __init__(self, home: Path) -> None:
        self.home = Home(str(home))
        self._id = ""
        self._now_ms = int(NOON.timestamp() * 1000)
        self.world: World = SYSTEM._replace(now_ms=self._tick, offset_minutes=lambda: 60)
        take_place(home, self.world)

    def _tick(self) -> int:
        self._now_ms += 1000
        return self._now_ms

    def record(self, line: str) -> None:
        """Type a line that records, in which `ID` is what the line before it was about."""
        words = [self._id if word == "ID" else word for word in shlex.split(line)]
        said = json.loads(self.type(shlex.join(words), "--json"))
        self._id = (said["data"].get("subject") or {}).get("id", "")

    def type(self, line: str, *flags: str) -> str:
        """What a line prints. It must succeed."""
        mp, *words = shlex.split(line)
        # With bytes beneath, as a terminal has: an export goes there.
        raw, err = BytesIO(), StringIO()
        out = TextIOWrapper(raw, encoding="utf-8", write_through=True)
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*words, *flags], {"MILEPOST_HOME": self.home.path}, self.world)
        assert (mp, code) == ("mp", 0), f"{line}\n{err.getvalue()}"
        return raw.getvalue().decode()

    def look(self, line: str) -> str:
        """What a view shows, but for how much waits to be synced; nothing where there is nothing to show yet."""
        try:
            shown = self.type(line, "--json")
        except AssertionError:
            return ""
        return json.dumps({**json.loads(shown)["data"], "unsent": None})

    def standing(self, line: str) -> object:
        """What a view shows of what stands, without the entries it lists beside as taken back."""
        shown = self.look(line)
        return _standing(json.loads(shown)) if shown else None

    def types(self, since: int) -> set[str]:
        """The true types of the entries after the first `since`."""
        with Log.open(self.home, self.world) as log:
            events = [stored.event for stored in log.since(since)]
        entries = [
            catalogue.decode(
                event.type, event.version, event.facts and event.facts.text, event.private and event.private.text
            )
            for event in events
        ]
        return {entry.type for entry in entries}

    def count(self) -> int:
        with Log.open(self.home, self.world) as log:
            return log.count


def _standing(value: object) -> object:
    match value:
        case dict():
            return {key: _standing(item) for key, item in value.items() if key != "history"}
        case list():
            return [_standing(item) for item in value if not (isinstance(item, dict) and _is_correction(item))]
        case _:
            return value


def _is_correction(entry: dict[str, object]) -> bool:
    return entry.get("taken_back") is True or entry.get("type") == "entry.retracted"


@pytest.mark.parametrize("text", TEXTS)
def test_every_practice_is_recorded_by_its_line_and_seen_in_its_view(text: str, tmp_path: Path):
    desk = Desk(tmp_path / "home")
    for practice in (one for one in PRACTICES if one.text == text):
        before, seen = desk.count(), [desk.look(view) for view in practice.views]
        for line in practice.commands:
            desk.record(line)
        for view, was in zip(practice.views, seen, strict=True):
            desk.type(view)
            assert not practice.commands or desk.look(view) != was, f"{view} shows nothing of: {practice.says}"
        if practice.commands:
            assert desk.types(before) == set(practice.types), practice.says
        else:
            assert desk.types(0) >= set(practice.types), practice.says


def test_every_test_that_the_page_names_is_there():
    named = [test.split("::") for practice in PRACTICES for test in practice.tests]
    assert [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ] == []


def test_every_type_of_entry_that_a_member_makes_has_a_practice():
    members = {declared.name for declared in catalogue.types() if declared.family != "cohort"}
    named = {type for practice in PRACTICES for type in practice.types}
    assert members - NO_PRACTICE == named


def test_every_row_has_a_view_and_a_test_or_says_that_there_is_none_yet():
    for practice in PRACTICES:
        assert practice.views, practice.says
        assert practice.tests or practice.cells[-1] == NOT_YET, practice.says


@pytest.mark.parametrize("text", TEXTS)
def test_every_line_can_be_taken_back_and_brought_back_again(text: str, tmp_path: Path):
    desk = Desk(tmp_path / "home")
    for practice in (one for one in PRACTICES if one.text == text):
        for line in practice.commands:
            before = [desk.standing(view) for view in practice.views]
            desk.record(line)
            if not OF_CONSENT.intersection(practice.types):
                after = [desk.standing(view) for view in practice.views]
                desk.type("mp undo")
                assert [desk.standing(view) for view in practice.views] == before, line
                desk.type("mp undo")
                assert [desk.standing(view) for view in practice.views] == after, line
