"""Repair without a server: what is sound stays, what can be read is copied, what is lost is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Damage = Callable[[str], None]
CHANGED = """UPDATE event SET facts = CAST(replace(CAST(facts AS TEXT), '"minutes":22', '"minutes":99') AS BLOB)"""


@pytest.fixture
def damage(home: Path) -> Damage:
    """Do to the log what a bad disk does: `damage("UPDATE event ...")`, past the guards."""

    def done(statement: str) -> None:
        with closing(sqlite3.connect(home / "log.db")) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement)
            connection.commit()

    return done


@pytest.fixture
def typed(mp) -> None:
    for minutes in (11, 22, 33, 44):
        mp("spend", f"{minutes}m", "--note", f"note {minutes}")


def minutes(mp) -> list[int]:
    return sorted(one["values"]["minutes"] for one in mp("log", "--type", "time.spent", "--json").data["entries"])


def test_a_log_that_is_whole_is_left_alone(mp, home, typed):
    before = (home / "log.db").read_bytes()
    said = mp("repair", "--json")
    assert (said.code, said.data["codes"], said.data["set_aside"]) == (0, [], None)
    assert (home / "log.db").read_bytes() == before


def test_an_entry_that_was_changed_is_named_and_those_after_it_are_kept(mp, home, typed, damage):
    damage(CHANGED)
    assert mp("verify").code == 2
    said = mp("repair", "--yes", "--json")
    assert said.data["codes"] == ["CORRUPT"]
    assert said.data["left_behind"] == ["time.spent at seq 4"]
    assert minutes(mp) == [11, 33, 44]
    assert "note 44" in mp("log").out
    assert (mp("verify", "--deep").code, mp("repair", "--json").data["codes"]) == (0, [])
    assert (home / "set-aside-1" / "log.db").exists()


def test_it_can_be_written_to_afterwards_and_says_that_it_is_an_epoch_of_its_own(mp, typed, damage):
    damage(CHANGED)
    mp("repair", "--yes")
    assert "nothing is lost" not in mp("spend", "55m").err
    assert minutes(mp) == [11, 33, 44, 55]
    assert mp("verify", "--deep").code == 0


def test_a_row_that_nobody_can_read_is_named(mp, typed, damage):
    damage("UPDATE event SET id = X'00' WHERE seq = 5")
    said = mp("repair", "--yes", "--json")
    assert len(said.data["left_behind"]) == 1
    assert "seq 5" in said.data["left_behind"][0]
    assert minutes(mp) == [11, 22, 44]
    assert mp("verify", "--deep").code == 0


def test_views_that_drifted_are_folded_anew(mp, home, typed):
    mp("goal", "Read", "--due", "fri")
    mp("goal", "list")
    with closing(sqlite3.connect(home / "views.db")) as connection:
        connection.execute("UPDATE view SET view = replace(view, 'false', 'true'), digest = X'00' WHERE kind = 'goal'")
        connection.commit()
    assert mp("verify", "--json").data["codes"] == ["DRIFT"]
    assert mp("repair", "--yes", "--json").data["codes"] == ["DRIFT"]
    assert mp("verify").code == 0


def test_a_file_that_is_no_log_any_more_is_said_to_be_beyond_repair(mp, home, typed):
    (home / "log.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    said = mp("repair", "--yes", "--json")
    assert said.code == 1
    assert said.json["error"]["remedy"]
    assert not (home / "set-aside-1").exists()


def test_it_asks_first(mp, typed, damage):
    damage(CHANGED)
    assert mp("repair", "--json").json["error"]["code"] == "confirm"
