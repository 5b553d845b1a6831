"""`mp` on a machine whose clock is wrong: `python -m tests.support.main_at AHEAD_MS WORDS...`."""

import os
import sys

from milepost_client.device.world import SYSTEM
from milepost_client.main import run


def main() -> None:
    """Run the command with a clock that leads the true one by so many milliseconds."""
    ahead_ms, line = int(sys.argv[1]), sys.argv[2:]
    world = SYSTEM._replace(now_ms=lambda: SYSTEM.now_ms() + ahead_ms)
    sys.exit(run(line, os.environ, world))


if __name__ == "__main__":
    main()
