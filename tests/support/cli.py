"""Members at their keyboards: real `mp` processes on homes of their own, with clocks that may be wrong."""

import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

TIMEOUT_SECONDS = 60
# The console script does no more than this; run so, it is the interpreter and the code of this very process's tree.
MAIN = (sys.executable, "-c", "from milepost_client.main import main; main()")
MAIN_AT = (sys.executable, "-m", "tests.support.main_at")


class Typed(NamedTuple):
    """What a command did: its exit code, stdout and stderr."""

    line: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The data of a `--json` answer."""
        return json.loads(self.out)["data"]

    def __str__(self) -> str:
        return f"mp {' '.join(self.line)}: exit {self.code}\n{self.out}{self.err}"


class Member(ABC):
    """A member at a keyboard; where and how a line runs is the heirs' to say."""

    @abstractmethod
    def type(self, *line: str) -> Typed:
        """Type a line, whatever comes of it."""

    def mp(self, *line: str) -> Typed:
        """Type a line that must succeed."""
        typed = self.type(*line)
        assert typed.code == 0, str(typed)
        return typed

    def data(self, *line: str) -> Any:
        """The data of a line that must succeed."""
        return self.mp(*line, "--json").data


class Device(Member):
    """A home, and the command line as its member types it there. `ahead_ms` is how far its clock leads."""

    def __init__(self, home: Path, *, ahead_ms: int = 0) -> None:
        self.home = home
        self.ahead_ms = ahead_ms

    def type(self, *line: str, stdin: str = "", failpoint: str = "") -> Typed:
        """Type a line, whatever comes of it; `failpoint` ends the process there."""
        done = subprocess.run(
            self.command(*line),
            env=self.environ(failpoint),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
        return Typed(line, done.returncode, done.stdout, done.stderr)

    def start(self, *line: str) -> "subprocess.Popen[str]":
        """Type a line and do not wait: for what runs on, for what asks, and for what is to be killed."""
        return subprocess.Popen(
            self.command(*line),
            env=self.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *line: str) -> list[str]:
        """The process that a typed line starts."""
        return [*MAIN_AT, str(self.ahead_ms), *line] if self.ahead_ms else [*MAIN, *line]

    def environ(self, failpoint: str = "") -> dict[str, str]:
        return environ({"MILEPOST_HOME": str(self.home)}, failpoint)


def environ(ours: Mapping[str, str], failpoint: str = "") -> dict[str, str]:
    """This process's variables without Milepost's own, and `ours` instead."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
    # Subprocesses stand on the tree that is tested, wherever it lies: a copy with a planted bug must not be passed by.
    kept["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    armed = {"MILEPOST_FAILPOINT": failpoint} if failpoint else {}
    return {**kept, **ours, **armed}
