"""Bounds on what one peer may ask: token buckets, per process, in a table that cannot grow without end."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

KEYS_MAX = 10_000


class Rate:
    """At most `burst` at once and `per_minute` in the long run, for each key.

    The least recently used key is forgotten beyond KEYS_MAX: an attacker with that many addresses is not held by this.
    """

    def __init__(self, burst: float, per_minute: float, now_ms: Callable[[], int]) -> None:
        self._burst = burst
        self._per_ms = per_minute / 60_000
        self._now_ms = now_ms
        self._buckets: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def take(self, key: Hashable) -> int:
        """Take one; 0, or the seconds after which to try again."""
        now = self._now_ms()
        left, since = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + max(0, now - since) * self._per_ms)
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        if len(self._buckets) > KEYS_MAX:
            self._buckets.popitem(last=False)
        return 0 if taken else int((1 - left) / self._per_ms / 1000) + 1


class Occupancy:
    """How many of something each key holds at the moment."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Hashable, int] = {}

    def enter(self, key: Hashable) -> bool:
        """Take a place, if there is one left for `key`."""
        held = self._held.get(key, 0)
        if held >= self._most:
            return False
        self._held[key] = held + 1
        return True

    def leave(self, key: Hashable) -> None:
        """Give a place back."""
        left = self._held[key] - 1
        if left:
            self._held[key] = left
        else:
            del self._held[key]
