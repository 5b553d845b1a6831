"""The guide to moving in, typed line by line into an empty home beside the files that the page shows."""

import re

from milepost_client.imports.formats import FORMATS
from tests.repo.tree import ROOT
from tests.support.console import Console

PAGE = ROOT / "docs/guides/moving-in.md"


def test_every_line_of_the_guide_to_moving_in_prints_what_the_page_shows(tmp_path):
    console = Console(tmp_path)
    files = iter(re.findall(r"^```csv\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    console.hooks["file"] = lambda name: (tmp_path / name).write_text(next(files), encoding="utf-8")
    assert console.run(PAGE) >= 6
    assert list(files) == []


def test_every_format_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    assert [one.name for one in FORMATS if one.example not in page] == []
