"""The operator's commands, with and without a running server."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from milepost.ids import base64url
from milepost_server.cli import main
from milepost_server.config import SETTINGS
from tests.support.devices import Member
from tests.support.servers import ServerProcess, serving


def operate(data: Path, *words: str, code: int = 0) -> str:
    """Run a command in this very process; its output, or what it said on standard error where it must fail."""
    out, err = StringIO(), StringIO()
    environment = patch.dict(os.environ, MILEPOST_SERVER_DATA=str(data))
    with environment, redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(words)
    assert (ended.value.code or 0) == code, err.getvalue() + out.getvalue()
    return out.getvalue() if code == 0 else out.getvalue() + err.getvalue()


def refused(data: Path) -> str:
    """What a server says that must not start: a process of its own, for one that does start does not end."""
    environment = {**os.environ, "MILEPOST_SERVER_DATA": str(data)}
    program = [sys.executable, "-m", "milepost_server", "run", "--port", "0"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr + done.stdout
    return done.stdout + done.stderr


SPRING = ("cohort", "open", "Spring", "--start", "2026-01-05", "--end", "2026-07-05", "--zone", "Europe/Berlin")


def test_a_cohort_a_pod_and_an_invite_are_made_without_a_server(tmp_path: Path):
    made = json.loads(operate(tmp_path, *SPRING, "--json"))
    assert made["zone"] == "Europe/Berlin"
    pod = json.loads(operate(tmp_path, "pod", "form", "Harbour", "--cohort", "Spring", "--json"))
    assert (pod["cohort"], pod["capacity"], pod["members"]) == (made["id"], 5, 0)
    invite = json.loads(operate(tmp_path, "invite", "--pod", "Harbour", "--json"))
    assert invite["code"].startswith("mp1-")
    assert "everything verifies" in operate(tmp_path, "verify")


def test_the_same_commands_ask_a_running_server(tmp_path: Path):
    with serving(tmp_path) as server:
        operate(tmp_path, *SPRING)
        operate(tmp_path, "pod", "form", "Harbour", "--cohort", "Spring")
        code = operate(tmp_path, "invite", "--pod", "Harbour").strip()
        assert "Harbour" in operate(tmp_path, "pod", "list")
        assert [cohort["name"] for cohort in server.admin("cohorts/list")] == ["Spring"]
        assert code.startswith("mp1-")
        said = operate(tmp_path, "pod", "form", "Harbour", "--cohort", "Autumn", code=3)
        assert "no cohort is called 'Autumn'" in said


def test_what_was_made_offline_is_there_when_the_server_starts(tmp_path: Path):
    operate(tmp_path, *SPRING)
    with serving(tmp_path) as server:
        assert len(server.admin("cohorts/list")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cohort", "open", "X", "--start", "2026-07-05", "--end", "2026-01-05"), "before"),
        (("cohort", "open", "X", "--start", "soon", "--end", "2026-01-05"), "soon"),
        ((*SPRING[:-1], "Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_a_cohort_that_makes_no_sense_is_refused_in_a_sentence(tmp_path: Path, words: tuple[str, ...], said: str):
    answer = operate(tmp_path, *words, code=5)
    assert said in answer
    assert "Traceback" not in answer


def test_an_invite_needs_a_pod_or_a_cohort(tmp_path: Path):
    assert "try: milepost-server invite --pod" in operate(tmp_path, "invite", code=2)


def test_a_second_start_on_the_same_data_is_refused_in_a_sentence(tmp_path: Path):
    with serving(tmp_path):
        answer = refused(tmp_path)
    assert "another milepost-server has" in answer
    assert "Traceback" not in answer


def test_private_files_are_private(tmp_path: Path):
    with serving(tmp_path / "data"):
        modes = {name: (tmp_path / "data" / name).stat().st_mode for name in ("server.key", "operator.json")}
    assert {name: stat.S_IMODE(mode) for name, mode in modes.items()} == {"server.key": 0o600, "operator.json": 0o600}


def test_the_operators_file_goes_with_the_server(tmp_path: Path):
    server = ServerProcess(tmp_path)
    assert server.stop() == 0
    assert not (tmp_path / "operator.json").exists()


def test_a_backup_is_made_beside_a_running_server_and_verifies(tmp_path: Path):
    data, copy = tmp_path / "data", tmp_path / "copy"
    copy.mkdir()
    with serving(data) as server:
        _, client = server.member(1)
        client.device.write_many(50)
        client.sync(server.url)
        operate(data, "backup", str(copy / "milepost.db"))
        assert "is there already" in operate(data, "backup", str(copy / "milepost.db"), code=2)
    assert "everything verifies" in operate(copy, "verify")
    assert stat.S_IMODE((copy / "milepost.db").stat().st_mode) == 0o600


def test_verify_names_the_place_of_a_changed_byte(tmp_path: Path):
    with serving(tmp_path) as server:
        member, client = server.member(1)
        client.device.write_many(5)
        client.sync(server.url)
    database = sqlite3.connect(tmp_path / "milepost.db")
    database.execute("DROP TRIGGER event_part_guard")
    database.execute("UPDATE event SET facts = x'7b7d' WHERE seq = 3 AND type = 'time.spent'")
    database.commit()
    database.close()
    found = operate(tmp_path, "verify", code=2)
    assert f"CHAIN {member.user.hex()} 3: seq 3 is not what was hashed" in found


def test_the_doctor_says_which_sqlite_is_in_use(tmp_path: Path):
    operate(tmp_path, *SPRING)
    assert sqlite3.sqlite_version in operate(tmp_path, "doctor")


def test_the_doctor_needs_data(tmp_path: Path):
    assert "there is no database" in operate(tmp_path, "doctor", code=1)


def test_every_setting_is_listed_with_its_value(tmp_path: Path):
    listed = operate(tmp_path, "config", "list")
    assert all(setting.env in listed for setting in SETTINGS)
    assert str(tmp_path) in listed


def test_data_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "milepost.db").write_bytes(b"not a database, but long enough to be taken for one " * 100)
    keyless = tmp_path / "keyless"
    keyless.mkdir()
    (keyless / "server.key").write_text("not a key")
    for folder, said in (("file", "cannot be used"), ("damaged", "cannot be opened"), ("keyless", "server key")):
        answer = refused(tmp_path / folder)
        assert said in answer
        assert "Traceback" not in answer


@pytest.mark.parametrize("words", [("verify",), ("doctor",)])
def test_a_page_that_went_bad_is_said_in_a_sentence(tmp_path: Path, words: tuple[str, ...]):
    operate(tmp_path, *SPRING)
    database = tmp_path / "milepost.db"
    pages = database.read_bytes()
    database.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    answer = operate(tmp_path, *words, code=2)
    assert "the database cannot be read" in answer
    assert "Traceback" not in answer


def test_a_key_that_is_gone_is_not_replaced_by_another(tmp_path: Path):
    operate(tmp_path, *SPRING)
    key = (tmp_path / "server.key").read_text()
    (tmp_path / "server.key").unlink()
    for said in (refused(tmp_path), operate(tmp_path, "cohort", "list", code=1)):
        assert "put it back from your backup" in said
    assert not (tmp_path / "server.key").exists()
    (tmp_path / "server.key").write_text(key)
    assert "Spring" in operate(tmp_path, "cohort", "list")


def test_a_newer_servers_data_are_left_alone(tmp_path: Path):
    operate(tmp_path, *SPRING)
    database = sqlite3.connect(tmp_path / "milepost.db")
    database.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", NEWER)
    database.commit()
    database.close()
    assert "a newer Milepost" in operate(tmp_path, "cohort", "list", code=1)


NEWER = ("milepost_server", "m999_of_tomorrow", "2030-01-01")


def served(data: Path) -> None:
    """A server's data with one member and one goal."""
    with serving(data) as server:
        _, client = server.member(1)
        client.device.write(
            "goal.set", {"goal": "0123456789abcdef", "learning": False, "visible": True, "has_test": True}
        )
        client.sync(server.url)
        assert "rebuilt" in operate(data, "rebuild")


def test_a_rebuild_mends_a_view_and_says_what_changed(tmp_path: Path):
    served(tmp_path)
    database = sqlite3.connect(tmp_path / "milepost.db")
    database.execute("UPDATE progress_v2_view SET digest = zeroblob(32)")
    database.commit()
    database.close()
    said = operate(tmp_path, "rebuild", "--verify", code=2)
    assert "goal:0123456789abcdef: " in said
    assert "2 views differ" in said
    assert "0 views differ" in operate(tmp_path, "rebuild", "--verify")


def test_one_member_is_rebuilt_alone(tmp_path: Path):
    served(tmp_path)
    member = base64url(Member(1).user)
    with serving(tmp_path):
        assert "rebuilt" in operate(tmp_path, "rebuild", "--member", member)
    assert "no member has the key" in operate(tmp_path, "rebuild", "--member", "AAAA", code=3)


def test_quarantine_is_empty_when_all_is_well(tmp_path: Path):
    served(tmp_path)
    assert operate(tmp_path, "quarantine", "list") == "none\n"
    assert operate(tmp_path, "quarantine", "retry") == "0 let out\n"
