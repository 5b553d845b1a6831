"""Moving in: what is read, what is refused and why, and that importing again writes nothing new."""

import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import StorageError
from milepost_client.answer import Flags
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.imports.apply import Import
from milepost_client.imports.audit import reading
from milepost_client.imports.formats import FORMATS
from milepost_client.imports.progress import told
from milepost_client.imports.source import source
from milepost_client.imports.wanted import Row
from milepost_client.main import run
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views
from tests.support.homes import pair

AUDIT = "competency,current,target,method,date\n"
ROWS = "market analysis,5,,,\nagile sprint planning,2,4,workshop,2026-02-09\n"
ZONE_OF_SUMMER_TIME = "CET-1CEST,M3.5.0,M10.5.0/3"

Put = Callable[..., str]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a file, and its path."""

    def written(name: str, data: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    return written


@pytest.fixture
def summer_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine where clocks are put forward in March."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", ZONE_OF_SUMMER_TIME)
        time.tzset()
        yield
    time.tzset()


def skills(mp) -> dict[str, tuple[int | None, Any]]:
    """Rating and target of each skill."""
    found = mp("skill", "list", "--json").data["skills"]
    return {skill["name"]: (skill["current"], (skill["target"] or {}).get("target")) for skill in found}


def rows(said) -> dict[str, int]:
    return {fate: count for fate, count in said.data["rows"].items() if count}


def refusals(said) -> list[tuple[str, str, str]]:
    return [(one["row"], one["column"], one["rule"]) for one in said.data["refusals"]]


def entries(mp, type_: str) -> list[dict[str, Any]]:
    return [one for one in mp("log", "--type", type_, "--json").data["entries"] if not one["taken_back"]]


# Looking first


def test_a_look_says_what_would_be_written_and_leaves_nothing_behind(mp, home, put):
    said = mp("import", "audit", put("a.csv", AUDIT + ROWS), "--json")
    assert rows(said) == {"new": 2}
    assert said.data["written"] is False
    assert {one["type"]: one["new"] for one in said.data["entries"]} == {
        "skill.named": 2,
        "skill.rated": 2,
        "skill.targeted": 1,
    }
    assert not home.exists()


def test_a_look_names_the_line_that_writes_it(mp, put):
    path = put("my audit.csv", AUDIT + ROWS)
    assert f"mp import audit '{path}' --on 2026-03-01 --apply" in mp("import", "audit", path, "--on", "2026-03-01").err


def test_applied_it_is_written_and_every_view_shows_it(mp, put):
    said = mp("import", "audit", put("a.csv", AUDIT + ROWS), "--apply")
    assert said.code == 0
    assert "5 entries written" in said.out
    assert skills(mp) == {"market analysis": (5, None), "agile sprint planning": (2, 4)}


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_look_fits_the_terminal(mp, put, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    table = AUDIT + ROWS + "a skill with a name that goes on and on and on and on,7,,,\n"
    said = mp("import", "csv", put("a.csv", table))
    assert max(map(len, said.out.splitlines())) <= width


def test_every_format_is_listed_with_a_line_that_imports_it(mp):
    said = mp("import")
    assert all(one.name in said.out and one.example in said.out for one in FORMATS)
    assert [one["name"] for one in mp("import", "--json").data["formats"]] == [one.name for one in FORMATS]


# Importing again


def test_importing_again_writes_nothing_new(mp, put):
    path = put("a.csv", AUDIT + ROWS)
    mp("import", "audit", path, "--apply")
    said = mp("import", "audit", path, "--apply", "--json")
    assert rows(said) == {"there": 2}
    assert not said.data["written"]


def test_rows_without_a_day_are_recognised_on_a_later_day(mp, world, put):
    path = put("a.csv", AUDIT + ROWS)
    mp("import", "audit", path, "--apply", "--on", "2026-03-01")
    assert rows(mp("import", "audit", path, "--json")) == {"there": 2}


def test_a_rating_of_another_day_is_another_rating(mp, put):
    table = "skill,rating,rated on\nSQL,3,2026-02-01\nSQL,3,2026-02-08\n"
    mp("import", "audit", put("a.csv", table), "--apply")
    assert [one["on"] for one in entries(mp, "skill.rated")] == ["2026-02-08", "2026-02-01"]


def test_a_sheet_that_went_on_adds_what_is_new(mp, put):
    mp("import", "audit", put("a.csv", AUDIT + ROWS), "--apply")
    later = AUDIT + ROWS.replace("planning,2,", "planning,3,") + "SQL,1,,,\n"
    said = mp("import", "audit", put("a.csv", later), "--apply", "--json")
    assert {one["type"]: one["new"] for one in said.data["entries"] if one["new"]} == {
        "skill.named": 1,
        "skill.rated": 2,
    }
    assert skills(mp)["agile sprint planning"] == (3, 4)


def test_what_was_taken_back_can_be_imported_again(mp, put):
    path = put("a.csv", AUDIT + ROWS)
    mp("import", "audit", path, "--apply")
    mp("undo")
    assert skills(mp) == {}
    assert rows(mp("import", "audit", path, "--apply", "--json")) == {"new": 2}
    assert skills(mp) == {"market analysis": (5, None), "agile sprint planning": (2, 4)}


def test_a_skill_that_was_renamed_is_recognised_by_its_old_name(mp, put):
    path = put("a.csv", AUDIT + ROWS)
    mp("import", "audit", path, "--apply")
    mp("edit", "market analysis", "--label", "knowing the market")
    assert rows(mp("import", "audit", path, "--json")) == {"there": 2}


def test_an_entry_that_was_corrected_is_not_brought_back(mp, put):
    path = put("t.json", json.dumps([interval("090000", "100000", "writing")]))
    mp("import", "timewarrior", path, "--apply")
    (spent,) = entries(mp, "time.spent")
    mp("edit", spent["short_id"], "--minutes", "50")
    assert rows(mp("import", "timewarrior", path, "--json")) == {"there": 1}


def test_another_device_that_has_the_log_knows_what_was_imported(mp, home, put, tmp_path):
    path = put("a.csv", AUDIT + ROWS)
    mp("import", "audit", path, "--apply")
    other = tmp_path / "other"
    other.mkdir()
    for name in ("log.db", "keys"):
        (other / name).write_bytes((home / name).read_bytes()) if (home / name).is_file() else None
    assert rows(mp("import", "audit", path, "--json", MILEPOST_HOME=str(other))) == {"there": 2}


def test_a_skill_known_before_gets_its_rating_and_no_second_name(mp, put):
    mp("rate", "Market  Analysis", "3")
    mp("import", "audit", put("a.csv", AUDIT + "market analysis,5,,,\n"), "--apply")
    assert skills(mp) == {"Market  Analysis": (5, None)}


# One command


def test_an_import_of_any_length_is_one_command_for_undo(mp, put):
    table = "name\n" + "".join(f"person {number}\n" for number in range(2100))
    mp("import", "contacts", put("p.csv", table), "--apply")
    assert len(mp("contact", "list", "--json").data["contacts"]) == 2100
    said = mp("undo")
    assert "2100 contact.added" in said.out
    assert mp("contact", "list", "--json").data["contacts"] == []


def test_a_log_that_another_command_wrote_to_meanwhile_is_left_alone(mp, home, world, put):
    mp("rate", "SQL", "3")
    where = Terminal(Flags(), {"MILEPOST_HOME": str(home)}, world)
    with where.desk(fresh=True) as desk, Views.open(where.home, desk.log) as views:
        one = Import(desk, views, reading(source(put("a.csv", AUDIT + ROWS))), desk.today)
        mp("rate", "SQL", "4")
        with pytest.raises(StorageError, match="another command wrote"):
            one.write(skips_refused=False)
    assert list(skills(mp)) == ["SQL"]


# Refusals


def test_a_refusal_names_row_column_and_rule_and_nothing_is_written(mp, home, put):
    path = put(
        "a.csv", AUDIT + ROWS + "SQL,7,,,\n,3,,,\nsurveys,2,3,,02/03/2026\npricing,many,,,\nhiring,,,,2026-05-01\n"
    )
    said = mp("import", "audit", path, "--apply", "--json")
    assert said.code == 5
    assert refusals(said) == [
        ("4", "current", "rating_range"),
        ("5", "competency", "missing"),
        ("6", "date", "date"),
        ("7", "current", "number"),
        ("8", "date", "target_missing"),
    ]
    assert all(one["message"] and one["remedy"] for one in said.data["refusals"])
    assert not home.exists()


def test_the_rest_can_be_written_without_the_rows_that_are_refused(mp, put):
    path = put("a.csv", AUDIT + ROWS + "SQL,7,,,\n")
    assert "--apply --skip-refused" in mp("import", "audit", path).err
    assert mp("import", "audit", path, "--apply", "--skip-refused").code == 0
    assert sorted(skills(mp)) == ["agile sprint planning", "market analysis"]


def test_a_row_is_written_whole_or_not_at_all(mp, put):
    mp("import", "audit", put("a.csv", AUDIT + "SQL,3,9,,\n" + ROWS), "--apply", "--skip-refused")
    assert "SQL" not in skills(mp)


def test_what_happened_after_tomorrow_is_refused(mp, put):
    said = mp("import", "audit", put("a.csv", "skill,rating,rated on\nSQL,3,2027-01-01\n"), "--json")
    assert refusals(said) == [("2", "rated on", "dated_after_tomorrow")]


def test_two_rows_that_describe_one_person_differently_are_not_merged(mp, put):
    table = "name,class\nDana R.,recruiter\nDana R.,recruiter\ndana r.,engineer\n"
    said = mp("import", "contacts", put("p.csv", table), "--json")
    assert rows(said) == {"new": 1, "there": 1, "refused": 1}
    assert refusals(said) == [("4", "", "twice")]


def test_a_name_that_two_people_have_is_not_guessed(mp, put):
    mp("contact", "add", "Dana")
    mp("contact", "add", "Dana R.", "--new")
    mp("contact", "edit", "Dana R.", "--name", "Dana")
    said = mp("import", "contacts", put("p.csv", "name\nDana\n"), "--json")
    assert refusals(said) == [("2", "", "ambiguous_name")]


@pytest.mark.parametrize(
    ("line", "code", "exit_code"),
    [
        (("import", "dbase", "x.csv"), "format", 2),
        (("import", "csv", "/nowhere/x.csv"), "no_file", 3),
        (("import", "csv", "/"), "no_file", 2),
        (("import", "csv"), "missing", 2),
    ],
)
def test_what_cannot_be_imported_at_all_is_said(mp, line, code, exit_code):
    said = mp(*line, "--json")
    assert (said.json["error"]["code"], said.code) == (code, exit_code)


@pytest.mark.parametrize("format", ["csv", "audit", "contacts"])
@pytest.mark.parametrize("text", ["", "\n\n", "colour,shape\nred,round\n", '"'])
def test_a_table_without_a_header_is_refused(mp, put, format, text):
    assert mp("import", format, put("x.csv", text), "--json").json["error"]["code"] == "no_header"


@pytest.mark.parametrize("format", ["taskwarrior", "timewarrior", "jsonresume"])
@pytest.mark.parametrize("text", ["", "{", "[", "[1, 2", '["a]', "3", "[" * 100_000, "nonsense", '[{"a": 1} {]'])
def test_what_is_no_json_is_refused(mp, put, format, text):
    said = mp("import", format, put("x.json", text), "--json")
    assert said.code in (2, 5)
    assert said.json["error"] is None or said.json["error"]["code"] == "not_json"


# Tables as they come


def test_a_spreadsheets_own_table_is_read(mp, put):
    # A byte order mark, semicolons, a line break in a cell, a decimal comma, a day with dots, an empty row, more cells.
    table = '\ufeffCompetency;Current rating;Target;Method;Completion date;Owner\r\n"agile sprint\r\nplanning";2,0;4;'
    table += "Workshop with Dana;09.02.2026;me\r\n;;;;;\r\nSQL;3/5\r\n"
    said = mp("import", "csv", put("a.csv", table), "--apply", "--json")
    assert rows(said) == {"new": 2}
    assert [line["row"] for line in said.data["lines"]] == ["2", "4"]
    assert said.data["notes"][1] == "columns not read: Owner"
    (targeted,) = entries(mp, "skill.targeted")
    assert targeted["values"]["by"] == "2026-02-09"
    assert (targeted["values"]["method"], targeted["values"]["resource"]) == ("workshop", "Workshop with Dana")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_umlauts_survive_every_encoding_that_spreadsheets_write(mp, put, encoding):
    said = mp(
        "import", "audit", put("a.csv", (AUDIT + "Gesprächsführung,3,,,\n").encode(encoding)), "--apply", "--json"
    )
    assert list(skills(mp)) == ["Gesprächsführung"]
    assert [one["code"] for one in said.json["warnings"]] == (["encoding"] if encoding == "cp1252" else [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mp, put, delimiter):
    assert rows(mp("import", "csv", put("a.csv", (AUDIT + ROWS).replace(",", delimiter)), "--json")) == {"new": 2}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-02-09", "2026-02-09"),
        ("2026-02-09 00:00:00", "2026-02-09"),
        ("2026/2/9", "2026-02-09"),
        ("9.2.2026", "2026-02-09"),
        ("9.2.26", "2026-02-09"),
        ("13/02/2026", "2026-02-13"),
        ("02/13/2026", "2026-02-13"),
        ("09 Feb 2026", "2026-02-09"),
        ("9-Feb-26", "2026-02-09"),
        ("9. February 2026", "2026-02-09"),
        ('"Feb 9, 2026"', "2026-02-09"),
        ('"Mon, February 9th, 2026"', "2026-02-09"),
    ],
)
def test_days_are_read_as_spreadsheets_write_them(mp, put, typed, day):
    mp("import", "audit", put("a.csv", AUDIT + f"SQL,,4,,{typed}\n"), "--apply")
    assert entries(mp, "skill.targeted")[0]["values"]["by"] == day


@pytest.mark.parametrize("typed", ["02/03/2026", "2-3-2026", "2026-02-30", "tomorrow", "9-2-6", "45000", "Feb 2026"])
def test_a_day_that_may_be_two_or_none_is_refused(mp, put, typed):
    said = mp("import", "audit", put("a.csv", AUDIT + f"SQL,,4,,{typed}\n"), "--json")
    assert refusals(said) == [("2", "date", "date")]


def test_the_other_dates_of_a_table_say_what_stands_first(mp, put):
    # Given dates that may be two days, beside one that may not
    table = put("a.csv", "skill,current,rated on\nSQL,3,02/03/2026\nTalks,2,2/13/2026\n")
    # Then they are read alike
    mp("import", "csv", table, "--apply")
    assert [one["on"] for one in entries(mp, "skill.rated")] == ["2026-02-13", "2026-02-03"]


def test_dates_that_contradict_each_other_are_refused_until_it_is_said(mp, put):
    table = put("a.csv", "skill,current,rated on\nSQL,3,02/03/2026\nTalks,2,2/13/2026\nPython,2,13/2/2026\n")
    assert refusals(mp("import", "csv", table, "--json")) == [("2", "rated on", "date")]
    assert "--dates dmy" in mp("import", "csv", table).out
    mp("import", "csv", table, "--dates", "dmy", "--apply")
    assert [one["on"] for one in entries(mp, "skill.rated")] == ["2026-03-02", "2026-02-13", "2026-02-13"]


def test_sums_below_a_table_are_no_skills(mp, put):
    table = put("a.csv", 'Skill (mine),Current rating [1-5]\nSQL,3\nTalks,2\nTotal,5\nAverage,"2,5"\n')
    assert rows(mp("import", "csv", table, "--json")) == {"new": 2, "passed_over": 2}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
        (b"PK\x03\x04" + bytes(99), "save its sheet as CSV"),
        (b"\xff\xfea", "begins with"),
        (b"\xef\xbb\xbf\xff\xff", "begins with"),
        ("Kompetenz;Ist;Ziel\r\nSQL;3;4\r\n".encode("cp1252"), "begins with: Kompetenz, Ist, Ziel"),
    ],
)
def test_a_file_that_is_no_table_says_what_it_is(mp, put, data, says):
    said = mp("import", "csv", put("a.csv", data))
    assert (said.code, says in said.err) == (2, True)


def test_in_a_table_without_targets_the_date_is_the_day_of_the_rating(mp, put):
    mp("import", "audit", put("a.csv", "skill,rating,date\nSQL,3,2026-01-19\n"), "--apply")
    assert entries(mp, "skill.rated")[0]["on"] == "2026-01-19"


def test_a_quotation_that_never_ends_is_refused_where_it_begins(mp, put):
    said = mp("import", "audit", put("a.csv", AUDIT + ROWS + '"SQL,3,,,\n' * 3), "--json")
    assert rows(said) == {"new": 2, "refused": 1}
    assert refusals(said) == [("4", "", "table")]


def test_people_come_with_class_employer_link_and_target_list(mp, put):
    table = "Name;Class;Company;LinkedIn;Target list\nLee P.;Target role;Initech;https://example.org/lee;x\nKim;;;;\n"
    mp("import", "csv", put("p.csv", table), "--apply")
    found = {one["name"]: one for one in mp("contact", "list", "--json").data["contacts"]}
    assert found["Lee P."]["class"] == "target_role"
    assert found["Lee P."]["on_target_list"]
    assert (found["Lee P."]["employer"], found["Lee P."]["link"]) == ("Initech", "https://example.org/lee")
    assert found["Kim"]["class"] == "other"


def test_an_address_book_with_notes_above_its_header_is_read(mp, put):
    notes = 'Notes:\n"Some addresses, are missing"\n\n'
    table = f"{notes}First Name,Last Name,URL,Company,Connected On\nDana,Reyes,,Acme,14 Mar 2024\n"
    mp("import", "csv", put("p.csv", table), "--apply")
    (added,) = entries(mp, "contact.added")
    assert (added["values"]["name"], added["on"]) == ("Dana Reyes", "2024-03-14")


def test_a_contact_that_is_there_stays_as_it_is(mp, put):
    mp("contact", "add", "Dana R.", "--class", "recruiter")
    assert rows(mp("import", "contacts", put("p.csv", "name,class\nDana R.,engineer\n"), "--json")) == {"there": 1}


def test_standard_input_is_read_too(mp, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((AUDIT + ROWS).encode())))
    said = mp("import", "csv", "-")
    assert "standard input: 2 rows" in said.out
    assert "pipe it again into mp import csv - --apply" in said.err


# Tasks


def task(number: int, **more: Any) -> dict[str, Any]:
    base = {
        "uuid": f"3e1873f5-36c2-4df2-9adb-07b936b1f6{number:02}",
        "description": f"task {number}",
        "status": "pending",
        "entry": "20260301T100000Z",
    }
    return {**base, **more}


def goals(mp) -> dict[str, dict[str, Any]]:
    return {goal["name"]: goal for goal in mp("goal", "list", "--all", "--json").data["goals"]}


def test_tasks_become_goals_with_their_day_their_time_and_what_they_hang_off(mp, put):
    mp("objective", "m2p", "--horizon", "half")
    one = task(
        1,
        due="20260306T090000Z",
        project="M2P",
        tags=["learning", "nothing here"],
        estimate="PT1H30M",
        annotations=[{"entry": "20260302T100000Z", "description": "Sam may help"}],
    )
    mp("import", "taskwarrior", put("t.json", json.dumps([one])), "--apply")
    goal = goals(mp)["task 1"]
    assert (goal["due_on"], goal["estimate_minutes"], goal["learning"]) == ("2026-03-06", 90, True)
    assert [mp("show", ref, "--json").data["name"] for ref in goal["ref"]] == ["m2p"]
    assert entries(mp, "goal.set")[0]["on"] == "2026-03-01"
    (note,) = entries(mp, "reflection.written")
    assert (note["on"], note["values"]["text"]) == ("2026-03-02", "task 1: Sam may help")


def test_done_tasks_are_goals_done_and_deleted_ones_dropped(mp, put):
    ended = [task(1, status="completed", end="20260302T100000Z"), task(2, status="deleted", end="20260303T100000Z")]
    mp("import", "taskwarrior", put("t.json", json.dumps(ended)), "--apply")
    assert {name: goal["result"] for name, goal in goals(mp).items()} == {"task 1": "done", "task 2": "dropped"}


def test_a_task_done_since_the_last_import_closes_its_goal(mp, put):
    mp("import", "taskwarrior", put("t.json", json.dumps([task(1), task(2)])), "--apply")
    done = [task(1, status="completed", end="20260303T100000Z"), task(2)]
    said = mp("import", "taskwarrior", put("t.json", json.dumps(done)), "--apply", "--json")
    assert {one["type"]: one["new"] for one in said.data["entries"] if one["new"]} == {"goal.closed": 1}
    assert goals(mp)["task 1"]["result"] == "done"


def test_a_goal_that_the_member_closed_stays_as_they_closed_it(mp, put):
    mp("import", "taskwarrior", put("t.json", json.dumps([task(1)])), "--apply")
    mp("done", "task 1", "--missed")
    done = [task(1, status="completed", end="20260303T100000Z")]
    assert rows(mp("import", "taskwarrior", put("t.json", json.dumps(done)), "--json")) == {"there": 1}


def test_a_goal_that_was_reworded_is_still_its_task(mp, put):
    path = put("t.json", json.dumps([task(1)]))
    mp("import", "taskwarrior", path, "--apply")
    mp("edit", "task 1", "--text", "draft 3 stories", "--due", "fri")
    assert rows(mp("import", "taskwarrior", path, "--json")) == {"there": 1}


def test_tasks_a_line_each_without_brackets_are_read_too(mp, put):
    lines = "\n".join(json.dumps(task(number)) for number in (1, 2))
    assert rows(mp("import", "taskwarrior", put("t.json", lines), "--json")) == {"new": 2}


def test_a_note_that_a_task_holds_twice_is_one(mp, put):
    note = {"entry": "20260302T100000Z", "description": "call first"}
    path = put("t.json", json.dumps([task(1, annotations=[note, note])]))
    mp("import", "taskwarrior", path, "--apply")
    assert len(entries(mp, "reflection.written")) == 1


def test_a_template_is_passed_over_and_says_why(mp, put):
    said = mp(
        "import", "taskwarrior", put("t.json", json.dumps([task(1, status="recurring", recur="weekly")])), "--json"
    )
    assert rows(said) == {"passed_over": 1}
    assert "template" in said.data["lines"][0]["says"]


@pytest.mark.parametrize(
    ("broken", "column", "rule"),
    [
        ({"uuid": "none"}, "uuid", "uuid"),
        ({"uuid": 3}, "uuid", "uuid"),
        ({"status": "blocked"}, "status", "choice"),
        ({"due": "tomorrow"}, "due", "instant"),
        ({"due": "20260230T000000Z"}, "due", "instant"),
        ({"entry": 3}, "entry", "instant"),
        ({"description": None}, "description", "text_missing"),
        ({"description": "x" * 9000}, "description", "text_text"),
    ],
)
def test_a_task_that_cannot_be_read_is_refused_by_its_number(mp, put, broken, column, rule):
    said = mp("import", "taskwarrior", put("t.json", json.dumps([task(1), {**task(2), **broken}, 7])), "--json")
    assert refusals(said) == [("2", column, rule), ("3", "", "task")]


def test_a_day_begins_where_one_lives_in_summer_and_in_winter(mp, put, summer_time):
    # Taskwarrior has a day's midnight: 22:00 UTC in summer, 23:00 in winter, of the day before.
    tasks = [task(1, due="20260727T220000Z"), task(2, due="20260127T230000Z")]
    mp("import", "taskwarrior", put("t.json", json.dumps(tasks)), "--apply")
    assert [goals(mp)[name]["due_on"] for name in ("task 1", "task 2")] == ["2026-07-28", "2026-01-28"]


# Intervals


def interval(start: str, end: str | None, *tags: str, day: str = "20260302", last: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"id": 1, "start": f"{day}T{start}Z", "tags": list(tags)}
    return found | ({"end": f"{last or day}T{end}Z"} if end else {})


def spent(mp) -> Counter[tuple[str, int, str | None]]:
    values = [(one["on"], one["values"]) for one in entries(mp, "time.spent")]
    return Counter((on, value["minutes"], value.get("note")) for on, value in values)


def test_an_interval_past_midnight_is_minutes_of_both_days(mp, put, summer_time):
    path = put("t.json", json.dumps([interval("223000", "003000", "writing", last="20260303")]))
    mp("import", "timewarrior", path, "--apply")
    assert spent(mp) == {("2026-03-02", 30, "writing"): 1, ("2026-03-03", 90, "writing"): 1}


def test_two_intervals_that_are_alike_are_two(mp, put):
    path = put("t.json", json.dumps([interval("090000", "092500", "SQL"), interval("100000", "102500", "SQL")]))
    mp("import", "timewarrior", path, "--apply")
    assert spent(mp) == {("2026-03-02", 25, "SQL"): 2}
    assert rows(mp("import", "timewarrior", path, "--json")) == {"there": 2}


def test_a_third_alike_interval_is_the_only_one_that_is_new(mp, put):
    two = [interval("090000", "092500", "SQL"), interval("100000", "102500", "SQL")]
    mp("import", "timewarrior", put("t.json", json.dumps(two)), "--apply")
    path = put("t.json", json.dumps([*two, interval("110000", "112500", "SQL")]))
    assert rows(mp("import", "timewarrior", path, "--json")) == {"there": 2, "new": 1}


def test_a_tag_that_is_the_name_of_a_goal_is_what_the_time_was_spent_on(mp, put):
    mp("goal", "Draft 3 user stories", "--due", "fri")
    path = put("t.json", json.dumps([interval("090000", "094500", "draft 3 user stories", "deep work")]))
    mp("import", "timewarrior", path, "--apply")
    (one,) = entries(mp, "time.spent")
    assert [mp("show", ref, "--json").data["name"] for ref in one["values"]["ref"]] == ["Draft 3 user stories"]
    assert one["values"]["note"] == "draft 3 user stories, deep work"


def test_what_runs_on_and_what_was_over_at_once_is_passed_over(mp, put):
    path = put("t.json", json.dumps([interval("090000", None, "SQL"), interval("090000", "090010", "SQL")]))
    said = mp("import", "timewarrior", path, "--json")
    assert rows(said) == {"passed_over": 2}
    assert [line["says"] for line in said.data["lines"]] == ["it still runs", "less than half a minute"]


def test_a_clock_that_nobody_stopped_is_refused(mp, put):
    path = put("t.json", json.dumps([interval("090000", "100000", last="20260401"), interval("090000", "080000")]))
    assert refusals(mp("import", "timewarrior", path, "--json")) == [
        ("1", "end", "interval"),
        ("2", "end", "end_before_start"),
    ]


# A resume

RESUME = {
    "basics": {"name": "Sam"},
    "work": [
        {
            "name": "Acme",
            "position": "Customer Success",
            "startDate": "2019-09",
            "endDate": "2022-05",
            "highlights": ["Cut churn by 3 %"],
        },
        {"name": "Acme", "position": "Product Manager", "startDate": "2022-06-01"},
    ],
    "education": [
        {"institution": "Leeds", "studyType": "BA", "area": "Politics", "startDate": "2014", "endDate": "2017"}
    ],
    "skills": [{"name": "SQL"}],
    "certificates": [{"name": "CSPO", "issuer": "Scrum Alliance", "date": "2025-04-27"}],
    "projects": [{"name": "Dashboard", "url": "https://example.org/d", "endDate": "2025-03"}],
    "publications": [{"name": "What I learned", "releaseDate": "2025-07-01"}],
    "languages": [{"language": "German"}],
}


def test_a_resume_becomes_positions_skills_credentials_and_what_was_made(mp, put):
    path = put("r.json", json.dumps(RESUME))
    said = mp("import", "jsonresume", path, "--apply", "--json")
    assert rows(said) == {"new": 7}
    assert said.data["notes"] == ["no place here: basics, languages"]
    positions = {one["name"]: one for one in mp("position", "list", "--json").data["positions"]}
    assert (positions["BA Politics"]["start"], positions["BA Politics"]["end"]) == ("2014-01-01", "2017-12-31")
    assert (positions["Customer Success"]["start"], positions["Customer Success"]["end"]) == (
        "2019-09-01",
        "2022-05-31",
    )
    assert entries(mp, "credential.earned")[0]["on"] == "2025-04-27"
    assert entries(mp, "artifact.added")[0]["values"]["public"] is True
    assert rows(mp("import", "jsonresume", path, "--json")) == {"there": 7}


def test_an_item_that_lacks_what_it_needs_is_refused_by_its_section(mp, put):
    broken = {
        "work": [
            {"position": "PM"},
            {"name": "Acme", "startDate": "2019"},
            "none",
            {"position": 3, "startDate": "2019"},
        ],
        "education": [{"startDate": "long ago", "area": "Law"}],
        "skills": [{"level": "Master"}],
        "projects": {"name": "Dashboard"},
    }
    assert refusals(mp("import", "jsonresume", put("r.json", json.dumps(broken)), "--json")) == [
        ("work 1", "startDate", "missing"),
        ("work 2", "position", "missing"),
        ("work 3", "", "item"),
        ("work 4", "position", "text"),
        ("education 1", "startDate", "date"),
        ("skills 1", "name", "missing"),
        ("projects", "", "section"),
    ]


def test_a_pipe_is_read_though_it_can_be_read_but_once(mp, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as other:
        written = other.submit(pipe.write_text, "skill,current\nSQL,3\n")
        assert mp("import", "csv", str(pipe), "--apply").code == 0
        assert written.result()
    assert list(skills(mp)) == ["SQL"]


# Any file

CELL = st.one_of(
    st.sampled_from(["", "3", "2,0", "SQL", "Dana", "2026-02-09", "1.2.2026", "x", "recruiter", '"', "a\nb", ";", "é"]),
    st.text(max_size=8),
)
TITLE = st.one_of(st.sampled_from(["skill", "current", "target", "date", "name", "class", "target list"]), CELL)
TABLE = st.lists(st.lists(CELL, max_size=5), max_size=6).flatmap(
    lambda cells: st.lists(TITLE, max_size=5).map(lambda titles: [titles, *cells])
)
VALUE = st.recursive(
    st.one_of(CELL, st.none(), st.integers(), st.floats(), st.sampled_from(["pending", "20260301T100000Z"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["description", "name", "startDate"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["uuid", "status", "description", "due", "entry", "end", "start", "tags", "annotations", "project", "estimate"]
ELEMENT = st.one_of(
    VALUE,
    st.dictionaries(st.sampled_from(FIELDS), VALUE),
    st.builds(lambda more: task(1) | more, st.dictionaries(st.sampled_from(FIELDS[1:]), VALUE, max_size=2)),
)
SECTIONS = st.dictionaries(
    st.sampled_from(["work", "skills", "education", "projects", "certificates", "x"]),
    st.lists(st.dictionaries(st.sampled_from(["name", "position", "startDate", "endDate", "url"]), VALUE), max_size=3)
    | VALUE,
)


def typed(home: str, *line: str) -> int:
    """The exit code of a line; whatever went wrong in the code itself is 1."""
    out, sys.stdout, err, sys.stderr = sys.stdout, io.StringIO(), sys.stderr, io.StringIO()
    try:
        return run(line, {"MILEPOST_HOME": home}, SYSTEM)
    finally:
        sys.stdout, sys.stderr = out, err


def held(format: str, data: bytes) -> None:
    """What holds for any file: it ends as documented, and a second import writes nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        where = str(Path(folder) / "home")
        line = ("import", format, str(path), "--apply", "--skip-refused")
        first = typed(where, *line)
        assert first in (0, 2)
        log = Path(where) / "log.db"
        before = log.read_bytes() if log.exists() else b""
        assert typed(where, *line) == first
        assert (log.read_bytes() if log.exists() else b"") == before


