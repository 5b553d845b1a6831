"""A JavaScript client, written from the protocol page alone, syncs with a real server and a real device."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from milepost.ids import base64url, from_base64url
from milepost.sync import SUBPROTOCOL
from milepost.sync import effects as e
from milepost.trust import facts_of
from milepost_client.sync.web import Web, address
from tests.support import npm
from tests.support.authors import Author, identity
from tests.support.conversation import ClientEnd, Device
from tests.support.processes import ServerProcess

SOURCES = Path(__file__).parent / "js_client"
PATIENCE_SECONDS = 20
ENTRY = {"type": "goal.set", "facts": {"goal": "040g2081040g2081", "learning": True, "note": "né en JavaScript"}}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "server") as server:
        server.pod()
        yield server


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return npm.installed(SOURCES, tmp_path) / "client.mjs"


def join(server: ServerProcess, author: Author) -> bytes:
    """Open the account with an invite; the server's public key."""
    enrolment = facts_of(author.enrolment) | {"user": base64url(author.user)}
    web = Web(address(server.url))
    web.post("/v1/join", {"code": server.invite(), "enrolment": enrolment})
    return from_base64url(str(web.get("/v1/server")["public"]))


def one_round(server: ServerProcess, device: Device, key: bytes) -> ClientEnd:
    """Sync a device of ours, by the machine of the core."""
    client = ClientEnd(device, key, name="127.0.0.1")
    with connect(
        f"ws://127.0.0.1:{server.port}/sync", subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None
    ) as socket:
        while not client.heard(e.Settled):
            frame = socket.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(frame, bytes)
            client.take(frame)
            while client.todo:
                client.step()
            assert not client.heard(e.Failed)
            while client.out:
                socket.send(client.out.popleft())
    return client


def test_a_client_written_from_the_page_alone_pulls_and_pushes(server, script):
    # given a member with a device that has synced
    laptop = Device(Author(identity("js"), "laptop"))
    key = join(server, laptop.author)
    laptop.write(3)
    laptop.write(2)
    one_round(server, laptop, key)
    # when a second device, let in by the first, syncs from JavaScript
    phone = Author(identity("js"), "phone", by=laptop.author)
    asked = {
        "url": f"ws://127.0.0.1:{server.port}/sync",
        "name": "127.0.0.1",
        "server_key": key.hex(),
        "signing_seed": phone.signing_seed.hex(),
        "user": phone.user.hex(),
        "enrolments": [each.enrolment_text.decode() for each in (laptop.author, phone)],
        "entry": ENTRY,
    }
    done = subprocess.run(
        ["node", str(script)], input=json.dumps(asked), capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    # then it has what the first one wrote, byte for byte
    events = [event for batch in laptop.replica.batches for event in batch.events]
    assert [each["hash"] for each in said["pulled"]] == [event.hash.hex() for event in events]
    assert [each["facts"].encode() for each in said["pulled"]] == [event.facts.text for event in events if event.facts]
    # and the first one takes what it pushed, checks it, and agrees with the server on the whole
    client = one_round(server, laptop, key)
    pushed = [bytes.fromhex(each["hash"]) for each in said["pushed"]]
    assert laptop.replica.batches[-1].events[-1].hash == pushed[-1]
    facts = laptop.replica.events[pushed[-1]].facts
    assert facts is not None
    assert json.loads(facts.text) == ENTRY["facts"]
    assert client.heard(e.Caught)[-1].set_digest == laptop.replica.digest()
