"""Real servers: a process on a port that was free, with a data folder, to be stopped, killed and started again."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from milepost_client.sync.web import Web, address
from tests.support.cli import environ

START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 30.0
POLL_SECONDS = 0.02
MAIN = (sys.executable, "-c", "from milepost_server.cli import main; main()")
REHEARSAL = (sys.executable, "-m", "milepost_server.rehearsal", "--clock")


class ServerProcess:
    """`milepost-server run` over `folder`. It keeps its port from the first start on, as clients remember it.

    Its clock is the true one until `lead` moves it, before the first start.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ServerProcess":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *, failpoint: str = "") -> None:
        """Start, and return once it listens. Where a failpoint ends the start, return once it has ended."""
        self._operator.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._main, "run"], env=self._environ(failpoint), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until = time.monotonic() + START_SECONDS_MAX
        while not self._listens():
            if self._process.poll() is not None:
                assert failpoint, f"the server ended with {self._process.returncode}:\n{self.said}"
                return
            assert time.monotonic() < until, f"the server does not listen:\n{self.said}"
            time.sleep(POLL_SECONDS)

    def lead(self, milliseconds: int) -> None:
        """Have its clock lead the true one; while it runs too, if it did before the start."""
        self.folder.mkdir(parents=True, exist_ok=True)
        written = self._clock.with_suffix(".new")
        written.write_text(str(milliseconds), encoding="ascii")
        written.replace(self._clock)

    def stop(self) -> None:
        """End it as an operator does; its exit is clean."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(STOP_SECONDS_MAX)

    def kill(self) -> None:
        """End it as a power cut does. Idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Kill it and start it again over the same data."""
        self.kill()
        self.start()

    @property
    def exit_code(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.poll() if self._process else None

    @property
    def said(self) -> str:
        """What it wrote to stderr so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def operate(self, *line: str) -> str:
        """`milepost-server LINE` beside the running server; its stdout. It must succeed."""
        done = subprocess.run(
            [*self._main, *line],
            env=self._environ(),
            check=False,
            capture_output=True,
            text=True,
            timeout=START_SECONDS_MAX,
        )
        assert done.returncode == 0, f"milepost-server {' '.join(line)}: {done.stdout}{done.stderr}"
        return done.stdout

    def pod(self, name: str = "Harbour") -> None:
        """Open a cohort with one pod in it."""
        self.ask("cohorts/open", name="Spring", start="2026-01-05", end="2027-01-05", zone="Europe/Berlin")
        self.ask("pods/form", name=name, cohort="Spring")

    def invite(self, pod: str = "Harbour") -> str:
        """The code of an invite into a pod."""
        return str(self.ask("invites/issue", pod=pod)["code"])

    def ask(self, route: str, **request: str) -> dict[str, object]:
        """What the running server answers its operator."""
        operator = json.loads(self._operator.read_text(encoding="utf-8"))
        web = Web(address(operator["url"]), operator["token"])
        return web.post(f"/v1/admin/{route}", request)

    @property
    def _main(self) -> tuple[str, ...]:
        return (*REHEARSAL, str(self._clock)) if self._clock.exists() else MAIN

    @property
    def _clock(self) -> Path:
        return self.folder / "clock"

    @property
    def _operator(self) -> Path:
        return self.data / "operator.json"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _listens(self) -> bool:
        try:
            url = json.loads(self._operator.read_text(encoding="utf-8"))["url"]
        except (OSError, ValueError):
            return False
        self.port = int(url.rsplit(":", 1)[1])
        return True

    def _environ(self, failpoint: str = "") -> dict[str, str]:
        ours = {"MILEPOST_SERVER_DATA": str(self.data), "MILEPOST_SERVER_PORT": str(self.port)}
        return environ(ours, failpoint)