@settings(max_examples=40)
@given(table=TABLE, delimiter=st.sampled_from(",;\t|"), format=st.sampled_from(["csv", "audit", "contacts"]))
def test_any_table_is_imported_or_refused_and_twice_is_once(table, delimiter, format):
    text = "\n".join(delimiter.join(cells) for cells in table)
    held(format, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=40)
@given(data=st.binary(max_size=200), format=st.sampled_from([one.name for one in FORMATS if one.module]))
def test_any_bytes_are_imported_or_refused(data, format):
    held(format, data)


@settings(max_examples=40)
@given(array=st.lists(ELEMENT, max_size=4), format=st.sampled_from(["taskwarrior", "timewarrior"]))
def test_any_array_is_imported_or_refused_and_twice_is_once(array, format):
    held(format, json.dumps(array).encode())


@settings(max_examples=40)
@given(resume=SECTIONS)
def test_any_resume_is_imported_or_refused_and_twice_is_once(resume):
    held("jsonresume", json.dumps(resume).encode())


# Whole logs


def test_an_export_replays_into_an_empty_home(mp, tmp_path):
    mp("rate", "SQL", "3", "--target", "5")
    mp("export", "jsonl", str(tmp_path / "log.jsonl"))
    line = ("import", "jsonl", str(tmp_path / "log.jsonl"), "--json")
    other = str(tmp_path / "other")
    assert mp(*line, MILEPOST_HOME=other).data["new"] == 5
    assert not Path(other).exists()
    assert mp(*line, "--apply", MILEPOST_HOME=other).data["written"]
    assert mp("log", "--json", MILEPOST_HOME=other).data == mp("log", "--json").data


