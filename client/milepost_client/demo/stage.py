"""The stage of the demonstration: real processes, their clock, and what the person at the terminal sees meanwhile.

Weeks have to pass before a cohort has figures, so every process here is a rehearsal of `mp` or of `milepost-server`:
the same programs under a clock that a file moves.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from milepost.errors import MilepostError
from milepost_client.answer import look
from milepost_client.terminal import Terminal

CLIENT = (sys.executable, "-m", "milepost_client.rehearsal")
SERVER = (sys.executable, "-m", "milepost_server.rehearsal")
START_SECONDS_MAX = 20.0
COMMAND_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1


class Failed(MilepostError):
    """A command of the demonstration did not do what it should: a bug."""

    code = "demo"


class Clock:
    """The time on stage, in a file that every process reads."""

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, "clock")
        self._lead(0)

    def turn_to(self, then: datetime) -> None:
        """Have it be `then` on stage, from now on."""
        self._lead(round((then - datetime.now(UTC)).total_seconds() * 1000))

    def turn_back_to_now(self) -> None:
        """Have it be the true time."""
        self._lead(0)

    def _lead(self, milliseconds: int) -> None:
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(str(milliseconds))
        os.replace(self.path + ".new", self.path)


class Device:
    """One device of the demonstration: a home of its own, and the command line on it."""

    def __init__(self, folder: str, clock: Clock, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self._program = (*CLIENT, "--clock", clock.path)
        self._environ = environ({"MILEPOST_HOME": os.path.join(folder, name), "NO_COLOR": "1"})

    def mp(self, *words: str) -> str:
        """Type a line that must succeed; its stdout."""
        return self._run(words, "", f"mp {' '.join(words)}")

    def lines(self, lines: Sequence[str]) -> str:
        """Type lines that must succeed, one process for all of them; its stdout."""
        return self._run((), "\n".join(lines), "a line")

    def data(self, *words: str) -> Any:
        """The data of a line that must succeed."""
        return json.loads(self.mp(*words, "--json"))["data"]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Type a line and do not wait."""
        return subprocess.Popen(  # noqa: S603 -- our own program
            [*self._program, *words],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _run(self, words: Sequence[str], stdin: str, what: str) -> str:
        done = subprocess.run(  # noqa: S603 -- our own program
            [*self._program, *words],
            env=self._environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        if done.returncode:
            raise Failed(f"on the {self.name}, `{what}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        return done.stdout


class Show:
    """What the person at the terminal sees meanwhile."""

    def __init__(self, where: Terminal) -> None:
        self._look = look(sys.stderr, where.flags, where.color)
        self._is_quiet = where.flags.quiet
        self._lock = Lock()

    def chapter(self, title: str) -> None:
        """A heading."""
        self._say(f"\n{self._look.paint(title, 'bold')}")

    def typed(self, device: Device, text: str) -> None:
        """A line as it is typed on a device."""
        self._say(f"  {self._look.paint(f'{device.name:>6} $', 'dim')} {text}")

    def lines(self, device: Device, typed: Sequence[str], said: str) -> None:
        """Lines typed on a device and what came of them, in one piece: others may be typing meanwhile."""
        with self._lock:
            for text in typed:
                self.typed(device, text)
            self.said(said)

    def said(self, text: str) -> None:
        """What came of it."""
        self._say(f"         {self._look.paint('✓', 'good')} {text}")

    def _say(self, text: str) -> None:
        if not self._is_quiet:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


Operate = Callable[..., str]
"""`milepost-server WORDS...` beside the running server; its stdout."""


@contextmanager
def server(folder: str, clock: Clock) -> Iterator[tuple[str, Operate]]:
    """A server on a free port over `folder`, and its operator's command line."""
    data = os.path.join(folder, "server")
    variables = environ({"MILEPOST_SERVER_DATA": data, "MILEPOST_SERVER_PORT": "0"})
    program = (*SERVER, "--clock", clock.path)
    said = os.path.join(folder, "server.log")
    with open(said, "wb") as log:
        process = subprocess.Popen([*program, "run"], env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603

    def operate(*words: str) -> str:
        done = subprocess.run([*program, *words], env=variables, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Failed(f"`milepost-server {' '.join(words)}` failed: {done.stderr.strip()}")
        return done.stdout

    try:
        yield _listening(process, os.path.join(data, "operator.json"), said), operate
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(START_SECONDS_MAX)
        process.kill()
        process.wait()


def _listening(process: "subprocess.Popen[bytes]", operator: str, said: str) -> str:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, ValueError, KeyError), open(operator, encoding="utf-8") as file:
            return str(json.load(file)["url"])
        time.sleep(POLL_SECONDS)
    with open(said, encoding="utf-8", errors="replace") as file:
        raise Failed(f"the server does not start: {file.read()[-500:]}")


def environ(ours: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without Milepost's own, and `ours`; byte code is kept, as any install keeps it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, **ours}
