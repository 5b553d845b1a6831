"""`milepost-server restore`: a backup comes back whole, and what was erased since does not come back with it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from milepost_server import failpoint
from tests.support.clients import Client
from tests.support.leaving import by_words
from tests.support.servers import ServerProcess, serving

SECRET = "canaryfeathers"


def operate(data: Path, *words: str, code: int = 0, point: str = "") -> str:
    """Run a command; what it said."""
    environment = {**os.environ, "MILEPOST_SERVER_DATA": str(data), "MILEPOST_FAILPOINT": point}
    done = subprocess.run(
        [sys.executable, "-m", "milepost_server", *words], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout + done.stderr


def talkative(server: ServerProcess, seed: int) -> Client:
    """A member whose words stand in the server's files."""
    _, client = server.member(seed)
    client.device.write("words.said", {"to": "lead", "text": f"{SECRET} {seed}"})
    return client.sync(server.url)


def holding(folder: Path, text: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file() and text.encode() in path.read_bytes())


def test_a_backup_comes_back_and_devices_bring_what_it_lacks(tmp_path: Path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with serving(data) as server:
        client = talkative(server, 1)
        operate(data, "backup", str(copy))
        client.device.write("time.spent", {"minutes": 45})
        client.sync(server.url)
        late = talkative(server, 2)
    said = operate(data, "restore", str(copy))
    assert "restored" in said
    assert "1 members, 2 events, 0 erasures" in said
    assert (data / "milepost.db.before-1").stat().st_mode & 0o777 == 0o600
    with serving(data) as server:
        # Another incarnation: nobody is told that something is missing, and all of it comes back.
        assert client.sync(server.url).failure is None
        assert late.sync(server.url).failure is None
        again = talkative(server, 3)
        assert again.failure is None
    assert "everything verifies" in operate(data, "verify")
    with sqlite3.connect(data / "milepost.db") as connection:
        assert connection.execute("SELECT sum(head) FROM stream WHERE kind = 'member'").fetchone() == (3 + 2 + 2,)
    connection.close()


def test_an_account_that_was_erased_since_does_not_come_back_and_nothing_of_it_is_in_the_file(tmp_path: Path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with serving(data) as server:
        gone, stays = talkative(server, 1), talkative(server, 2)
        operate(data, "backup", str(copy))
        assert server.http.post("/v1/erase", json=by_words(gone.device.member, server.key)).is_success
    assert f"{SECRET} 1".encode() in copy.read_bytes()
    assert "1 members, 2 events, 1 erasures" in operate(data, "restore", str(copy))
    assert "milepost.db" not in holding(data, f"{SECRET} 1")
    assert "milepost.db" in holding(data, f"{SECRET} 2")
    with serving(data) as server:
        gone.connect(server.url)
        gone.until(lambda _: False)
        gone.close()
        assert gone.failure is not None
        assert gone.failure.code == "ERASED"
        assert stays.sync(server.url).failure is None
        assert not holding(data, f"{SECRET} 1")


def test_a_backup_made_after_an_erasure_holds_nothing_of_it_before_any_sweep(tmp_path: Path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with serving(data) as server:
        gone = talkative(server, 1)
        assert server.http.post("/v1/erase", json=by_words(gone.device.member, server.key)).is_success
        operate(data, "backup", str(copy))
    raw = copy.read_bytes()
    assert SECRET.encode() not in raw
    for event in gone.device.events:
        assert event.id not in raw


def test_a_restore_that_dies_before_the_end_leaves_the_data_as_they_were(tmp_path: Path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with serving(data) as server:
        client = talkative(server, 1)
        operate(data, "backup", str(copy))
        client.device.write("time.spent", {"minutes": 45})
        client.sync(server.url)
    operate(data, "restore", str(copy), code=failpoint.EXIT_KILLED, point=failpoint.BEFORE_SWAP)
    with serving(data) as server:
        assert client.sync(server.url).failure is None
    assert "1 members, 2 events" in operate(data, "restore", str(copy))
    assert not (data / "milepost.db.restoring").exists()
    assert "everything verifies" in operate(data, "verify")


def test_nothing_is_restored_beside_a_running_server(tmp_path: Path):
    copy = tmp_path / "copy.db"
    with serving(tmp_path / "data") as server:
        operate(server.data, "backup", str(copy))
        assert "another milepost-server" in operate(server.data, "restore", str(copy), code=1)


@pytest.mark.parametrize("damage", ["cut", "other", "changed"])
def test_a_backup_that_is_damaged_changes_nothing(tmp_path: Path, damage: str):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with serving(data) as server:
        client = talkative(server, 1)
        operate(data, "backup", str(copy))
    match damage:
        case "cut":
            copy.write_bytes(copy.read_bytes()[: 5 * 4096])
        case "other":
            copy.write_bytes(b"no database at all" * 400)
        case _:
            database = sqlite3.connect(copy)
            database.execute("DROP TRIGGER event_part_guard")
            database.execute("UPDATE event SET facts = x'7b7d' WHERE type = 'words.said'")
            database.commit()
            database.close()
    operate(data, "restore", str(copy), code=1)
    assert sorted(path.name for path in data.glob("milepost.db.*")) == []
    with serving(data) as server:
        assert client.sync(server.url).failure is None


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    assert "there is no file" in operate(tmp_path, "restore", str(tmp_path / "none.db"), code=2)
