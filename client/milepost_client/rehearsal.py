"""A device for rehearsals: `python -m milepost_client.rehearsal --clock FILE WORDS...`, as `mp WORDS...` then.

Its clock leads the true one by what FILE says, in milliseconds, as that of the server's rehearsal does. Without words
it takes lines from stdin, a command each, and ends with the first that fails: what a device does in a week is one
process. For demonstrations and tests; the `mp` that people run has no setting that reaches this.
"""

import shlex
import sys
from collections.abc import Iterable
from os import environ

from milepost_client.device.world import SYSTEM, World
from milepost_client.main import run

USAGE = "usage: python -m milepost_client.rehearsal --clock FILE [WORDS...]"


def world(clock: str) -> World:
    """The true world, ahead by the milliseconds that stand in the file `clock`."""

    def now_ms() -> int:
        with open(clock, encoding="ascii") as file:
            return SYSTEM.now_ms() + int(file.read())

    return SYSTEM._replace(now_ms=now_ms)


def run_lines(lines: Iterable[str], then: World) -> int:
    """Run a command a line; the exit code of the first that fails, else 0."""
    for line in lines:
        code = run(shlex.split(line), environ, then)
        if code:
            sys.stderr.write(f"it was: mp {line}\n")
            return code
    return 0


def main() -> None:
    """Run what was asked in that world."""
    match sys.argv[1:]:
        case ["--clock", clock]:
            sys.exit(run_lines(filter(None, map(str.strip, sys.stdin)), world(clock)))
        case ["--clock", clock, *words]:
            sys.exit(run(words, environ, world(clock)))
        case _:
            sys.exit(USAGE)


if __name__ == "__main__":
    main()
