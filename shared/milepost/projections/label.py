"""Which projection this code is. Standard library only: the fast path asks whether a device's views are of it."""

from milepost.light import NamedTuple

PROGRESS = "progress"
PROGRESS_VERSION = 5
"""Raise it with any change to what a fold or a resolver gives: tables of an older version are then built anew."""


class Label(NamedTuple):
    """What a view digest is of: compared only with a digest of the same label."""

    projection: str
    version: int
    catalogue: str
    position: int