def test_an_export_does_not_replay_over_a_log(mp, tmp_path):
    mp("rate", "SQL", "3")
    mp("export", "jsonl", str(tmp_path / "log.jsonl"))
    other = str(tmp_path / "other")
    mp("rate", "cooking", "3", MILEPOST_HOME=other)
    own = mp("import", "jsonl", str(tmp_path / "log.jsonl"), "--apply", "--json").json["error"]
    strange = mp("import", "jsonl", str(tmp_path / "log.jsonl"), "--apply", "--json", MILEPOST_HOME=other).json["error"]
    assert "mp import bundle" in own["remedy"]
    assert "another member's" in strange["remedy"]


def test_a_bundle_brings_what_another_device_has(mp, home, world, tmp_path):
    mp("rate", "SQL", "3")
    with Log.open(Home(str(home)), world) as log:
        log.set_settings([(URL_SETTING, b"https://meet.example"), (KEY_SETTING, bytes(32))])
    phone = str(tmp_path / "phone")
    pair(Home(str(home)), Home(phone))
    carried = str(tmp_path / "b.bundle")
    mp("export", "bundle", carried)
    look = mp("import", "bundle", carried, "--json", MILEPOST_HOME=phone)
    assert (look.data["new"] > 0, look.data["written"]) == (True, False)
    assert mp("import", "bundle", carried, "--apply", MILEPOST_HOME=phone).code == 0
    assert mp("skill", "list", "--json", MILEPOST_HOME=phone).data == mp("skill", "list", "--json").data
    assert mp("import", "bundle", carried, "--apply", "--json", MILEPOST_HOME=phone).data["new"] == 0


