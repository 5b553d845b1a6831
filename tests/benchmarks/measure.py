"""What a figure is: ours beside its floor, taken in turns in one run, and a goal for their ratio.

Absolute numbers drift by 5x on a shared machine; ratios of neighbours hold. So no figure is ever asserted on in a test.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple


class Goal(NamedTuple):
    """The bound on ours / floor: a ceiling for times and sizes, a ground for rates."""

    bound: float
    is_ceiling: bool

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.bound if self.is_ceiling else ratio >= self.bound

    def __str__(self) -> str:
        return f"{'<=' if self.is_ceiling else '>='} {self.bound:g}x"


class Sample(NamedTuple):
    """One round: ours and the floor, measured one after the other."""

    ours: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


class Result(NamedTuple):
    """A figure as measured: medians over its rounds. The ratio is the median of the rounds' ratios."""

    name: str
    title: str
    floor_title: str
    unit: str
    events: int
    rounds: int
    ours: float
    floor: float
    ratio: float
    goal: Goal

    @property
    def is_met(self) -> bool:
        return self.goal.is_met(self.ratio)


class Figure(NamedTuple):
    """One line of the table. `floor` says what it is compared with, in words."""

    name: str
    title: str
    floor: str
    unit: str
    goal: Goal

    def of(self, samples: Sequence[Sample], events: int) -> Result:
        """The medians of `samples`, which were taken over a history of `events`."""
        return Result(
            self.name,
            self.title,
            self.floor,
            self.unit,
            events,
            len(samples),
            median(sample.ours for sample in samples),
            median(sample.floor for sample in samples),
            median(sample.ratio for sample in samples),
            self.goal,
        )


class Stopwatch:
    """`seconds` is what the timed blocks took together."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - began


def seconds_of(action: Callable[[], object]) -> float:
    """How long `action` takes. Garbage of what came before is not its to collect."""
    gc.collect()
    watch = Stopwatch()
    with watch.running():
        action()
    return watch.seconds


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
