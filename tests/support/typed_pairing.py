"""Two devices pair as their member does it: a code is typed on the old one, six digits on the new one."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tests.support.cli import TIMEOUT_SECONDS, Device

_CODE = re.compile(r"mp device add (\S+)")
_DIGITS = re.compile(r"on the new device: (\d{6})")


def pair(old: Device, new: Device, url: str) -> None:
    """Let `new` into the account of `old`, over the server at `url`."""
    with ending(new.start("init", "--pair", url)) as arriving:
        code = _heard(_CODE, arriving.stderr)
        with ending(old.start("device", "add", code, "--yes")) as sponsor:
            said = [*arriving.communicate(_heard(_DIGITS, sponsor.stderr) + "\n", TIMEOUT_SECONDS)]
            said += sponsor.communicate(timeout=TIMEOUT_SECONDS)
    assert (arriving.returncode, sponsor.returncode) == (0, 0), "".join(said)


@contextmanager
def ending(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """A process that is over, one way or the other, when the block is."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def _heard(pattern: re.Pattern[str], stream: IO[str] | None) -> str:
    """What the first line that matches says. Fails where the process ends without it."""
    assert stream is not None
    heard = []
    for line in stream:
        heard.append(line)
        found = pattern.search(line)
        if found:
            return found[1]
    raise AssertionError("".join(heard))