def test_a_bundle_needs_a_device_of_the_account(mp, tmp_path):
    mp("rate", "SQL", "3")
    carried = str(tmp_path / "b.bundle")
    mp("export", "bundle", carried)
    stranger = str(tmp_path / "stranger")
    said = mp("import", "bundle", carried, "--apply", "--json", MILEPOST_HOME=stranger)
    assert "mp init --pair" in said.json["error"]["remedy"]
    mp("rate", "cooking", "3", MILEPOST_HOME=stranger)
    assert (
        "another account" in mp("import", "bundle", carried, "--json", MILEPOST_HOME=stranger).json["error"]["message"]
    )


@pytest.mark.parametrize("format", ["jsonl", "bundle"])
def test_a_file_that_is_no_log_is_said_to_be_none(mp, put, format):
    mp("rate", "SQL", "3")
    assert mp("import", format, put("x", b"\xff\x00 nonsense"), "--json").code in (1, 2)


def test_a_device_that_knows_no_key_of_its_account_imports_all_the_same(mp, home, world, put, tmp_path):
    # Given a phone that was paired and has not heard anything yet
    mp("rate", "SQL", "3")
    with Log.open(Home(str(home)), world) as log:
        log.set_settings([(URL_SETTING, b"https://meet.example"), (KEY_SETTING, bytes(32))])
    phone = str(tmp_path / "phone")
    pair(Home(str(home)), Home(phone))
    path = put("t.json", json.dumps([task(1, status="completed", end="20260302T100000Z", due="20260302T120000Z")]))
    # When it and the laptop import one task list and then hear of each other
    for device in (str(home), phone):
        mp("import", "taskwarrior", path, "--apply", MILEPOST_HOME=device)
    for here, there in ((str(home), phone), (phone, str(home))):
        carried = str(tmp_path / "b.bundle")
        mp("export", "bundle", carried, "--yes", MILEPOST_HOME=here)
        mp("import", "bundle", carried, "--apply", MILEPOST_HOME=there)
    # Then there is one goal, and that it was written twice is pointed out
    for device in (str(home), phone):
        (goal,) = mp("goal", "list", "--all", "--json", MILEPOST_HOME=device).data["goals"]
        assert goal["result"] == "done"
        assert [one["id"] for one in mp("inbox", "--json", MILEPOST_HOME=device).data["conflicts"]] == [goal["id"]]


