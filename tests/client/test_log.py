"""The local log: what an append promises (I1), what it refuses, and what the file looks like afterwards."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.chain import check_run
from milepost.clock import from_ms
from milepost.errors import Ambiguous, LimitExceeded, NotFound, StorageError
from milepost.event import FACTS_BYTES_MAX, hash_header, pack_header
from milepost.ids import base32
from milepost_client.device import secrets
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store import account, schema
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from tests.client.devices import NOW_MS, Clock, draft, in_memory, world


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(str(tmp_path / "home"))


def open_log(home: Home) -> Log:
    return Log.open(home, SYSTEM, create=True)


def test_the_first_append_makes_the_account_and_the_device_enrols_itself_first(home: Home):
    with open_log(home) as log:
        log.append([draft("first")])
        types = [stored.event.type for stored in log.since()]

    assert types == ["device.enrolled", "key.issued", "time.spent"]


def test_nothing_is_on_the_disk_before_the_first_append(home: Home):
    with open_log(home) as log:
        assert (log.count, log.unsent_count(), list(log.since()), log.newest(5)) == (0, 0, [], [])

    assert not os.path.exists(home.path)


def test_reading_where_nothing_is_recorded_says_so(home: Home):
    with pytest.raises(NotFound, match="nothing is recorded here yet"):
        Log.open(home, SYSTEM)


def test_what_was_appended_is_read_back_as_it_was(home: Home):
    with open_log(home) as log:
        written = log.append([draft("a", private="p"), draft("b")])

    with Log.open(home, SYSTEM) as log:
        assert [stored.event for stored in log.since()][-2:] == written
        assert log.newest(1)[0].event == written[-1]
        assert log.get(written[0].id) == list(log.since())[-2]
        assert log.get(bytes(16)) is None


entries = st.builds(
    draft, st.text(alphabet="abcæ世", max_size=20), private=st.none() | st.text(alphabet="xyzé", max_size=20)
)
steps = st.lists(st.tuples(st.integers(0, 4_102_444_800_000), st.lists(entries, min_size=1, max_size=4)), max_size=8)


@settings(max_examples=60)
@given(steps)
def test_whatever_the_clock_does_the_log_is_one_chain_in_clock_order(steps: list[tuple[int, list[Draft]]]):
    clock = Clock()
    log = in_memory(7, clock)
    appended = []
    for now_ms, drafts in steps:
        clock.now_ms = now_ms
        appended += log.append(drafts)

    stored = list(log.since())
    assert [each.event for each in stored if each.event in appended] == appended
    if stored:
        events = [each.event for each in stored]
        check_run(events)
        assert all(hash_header(pack_header(event)) == event.hash for event in events)
        assert [each.order for each in stored] == sorted(each.order for each in stored)
        assert len({event.id for event in events}) == len(events)


def test_a_clock_that_was_wrong_is_left_behind_once_it_is_right_again():
    clock = Clock(from_ms(4_102_444_800_000) >> 16)
    log = in_memory(1, clock)
    log.append([draft()])
    clock.now_ms = NOW_MS

    (healed,) = log.append([draft()])

    assert healed.hlc >> 16 <= NOW_MS + 5 * 60 * 1000
    # Unsent, it still follows what this device wrote before it.
    assert log.newest(1)[0].at == max(stored.at for stored in log.since())
    assert [move.n for move in log.moved_since(0)] == [log.count]


def test_an_entry_over_a_limit_is_refused_and_nothing_is_written(home: Home):
    with open_log(home) as log:
        log.append([draft()])
        before = log.count
        with pytest.raises(LimitExceeded):
            log.append([draft(), Draft("note.taken", 1, 20_000, 0, b"x" * (FACTS_BYTES_MAX + 1), None)])

        assert log.count == before
        assert log.append([draft()])[0].seq == before + 1


def test_files_are_private_whatever_the_umask(home: Home):
    before = os.umask(0)
    try:
        with open_log(home) as log:
            log.append([draft()])
    finally:
        os.umask(before)

    for folder, _, files in os.walk(home.path):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700, folder
        for name in files:
            assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600, name


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event WHERE n = 3",
        "UPDATE event SET hash = zeroblob(32) WHERE n = 3",
        "UPDATE event SET seq = 9 WHERE n = 3",
        "UPDATE event SET facts = '{}' WHERE n = 3",
        "UPDATE event SET facts = NULL, facts_salt = NULL WHERE n = 3",
        "UPDATE event SET private = NULL, private_salt = NULL WHERE n = 3",
        "DELETE FROM branch",
        "UPDATE branch SET epoch = 1",
    ],
)
def test_the_file_itself_refuses_to_change_what_happened(home: Home, statement: str):
    with open_log(home) as log:
        log.append([draft(private="p")])
        before = list(log.since())

        with pytest.raises(sqlite3.IntegrityError, match="never"):
            log.connection.execute(statement)

        assert list(log.since()) == before


def test_people_can_read_the_entries_with_plain_sql(home: Home):
    with open_log(home) as log:
        log.append([draft("reading", private="Cagan")])
    with sqlite3.connect(home.log) as connection:
        row = connection.execute(
            'SELECT "on", type, json_extract(facts, "$.minutes"), json_extract(private, "$.title"), received '
            "FROM entries ORDER BY n DESC"
        ).fetchone()

    connection.close()
    assert row == ("2026-01-01", "time.spent", 45, "Cagan", 0)


# Short names


def test_an_event_is_found_by_a_prefix_of_its_short_name(home: Home):
    with open_log(home) as log:
        written = log.append([draft(str(number)) for number in range(50)])
        for event in written:
            assert log.by_prefix(base32(event.nonce)[:10]).event == event
            assert log.by_prefix(base32(event.id)).event == event
        with pytest.raises(NotFound, match="at least 3"):
            log.by_prefix("ab")
        with pytest.raises(NotFound):
            log.by_prefix("zzzzzzzzzzzz")
        with pytest.raises(NotFound, match="nothing is called 'u_u!'"):
            log.by_prefix("u_u!")


def test_a_prefix_that_fits_two_events_names_both():
    log = in_memory(1)
    chance = iter([b"\1" * 10, b"\1" * 9 + b"\2"])
    log.append([draft()])
    drawn = log.world.random
    log.world = log.world._replace(
        random=lambda size: (next(chance) + bytes(size))[:size] if size == 42 else drawn(size)
    )
    log.append([draft()])
    log.append([draft()])

    with pytest.raises(Ambiguous):
        log.by_prefix(base32(b"\1" * 10)[:5])


# Copies


def test_a_moved_or_copied_log_goes_on_in_an_epoch_of_its_own(home: Home, tmp_path: Path):
    with open_log(home) as log:
        last = log.append([draft("before")])[0]
    copy = Home(str(tmp_path / "copy"))
    subprocess.run(["cp", "-a", home.path, copy.path], check=True)

    with Log.open(copy, SYSTEM) as log:
        (event,) = log.append([draft("after")])
        assert [code for code, _ in log.notices] == ["NEW_EPOCH"]
        (again,) = log.append([draft("later")])

    assert event.epoch != last.epoch
    assert (event.seq, event.prev) == (1, last.hash)
    assert (again.epoch, again.seq, again.prev) == (event.epoch, 2, event.hash)
    with Log.open(home, SYSTEM) as log:
        assert log.append([draft("the original goes on")])[0].epoch == last.epoch
        assert log.notices == []


def test_a_log_whose_keys_are_here_but_not_its_file_is_not_begun_again(home: Home):
    with open_log(home) as log:
        log.append([draft()])
    os.unlink(home.log)

    with open_log(home) as log, pytest.raises(StorageError, match="the log itself is gone"):
        log.append([draft()])


# Two processes


def test_processes_that_append_at_once_make_one_chain_and_one_account(home: Home):
    program = (
        "import sys\n"
        "from milepost_client.device.home import Home\n"
        "from milepost_client.store.drafts import Draft; from milepost_client.store.log import Log\n"
        "from milepost_client.device.world import SYSTEM\n"
        "log = Log.open(Home(sys.argv[1]), SYSTEM, create=True); sys.stdin.read()\n"
        "for n in range(20): log.append([Draft('time.spent', 1, 20000, 0, b'{}', None)])\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, home.path], stdin=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0, 0]

    with Log.open(home, SYSTEM) as log:
        events = [stored.event for stored in log.since()]
        check_run(events)
        assert len(events) == 62
        assert account.device_keys(log.secrets).device == log.device


# Crashes


@pytest.mark.parametrize("place", ["log.tables_made", "log.rows_inserted", "log.before_commit", "log.after_commit"])
@pytest.mark.parametrize("passing", [1, 2])
def test_a_process_that_dies_leaves_no_event_or_a_whole_one(home: Home, place: str, passing: int):
    program = (
        "import sys\n"
        "from milepost_client.device.home import Home\n"
        "from milepost_client.store.drafts import Draft; from milepost_client.store.log import Log\n"
        "from milepost_client.device.world import SYSTEM\n"
        "log = Log.open(Home(sys.argv[1]), SYSTEM, create=True)\n"
        "for n in range(3):\n"
        "    log.append([Draft('time.spent', 1, 20000, 0, b'{}', None)])\n"
        "    print(n, flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, home.path],
        env={**os.environ, "MILEPOST_FAILPOINT": f"{place}:{passing}"},
        capture_output=True,
        check=False,
    )
    acknowledged = len(ended.stdout.split())
    assert ended.returncode == (0 if (place, passing) == ("log.tables_made", 2) else 137)

    with open_log(home) as log:
        (event,) = log.append([draft()])
        events = [stored.event for stored in log.since()]
        check_run(events)
        assert acknowledged <= len(events) - 3 <= acknowledged + 1
        assert events[-1] == event
        assert account.device_keys(log.secrets).device == log.device
        assert secrets.recovery_secret(log.secrets) is not None


# What the disk may refuse


def test_a_full_disk_is_one_sentence_and_the_log_stays_whole(home: Home):
    with open_log(home) as log:
        log.append([draft()])
        pages = log.connection.execute("PRAGMA page_count").fetchone()[0]
        log.connection.execute(f"PRAGMA max_page_count = {pages}")
        before = log.count
        with pytest.raises(StorageError, match="the disk is full"):
            log.append([draft("x" * 4000) for _ in range(20)])

        log.connection.execute("PRAGMA max_page_count = 1000000")
        assert log.count == before
        assert log.append([draft()])[0].seq == before + 1


def test_a_file_that_may_not_grow_is_one_sentence_and_the_next_run_works(home: Home):
    with open_log(home) as log:
        log.append([draft()])
    program = (
        "import resource, signal, sys, os\n"
        "from milepost.errors import StorageError\n"
        "from milepost_client.device.home import Home\n"
        "from milepost_client.store.drafts import Draft; from milepost_client.store.log import Log\n"
        "from milepost_client.device.world import SYSTEM\n"
        "log = Log.open(Home(sys.argv[1]), SYSTEM)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "try: log.append([Draft('time.spent', 1, 20000, 0, b'x' * 8000, None)] * 20)\n"
        "except StorageError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program, home.path], capture_output=True, text=True, check=True).stdout

    assert "refuses" in said
    assert "nothing was written" in said
    with Log.open(home, SYSTEM) as log:
        assert log.count == 3
        log.append([draft()])


def test_a_log_that_may_not_be_written_is_one_sentence(home: Home):
    with open_log(home) as log:
        log.append([draft()])
        log.connection.execute("PRAGMA query_only = ON")

        with pytest.raises(StorageError, match="read-only"):
            log.append([draft()])


def test_a_file_in_place_of_the_home_is_one_sentence(home: Home):
    Path(home.path).write_bytes(b"")

    with pytest.raises(StorageError, match="not a directory"):
        open_log(home)


def test_a_home_that_was_removed_under_an_open_log_is_one_sentence(home: Home):
    with open_log(home) as log:
        log.append([draft()])
        for folder, _, files in os.walk(home.path, topdown=False):
            for name in files:
                os.unlink(os.path.join(folder, name))
            os.rmdir(folder)

        with pytest.raises(StorageError, match="was removed"):
            log.append([draft()])


@pytest.mark.parametrize("damage", ["head", "middle", "all"])
def test_a_damaged_file_is_one_sentence_at_the_latest_when_it_is_read(home: Home, damage: str):
    with open_log(home) as log:
        log.append([draft("x" * 500) for _ in range(100)])
    raw = bytearray(Path(home.log).read_bytes())
    at, size = {"head": (0, 100), "middle": (100, len(raw) - 100), "all": (0, len(raw))}[damage]
    raw[at : at + size] = b"\xa5" * size
    Path(home.log).write_bytes(raw)

    with pytest.raises(StorageError, match="damaged"), Log.open(home, SYSTEM) as log:
        list(log.since())


def test_a_newer_file_asks_for_an_upgrade(home: Home):
    with open_log(home) as log:
        log.append([draft()])
        log.connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")

    with pytest.raises(StorageError, match="upgrade milepost"):
        Log.open(home, SYSTEM)


def test_another_programs_database_is_left_alone(home: Home):
    os.makedirs(home.path)
    other = sqlite3.connect(home.log)
    other.execute("CREATE TABLE recipe (name TEXT)")
    other.commit()
    other.close()

    with pytest.raises(StorageError, match="another program's"):
        Log.open(home, SYSTEM, create=True)


def test_the_same_world_writes_the_same_log():
    one, two = in_memory(3), in_memory(3)
    for log in (one, two):
        log.append([draft("a")])

    facts = [[stored.event.facts for stored in log.since() if stored.event.type == "time.spent"] for log in (one, two)]
    assert facts[0] == facts[1]
    assert (one.device, one.epoch) == (two.device, two.epoch)
    assert world(3).random(8) == world(3).random(8)


def test_a_setting_that_stands_so_already_wakes_nobody(home: Home):
    with open_log(home) as log:
        log.append([])
    with Log.open(home, SYSTEM) as log, Log.open(home, SYSTEM) as watching:
        log.set_settings([("pod", b"Harbour")])
        before = watching.data_version()
        log.set_settings([("pod", b"Harbour")])
        assert watching.data_version() == before
        log.set_settings([("pod", b"Lantern")])
        assert watching.data_version() != before
