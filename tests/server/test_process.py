"""The process: a disk that refuses ends it, a power failure loses nothing that has a receipt."""

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from milepost_server import failpoint
from tests.support.clients import Client
from tests.support.servers import START_SECONDS, ServerProcess, serving


def _push_until_it_ends(server: ServerProcess, client: Client, size: int) -> None:
    """Write and sync until the server ends in the middle of it."""
    with suppress(ConnectionClosed, OSError):
        for _ in range(20):
            client.device.write_many(size)
            client.sync(server.url)
            if client.failure is not None:
                break
    client.close()


def test_a_full_disk_ends_the_process_with_a_sentence_and_loses_no_receipt(tmp_path: Path):
    server = ServerProcess(tmp_path, file_blocks_max=4_000)
    _, client = server.member(1)
    _push_until_it_ends(server, client, 500)
    assert server.wait() == 1
    log = (tmp_path / "server.log").read_text()
    assert "milepost-server: the store could not commit" in log
    assert "Traceback" not in log
    received = max(receipt.last_seq for receipt in client.receipts)
    with serving(tmp_path) as again:
        client.position, client.incarnation = 0, None
        client.sync(again.url)
        (device,) = again.get("/v1/devices", client).json()
    assert device["position"] == len(client.device.events) >= received


@pytest.mark.parametrize("name", [failpoint.BEFORE_COMMIT, failpoint.MID_BATCH, failpoint.AFTER_COMMIT_BEFORE_RECEIPT])
def test_a_power_failure_while_ingesting_costs_a_resend_and_no_event(tmp_path: Path, name: str):
    server = ServerProcess(tmp_path)
    _, client = server.member(1)
    client.device.write_many(5)
    client.sync(server.url)
    server.stop()
    # Not in the first transaction, which only notes that the device is here.
    passes = 1 if name == failpoint.MID_BATCH else 2
    server = ServerProcess(tmp_path, {"MILEPOST_FAILPOINT": f"{name}:{passes}"})
    _push_until_it_ends(server, client, 5)
    assert server.wait() == failpoint.EXIT_KILLED
    with serving(tmp_path) as again:
        client.sync(again.url)
        (device,) = again.get("/v1/devices", client).json()
    assert client.failure is None
    assert device["position"] == client.position == len(client.device.events)


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "milepost_server", "run", "--data", str(tmp_path), "--port", port],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
