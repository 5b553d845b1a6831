"""A damaged log on a device that was synced: what the server has comes back, what it has not is kept or named."""

from pathlib import Path

from tests.support.cli import Device
from tests.support.processes import ServerProcess


def test_what_was_synced_comes_back_from_the_server(tmp_path: Path):
    with ServerProcess(tmp_path / "server") as server:
        server.pod()
        laptop = Device(tmp_path / "laptop")
        for minutes in (11, 22, 33):
            laptop.mp("spend", f"{minutes}m", "--note", f"note {minutes}")
        laptop.mp("join", server.url, server.invite(), "--name", "Mara", "--no-input")
        laptop.mp("spend", "44m", "--note", "never sent")
        log = laptop.home / "log.db"
        log.write_bytes(log.read_bytes().replace(b'"minutes":22', b'"minutes":99'))
        assert laptop.type("verify").code == 2

        server.stop()
        assert laptop.type("repair", "--yes").code == 6
        assert log.read_bytes().count(b'"minutes":99') == 1

        server.start()
        said = laptop.data("repair", "--yes")
        assert "CORRUPT" in said["codes"]
        assert said["left_behind"] == []
        spent = laptop.data("log", "--type", "time.spent")["entries"]
        assert sorted(one["values"]["minutes"] for one in spent) == [11, 22, 33, 44]
        assert sorted(one["values"]["note"] for one in spent) == ["never sent", "note 11", "note 22", "note 33"]
        laptop.mp("sync")
        verified = laptop.type("verify", "--deep", "--server", "--json")
        assert (verified.code, verified.data["codes"]) == (0, [])
