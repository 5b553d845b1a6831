"""The erasure of an account: who may ask for it, what is gone afterwards, and that nothing brings it back."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from milepost.erasure import ErasureReceipt
from milepost.errors import StorageError
from milepost.ids import base32, base64url, from_base64url
from milepost_server.store import Connection, erasures, events, keyfile, streams
from milepost_server.store.ledger import LEDGER, Erasure, Ledger
from milepost_server.store.sqlite import SqliteStore
from milepost_server.sync.ingest import Accepted, Ingest, Push, Refusal
from tests.support.clients import Client
from tests.support.devices import START_MS, Device, Member
from tests.support.histories import some_id
from tests.support.leaving import by_device, by_words
from tests.support.servers import ServerProcess, serving
from tests.support.soon import soon
from tests.support.stores import SERVER_KEY, MemoryStore, joined

INCARNATION = b"incarnation-0001"
AT = START_MS + 7_200_000
WAIT_SECONDS = 10
SECRET = "canaryfeathers"
NEXT_NIGHT = "T03:00:00Z"


def erase(store: MemoryStore, member: Member) -> int:
    return store.run(lambda connection: erasures.erase_account(connection, member.user, AT))


def test_of_an_erased_account_nothing_is_left_but_that_it_was():
    store, member, device = joined()
    device.write("goal.set", {"goal": some_id("goal", 1), "learning": True, "visible": False, "has_test": False})
    device.write("consent.granted", {"scope": "pod", "id": some_id("pod", 0), "audience": "lead",
                                     "families": ["progress"], "until": "2026-12-31", "wording": 1,
                                     "withdrawals": []})  # fmt: skip
    store.accept(device.batch(device.events))
    stream = store.stream(member)
    assert erase(store, member) == AT
    left = store.stream(member)
    assert (left.state, left.head, left.last_received_at) == (streams.ERASED, 0, 0)
    for table in tables(store.connection):
        rows = store.connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 -- a table of the database
        about = [row for row in rows if member.user in row or device.id in row]
        assert not about or table in ("stream", "erasure"), (table, about)
    assert store.connection.execute("SELECT stream FROM erased_account").fetchall() == [(stream.n,)]
    dump = "\n".join(store.connection.iterdump())
    for event in device.events:
        assert event.id.hex() not in dump.lower()


#: Tables that are led by neither a stream nor a user, and why nothing of a member is left in them.
OTHERS = {
    "event": "emptied by key",
    "batch": "emptied by key",
    "revocation": "emptied by key",
    "naming": "emptied by key",
    "line": "emptied with its device",
    "erasure": "empty between transactions",
    "meta": "of the data as a whole",
    "projection": "of the data as a whole",
    "progress_version": "of the data as a whole",
    "rendezvous": "ciphertext, gone after five minutes",
    "_sqlite_migrations": "of the data as a whole",
}


def test_every_table_is_led_by_a_stream_or_a_user_or_it_is_known_why_not():
    connection = MemoryStore().connection
    for table in tables(connection):
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        assert columns & {"stream", "user"} or table in OTHERS or table == "stream", table
        # Whom else a row of a cohort is about is erased by name.
        assert not columns & {"member", "by"} or table in ("invite", "answer"), table


def test_an_erasure_is_done_once_however_often_it_is_asked_for():
    store, member, _ = joined()
    first = erase(store, member)
    again = store.run(lambda connection: erasures.erase_account(connection, member.user, AT + 5_000))
    assert first == again == AT


def test_what_a_device_pushes_into_an_erased_account_is_refused():
    store, member, device = joined()
    store.accept(device.batch(device.events))
    erase(store, member)
    refused = store.refuse(device.batch(device.events))
    assert refused.code == "ERASED"
    assert "2026-01-01" in refused.sentence
    assert store.stream(member).head == 0


def test_the_events_of_others_cannot_be_deleted_while_an_account_is_erased():
    store, member, device = joined()
    other = Member(1)
    store.open(other)
    phone = other.device()
    store.accept(phone.batch(phone.events))
    store.accept(device.batch(device.events))
    erase(store, member)
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        store.run(lambda connection: connection.execute("DELETE FROM event"))
    assert store.stream(other).head == 1


@pytest.fixture
def account() -> tuple[Member, Device]:
    member = Member(5)
    return member, member.device()


def filled(folder: Path, member: Member, device: Device) -> None:
    """A data folder that holds what a member's device wrote."""
    store = SqliteStore(folder, incarnation=INCARNATION)
    store.write(lambda connection: streams.open_stream(connection, member.user, streams.MEMBER)).result(WAIT_SECONDS)
    pushed(store, device)
    store.close()


def pushed(store: SqliteStore, device: Device) -> Accepted | Refusal:
    ingest = Ingest(store.incarnation, SERVER_KEY.public)
    batch = Push(device.batch(device.events))
    return store.write(lambda c: ingest.push(c, device.member.user, batch, AT)).result(WAIT_SECONDS)


