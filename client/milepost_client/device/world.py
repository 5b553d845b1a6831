"""The world outside: the only place in the client that reads a clock or draws randomness.

Everything else is given a `World`, so a test or the simulation owns time and chance. Standard library only.
"""

import os
import time
from collections.abc import Callable

from milepost.light import NamedTuple


def _offset_at(at_ms: int) -> int:
    return time.localtime(at_ms // 1000).tm_gmtoff // 60


class World(NamedTuple):
    """Unix milliseconds now; so many random bytes; minutes east of UTC now, and at another Unix millisecond.

    They differ where summer time begins or ends between the two.
    """

    now_ms: Callable[[], int]
    random: Callable[[int], bytes]
    offset_minutes: Callable[[], int]
    offset_at: Callable[[int], int] = _offset_at


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _offset_minutes() -> int:
    return time.localtime().tm_gmtoff // 60


SYSTEM = World(_now_ms, os.urandom, _offset_minutes)
