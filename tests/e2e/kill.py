"""Kill real processes, at every named failpoint and at random, and check what is left: `python -m tests.e2e.kill`.

After each death the household must hold what it promised: what a command called saved is there once, `verify` is clean,
both devices and the server agree.

    python -m tests.e2e.kill --rounds 20               each failpoint of both sides twenty times
    python -m tests.e2e.kill --rounds 0 --random 1000  a thousand kills at moments drawn from --seed
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import milepost_client
from milepost_client.store import failpoint as client_failpoint
from milepost_server import failpoint as server_failpoint
from tests.support.cli import Device, Typed
from tests.support.household import Household
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import ending

# A command lives about this long; a kill drawn from it lands before, in and after the commit.
COMMAND_SECONDS = 0.25
SYNC_SECONDS = 0.6
CHECK_EVERY = 10

# Exit codes of `mp`: no server answers, and the account is not on it (any more).
UNREACHABLE = 6
ERASED = 4

_NAMED = re.compile(r'failpoint\("([a-z_.]+)"\)')


def client_points() -> list[str]:
    """Every failpoint in the client's code."""
    sources = Path(milepost_client.__file__).parent.rglob("*.py")
    return sorted({name for source in sources for name in _NAMED.findall(source.read_text(encoding="utf-8"))})


def server_points() -> Sequence[str]:
    """Every failpoint of the server."""
    return server_failpoint.NAMES


def die_in_client(household: Household, point: str, folder: Path) -> None:
    """Have a client process die at `point`, in the first command that comes by it."""
    commands: tuple[Callable[[], Typed], ...] = (
        lambda: household.write(household.laptop, "spend", "45m", failpoint=point),
        lambda: _sync_news(household, point),
        lambda: _first_word(Device(folder / f"fresh-{point}"), point),
    )
    codes = []
    for command in commands:
        codes.append(command().code)
        if codes[-1] == client_failpoint.EXIT_CODE:
            return
    raise AssertionError(f"no command comes by {point}: {codes}")


def _sync_news(household: Household, point: str) -> Typed:
    """A sync that has something to send and something to receive."""
    household.write(household.phone, "spend", "10m")
    household.phone.mp("sync")
    household.write(household.laptop, "spend", "15m")
    return household.laptop.type("sync", failpoint=point)


def _first_word(device: Device, point: str) -> Typed:
    """The first word in a new home dies; the next one must find no trace of it, or a whole account."""
    died = device.type("spend", "20m", failpoint=point)
    device.mp("spend", "25m")
    assert device.type("verify", "--deep").code == 0
    return died


def die_in_server(household: Household, point: str) -> None:
    """Have the server die at `point`, under a push, a pull, or while it stops; then start it again."""
    server = household.server
    server.kill()
    server.start(failpoint=point)
    for device in household.devices:
        household.write(device, "spend", "30m")
        # Whether it still gets its answer depends on the point; what matters is what is left.
        device.type("sync")
    if server.exit_code is None:
        server.stop()
    assert server.exit_code == server_failpoint.EXIT_KILLED, f"the server does not come by {point}"
    server.start()


def die_erasing(server: ServerProcess, device: Device, point: str) -> None:
    """Have the server die at `point`, under the erasure of a new account; then start it again, and ask again."""
    device.mp("spend", "45m")
    device.mp("join", server.url, server.invite(), "--name", "Kim", "--no-input")
    server.kill()
    server.start(failpoint=point)
    unanswered = device.type("erase", "--account", "--yes")
    assert unanswered.code == UNREACHABLE, str(unanswered)
    assert server.exit_code == server_failpoint.EXIT_KILLED, f"the server does not come by {point}"
    server.start()
    # What was written down is done by the next start, though nobody was told so; what was not never began.
    is_erased = point == server_failpoint.AFTER_LEDGER
    assert device.type("sync").code == (ERASED if is_erased else 0)
    device.mp("erase", "--account", "--yes")
    assert device.type("sync").code == ERASED
    assert server.operate("verify") == "everything verifies\n"


def kill_at_random(household: Household, chance: random.Random) -> None:
    """Kill a command, a sync, or the server under a sync, at a moment drawn from `chance`."""
    device = chance.choice(household.devices)
    household.write(device, "spend", f"{chance.randrange(1, 90)}m")
    match chance.choice(("word", "sync", "server")):
        case "word":
            _kill_word(household, device, chance.uniform(0, COMMAND_SECONDS))
        case "sync":
            with ending(device.start("sync")):
                time.sleep(chance.uniform(0, SYNC_SECONDS))
        case _:
            with ending(device.start("sync")):
                time.sleep(chance.uniform(0, SYNC_SECONDS))
                household.server.restart()


def _kill_word(household: Household, device: Device, after_seconds: float) -> None:
    with ending(device.start("spend", "45m", "--json")) as process:
        time.sleep(after_seconds)
        process.kill()
        out, err = process.communicate()
    # The answer may have been written whole before the end: then the entry was promised.
    typed = Typed(("spend", "45m"), process.returncode, out, err)
    if typed.out.endswith("\n"):
        household.acknowledge(typed)


def main(argv: Sequence[str]) -> int:
    """Kill as often as asked; 0 when nothing was ever lost, doubled or damaged."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="milepost-kill-") as name, Household(Path(name)) as household:
        for number in range(options.rounds):
            for point in client_points():
                die_in_client(household, point, Path(name) / str(number))
                household.check()
            for point in server_points():
                die_in_server(household, point)
                household.check()
            for point in server_failpoint.ERASING_NAMES:
                die_erasing(household.server, Device(Path(name) / f"{number}-{point}"), point)
            print(f"round {number + 1}: every failpoint of both sides", flush=True)
        chance = random.Random(options.seed)
        for number in range(1, options.random + 1):
            kill_at_random(household, chance)
            if number % CHECK_EVERY == 0 or number == options.random:
                household.check()
                print(f"{number} random kills, seed {options.seed}", flush=True)
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="deaths at each failpoint (%(default)s)")
    parser.add_argument("--random", type=int, default=0, help="kills at random moments (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what the moments are drawn from (%(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
