"""Who on the machine can read what the server stores."""

import os
from pathlib import Path

from milepost_server.store.sqlite import DATABASE, SqliteStore


def test_the_database_is_its_owners_alone_in_a_folder_that_others_can_enter(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        store = SqliteStore(folder, incarnation=bytes(16))
        store.write(lambda connection: connection.execute("SELECT 1").fetchone()).result()
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.glob(f"{DATABASE}*")}
        store.close()
    finally:
        os.umask(before)

    assert set(modes.values()) == {0o600}, modes
