"""What the operator's functions are given, and what an action is."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from milepost_server.cohort.cohorts import Cohorts
from milepost_server.store import Connection
from milepost_server.store.keyfile import ServerKey
from milepost_server.world import World


class Desk(NamedTuple):
    """The server's key, clock and randomness, and its hand for cohort events."""

    key: ServerKey
    world: World
    cohorts: Cohorts


class Nothing(msgspec.Struct, frozen=True):
    """A request, or an answer, without fields."""


class Action(NamedTuple):
    """One thing to ask for: what comes in, what goes out, and the function between. It runs inside a write job."""

    asked: Any
    answer: Any
    run: Callable[[Connection, Desk, Any], Any]
