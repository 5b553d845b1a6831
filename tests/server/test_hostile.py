"""A hostile client: each attack is closed with its code, and the server serves the next one."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
import zstandard
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from milepost.sync import SUBPROTOCOL, effects, frames
from milepost.sync import messages as m
from milepost_server.sync import socket as socket_module
from tests.support.clients import Client, open_socket
from tests.support.devices import Member
from tests.support.servers import ServerProcess, serving

WAIT_SECONDS = 10
PLAIN, ZSTD = b"\0", b"\1"


def _zstd_bomb() -> bytes:
    return ZSTD + zstandard.ZstdCompressor(level=19).compress(bytes(64 * 1024 * 1024))


def _lying_zstd() -> bytes:
    """Declares nothing, unpacks to 64 MiB."""
    return ZSTD + zstandard.ZstdCompressor(level=19, write_content_size=False).compress(bytes(64 * 1024 * 1024))


ATTACKS = {
    "empty": (b"", 1002),
    "unknown codec": (b"\7hello", 1002),
    "not msgpack": (PLAIN + b"\xc1" * 9, 1002),
    "not zstd": (ZSTD + b"nonsense", 1002),
    "zstd bomb": (_zstd_bomb(), 1009),
    "zstd without a size": (_lying_zstd(), 1002),
    "200,000 deep": (PLAIN + b"\x91" * 200_000, 1009),
    "a million entries": (PLAIN + b"\xdd\x00\x0f\x42\x40" + b"\x01" * 400_000, 1009),
    "an array that claims four billion": (PLAIN + b"\xdd\xff\xff\xff\xff", 1002),
    "a frame over the cap": (PLAIN + bytes(frames.FRAME_BYTES_MAX + 1), 1009),
    "an unknown message": (PLAIN + msgspec.msgpack.encode([63, 1]), 1002),
    "a message for clients": (frames.encode(m.CaughtUp(1, bytes(32))), 1002),
    "credit before the proof": (frames.encode(m.Credit(1)), 1002),
    "enrolment before the hello": (frames.encode(m.Enrol([], None)), 1002),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_bad_frame_closes_its_own_connection_and_no_other(server: ServerProcess, attack: str):
    frame, code = ATTACKS[attack]
    with open_socket(server.url) as bad:
        bad.recv(WAIT_SECONDS)
        bad.send(frame)
        assert _close_code(bad) == code
    assert server.http.get("/health/ready").status_code == 200


def test_a_text_frame_is_refused(server: ServerProcess):
    with open_socket(server.url) as bad:
        bad.recv(WAIT_SECONDS)
        bad.send("hello")
        assert _close_code(bad) == 1008


def test_an_optional_message_from_the_future_is_skipped(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.connect(server.url)
    assert client._socket is not None
    client._socket.send(PLAIN + msgspec.msgpack.encode([64, "whatever"]))
    assert client.until(lambda effect: isinstance(effect, effects.Settled)) is not None
    client.close()


def test_a_proof_replayed_on_another_connection_is_refused(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    hello = b""

    def keep(effect: effects.Effect) -> bool:
        nonlocal hello
        if isinstance(effect, effects.Send):
            hello = hello or effect.frame
        return isinstance(effect, effects.Settled)

    client.connect(server.url)
    client.until(keep)
    client.close()
    with open_socket(server.url) as replay:
        replay.recv(WAIT_SECONDS)
        replay.send(hello)
        answer = frames.decode(bytes(replay.recv(WAIT_SECONDS, decode=False)))
    assert isinstance(answer, m.Error)
    assert answer.code == "BADSIG"


def test_a_push_into_another_account_is_refused(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.sync(server.url)
    victim = Member(4242).device()
    client.device.events = victim.events
    client.device.batch = victim.batch  # type: ignore[method-assign]
    client.receipts = []
    client.connect(server.url)
    client.until(lambda effect: False)
    assert client.failure is not None
    assert client.failure.code == "protocol"
    client.close()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_a_foreign_page_cannot_open_a_socket(server: ServerProcess, origin: str):
    url = server.url.replace("http", "ws", 1) + "/sync"
    headers = {"Origin": origin}
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(url, subprotocols=[SUBPROTOCOL], proxy=None, additional_headers=headers),  # type: ignore[list-item]
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_socket_needs_the_subprotocol(server: ServerProcess):
    url = server.url.replace("http", "ws", 1) + "/sync"
    with pytest.raises(InvalidStatus) as refused, connect(url, proxy=None):
        pass
    assert refused.value.response.status_code == 403


@pytest.fixture
def small(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that lets an address hold three sockets."""
    with serving(tmp_path, {"MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "3"}) as server:
        yield server


def test_an_address_holds_so_many_sockets_and_gets_its_places_back(small: ServerProcess):
    held = [open_socket(small.url) for _ in range(3)]
    sockets = [each.__enter__() for each in held]
    with pytest.raises(InvalidStatus), open_socket(small.url):
        pass
    for each in held:
        each.__exit__(None, None, None)
    _until_a_socket_opens(small.url)
    assert len(sockets) == 3


def _until_a_socket_opens(url: str) -> None:
    for _ in range(200):
        try:
            with open_socket(url) as again:
                again.recv(WAIT_SECONDS)
                return
        except InvalidStatus:
            continue
    raise AssertionError("the places were not given back")


def test_a_storm_of_half_made_connections_leaves_the_server_well(server: ServerProcess, joined: tuple[Member, Client]):
    host, port = server.url.removeprefix("http://").split(":")
    storm = [socket.create_connection((host, int(port))) for _ in range(200)]
    for each in storm:
        each.sendall(b"GET /sync HTTP/1.1\r\nUpgrade: websocket\r\n")
        each.close()
    _, client = joined
    client.sync(server.url)
    assert client.failure is None


def test_whoever_never_proves_is_sent_away_in_ten_seconds():
    assert socket_module.PROOF_SECONDS == 10


def test_damaged_enrolments_are_no_way_in(server: ServerProcess):
    client = Client(Member(9).device(), server.key)
    client.enrolments = [b"{", b"[]", b"[" * 2000, b'{"device":1}', b"\xff\xfe"]
    client.connect(server.url)
    client.until(lambda effect: False)
    assert client.failure is not None
    assert client.failure.code == "UNKNOWN"
    client.close()


def _close_code(bad: ClientConnection) -> int | None:
    """The code with which the server closes, after whatever it says before."""
    with suppress(ConnectionClosedError):
        for _ in bad:
            continue
    return bad.close_code
