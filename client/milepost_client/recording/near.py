"""Whether one name could be a slip of another. Standard library only, and no `difflib`: the fast path asks this."""

# Short names differ by one letter all the time; longer ones rarely by two.
LONG_NAME = 8


def is_near(typed: str, name: str) -> bool:
    """Whether `name` is one or two typing errors away from `typed`, or holds all its words. Both case-folded."""
    if typed == name:
        return False
    if f" {typed} " in f" {name} " or f" {name} " in f" {typed} ":
        return True
    allowed = 2 if min(len(typed), len(name)) >= LONG_NAME else 1
    return abs(len(typed) - len(name)) <= allowed and _distance(typed, name, allowed) <= allowed


def _distance(left: str, right: str, enough: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; stops counting once over `enough`."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for place, letter in enumerate(left, 1):
        older, before, row = before, row, [place]
        for other, mark in enumerate(right, 1):
            cost = min(before[other] + 1, row[other - 1] + 1, before[other - 1] + (letter != mark))
            if older and other > 1 and letter == right[other - 2] and left[place - 2] == mark:
                cost = min(cost, older[other - 2] + 1)
            row.append(cost)
        if min(row) > enough:
            return enough + 1
    return row[-1]
