"""Waiting for what comes by itself: the server folds after it has received, and a test has no other way to know."""

import time
from collections.abc import Callable
from typing import TypeVar

SECONDS_MAX = 30.0
POLL_SECONDS = 0.05

T = TypeVar("T")


def soon(look: Callable[[], T | None], says: Callable[[], str] = lambda: "it never came") -> T:
    """What `look` finds before long; what it gives counts as found when it is true. Fails with what `says` says."""
    until = time.monotonic() + SECONDS_MAX
    while not (found := look()):
        assert time.monotonic() < until, says()
        time.sleep(POLL_SECONDS)
    return found
