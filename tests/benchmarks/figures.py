"""Every figure, in the order of the table, with what measures it."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tests.benchmarks import local
from tests.benchmarks.measure import Figure, Result, Sample
from tests.benchmarks.workshop import Workshop

EVENTS = 100_000
ROUNDS = 3


class Bench(NamedTuple):
    """A figure and its measurement: a sample a round."""

    figure: Figure
    samples: Callable[[Workshop], Iterator[Sample]]

    def run(self, shop: Workshop) -> Result:
        return self.figure.of(list(self.samples(shop)), shop.events)


ALL = (
    Bench(local.APPEND, local.append),
    Bench(local.BULK, local.bulk),
    Bench(local.DISK_CLIENT, local.disk_client),
    Bench(local.DISK_CLIENT_LEAN, local.disk_client_lean),
    Bench(local.WIRE_PUSH, local.wire_push),
    Bench(local.WIRE_PULL, local.wire_pull),
)
NAMES = tuple(bench.figure.name for bench in ALL)


def chosen(names: Iterable[str]) -> list[Bench]:
    """The figures of these names, or all when there are none."""
    wanted = set(names)
    return [bench for bench in ALL if not wanted or bench.figure.name in wanted]
