"""The guide to six months, typed line by line into an empty home on the day that the page shows."""

import time
from datetime import UTC, datetime

from tests.repo.tree import ROOT
from tests.support.console import Console

NOON_OF_THE_PAGE_MS = int(datetime(2026, 7, 6, 12, tzinfo=UTC).timestamp() * 1000)


def test_every_line_of_the_guide_to_six_months_prints_what_it_shows(tmp_path):
    console = Console(tmp_path)
    console.ahead_ms = NOON_OF_THE_PAGE_MS - time.time_ns() // 1_000_000
    assert console.run(ROOT / "docs/guides/six-months.md") >= 18
    page = (tmp_path / "half-year.html").read_text(encoding="utf-8")
    assert "From Product marketer to Growth analyst" in page
