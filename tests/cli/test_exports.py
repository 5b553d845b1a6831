"""`mp export`: every format written by the command line, and read back by somebody else's parser."""

import csv
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.exports.csv_table import guarded, written
from milepost_client.exports.tables import ENTRIES, NAMES
from milepost_client.pod.pods import PAGE
from milepost_client.store.log import Log
from tests.cli.conftest import NOON, Mp
from tests.repo.tree import ROOT
from tests.support.cli import Device
from tests.support.typist import type_all

RESUME_SCHEMA = Draft7Validator(
    json.loads((ROOT / "tests/support/vendor/json_resume/schema.json").read_text(encoding="utf-8")),
    format_checker=Draft7Validator.FORMAT_CHECKER,
)

STORY = (
    ("position", "add", "Marketing manager", "--start", "2020-09-01", "--employer", "Tea by post"),
    ("position", "add", "Politics", "--kind", "study", "--start", "2012-09-01", "--end", "2015-06-30"),
    ("milestone", "plan", "credential", "CSPO", "--start", "2026-01-26", "--due", "2026-04-27", "--measure", "passed"),
    ("milestone", "plan", "stretch", "Redesign", "--start", "2026-01-05", "--due", "2026-02-27", "--measure", "ships"),
    ("milestone", "start", "Redesign", "--on", "2026-01-05"),
    ("evidence", "credential", "CSPO", "--issuer", "Scrum Alliance", "--of", "CSPO", "--on", "2026-03-02"),
    ("evidence", "artifact", "Case study", "--kind", "case_study", "--of", "Redesign", "--public", "--link",
     "https://example.org/case"),
    ("evidence", "artifact", "Secret roadmap", "--kind", "roadmap"),
    ("metric", "define", "active users", "--unit", "percent", "--kind", "change", "--better", "up"),
    ("metric", "active users", "12", "--relative"),
    ("evidence", "impact", "12 % more active users", "--action", "Led a redesign", "--context", "an old sign-up",
     "--reading", "active users", "--of", "Redesign"),
    ("evidence", "impact", "half the calls", "--action", "Wrote a guide", "--context", "support"),
    ("evidence", "narrative", "Half a year", "--kind", "article", "--link", "https://example.org/story"),
    ("milestone", "complete", "Redesign", "--measure", "yes", "--result", "shipped"),
    ("goal", "Read two chapters", "--due", "2026-03-06", "--test", "notes are in the wiki"),
    ("goal", "Call Dana", "--due", "2026-03-05"),
    ("done", "Call Dana"),
    ("rate", "sprint planning", "2", "--on", "2026-02-02"),
    ("rate", "sprint planning", "4"),
    ("contact", "add", "Dana", "--class", "recruiter", "--employer", "Acme"),
    ("touch", "Dana", "interview", "--minutes", "15", "--notes", "ask about scope"),
    ("spend", "90m", "Read two"),
    ("win", "=First talk"),
)  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a story was typed."""
    home = tmp_path_factory.mktemp("story") / "home"
    type_all(home, STORY, noon=NOON)
    return home


@pytest.fixture
def told(mp: Mp, story: Path, home: Path) -> Mp:
    """A command line on a copy of that home."""
    shutil.copytree(story, home)
    return mp


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def every_format(folder: Path) -> Iterator[tuple[str, Path]]:
    for name, file in (
        ("jsonl", "log.jsonl"),
        ("jsonresume", "resume.json"),
        ("ics", "milepost.ics"),
        ("bundle", "milepost.bundle"),
        ("csv", "tables"),
    ):
        yield name, folder / file


def test_without_a_format_the_formats_are_listed(mp: Mp) -> None:
    listed = mp("export", "--json").data["formats"]
    assert [one["name"] for one in listed] == ["jsonl", "csv", "jsonresume", "ics", "report", "bundle"]
    said = mp("export", COLUMNS="60")
    assert all(one["example"] in said.out for one in listed)


# Files


def test_every_format_writes_a_file_of_its_owner_alone_and_says_how_much(told: Mp, tmp_path: Path) -> None:
    for name, path in every_format(tmp_path):
        said = told("export", name, str(path), "--json")
        assert said.code == 0, said
        assert (said.data["format"], said.data["path"]) == (name, str(path))
        assert sum(said.data["counts"].values()) > 0
        for file in path.iterdir() if path.is_dir() else (path,):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_replaced_without_a_yes(told: Mp, tmp_path: Path) -> None:
    for name, path in every_format(tmp_path):
        told("export", name, str(path))
        if path.is_dir():
            (path / "goals.csv").write_text("mine")
        else:
            path.write_text("mine")
        refused = told("export", name, str(path), "--json")
        assert (refused.code, refused.json["error"]["code"]) == (2, "confirm")
        assert (path / "goals.csv" if path.is_dir() else path).read_text() == "mine"
        assert told("export", name, str(path), "--yes").code == 0
        assert (path / "goals.csv" if path.is_dir() else path).read_bytes() != b"mine"


def test_a_file_is_there_whole_or_not_at_all(told: Mp, tmp_path: Path) -> None:
    # Given a disk that refuses: the folder of the file may not be written to, or is none
    assert told("export", "jsonl", str(tmp_path / "nowhere" / "log.jsonl")).code == 2
    (tmp_path / "folder").mkdir()
    assert told("export", "jsonl", str(tmp_path / "folder")).code == 2
    # Then nothing is left behind
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "home"]


def test_where_nothing_is_recorded_nothing_is_written(mp: Mp, tmp_path: Path) -> None:
    for name, path in every_format(tmp_path):
        said = mp("export", name, str(path), "--json")
        assert (said.code, said.json["error"]["code"]) == (3, "no_log")
        assert not path.exists()


def test_standard_output_has_the_export_and_nothing_else(told: Mp, home: Path) -> None:
    # Given a real process, whose output is piped
    device = Device(home)
    # When it exports to standard output
    typed = device.mp("export", "jsonl", "-")
    # Then that is lines, and the talk is elsewhere
    assert {json.loads(line)["kind"] for line in typed.out.splitlines()} == {"log", "event", "head", "end"}
    assert "events written" in typed.err
    assert device.type("export", "jsonl", "-", "--json").code == 2


# CSV


def test_a_table_has_the_words_beside_what_is_counted(told: Mp, tmp_path: Path) -> None:
    told("export", "csv", str(tmp_path / "tables"))
    tables = tmp_path / "tables"
    [goal] = [row for row in rows(tables / "goals.csv") if row["status"] == "open"]
    assert (goal["name"], goal["due"], goal["minutes_spent"]) == ("Read two chapters", "2026-03-06", "90")
    assert goal["test"] == "notes are in the wiki"
    assert rows(tables / "contacts.csv")[0]["employer"] == "Acme"
    assert rows(tables / "touchpoints.csv")[0]["notes"] == "ask about scope"
    assert [row["rating"] for row in rows(tables / "ratings.csv")] == ["2", "4"]
    assert {row["link"] for row in rows(tables / "artifacts.csv")} == {"https://example.org/case", ""}


def test_only_tables_that_have_rows_are_written(told: Mp, tmp_path: Path) -> None:
    counts = told("export", "csv", str(tmp_path / "tables"), "--json").data["counts"]
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == set(counts)
    assert 0 not in counts.values()
    assert counts[ENTRIES] == len(rows(tmp_path / "tables" / "entries.csv"))


def test_a_table_as_of_a_day_has_what_had_happened_by_then(told: Mp, tmp_path: Path) -> None:
    # Given a skill that was rated in February and in March
    path = tmp_path / "skills.csv"
    told("export", "csv", str(path), "--table", "skills", "--as-of", "2026-02-10")
    # Then in February it had the first rating only
    assert [(row["rating"], row["rated"]) for row in rows(path)] == [("2", "1")]
    told("export", "csv", str(path), "--table", "ratings", "--as-of", "2026-02-10", "--yes")
    assert [row["rating"] for row in rows(path)] == ["2"]


def test_as_of_today_is_as_of_now_in_every_table(told: Mp, tmp_path: Path) -> None:
    now, then = tmp_path / "now", tmp_path / "then"
    told("export", "csv", str(now))
    told("export", "csv", str(then), "--as-of", "today")
    assert {path.stem for path in now.iterdir()} < set(NAMES)
    assert {path.name: path.read_bytes() for path in now.iterdir()} == {
        path.name: path.read_bytes() for path in then.iterdir()
    }


def test_a_cell_that_a_spreadsheet_would_run_is_text(told: Mp, tmp_path: Path) -> None:
    path = tmp_path / "entries.csv"
    told("export", "csv", str(path), "--table", "entries")
    assert "'=First talk" in {row["says"] for row in rows(path)}


@given(st.text())
def test_no_text_begins_a_formula_and_none_is_lost(text: str) -> None:
    cell = guarded(text)
    assert cell in (text, "'" + text)
    assert not str(cell).startswith(("=", "@", "\t", "\r"))
    assert not str(cell).startswith(("+", "-")) or float(str(cell)) is not None


@given(st.lists(st.lists(st.text() | st.none() | st.integers(), min_size=2, max_size=2)))
def test_any_table_is_read_back_by_the_parser_of_the_standard_library(table: list[list[Any]]) -> None:
    said = b"".join(written(("a", "b"), table)).decode("utf-8")
    head, *read = csv.reader(StringIO(said, newline=""))
    assert head == ["a", "b"]
    assert read == [["" if cell is None else str(guarded(cell)) for cell in row] for row in table]


def test_an_unknown_table_is_refused_with_the_list(told: Mp, tmp_path: Path) -> None:
    said = told("export", "csv", str(tmp_path / "x.csv"), "--table", "dreams", "--json")
    assert (said.code, said.json["error"]["code"]) == (2, "choice")
    assert "goals" in said.json["error"]["message"]


# JSON Resume


def resume(mp: Mp, tmp_path: Path, *more: str) -> Any:
    path = tmp_path / "resume.json"
    assert mp("export", "jsonresume", str(path), "--yes", *more).code == 0
    made = json.loads(path.read_text(encoding="utf-8"))
    assert not list(RESUME_SCHEMA.iter_errors(made))
    return made


def test_a_resume_shows_what_was_earned_made_told_and_achieved(told: Mp, tmp_path: Path) -> None:
    made = resume(told, tmp_path, "--name", "Mara Lind")
    assert made["basics"] == {"name": "Mara Lind", "label": "Marketing manager"}
    assert made["certificates"] == [{"name": "CSPO", "date": "2026-03-02", "issuer": "Scrum Alliance"}]
    assert [one["name"] for one in made["publications"]] == ["Half a year"]
    assert made["education"] == [{"area": "Politics", "startDate": "2012-09-01", "endDate": "2015-06-30"}]
    assert made["skills"] == [{"name": "sprint planning", "level": "4 of 5"}]


def test_results_stand_in_the_project_they_came_of_else_in_the_job_of_the_day(told: Mp, tmp_path: Path) -> None:
    made = resume(told, tmp_path)
    project = made["projects"][0]
    assert project["name"] == "Redesign"
    assert project["description"] == "shipped; Case study"
    assert project["url"] == "https://example.org/case"
    assert project["highlights"] == ["Led a redesign, an old sign-up: 12 % more active users"]
    assert made["work"][0]["highlights"] == ["Wrote a guide, support: half the calls"]


def test_a_resume_names_nobody_else_and_leaves_private_artifacts_out_where_asked(told: Mp, tmp_path: Path) -> None:
    assert "Dana" not in json.dumps(resume(told, tmp_path))
    assert "Secret roadmap" in json.dumps(resume(told, tmp_path))
    assert "Secret roadmap" not in json.dumps(resume(told, tmp_path, "--public-only"))


def test_an_empty_story_makes_an_empty_resume_that_validates(mp: Mp, tmp_path: Path) -> None:
    mp("spend", "15m")
    made = resume(mp, tmp_path)
    assert [made[section] for section in ("work", "education", "projects", "skills")] == [[], [], [], []]


# Calendars


def calendar(mp: Mp, tmp_path: Path) -> str:
    path = tmp_path / "milepost.ics"
    assert mp("export", "ics", str(path), "--yes").code == 0
    return path.read_bytes().decode("utf-8")


def test_two_parsers_read_the_same_milestones_and_goals(told: Mp, tmp_path: Path) -> None:
    # Given a calendar with two milestones and two goals
    text = calendar(told, tmp_path)
    # When icalendar and vobject read it
    ours = icalendar.Calendar.from_ical(text)
    theirs = vobject.readOne(text)
    # Then both see the same days and states
    days = {str(one["SUMMARY"]): (one.decoded("DTSTART"), one.decoded("DTEND")) for one in ours.walk("VEVENT")}
    assert days == {one.summary.value: (one.dtstart.value, one.dtend.value) for one in theirs.vevent_list}
    assert days["CSPO (planned)"] == (date(2026, 1, 26), date(2026, 4, 28))
    todos = {str(one["SUMMARY"]): (one.decoded("DUE"), str(one["STATUS"])) for one in ours.walk("VTODO")}
    assert todos == {one.summary.value: (one.due.value, one.status.value) for one in theirs.vtodo_list}
    assert todos == {
        "Read two chapters": (date(2026, 3, 6), "NEEDS-ACTION"),
        "Call Dana": (date(2026, 3, 5), "COMPLETED"),
    }


def test_a_thing_keeps_its_uid_when_it_changes(told: Mp, tmp_path: Path) -> None:
    before = {str(one["UID"]) for one in icalendar.Calendar.from_ical(calendar(told, tmp_path)).walk("VTODO")}
    told("done", "Read two")
    after = icalendar.Calendar.from_ical(calendar(told, tmp_path)).walk("VTODO")
    assert {str(one["UID"]) for one in after} == before
    assert {str(one["STATUS"]) for one in after} == {"COMPLETED"}


def test_what_was_stopped_stays_in_the_calendar_as_cancelled(told: Mp, tmp_path: Path) -> None:
    told("milestone", "stop", "CSPO", "--reason", "priority")
    stopped = icalendar.Calendar.from_ical(calendar(told, tmp_path)).walk("VEVENT")
    assert {str(one["SUMMARY"]): str(one["STATUS"]) for one in stopped}["CSPO (stopped)"] == "CANCELLED"


@pytest.mark.parametrize(
    ("repeat", "rule", "start", "due", "summary"),
    [
        ("daily", "FREQ=DAILY", date(2026, 3, 4), None, "Read"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 3, 4), None, "Read"),
        ("weekly", "FREQ=WEEKLY", date(2026, 3, 2), date(2026, 3, 8), "Read"),
        ("3", "FREQ=WEEKLY", date(2026, 3, 2), date(2026, 3, 8), "Read, 3 times a week"),
    ],
)
def test_a_goal_that_repeats_comes_back_in_the_calendar(mp, tmp_path, repeat, rule, start, due, summary) -> None:
    mp("goal", "Read", "--repeat", repeat, "--on", "2026-02-11")
    (todo,) = icalendar.Calendar.from_ical(calendar(mp, tmp_path)).walk("VTODO")
    theirs = vobject.readOne(calendar(mp, tmp_path)).vtodo
    assert (todo["RRULE"].to_ical(), theirs.rrule.value) == (rule.encode(), rule)
    assert (todo.decoded("DTSTART"), theirs.dtstart.value) == (start, start)
    assert (todo.decoded("DUE") if "DUE" in todo else None) == due
    assert str(todo["SUMMARY"]) == summary


def test_a_period_that_was_kept_is_not_to_be_done_again(mp: Mp, tmp_path: Path) -> None:
    mp("goal", "Read", "--repeat", "weekly", "--on", "2026-02-11")
    mp("done", "Read")
    (todo,) = icalendar.Calendar.from_ical(calendar(mp, tmp_path)).walk("VTODO")
    assert (todo.decoded("DTSTART"), str(todo["STATUS"])) == (date(2026, 3, 9), "NEEDS-ACTION")


def test_a_goal_that_repeats_until_a_day_ends_there(mp: Mp, tmp_path: Path) -> None:
    mp("goal", "Read", "--repeat", "daily", "--due", "2026-03-20")
    (todo,) = icalendar.Calendar.from_ical(calendar(mp, tmp_path)).walk("VTODO")
    assert todo["RRULE"].to_ical() == b"FREQ=DAILY;UNTIL=20260320"
    mp("goal", "Write", "--repeat", "daily", "--on", "2026-02-11", "--due", "2026-02-20")
    over = icalendar.Calendar.from_ical(calendar(mp, tmp_path)).walk("VTODO")
    assert [str(one["SUMMARY"]) for one in over if "RRULE" not in one] == ["Write"]


def test_sessions_of_the_pod_are_appointments_and_cancelled_ones_say_so(
    told: Mp, tmp_path: Path, home: Path, world: World
) -> None:
    # Given two sessions as the server said them last, one of them cancelled
    page = {
        "id": "p" * 16,
        "name": "North",
        "members": [],
        "cohort": {"id": "c" * 16, "name": "Spring", "start": "2026-01-05", "end": "2026-07-03", "zone": "UTC"},
        "sessions": [
            {"id": "s1", "start": "2026-03-06T16:00:00Z", "minutes": 60, "state": "scheduled", "pod_name": "North"},
            {"id": "s2", "start": "2026-03-13T16:00:00Z", "minutes": 60, "state": "cancelled", "pod_name": "North"},
        ],
    }
    with closing(Log.open(Home(str(home)), world)) as log:
        log.set_settings([(PAGE, json.dumps(page).encode())])
    # When the calendar is read
    sessions = [one for one in vobject.readOne(calendar(told, tmp_path)).vevent_list if "North" in one.summary.value]
    # Then both are there, in UTC
    assert [(one.uid.value, one.status.value) for one in sessions] == [
        ("s1@milepost", "CONFIRMED"),
        ("s2@milepost", "CANCELLED"),
    ]
    assert sessions[0].dtstart.value.isoformat() == "2026-03-06T16:00:00+00:00"


def test_the_talk_says_where_a_bundle_goes_next(told: Mp, tmp_path: Path) -> None:
    said = told("export", "bundle", str(tmp_path / "milepost.bundle"))
    assert "mp import bundle milepost.bundle" in said.err
    assert os.path.exists(tmp_path / "milepost.bundle")
