"""The Pods page of a cohort of thousands: read, surrounded and drawn, as the server does for its lead."""

import random
from collections.abc import Callable, Iterator

from milepost_server.cohort.cohorts import Cohorts
from milepost_server.dashboard import showing
from milepost_server.dashboard.frame import Said
from milepost_server.dashboard.pages import PAGES, Asked
from milepost_server.dashboard.visitor import Visitor
from milepost_server.reads.reader import sight_of
from milepost_server.signin.sessions import WebSession
from milepost_server.store.keyfile import ServerKey
from milepost_server.world import World
from tests.benchmarks.measure import Figure, Goal, Sample, Stopwatch, percentile
from tests.benchmarks.workshop import Workshop
from tests.support.cohort_of import fill
from tests.support.stores import MemoryStore

NOW_MS = 1_795_604_400_000
EVENTS_A_MEMBER = 10
FEW = 200
LOOKS = 20
PAGE = PAGES["pods"]

PODS_PAGE = Figure(
    "pods-page",
    "the dashboard's first page, p95 (10,000 members at 100,000 events; design: under 100 ms)",
    "the same page of a cohort of 200, which has as many rows",
    "ms",
    Goal(5, is_ceiling=True),
)


def pods_page(shop: Workshop) -> Iterator[Sample]:
    ours, floor = _page(shop.events // EVENTS_A_MEMBER), _page(FEW)
    for _ in range(shop.rounds):
        yield Sample(_p95_ms(ours), _p95_ms(floor))


def _page(count: int) -> Callable[[], object]:
    """What draws the page of a cohort of so many members."""
    store = MemoryStore()
    store.now_ms = NOW_MS
    hand = Cohorts(ServerKey(b"s" * 32), World(lambda: NOW_MS, random.Random(count).randbytes))
    filled = store.run(lambda connection: fill(connection, hand, count, NOW_MS))
    visitor = Visitor(filled.lead, "token", WebSession("id", filled.lead, NOW_MS, NOW_MS, "Firefox"))

    def look() -> object:
        connection = store.connection
        reader = showing.reader_for(connection, visitor, NOW_MS)
        asked = Asked(reader, filled.cohort.cohort, NOW_MS)
        sight = sight_of(connection, reader, asked.cohort)
        contents = PAGE.read(connection, asked)
        around = showing.surroundings(connection, visitor, reader, sight, PAGE.name, NOW_MS, "")
        return showing.draw(PAGE, showing.Found(asked, contents, around), Said())

    look()
    return look


def _p95_ms(look: Callable[[], object]) -> float:
    return 1000 * percentile([_seconds_of(look) for _ in range(LOOKS)], 95)


def _seconds_of(look: Callable[[], object]) -> float:
    # Without a collection before each look: its own garbage is part of what a page costs.
    watch = Stopwatch()
    with watch.running():
        look()
    return watch.seconds
