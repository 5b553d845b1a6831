"""The résumé of six months of a marketer passes the published validator, and a theme of others draws it."""

import json
from pathlib import Path
from typing import Any

import pytest

from milepost_client.demo.story import PLANS, STORY, typed
from tests.support import npm
from tests.support.typist import type_all

SOURCES = Path(__file__).parent / "json_resume"


@pytest.fixture
def resume(tmp_path: Path) -> Path:
    """The résumé that comes of the demonstration's story, typed on one device."""
    type_all(tmp_path / "home", [typed(text, 0) for text in (*PLANS, *(line.text for line in STORY))])
    path = tmp_path / "resume.json"
    type_all(tmp_path / "home", [["export", "jsonresume", str(path), "--name", "Mara Lind"]])
    return path


def test_a_theme_draws_the_credential_the_projects_the_publication_and_three_highlights(
    resume: Path, tmp_path: Path
) -> None:
    # Given the résumé, which the published validator accepts
    made: dict[str, Any] = json.loads(resume.read_text(encoding="utf-8"))
    # When a theme draws it
    page = npm.run(npm.installed(SOURCES, tmp_path) / "draw.mjs", str(resume))
    # Then everything that scenario S1 asks for is on the page
    highlights = [highlight for project in made["projects"] for highlight in project.get("highlights", ())]
    assert len(highlights) == 3
    shown = [
        "Mara Lind",
        *(one["name"] for one in (*made["certificates"], *made["publications"], *made["projects"])),
        *highlights,
    ]
    assert [text for text in shown if text.replace("&", "&amp;") not in page] == []
