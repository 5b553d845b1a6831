"""HTTP with a server: addresses, invites, and what each failure says."""

import errno
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError

import pytest

from milepost.errors import (
    BadSignature,
    CheckRefused,
    MilepostError,
    NotFound,
    PairingNeeded,
    RemoteProtocolError,
    Unreachable,
    UsageError,
    UserError,
)
from milepost.ids import base32, base64url
from milepost.keys import SigningKey
from milepost_client.sync import join
from milepost_client.sync.web import Web, address, unreachable
from tests.client.devices import draft, in_memory

KEY = SigningKey(b"k" * 32)
CODE = "mp1-" + base32(b"s" * 10 + KEY.name)


@pytest.mark.parametrize(
    ("text", "url", "socket_url"),
    [
        ("https://meet.example", "https://meet.example", "wss://meet.example/sync"),
        ("meet.example:8443/", "https://meet.example:8443", "wss://meet.example:8443/sync"),
        ("http://127.0.0.1:8750", "http://127.0.0.1:8750", "ws://127.0.0.1:8750/sync"),
        ("http://[::1]:8750", "http://[::1]:8750", "ws://[::1]:8750/sync"),
        ("http://localhost", "http://localhost", "ws://localhost/sync"),
    ],
)
def test_an_address_is_read_as_it_was_meant(text: str, url: str, socket_url: str):
    read = address(text)

    assert (read.url, read.socket_url) == (url, socket_url)


@pytest.mark.parametrize(
    "text", ["http://meet.example", "http://10.0.0.1", "ftp://meet.example", "https://", "https://a/b"]
)
def test_plain_http_to_another_machine_and_what_is_no_address_are_refused(text: str):
    with pytest.raises(UsageError):
        address(text)


@pytest.mark.parametrize("text", ["", "mp1-", CODE[:-1], "mp2-" + CODE[4:], CODE + "0", "mp1-" + "u" * 42])
def test_what_is_no_invite_is_refused(text: str):
    with pytest.raises(UsageError, match="is not an invite"):
        join.invite(text)


def test_an_invite_is_read_however_it_is_typed():
    spaced = " ".join(CODE[4:].upper()[at : at + 4] for at in range(0, 42, 4))

    assert join.invite("MP1-" + spaced).key_id == KEY.name


class Answers(ThreadingHTTPServer):
    """A server that answers as it was told."""

    answers: dict[str, tuple[int, bytes]]
    asked: list[tuple[str, str, bytes]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Answers

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, body))
        status, answer = self.server.answers.get(self.path, (404, b'{"detail": "not here", "code": "empty_slot"}'))
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/stolen")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Answers]:
    running = Answers(("127.0.0.1", 0), _Handler)
    running.answers, running.asked = {}, []
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, UsageError),
        (422, CheckRefused),
        (409, UserError),
        (401, PairingNeeded),
        (404, NotFound),
        (429, Unreachable),
        (500, Unreachable),
        (302, UserError),
    ],
)
def test_a_problem_becomes_the_error_that_it_is(server: Answers, status: int, error: type[MilepostError]):
    server.answers["/x"] = (status, b'{"detail": "no luck", "code": "luck"}')

    with pytest.raises(error, match="no luck") as raised:
        Web(address(server.url), "token").get("/x")

    assert raised.value.code == "luck"
    assert "/stolen" not in [path for _, path, _ in server.asked]


@pytest.mark.parametrize("answer", [b"<html>", b"[1]", b"[" * 100_000, b'"x"'])
def test_an_answer_that_is_no_object_is_not_from_a_milepost_server(server: Answers, answer: bytes):
    server.answers["/x"] = (200, answer)

    with pytest.raises(RemoteProtocolError):
        Web(address(server.url)).get("/x")


def test_a_blob_that_is_not_there_yet_is_none(server: Answers):
    server.answers["/there"] = (200, b"\0blob")

    assert Web(address(server.url)).get_blob("/not") is None
    assert Web(address(server.url)).get_blob("/there") == b"\0blob"


def test_nobody_listening_is_unreachable(server: Answers):
    free = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    free.server_close()

    with pytest.raises(Unreachable, match="does not answer: nothing listens there"):
        Web(address(f"http://127.0.0.1:{free.server_port}")).get("/x")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), "nothing listens there"),
        (OSError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "nothing listens there"),
        (URLError(socket.gaierror(-2, "Name or service not known")), "no machine of that name is known"),
        (URLError(TimeoutError()), "nothing came in time"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "No route to host"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_a_server_that_does_not_answer_is_explained_in_words(error: OSError, reason: str):
    assert unreachable(address("https://milepost.example.org"), error).message.startswith(
        f"https://milepost.example.org does not answer: {reason}"
    )


def test_join_pins_the_key_that_the_invite_names(server: Answers):
    log = in_memory(1)
    log.append([draft()])
    server.answers["/v1/server"] = (200, json.dumps({"public": base64url(KEY.public)}).encode())
    server.answers["/v1/join"] = (200, b'{"pod": null}')

    answer = join.join(log, server.url, CODE)

    assert answer == {"pod": None}
    assert join.server_of(log).key == KEY.public
    assert join.server_of(log).peer.name == "127.0.0.1"
    sent = json.loads(server.asked[-1][2])
    assert sent["code"] == CODE
    assert sent["enrolment"]["user"] == base64url(log.user)


def test_a_server_with_another_key_is_told_nothing_and_not_pinned(server: Answers):
    log = in_memory(1)
    log.append([draft()])
    other = SigningKey(b"o" * 32)
    server.answers["/v1/server"] = (200, json.dumps({"public": base64url(other.public)}).encode())

    with pytest.raises(BadSignature, match="another key"):
        join.join(log, server.url, CODE)

    assert [path for _, path, _ in server.asked] == ["/v1/server"]
    with pytest.raises(PairingNeeded):
        join.server_of(log)
