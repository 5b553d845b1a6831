"""How far a long import is, said on a terminal and nowhere else."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from milepost_client.device.world import World
from milepost_client.imports.wanted import Row

# Nobody needs to be told of what is over within a second, nor five times in one.
FIRST_MS = 1000
NEXT_MS = 200
LOOK_ROWS = 100


def told(rows: Iterable[Row], noun: str, stream: TextIO, world: World) -> Iterator[Row]:
    """The same rows; how many went by is written over one line of `stream`, which is blank again in the end."""
    if not stream.isatty():
        yield from rows
        return
    due, said = world.now_ms() + FIRST_MS, ""
    try:
        for number, row in enumerate(rows, 1):
            if number % LOOK_ROWS == 0 and (now := world.now_ms()) >= due:
                due, said = now + NEXT_MS, f"{number:,} {noun}s read …"
                stream.write(f"\r{said}")
                stream.flush()
            yield row
    finally:
        if said:
            stream.write(f"\r{' ' * len(said)}\r")
            stream.flush()