def test_names_that_follow_from_content_say_nothing_to_another_account(mp, put, tmp_path):
    # Given two members who import the same person on the same day
    path, other = put("p.csv", "name,on\nDana R.,2026-03-02\n"), str(tmp_path / "other")
    for home in ({}, {"MILEPOST_HOME": other}):
        mp("win", "A reply", **home)
        mp("import", "contacts", path, "--apply", **home)
    # Then neither the id nor the origin of theirs is the other's
    here, there = (entries(mp, "contact.added"), entries(lambda *line: mp(*line, MILEPOST_HOME=other), "contact.added"))
    assert here[0]["values"]["contact"] != there[0]["values"]["contact"]
    assert here[0]["values"]["from"] != there[0]["values"]["from"]


def test_what_was_taken_back_and_imported_again_is_there_once(mp, put):
    path = put("t.json", json.dumps([task(1, annotations=[{"entry": "20260302T100000Z", "description": "a note"}])]))
    for _ in range(2):
        assert rows(mp("import", "taskwarrior", path, "--apply", "--json")) == {"new": 1}
        assert (list(goals(mp)), len(mp("note", "list", "--json").data["notes"])) == (["task 1"], 1)
        mp("undo")
        assert (goals(mp), mp("note", "list", "--json").data["notes"]) == ({}, [])
    mp("undo")
    assert (list(goals(mp)), len(mp("note", "list", "--json").data["notes"])) == (["task 1"], 1)