def test_a_backup_that_is_older_does_not_bring_an_account_back(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    filled(tmp_path, member, device)
    backup = (tmp_path / "milepost.db").read_bytes()
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
    store.close()

    (tmp_path / "milepost.db").write_bytes(backup)
    again = SqliteStore(tmp_path, incarnation=INCARNATION)
    with again.reading() as connection:
        stream = streams.find(connection, member.user)
        assert stream is not None
        assert (stream.state, erasures.erased_at(connection, stream.n)) == (streams.ERASED, AT)
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (0,)
    refused = pushed(again, device)
    again.close()
    assert isinstance(refused, Refusal)


def test_nor_does_a_server_that_lost_everything_but_its_ledger(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    Ledger(tmp_path / LEDGER).add([Erasure(member.user, None, AT)])
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    refused = pushed(store, device)
    store.close()
    assert isinstance(refused, Refusal)
    assert refused.code == "ERASED"


def test_a_backup_that_is_older_does_not_bring_an_entry_back(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    written = device.write("goal.set", {"goal": some_id("goal", 1), "learning": True, "visible": False,
                                        "has_test": False})  # fmt: skip
    filled(tmp_path, member, device)
    backup = (tmp_path / "milepost.db").read_bytes()
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    device.write("entry.erased", {"target": entry_name(written.id)})
    assert isinstance(pushed(store, device), Accepted)
    store.close()

    (tmp_path / "milepost.db").write_bytes(backup)
    again = SqliteStore(tmp_path, incarnation=INCARNATION)
    with again.reading() as connection:
        stream = streams.find(connection, member.user)
        assert stream is not None
        (found,) = events.events_of_id(connection, stream, written.id)
        assert found.event.facts is None
    # The device heals what the backup lacks, and brings the parts along.
    assert isinstance(pushed(again, device), Accepted)
    with again.reading() as connection:
        (found,) = events.events_of_id(connection, stream, written.id)
        assert found.event.facts is None
    again.close()


def test_a_ledger_that_was_lost_is_written_anew_from_the_data(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    filled(tmp_path, member, device)
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
    store.close()
    (tmp_path / LEDGER).unlink()
    SqliteStore(tmp_path, incarnation=INCARNATION).close()
    assert Ledger(tmp_path / LEDGER).read() == [Erasure(member.user, None, AT)]


def test_the_ledger_holds_ids_alone_and_of_an_erased_account_no_entry(tmp_path: Path):
    ledger = Ledger(tmp_path / LEDGER)
    mara, sam = Member(1).user, Member(2).user
    ledger.add([Erasure(mara, b"m" * 16, 1), Erasure(sam, b"s" * 16, 2)])
    ledger.add([Erasure(mara, None, 3)])
    assert ledger.read() == [Erasure(sam, b"s" * 16, 2), Erasure(mara, None, 3)]
    assert (tmp_path / LEDGER).stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_being_written_when_the_process_died_is_cut_off(tmp_path: Path):
    ledger = Ledger(tmp_path / LEDGER)
    ledger.add([Erasure(b"m" * 16, b"e" * 16, 1)])
    with ledger.path.open("ab") as file:
        file.write(b'{"user":"bW')
    assert ledger.read() == [Erasure(b"m" * 16, b"e" * 16, 1)]
    ledger.cut_torn_end()
    ledger.add([Erasure(b"n" * 16, b"f" * 16, 2)])
    assert len(ledger.read()) == 2


def test_a_damaged_ledger_stops_the_server_in_a_sentence(tmp_path: Path):
    (tmp_path / LEDGER).write_text('{"user":"no key","at":1}\n')
    with pytest.raises(StorageError, match="line 1 of the erasure ledger"):
        SqliteStore(tmp_path, incarnation=INCARNATION)
    (tmp_path / LEDGER).write_text("")
    SqliteStore(tmp_path, incarnation=INCARNATION).close()


def test_nothing_is_committed_where_the_ledger_cannot_be_written(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    filled(tmp_path, member, device)
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(StorageError):
        SqliteStore(tmp_path, incarnation=INCARNATION)
    (tmp_path / LEDGER).rmdir()
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(StorageError):
        store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
    store.close()
    (tmp_path / LEDGER).rmdir()
    again = SqliteStore(tmp_path, incarnation=INCARNATION)
    with again.reading() as connection:
        found = streams.find(connection, member.user)
        assert found is not None
        assert found.state == streams.OPEN
    again.close()


def test_a_sweep_leaves_nothing_of_what_was_erased_in_the_files(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    for number in range(200):
        device.write("words.said", {"to": "lead", "text": f"{SECRET} {number}"})
    filled(tmp_path, member, device)
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
    with store.reading() as connection:
        assert erasures.sweep_due(connection) == erasures.swept_by(AT)
    assert store.sweep().result(WAIT_SECONDS)
    for path in tmp_path.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path.name
        assert device.events[0].id not in path.read_bytes(), path.name
    with store.reading() as connection:
        assert erasures.sweep_due(connection) is None
    store.close()


def test_who_holds_a_snapshot_puts_the_sweep_off(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    filled(tmp_path, member, device)
    store = SqliteStore(tmp_path, incarnation=INCARNATION)
    with store.reading() as connection:
        connection.execute("SELECT count(*) FROM event").fetchone()
        store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
        assert not store.sweep().result(WAIT_SECONDS)
    with store.reading() as connection:
        assert erasures.sweep_due(connection) is not None
    assert store.sweep().result(WAIT_SECONDS)
    store.close()


# Over HTTP and the socket


def test_a_device_erases_its_account_and_gets_a_signed_receipt(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    answer = server.http.post("/v1/erase", json=by_device(client.device, server.key))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    receipt = ErasureReceipt(from_base64url(said["key_id"]), member.user, said["at"], from_base64url(said["signature"]))
    assert receipt.is_by(server.key)
    assert said["swept_by"].endswith(NEXT_NIGHT)
    again = server.http.post("/v1/erase", json=by_device(client.device, server.key))
    assert again.json() == said
    # The token of before opens nothing any more.
    assert server.get("/v1/me", client).status_code == 401


def test_the_twelve_words_erase_the_account_when_every_device_is_lost(
    server: ServerProcess, joined: tuple[Member, Client]
):
    member, client = joined
    client.sync(server.url)
    assert server.http.post("/v1/erase", json=by_words(member, server.key)).status_code == 200
    client.connect(server.url)
    assert client.until(lambda _: False) is None
    assert client.failure is not None
    assert (client.failure.code, client.failure.is_final) == ("ERASED", True)


def test_a_device_that_is_connected_is_told_at_once(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    client.connect(server.url)
    client.until(lambda effect: type(effect).__name__ == "Caught")
    assert server.http.post("/v1/erase", json=by_words(member, server.key)).status_code == 200
    client.until(lambda _: False)
    client.close()
    assert client.failure is not None
    assert client.failure.code == "ERASED"


def test_nobody_else_erases_an_account(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    stranger, other_server = Member(77), bytes(32)
    asked = by_device(client.device, server.key)
    forged = by_device(stranger.device(), server.key)
    for request in (
        forged | {"user": asked["user"]},
        asked | {"by": forged["by"]},
        asked | {"signature": forged["signature"]},
        asked | {"enrolments": []},
        asked | {"enrolments": forged["enrolments"]},
        by_device(client.device, other_server),
        by_words(stranger, server.key) | {"user": asked["user"]},
        by_words(member, server.key) | {"by": asked["by"]},
        by_words(stranger, server.key),
        by_device(stranger.device(), server.key),
    ):
        answer = server.http.post("/v1/erase", json=request)
        assert (answer.status_code, answer.json()["code"]) == (404, "erase"), request
    assert server.get("/v1/me", client).status_code == 200


def test_a_revoked_device_erases_nothing(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    phone = member.device()
    client.device.write("device.revoked", {"device": base64url(phone.id), "leaves": []})
    client.sync(server.url)
    assert server.http.post("/v1/erase", json=by_device(phone, server.key)).status_code == 404


def test_an_erased_account_does_not_join_again(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    server.http.post("/v1/erase", json=by_words(member, server.key))
    code = server.invite()
    refused = server.http.post("/v1/join", json={"code": code, "enrolment": client.device.enrolment_facts})
    assert (refused.status_code, refused.json()["code"]) == (409, "erased")
    # The invite is not used up.
    fresh = Member(4242).device()
    assert server.http.post("/v1/join", json={"code": code, "enrolment": fresh.enrolment_facts}).status_code == 200


def test_a_stopped_server_sweeps_when_it_starts_after_the_night(tmp_path: Path, account: tuple[Member, Device]):
    member, device = account
    with closing(SqliteStore(tmp_path, incarnation=INCARNATION)) as store:
        keyfile.load(tmp_path / "server.key", os.urandom, store)
    device.write("words.said", {"to": "lead", "text": SECRET})
    filled(tmp_path, member, device)
    with closing(SqliteStore(tmp_path, incarnation=INCARNATION)) as store:
        store.write(lambda c: erasures.erase_account(c, member.user, AT)).result(WAIT_SECONDS)
    with serving(tmp_path) as server:
        soon(lambda: is_swept(server))
        assert not [path for path in tmp_path.iterdir() if SECRET.encode() in path.read_bytes()]


def is_swept(server: ServerProcess) -> bool:
    with closing(sqlite3.connect(server.data / "milepost.db")) as connection:
        return erasures.sweep_due(connection) is None


def entry_name(event_id: bytes) -> str:
    return base32(event_id)


def tables(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
