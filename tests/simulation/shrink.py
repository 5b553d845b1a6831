"""A failing run, made short: drop steps in ever smaller pieces while it still fails the same way (delta debugging)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Step = TypeVar("Step")

TRIALS_MAX = 400


def shrink(steps: Sequence[Step], still_fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    """A subsequence of `steps` that still fails, and of which no single remaining piece tried could be left out."""
    kept = list(steps)
    size = max(len(kept) // 2, 1)
    trials = 0
    while size and trials < TRIALS_MAX:
        at, dropped_any = 0, False
        while at < len(kept) and trials < TRIALS_MAX:
            candidate = kept[:at] + kept[at + size :]
            trials += 1
            if still_fails(candidate):
                kept, dropped_any = candidate, True
            else:
                at += size
        if not dropped_any or size > 1:
            size //= 2
    return kept
