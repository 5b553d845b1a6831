"""The concepts: what a page says a test holds, a test of that name holds."""

import re

import pytest

from tests.repo.tree import ROOT, files

TESTS = "\n".join(
    (ROOT / path).read_text(encoding="utf-8") for path in files() if path.parts[0] == "tests" and path.suffix == ".py"
)
NAMED = re.compile(r"`(test_\w+)`")
PAGES = sorted((ROOT / "docs/concepts").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_test_that_a_page_names_is_there(page):
    named = NAMED.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if f"def {name}(" not in TESTS] == []


def test_every_invariant_names_what_holds_it():
    page = (ROOT / "docs/concepts/how-sync-works.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (I\d+) \|.*\| (.*) \|$", page, re.MULTILINE))
    assert list(rows) == [f"I{number}" for number in range(1, 13)]
    assert [name for name, held_by in rows.items() if not NAMED.search(held_by)] == []
