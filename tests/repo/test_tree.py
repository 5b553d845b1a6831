"""What no file of this repository may hold, and what every page must."""

import re

import pytest

from tests.repo.tree import ROOT, files, texts

# Written in pieces, or this file would be its own first finding.
INDEX_ADDRESS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian", "index" + "-url"])
)
INDEX_OPTION_OF_THE_RESOLVER = "--no-emit-index" + "-url"
MACHINE_PATH = re.compile(
    r"(?<![\w.$}])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/\w"
)
FILES_NAMED_AFTER_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts()
        for number, line in enumerate(text.replace(INDEX_OPTION_OF_THE_RESOLVER, "").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index():
    assert lines_with(INDEX_ADDRESS) == []


def test_no_file_names_a_path_of_somebodys_machine():
    assert lines_with(MACHINE_PATH) == []


def test_no_file_is_named_after_nothing():
    assert [path for path in files() if path.stem in FILES_NAMED_AFTER_NOTHING] == []


def test_tests_are_not_a_package():
    # importlib mode gives each test file its own name; an __init__.py would take that away for its folder.
    assert [path for path in files() if path.parts[0] == "tests" and path.name == "__init__.py"] == []


LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
PAGES = [path for path in files() if path.suffix == ".md"]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_relative_link_of_a_page_leads_somewhere(page):
    targets = [link for link in LINK.findall((ROOT / page).read_text(encoding="utf-8")) if "://" not in link]
    assert [target for target in targets if not (ROOT / page.parent / target).exists()] == []


def test_the_map_of_the_documentation_leads_to_every_guide_and_concept():
    listed = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = [path for path in PAGES if path.parts[:2] in {("docs", "guides"), ("docs", "concepts")}]
    assert [path for path in pages if str(path.relative_to("docs")) not in listed] == []


def test_decisions_are_numbered_without_holes_or_doubles():
    numbers = sorted(int(path.name[:4]) for path in PAGES if path.parts[:2] == ("docs", "decisions"))
    assert numbers == list(range(1, len(numbers) + 1))
