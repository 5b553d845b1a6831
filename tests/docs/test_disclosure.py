"""What is said of showing others: the tests and bugs it names are there, and a picture of every page in every state."""

import re
from pathlib import Path

from tests.planted.bugs import BUGS
from tests.support import drawn_doors, drawn_pages

ROOT = Path(__file__).parents[2]
DISCLOSURE = (ROOT / "docs" / "reference" / "disclosure.md").read_text(encoding="utf-8")
DASHBOARD = ROOT / "docs" / "reference" / "dashboard.md"
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def rows() -> list[list[str]]:
    """The guards: what each is, its tests, the bug that proves them."""
    lines = [line.strip("| ").split(" | ") for line in DISCLOSURE.splitlines() if line.startswith("| ")]
    return [[cell.strip("| ") for cell in line] for line in lines if line[0] != "guard"]


def test_every_guard_has_a_test_that_is_there():
    guards = rows()
    assert len(guards) > 25
    for guard, tests, *_ in guards:
        named = re.findall(r"`(test_\w+)`", tests)
        assert named, guard
        assert [name for name in named if f"def {name}(" not in TESTS] == [], guard


def test_every_bug_that_is_named_is_planted():
    planted = {bug.name for bug in BUGS}
    named = [bug for _, _, *bugs in rows() for bug in re.findall(r"`(\w+)`", "".join(bugs))]
    assert len(named) > 20
    assert [bug for bug in named if bug not in planted] == []


def test_every_page_in_every_state_has_its_picture_in_the_table():
    linked = set(re.findall(r"\(\.\./screens/dashboard/([a-z_-]+)\.png\)", DASHBOARD.read_text(encoding="utf-8")))
    drawn = {f"{each.page}-{each.state}" for each in (*drawn_pages.every(), *drawn_doors.every())}
    drawn |= {f"requests-{state}" for state in ("loading", "disconnected")}
    assert drawn - linked == set(), "run: python -m tests.outside.browser.screens, and link them"
    kept = {path.stem for path in (ROOT / "docs" / "screens" / "dashboard").glob("*.png")}
    assert linked == kept
