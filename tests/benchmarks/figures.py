"""Every figure, in the order of the table, with what measures it."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tests.benchmarks import cohort, commands, folding, live, local, meeting, page
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
    Bench(commands.DONE_SHORT, commands.done_short),
    Bench(commands.DONE, commands.done),
    Bench(commands.WORDS, commands.words),
    Bench(commands.STATUS, commands.status),
    Bench(local.APPEND, local.append),
    Bench(local.BULK, local.bulk),
    Bench(meeting.PUSH, meeting.push),
    Bench(meeting.PULL, meeting.pull),
    Bench(local.WIRE_PUSH, local.wire_push),
    Bench(local.WIRE_PULL, local.wire_pull),
    Bench(local.DISK_CLIENT, local.disk_client),
    Bench(local.DISK_CLIENT_LEAN, local.disk_client_lean),
    Bench(meeting.DISK_SERVER, meeting.disk_server),
    Bench(live.LIVE, live.live),
    Bench(live.LIVE_P99, live.live_p99),
    Bench(folding.REBUILD, folding.rebuild),
    Bench(cohort.RELEASE, cohort.release),
    Bench(page.PODS_PAGE, page.pods_page),
)
NAMES = tuple(bench.figure.name for bench in ALL)


def chosen(names: Iterable[str]) -> list[Bench]:
    """The figures of these names, or all when there are none."""
    wanted = set(names)
    return [bench for bench in ALL if not wanted or bench.figure.name in wanted]
