"""Clock and randomness, from one place: whoever needs either is given a World, so a test or a seed can stand in."""

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple


class World(NamedTuple):
    """What the server takes from outside: Unix milliseconds, and random bytes."""

    now_ms: Callable[[], int]
    random: Callable[[int], bytes]


SYSTEM = World(lambda: time.time_ns() // 1_000_000, secrets.token_bytes)
