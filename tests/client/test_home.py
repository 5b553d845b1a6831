"""The home, its secrets, the installation's mark, and what the hot path may import."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from milepost.errors import StorageError
from milepost_client.device import installation, secrets
from milepost_client.device.home import Home, make_folder, write_file
from milepost_client.device.installation import Installation
from milepost_client.device.secrets import FileSecrets, KeychainSecrets, MemorySecrets, Secrets, secrets_of, settle
from milepost_client.device.world import SYSTEM
from milepost_client.store import account, failpoint, migrations, schema
from milepost_client.store.log import Log
from tests.client.devices import draft


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"MILEPOST_HOME": "/somewhere"}, "/somewhere"),
        ({"XDG_DATA_HOME": "/data"}, "/data/milepost"),
        ({"XDG_DATA_HOME": "relative"}, os.path.expanduser("~/.local/share/milepost")),
        ({}, os.path.expanduser("~/.local/share/milepost")),
    ],
)
def test_the_home_is_where_the_platform_keeps_a_users_data(environ: dict[str, str], path: str):
    assert Home.default(environ).path == path


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path):
    tmp_path.chmod(0o755)

    make_folder(str(tmp_path))
    make_folder(str(tmp_path / "a" / "b"))

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path):
    path = tmp_path / "file"
    write_file(str(path), b"one")
    write_file(str(path), b"two")

    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    with pytest.raises(StorageError, match="cannot be used"):
        write_file(str(tmp_path / "none" / "file"), b"")


def test_appending_and_reading_import_nothing_heavy(tmp_path: Path):
    program = (
        "import sys\n"
        "from milepost_client.device.home import Home\n"
        "from milepost_client.store.drafts import Draft; from milepost_client.store.log import Log\n"
        "from milepost_client.device.world import SYSTEM\n"
        "log = Log.open(Home(sys.argv[1]), SYSTEM)\n"
        "log.append([Draft('time.spent', 1, 20000, 0, b'{}', b'{}')]); log.newest(3); log.unsent_count(); log.count\n"
        "heavy = ['cryptography', 'msgspec', 'sqlite_utils', 'json', 'typer', 'pathlib', 'asyncio', 'platformdirs']\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft()])

    said = subprocess.run(
        [sys.executable, "-S", "-c", program, home.path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )

    assert said.stdout == "[]\n", said.stderr


# Secrets


class Keychain:
    """A keychain in memory, as the `keyring` package offers one."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.is_locked:
            raise KeychainLocked("locked")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class KeychainLocked(Exception):
    pass


