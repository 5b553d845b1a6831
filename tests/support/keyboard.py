"""A person at a terminal: what a process asks is read as it comes, and answered line by line."""

import os
import pty
import select
import subprocess
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.cli import TIMEOUT_SECONDS

_READ_BYTES = 4096
# Wide, so that no sentence is cut; dumb, so that none is coloured.
_SCREEN = {"COLUMNS": "200", "LINES": "50", "TERM": "dumb"}


class Keyboard:
    """The keyboard and screen of one process."""

    def __init__(self, terminal: int, process: "subprocess.Popen[bytes]") -> None:
        self._terminal = terminal
        self._process = process
        self._unread = b""
        self.screen = ""

    def hear(self, text: str) -> str:
        """What comes up to and with `text`. Fails where the process ends, or falls silent, without it."""
        wanted = text.encode()
        while wanted not in self._unread:
            came = self._read()
            assert came, f"{text!r} was never said:\n{self.screen}"
            self._unread += came
        heard, _, self._unread = self._unread.partition(wanted)
        return (heard + wanted).decode()

    def type(self, line: str = "") -> None:
        """Type a line and enter."""
        os.write(self._terminal, f"{line}\n".encode())

    def answer(self, question: str, line: str = "") -> str:
        """Wait for a question and answer it; what was said up to it."""
        heard = self.hear(question)
        self.type(line)
        return heard

    def ends(self) -> int:
        """Read to the end; the exit code."""
        while came := self._read():
            self._unread += came
        return self._process.wait(TIMEOUT_SECONDS)

    def _read(self) -> bytes:
        ready, _, _ = select.select([self._terminal], [], [], TIMEOUT_SECONDS)
        assert ready, f"silence after:\n{self.screen}"
        try:
            came = os.read(self._terminal, _READ_BYTES)
        except OSError:
            # Linux says so when the last process has left the terminal; others give an empty read.
            came = b""
        self.screen += came.decode(errors="replace")
        return came


@contextmanager
def at_a_terminal(command: Sequence[str | Path], environ: Mapping[str, str]) -> Iterator[Keyboard]:
    """A process on a terminal of its own; it is over, one way or the other, when the block is."""
    ours, theirs = pty.openpty()
    _type_unseen(theirs)
    process = subprocess.Popen(
        command, env={**environ, **_SCREEN}, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        with process:
            try:
                yield Keyboard(ours, process)
            finally:
                process.kill()
    finally:
        os.close(ours)


def _type_unseen(terminal: int) -> None:
    """The screen shows what a process says, in its own line ends, and not what is typed."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
