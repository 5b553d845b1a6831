"""What a commit survives is decided by two settings of SQLite; no test without a power cut sees their work."""

from milepost_client.device.home import Home
from milepost_client.store.log import Log
from tests.client.devices import draft, world

SYNCHRONOUS_EXTRA = 3


def test_a_commit_of_the_log_survives_a_power_cut(tmp_path):
    with Log.open(Home(str(tmp_path / "home")), world(1), create=True) as log:
        log.append([draft()])
        assert log.connection.execute("PRAGMA synchronous").fetchone() == (SYNCHRONOUS_EXTRA,)
        assert log.connection.execute("PRAGMA journal_mode").fetchone() == ("truncate",)


def test_a_log_that_is_opened_again_commits_as_durably(tmp_path):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, world(1), create=True) as log:
        log.append([draft()])
    with Log.open(home, world(2)) as log:
        assert log.connection.execute("PRAGMA synchronous").fetchone() == (SYNCHRONOUS_EXTRA,)
