"""The socket, against a real server: what two devices exchange, and how a connection ends."""

import pytest
from websockets.exceptions import ConnectionClosed

from milepost.chain import set_digest
from milepost.ids import base64url
from milepost.sync import effects
from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.servers import ServerProcess


def paired(server: ServerProcess, client: Client) -> Client:
    """A second device of the same member."""
    phone = Client(client.device.member.device(client.device), server.key, mark=b"installation 002")
    phone.enrolments = [*client.enrolments, *phone.enrolments]
    return phone


def test_what_one_device_pushes_its_sibling_pulls(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.device.write_many(2500)
    laptop.sync(server.url)
    phone = paired(server, laptop).sync(server.url)
    assert phone.events == [event.hash for event in laptop.device.events]


def test_own_batches_come_back_as_receipts_alone(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.device.write_many(10)
    laptop.sync(server.url)
    assert list(laptop.batches.values()) == [None]
    assert laptop.position == 11


def test_devices_and_server_agree_on_the_set(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.sync(server.url)
    phone = paired(server, laptop)
    phone.device.write_many(3)
    phone.sync(server.url)
    laptop.sync(server.url)
    phone.sync(server.url)
    leaves = [laptop.device.leaf, phone.device.leaf]
    assert laptop.set_digest == phone.set_digest == set_digest(leaves)


def test_a_second_round_moves_nothing(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.device.write_many(5)
    laptop.sync(server.url)
    receipts = len(laptop.receipts)
    laptop.sync(server.url)
    assert len(laptop.receipts) == receipts


def test_what_is_pushed_while_a_sibling_listens_is_delivered_live(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.sync(server.url)
    phone = paired(server, laptop)
    phone.connect(server.url)
    phone.until(lambda effect: isinstance(effect, effects.Settled))
    laptop.device.write_many(1)
    laptop.sync(server.url)
    found = phone.until(lambda effect: isinstance(effect, effects.Store) and effect.receipt.device == laptop.device.id)
    phone.close()
    assert isinstance(found, effects.Store)
    assert found.receipt.last_hash == laptop.device.events[-1].hash


def test_an_invite_is_needed(server: ServerProcess):
    stranger = Client(Member(5).device(), server.key)
    stranger.connect(server.url)
    stranger.until(lambda effect: False)
    assert stranger.failure is not None
    assert stranger.failure.code == "UNKNOWN"


def test_another_members_device_is_no_way_in(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.sync(server.url)
    thief = Member(6).device()
    thief.member = laptop.device.member
    client = Client(thief, server.key)
    client.enrolments = [*laptop.enrolments, *client.enrolments]
    client.connect(server.url)
    client.until(lambda effect: False)
    assert client.failure is not None
    assert client.failure.code == "UNKNOWN"


def test_a_proof_by_another_key_is_refused(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.sync(server.url)
    laptop.device.keys = Member(8).device().keys
    laptop.connect(server.url)
    laptop.until(lambda effect: False)
    assert laptop.failure is not None
    assert laptop.failure.code == "BADSIG"


def test_a_server_without_its_data_takes_a_member_back_by_receipt(tmp_path):
    server = ServerProcess(tmp_path / "a")
    _, laptop = server.member(1)
    laptop.device.write_many(7)
    laptop.sync(server.url)
    stamp = laptop.receipts[0].received_at
    server.stop()
    for name in ("milepost.db", "milepost.db-wal", "milepost.db-shm"):
        (tmp_path / "a" / name).unlink(missing_ok=True)
    server = ServerProcess(tmp_path / "a")
    laptop.sync(server.url)
    server.stop()
    assert laptop.failure is None
    assert laptop.receipts[-1].received_at == stamp
    assert laptop.position == 8


def test_a_restarted_server_goes_on_where_it_was(tmp_path):
    server = ServerProcess(tmp_path)
    _, laptop = server.member(1)
    laptop.device.write_many(3)
    laptop.sync(server.url)
    server.kill()
    server = ServerProcess(tmp_path)
    laptop.device.write_many(3)
    laptop.sync(server.url)
    server.stop()
    assert laptop.position == 7


def test_a_stopping_server_says_when_to_come_back(tmp_path):
    server = ServerProcess(tmp_path)
    _, laptop = server.member(1)
    laptop.connect(server.url)
    laptop.until(lambda effect: isinstance(effect, effects.Settled))
    assert server.stop() == 0
    laptop.until(lambda effect: False)
    assert laptop.failure is not None
    assert laptop.failure.code == "RESTART"
    assert laptop.failure.retry_after > 0
    laptop.close()


def test_the_same_installation_replaces_its_old_socket(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.connect(server.url)
    laptop.until(lambda effect: isinstance(effect, effects.Settled))
    again = Client(laptop.device, server.key)
    again.connect(server.url)
    again.until(lambda effect: isinstance(effect, effects.Settled))
    laptop.until(lambda effect: False)
    assert laptop.failure is not None
    assert laptop.failure.code == "REPLACED"
    assert _close_code(laptop) == 4001
    again.close()


def test_two_installations_under_one_epoch_are_both_told(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    laptop.connect(server.url)
    laptop.until(lambda effect: isinstance(effect, effects.Settled))
    copy = Client(laptop.device, server.key, mark=b"installation 009")
    copy.connect(server.url)
    copy.until(lambda effect: isinstance(effect, effects.Tell))
    laptop.until(lambda effect: isinstance(effect, effects.Tell))
    copy.close()
    laptop.close()
    assert "COPY" in copy.told
    assert "COPY" in laptop.told


def test_a_revoked_device_is_shown_the_door_at_once_and_not_let_in_again(
    server: ServerProcess, joined: tuple[Member, Client]
):
    _, laptop = joined
    laptop.sync(server.url)
    phone = paired(server, laptop)
    phone.connect(server.url)
    phone.until(lambda effect: isinstance(effect, effects.Settled))
    laptop.device.write("device.revoked", {"device": base64url(phone.device.id), "leaves": []})
    laptop.sync(server.url)
    phone.until(lambda effect: False)
    assert phone.failure is not None
    assert phone.failure.code == "REVOKED"
    phone.close()
    phone.connect(server.url)
    phone.until(lambda effect: False)
    assert phone.failure.code == "REVOKED"


def test_a_member_has_ten_sockets(server: ServerProcess, joined: tuple[Member, Client]):
    _, laptop = joined
    clients = []
    for number in range(11):
        client = Client(laptop.device, server.key, mark=b"installation%4d" % number)
        client.connect(server.url)
        client.until(lambda effect: isinstance(effect, effects.Caught))
        clients.append(client)
    assert clients[-1].failure is not None
    assert clients[-1].failure.code == "SOCKETS"
    for client in clients:
        client.close()


def _close_code(client: Client) -> int | None:
    socket = client._socket
    assert socket is not None
    with pytest.raises(ConnectionClosed):
        socket.recv(5)
    client.close()
    return socket.protocol.close_code