# Progress


class Screen(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_long_import_says_on_a_terminal_how_far_it_is_and_cleans_up():
    clock = iter(range(0, 10**6, 400))
    world = SYSTEM._replace(now_ms=lambda: next(clock))
    screen, paper = Screen(), io.StringIO()
    rows = [Row(str(number), "") for number in range(1000)]
    assert list(told(rows, "row", screen, world)) == rows
    assert list(told(rows, "row", paper, world)) == rows
    said = screen.getvalue().split("\r")
    assert said[1].startswith("300 rows read")
    assert said[-2].strip() == said[-1] == ""
    assert paper.getvalue() == ""


def test_a_short_import_says_nothing_on_its_way():
    screen = Screen()
    list(told([Row("1", "")] * 50, "row", screen, SYSTEM))
    assert screen.getvalue() == ""


def test_completion_offers_formats_and_then_files(mp, tmp_path):
    (tmp_path / "audit.csv").touch()
    (tmp_path / "archive").mkdir()
    (tmp_path / ".hidden").touch()
    assert [line.split("\t")[0] for line in mp("_complete", "import", "t").out.splitlines()] == [
        "taskwarrior",
        "timewarrior",
    ]
    offered = [line.split("\t")[0] for line in mp("_complete", "import", "csv", f"{tmp_path}/").out.splitlines()]
    assert offered == [f"{tmp_path}/archive/", f"{tmp_path}/audit.csv"]
    assert mp("_complete", "import", "csv", f"{tmp_path}/none/").out == ""
    assert mp("_complete", "import", "csv", "audit.csv", "").out == ""
