"""Shares in whole percent, rounded alike wherever one is shown."""


def percent_of(part: int, whole: int) -> int:
    """`part` of `whole` in whole percent, a half rounded up. `whole` is not 0."""
    return (200 * part + whole) // (2 * whole)
