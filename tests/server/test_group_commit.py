"""Group commit when the disk refuses: nobody gets a receipt, and the store says so once."""

import sqlite3
import threading
from pathlib import Path

import pytest

from milepost_server.store import Connection, StoreFailed
from milepost_server.store.sqlite import SqliteStore, run_group
from tests.support.stores import MemoryStore

WAIT_SECONDS = 10


def fill(connection: Connection) -> None:
    """Write until the disk is full."""
    connection.execute("INSERT INTO meta VALUES ('big', zeroblob(10000000))")


def test_a_full_disk_fails_the_group_and_every_job_after_it(tmp_path: Path):
    store = SqliteStore(tmp_path, incarnation=bytes(16))
    heard: list[StoreFailed] = []
    failed = threading.Event()

    def hear(failure: StoreFailed) -> None:
        heard.append(failure)
        failed.set()

    store.on_failure(hear)
    store.write(lambda connection: connection.execute("PRAGMA max_page_count = 100")).result(WAIT_SECONDS)
    future = store.write(fill)
    with pytest.raises(StoreFailed, match="could not commit"):
        future.result(WAIT_SECONDS)
    assert failed.wait(WAIT_SECONDS)
    with pytest.raises(StoreFailed):
        store.write(lambda connection: None)
    store.close()
    assert len(heard) == 1


def test_what_was_stored_before_a_failure_is_there_after_a_restart(tmp_path: Path):
    store = SqliteStore(tmp_path, incarnation=bytes(16))
    store.write(lambda connection: connection.execute("INSERT INTO meta VALUES ('kept', 1)")).result(WAIT_SECONDS)
    store.write(lambda connection: connection.execute("PRAGMA max_page_count = 100")).result(WAIT_SECONDS)
    with pytest.raises(StoreFailed):
        store.write(fill).result(WAIT_SECONDS)
    store.close()
    again = SqliteStore(tmp_path, incarnation=bytes(16))
    with again.reading() as connection:
        found = connection.execute("SELECT name FROM meta ORDER BY name").fetchall()
    again.close()
    assert found == [("incarnation",), ("kept",)]


def test_a_commit_that_fails_gives_no_outcome_at_all():
    store = MemoryStore()
    store.connection.execute("PRAGMA max_page_count = 60")
    with pytest.raises(StoreFailed):
        run_group(store.connection, [lambda connection: "fine", fill])


def test_a_programming_error_is_no_failure_of_the_disk():
    store = MemoryStore()
    good, bad = run_group(
        store.connection, [lambda connection: "fine", lambda connection: connection.execute("SELECT nonsense")]
    )
    assert good.result == "fine"
    assert isinstance(bad.error, sqlite3.OperationalError)
