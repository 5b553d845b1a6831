"""read-models.md has every table and column of both files, and no other; and datasette opens them."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from milepost_client.views.read_models import READ_MODELS
from tests.cli.conftest import Mp
from tests.repo.tree import ROOT

PAGE = (ROOT / "docs/reference/read-models.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")


@pytest.fixture
def written(mp: Mp, home: Path) -> Path:
    """A home in which a little of everything is recorded."""
    for line in (
        ("goal", "Read two chapters", "--due", "2026-03-06"),
        ("rate", "sprint planning", "2"),
        ("rate", "sprint planning", "4", "--on", "2026-03-03"),
        ("touch", "Dana", "interview", "--minutes", "30"),
        ("spend", "90m", "Read two"),
        ("win", "First talk"),
        ("metric", "define", "rent", "--own", "--unit", "money"),
        ("metric", "rent", "950"),
        ("status",),
    ):
        assert mp(*line).code == 0, line
    return home


def documented() -> Iterator[tuple[str, set[str]]]:
    """Each table that the page names, with the columns of its own; a heading of several has none."""
    starts = [*HEADING.finditer(PAGE)]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(PAGE)
        rows = [line for line in PAGE[start.end() : end].splitlines() if line.startswith("| `")]
        columns = {name for row in rows for name in QUOTED.findall(row.split(" | ")[0])}
        for name in QUOTED.findall(start[1]):
            yield name, columns


def tables(path: Path) -> dict[str, set[str]]:
    """Every table and view of a file with its columns; SQLite's own are left out."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        return {
            name: {row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')}
            for (name,) in names
            if not name.startswith(("sqlite_", "_sqlite_utils"))
        }


def test_every_table_of_both_files_is_documented_and_no_other(written: Path) -> None:
    there = tables(written / "views.db").keys() | tables(written / "log.db").keys()
    assert {name for name, _ in documented()} == there


def test_every_column_for_people_is_documented_and_no_other(written: Path) -> None:
    there = {**tables(written / "log.db"), **tables(written / "views.db")}
    assert {name: columns for name, columns in documented() if columns} == {
        name: there[name] for name, columns in documented() if columns
    }


def test_every_read_model_has_columns_of_its_own_on_the_page() -> None:
    columns = dict(documented())
    assert [model.name for model in READ_MODELS if not columns[model.name]] == []


def test_a_views_file_of_the_version_before_gets_the_read_models(written: Path, mp: Mp) -> None:
    # Given a file from before there were read models
    with closing(sqlite3.connect(written / "views.db")) as connection:
        for model in READ_MODELS:
            connection.execute(f"DROP VIEW {model.name}")
        connection.execute("DROP TABLE day_count")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    # When a command shows something
    assert mp("status").code == 0
    # Then they are there, over what was folded
    assert rows(written, "SELECT name, status FROM goals") == [("Read two chapters", "open")]
    assert rows(written, "SELECT count, minutes FROM day_count WHERE type = 'time.spent'") == [(1, 90)]


def test_a_views_file_of_a_newer_build_is_folded_anew(written: Path, mp: Mp) -> None:
    with closing(sqlite3.connect(written / "views.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("DROP TABLE view")
        connection.commit()
    assert mp("status").code == 0
    assert rows(written, "SELECT name FROM goals") == [("Read two chapters",)]


def test_read_models_say_what_the_screen_says(written: Path) -> None:
    assert rows(written, "SELECT first_rating, rating, rated FROM skills") == [(4, 2, 2)]
    assert rows(written, 'SELECT "on", rating FROM ratings ORDER BY 1') == [("2026-03-03", 4), ("2026-03-04", 2)]
    assert rows(written, "SELECT name, kind, minutes FROM touchpoints") == [("Dana", "interview", 30)]
    assert rows(
        written, "SELECT t.minutes, g.name FROM time t, json_each(t.refs) r JOIN goals g ON g.id = r.value"
    ) == [(90, "Read two chapters")]
    assert rows(written, "SELECT value FROM readings") == [("950",)]
    assert rows(written, "SELECT monday, minutes, touches FROM weeks") == [("2026-03-02", 90, 1)]


def test_what_was_taken_back_is_in_no_read_model(written: Path, mp: Mp) -> None:
    mp("spend", "15m")
    mp("undo")
    mp("status")
    assert rows(written, "SELECT minutes FROM time") == [(90,)]


def test_the_two_files_join_by_the_entry(written: Path) -> None:
    with closing(sqlite3.connect(written / "views.db")) as connection:
        connection.execute("ATTACH ? AS log", (str(written / "log.db"),))
        joined = connection.execute("SELECT e.type FROM time t JOIN log.entries e ON e.id = t.event").fetchall()
    assert joined == [("time.spent",)]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/views/goals.json?_shape=array&_nl=on", {"name": "Read two chapters", "status": "open"}),
        ("/log.json?sql=select+count(*)+as+n+from+entries+where+type='skill.rated'&_shape=array&_nl=on", {"n": 2}),
    ],
)
def test_datasette_opens_both_files_and_answers_queries(written: Path, path: str, answer: dict[str, object]) -> None:
    # Given both files, as datasette opens what it must not change
    files = ["--immutable", str(written / "views.db"), "--immutable", str(written / "log.db")]
    # When it is asked for a page of them
    line = [sys.executable, "-m", "datasette", "serve", *files, "--get", path]
    said = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stdout
    # Then it answers what is there
    assert answer.items() <= json.loads(said).items()


def rows(home: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "views.db")) as connection:
        return connection.execute(statement).fetchall()
