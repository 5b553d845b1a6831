"""A figure as a reader is given it: its value, or why there is none. What caused an absence is never said."""

from typing import NamedTuple

VALUE = "value"
NO_DATA = "no_data"
HIDDEN = "hidden"
PENDING = "pending"


class Figure(NamedTuple):
    """A disclosed figure. `state` is value, no_data, hidden or pending; `value` is there for the first alone."""

    state: str
    value: int | None = None