@pytest.fixture(params=["memory", "files", "keychain"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Secrets:
    home = Home(str(tmp_path))
    places: dict[str, Secrets] = {
        "memory": MemorySecrets(),
        "files": FileSecrets(home.keys),
        "keychain": KeychainSecrets(home, Keychain(), KeychainLocked),
    }
    return places[request.param]


def test_a_secret_is_kept_until_it_is_dropped(kept: Secrets):
    assert kept.get("device") is None
    kept.put("device", b"one")
    kept.put("device", b"two")
    assert kept.get("device") == b"two"
    kept.drop("device")
    kept.drop("device")
    assert kept.get("device") is None


def test_secrets_take_their_names_once_the_log_is_there(kept: Secrets):
    kept.put("device.new", b"seeds")

    settle(kept)
    settle(kept)

    assert (kept.get("device"), kept.get("device.new")) == (b"seeds", None)


def test_a_secret_file_that_holds_no_key_is_one_sentence(tmp_path: Path):
    (tmp_path / "device").write_text("not base64!")

    with pytest.raises(StorageError, match="holds no key"):
        FileSecrets(str(tmp_path)).get("device")


def test_a_locked_keychain_is_one_sentence_and_files_from_before_are_found(tmp_path: Path):
    keychain = Keychain()
    kept = KeychainSecrets(Home(str(tmp_path)), keychain, KeychainLocked)
    FileSecrets(Home(str(tmp_path)).keys).put("device", b"old")
    keychain.is_locked = True

    assert kept.get("device") == b"old"
    with pytest.raises(StorageError, match="keychain refuses"):
        kept.get("recovery")


def _install(monkeypatch: pytest.MonkeyPatch, backend: object) -> None:
    module = ModuleType("keyring")
    module.get_keyring = lambda: backend  # type: ignore[attr-defined]
    module.errors = SimpleNamespace(KeyringError=KeychainLocked)  # type: ignore[attr-defined]
    monkeypatch.setattr(secrets, "import_module", lambda _: module)


def test_the_keychain_is_used_where_there_is_a_real_one_and_no_chosen_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    home = Home(str(tmp_path))
    _install(monkeypatch, Keychain())
    assert isinstance(secrets_of(home), FileSecrets)

    monkeypatch.delenv("MILEPOST_HOME")
    assert isinstance(secrets_of(home), KeychainSecrets)

    _install(monkeypatch, SimpleNamespace(priority=0))
    assert isinstance(secrets_of(home), FileSecrets)


def test_without_the_keyring_package_secrets_are_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def missing(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.delenv("MILEPOST_HOME")
    monkeypatch.setattr(secrets, "import_module", missing)

    assert isinstance(secrets_of(Home(str(tmp_path))), FileSecrets)


def test_the_recovery_secret_is_here_until_its_words_are_saved(tmp_path: Path):
    with Log.open(Home(str(tmp_path)), SYSTEM, create=True) as log:
        log.append([draft()])
        assert secrets.recovery_secret(log.secrets) is not None

        secrets.words_saved(log.secrets)

        assert secrets.recovery_secret(log.secrets) is None
        log.append([draft()])
        log.secrets.drop("device")
        with pytest.raises(StorageError, match="keys of this device are gone"):
            account.device_keys(log.secrets)


# The installation


def test_a_mark_tells_copies_apart_and_stays_where_it_is(tmp_path: Path):
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    one.touch()
    two.touch()

    marks = [Installation(str(path), "x").mark() for path in (one, two, one)]

    assert marks[0] == marks[2] != marks[1]
    assert all(len(mark) == installation.MARK_BYTES for mark in marks)


# Migrations


def test_an_older_file_is_brought_up_to_date_once_and_keeps_its_events(tmp_path: Path):
    home = Home(str(tmp_path))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft()])
        before = list(log.since())
        steps = Migrations("milepost-log")

        @steps()
        def m001_colour(db: sqlite_utils.Database) -> None:
            db.execute("ALTER TABLE setting ADD COLUMN colour TEXT")

        migrations.migrate(log.connection, steps=steps, version=schema.SCHEMA_VERSION + 1)
        migrations.migrate(log.connection, steps=steps, version=schema.SCHEMA_VERSION + 1)

        assert schema.version_of(log.connection) == schema.SCHEMA_VERSION + 1
        assert list(log.since()) == before
        assert "colour" in {row[1] for row in log.connection.execute("PRAGMA table_info(setting)")}


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path):
    with Log.open(Home(str(tmp_path)), SYSTEM, create=True) as log:
        log.append([draft()])
        steps = Migrations("milepost-log")

        @steps()
        def m001_breaks(db: sqlite_utils.Database) -> None:
            db.execute("ALTER TABLE setting ADD COLUMN colour TEXT")
            raise RuntimeError("power cut")

        with pytest.raises(RuntimeError):
            migrations.migrate(log.connection, steps=steps, version=schema.SCHEMA_VERSION + 1)

        assert schema.version_of(log.connection) == schema.SCHEMA_VERSION
        assert "colour" not in {row[1] for row in log.connection.execute("PRAGMA table_info(setting)")}


def test_an_unarmed_failpoint_is_passed():
    failpoint.arm("")

    failpoint.failpoint("log.before_commit")
