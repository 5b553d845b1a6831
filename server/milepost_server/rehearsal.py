"""A server for rehearsals: `python -m milepost_server.rehearsal --clock FILE WORDS...`, as `milepost-server WORDS...`.

Its clock leads the true one by what FILE says, in milliseconds, and FILE may be written while the server runs: weeks
pass in a second. For demonstrations and tests. The server that people run has no setting that reaches this.
"""

import sys
from pathlib import Path

from milepost_server import cli
from milepost_server.world import SYSTEM, World

USAGE = "usage: python -m milepost_server.rehearsal --clock FILE WORDS..."


def world(clock: Path) -> World:
    """The true world, ahead by the milliseconds that stand in `clock`. Whoever writes it replaces it as a whole."""
    return SYSTEM._replace(now_ms=lambda: SYSTEM.now_ms() + int(clock.read_text(encoding="ascii")))


def main() -> None:
    """Run one command of `milepost-server` in that world."""
    match sys.argv[1:]:
        case ["--clock", file, *words]:
            cli.main(words, world(Path(file)))
        case _:
            sys.exit(USAGE)


if __name__ == "__main__":
    main()
