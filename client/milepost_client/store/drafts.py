"""Entries on their way into a log: they have texts, and no place yet.

Standard library only: the append path imports this.
"""

from collections.abc import Callable

from milepost.light import NamedTuple


class Draft(NamedTuple):
    """An entry before it has a place: texts as the catalogue encoded them; `on` is days since 1970-01-01."""

    type: str
    version: int
    on: int
    offset: int
    facts: bytes | None
    private: bytes | None


Follower = Callable[[bytes], Draft]
"""A later entry of the same command, made once the id of the first is known: it names that id in `with`."""


class Birth(NamedTuple):
    """What a log is born with: whose it is, and its first events."""

    user: bytes
    device: bytes
    drafts: tuple[Draft, ...]
