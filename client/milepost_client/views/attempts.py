"""Lines of attempts: a goal that was reframed has a successor, and the line says how often it was tried."""

from collections.abc import Callable


def earlier_attempts(goal: str, replaces: Callable[[str], str | None]) -> list[str]:
    """The goals that `goal` takes the place of, the newest first. `replaces` gives the one that a goal replaced.

    Two devices can write a ring; it ends where it began.
    """
    found: list[str] = []
    before = replaces(goal)
    while before is not None and before != goal and before not in found:
        found.append(before)
        before = replaces(before)
    return found
