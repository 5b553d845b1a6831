"""The port of the store, engine by engine: what `milepost_server.store` promises and nothing an engine adds."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from milepost.errors import StorageError
from milepost_server.store import Connection, DataInUse, Store
from milepost_server.store.sqlite import SqliteStore

INCARNATION = b"incarnation-0001"
ENGINES: dict[str, Callable[[Path], Store]] = {"sqlite": lambda path: SqliteStore(path, incarnation=INCARNATION)}
WAIT_SECONDS = 10


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[[Path], Store]:
    return ENGINES[request.param]


@pytest.fixture
def store(engine: Callable[[Path], Store], tmp_path: Path) -> Iterator[Store]:
    opened = engine(tmp_path)
    yield opened
    opened.close()


def put(name: str) -> Callable[[Connection], str]:
    """A job that writes one row and answers with its name."""

    def job(connection: Connection) -> str:
        connection.execute("INSERT INTO meta VALUES (?, 1)", (name,))
        return name

    return job


def names(store: Store) -> set[str]:
    with store.reading() as connection:
        return {row[0] for row in connection.execute("SELECT name FROM meta WHERE name != 'incarnation'")}


def test_a_jobs_result_comes_when_it_is_committed(store: Store):
    assert store.write(put("a")).result(WAIT_SECONDS) == "a"
    assert names(store) == {"a"}


def test_what_was_committed_is_there_after_a_restart(engine: Callable[[Path], Store], tmp_path: Path):
    first = engine(tmp_path)
    first.write(put("a")).result(WAIT_SECONDS)
    first.close()
    second = engine(tmp_path)
    assert names(second) == {"a"}
    second.close()


def test_the_incarnation_is_that_of_the_first_opening(tmp_path: Path):
    SqliteStore(tmp_path, incarnation=INCARNATION).close()
    again = SqliteStore(tmp_path, incarnation=b"another one 0000")
    assert again.incarnation == INCARNATION
    again.close()


def test_a_job_that_raises_hurts_nobody_else_in_its_group(store: Store):
    begin = threading.Event()

    def hold(connection: Connection) -> None:
        begin.wait(WAIT_SECONDS)

    def spoil(connection: Connection) -> None:
        put("spoilt")(connection)
        raise ValueError("a bad batch")

    # While the first job holds the writer, the others gather into one group.
    store.write(hold)
    futures: list[Future[str]] = [store.write(put(name)) for name in ("a", "b")]
    spoilt = store.write(spoil)
    futures.append(store.write(put("c")))
    begin.set()
    assert [future.result(WAIT_SECONDS) for future in futures] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="a bad batch"):
        spoilt.result(WAIT_SECONDS)
    assert names(store) == {"a", "b", "c"}


def test_jobs_run_in_the_order_in_which_they_came(store: Store):
    order: list[int] = []

    def note(number: int) -> Callable[[Connection], None]:
        return lambda connection: order.append(number)

    futures = [store.write(note(number)) for number in range(200)]
    for future in futures:
        future.result(WAIT_SECONDS)
    assert order == list(range(200))


def test_background_jobs_go_after_what_waits(store: Store):
    begin, order = threading.Event(), []

    def note(name: str) -> Callable[[Connection], None]:
        return lambda connection: order.append(name)

    store.write(lambda connection: begin.wait(WAIT_SECONDS))
    later = [store.write(note("background"), background=True)]
    later.append(store.write(note("push")))
    begin.set()
    for future in later:
        future.result(WAIT_SECONDS)
    assert order == ["push", "background"]


def test_a_reader_sees_one_snapshot_while_others_write(store: Store):
    with store.reading() as connection:
        count = "SELECT count(*) FROM meta"
        before = connection.execute(count).fetchone()
        store.write(put("a")).result(WAIT_SECONDS)
        assert connection.execute(count).fetchone() == before


def test_a_reader_cannot_write(store: Store):
    with store.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        put("a")(connection)


def test_listeners_hear_of_every_commit(store: Store):
    heard = threading.Event()
    store.on_commit(heard.set)
    store.write(put("a")).result(WAIT_SECONDS)
    assert heard.wait(WAIT_SECONDS)


def test_closing_finishes_what_was_submitted(engine: Callable[[Path], Store], tmp_path: Path):
    store = engine(tmp_path)
    futures = [store.write(put(str(number))) for number in range(50)]
    store.close()
    store.close()
    assert all(future.done() for future in futures)
    with pytest.raises(StorageError, match="closed"):
        store.write(put("late"))


def test_a_second_opening_of_the_same_data_is_refused(engine: Callable[[Path], Store], tmp_path: Path):
    store = engine(tmp_path)
    with pytest.raises(DataInUse, match="another milepost-server"):
        engine(tmp_path)
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET seq = 9",
        "UPDATE event SET hash = x'00'",
        "UPDATE event SET facts = x'00'",
        "UPDATE event SET sealed = x'00'",
        "DELETE FROM event",
    ],
)
def test_an_event_can_neither_be_changed_nor_deleted(store: Store, statement: str):
    row = (1, 1, 1, bytes(16), 0, None, 0, 0, "a.b", 1, bytes(32), bytes(16), b"{}", None, bytes(32), b"sealed")
    insert = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    store.write(lambda connection: connection.execute(insert, row)).result(WAIT_SECONDS)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        store.write(lambda connection: connection.execute(statement)).result(WAIT_SECONDS)
