"""A log put back from a backup beside views that had seen more of it."""

import shutil

from milepost.catalogue import encode
from milepost.ids import base32
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.views.views import Views


def goal_set(text: str) -> Draft:
    goal = text.encode().ljust(10, b"x")[:10]
    values = {"goal": base32(goal), "learning": True, "visible": False, "has_test": False, "text": text}
    encoded = encode("goal.set", values)
    return Draft(encoded.type, encoded.version, 20_000, 0, encoded.facts, encoded.private)


def test_views_of_a_log_that_was_put_back_and_grew_anew_are_folded_anew(tmp_path):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([goal_set("kept")])
    backup = tmp_path / "backup.db"
    shutil.copy(home.log, backup)
    with Log.open(home, SYSTEM) as log, Views.open(home, log) as views:
        log.append([goal_set("lost")])
        views.refresh()

    # Copied over the file, so that its inode stays and the installation's mark still fits.
    shutil.copyfile(backup, home.log)
    with Log.open(home, SYSTEM) as log, Views.open(home, log) as views:
        log.append([goal_set("instead")])
        views.refresh()

        assert sorted(views.names("goal").values()) == ["instead", "kept"]
        assert views.drift() == []
