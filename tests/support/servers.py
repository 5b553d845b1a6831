"""A real server: the application under uvicorn, in a process of its own or in a thread, on a free port of loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from milepost.ids import from_base64url
from tests.support.clients import Client
from tests.support.devices import Device, Member

START_SECONDS = 30
STEP_SECONDS = 0.02


class ServerProcess:
    """`milepost-server run` on a data folder."""

    def __init__(
        self, data: Path, environment: Mapping[str, str] | None = None, *, file_blocks_max: int | None = None
    ) -> None:
        """Start it. `file_blocks_max`: no file may grow beyond so many blocks of 512 bytes, like on a full disk."""
        self.data = data
        self._file_blocks_max = file_blocks_max
        self._environment = {**os.environ, **(environment or {})}
        self.process = self._start()
        self.url, self.operator_token = self._wait()
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=10)
        self.key = from_base64url(self.http.get("/v1/server").json()["public"])

    def _start(self) -> "subprocess.Popen[bytes]":
        (self.data / "operator.json").unlink(missing_ok=True)
        program = [sys.executable, "-m", "milepost_server", "run", "--data", str(self.data), "--port", "0"]
        if self._file_blocks_max is not None:
            program = ["sh", "-c", f'ulimit -f {self._file_blocks_max}; exec "$@"', "sh", *program]
        self.data.mkdir(exist_ok=True)
        with (self.data / "server.log").open("ab") as log:
            return subprocess.Popen(program, env=self._environment, stdout=log, stderr=log)

    def _wait(self) -> tuple[str, str]:
        path = self.data / "operator.json"
        for _ in range(int(START_SECONDS / STEP_SECONDS)):
            if path.exists():
                operator = json.loads(path.read_text())
                return operator["url"], operator["token"]
            assert self.process.poll() is None, (self.data / "server.log").read_text()
            time.sleep(STEP_SECONDS)
        raise AssertionError("the server did not start")

    def admin(self, path: str, **request: object) -> Any:
        """Ask as the operator."""
        answer = self.http.post(
            f"/v1/admin/{path}", json=request, headers={"Authorization": f"Bearer {self.operator_token}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def invite(self) -> str:
        """An invite into a pod; cohort and pod are made on the first call."""
        if not self.admin("cohorts/list"):
            self.admin("cohorts/open", name="Spring", start="2026-01-05", end="2026-07-05", zone="Europe/Berlin")
            self.admin("pods/form", name="Harbour", cohort="Spring", capacity=100)
        code: str = self.admin("invites/issue", pod="Harbour")["code"]
        return code

    def join(self, device: Device) -> Client:
        """A client for `device`, whose account has joined."""
        answer = self.http.post("/v1/join", json={"code": self.invite(), "enrolment": device.enrolment_facts})
        assert answer.status_code == 200, answer.text
        return Client(device, self.key)

    def member(self, seed: int) -> tuple[Member, Client]:
        """A new member with one device."""
        member = Member(seed)
        return member, self.join(member.device())

    def get(self, path: str, client: Client) -> httpx.Response:
        """Ask as a member's device, with the token of its last Welcome."""
        return self.http.get(path, headers={"Authorization": f"Bearer {client.token}"})

    def stop(self) -> int:
        """Stop it as an operator would; its exit code."""
        self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_SECONDS)

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        self.http.close()
        return self.process.wait(START_SECONDS)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.http.close()
        self.process.kill()
        self.process.wait(START_SECONDS)


@contextmanager
def serving(data: Path, environment: Mapping[str, str] | None = None) -> Iterator[ServerProcess]:
    """A server for the length of a block."""
    server = ServerProcess(data, environment)
    try:
        yield server
    finally:
        server.stop()
