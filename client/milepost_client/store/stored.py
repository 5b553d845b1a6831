"""What a log answers with: an event as it is stored, and where the replica stands.

Standard library only: the append path imports this.
"""

from milepost.clock import Order
from milepost.event import Event
from milepost.light import NamedTuple


class Stored(NamedTuple):
    """An event as this replica holds it.

    `n` is its number of arrival, `at` a clock value (log.md, Clock), `position` is None until it was received, and
    `line` is the branch it stands in, as `milepost.trust` counts them.
    """

    n: int
    event: Event
    at: int
    position: int | None
    line: int

    @property
    def order(self) -> Order:
        """The order key: the same on every replica that holds the same stamps."""
        return Order(self.at, self.event.device, self.event.epoch, self.event.seq, self.event.hash)


class Cursor(NamedTuple):
    """How far delivered events are stored; None, 0 before the first sync."""

    incarnation: bytes | None
    position: int


class Move(NamedTuple):
    """An event of which something changed since it arrived: its `at`, or a part that came or was erased.

    `move` counts up.
    """

    move: int
    n: int
    event_id: bytes
    at: int


class Tip(NamedTuple):
    """The newest event of a branch; `at` is a clock value."""

    n: int
    seq: int
    hash: bytes
    hlc: int
    at: int


class State(NamedTuple):
    """The row of `replica`, as `schema.py` explains it."""

    user: bytes
    device: bytes
    branch: int
    mark: bytes
    fresh_epoch: str | None
    incarnation: int | None
    position: int
    top: int
    moves: int
