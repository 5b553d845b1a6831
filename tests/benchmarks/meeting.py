"""Figures of two ends: push, pull, and what a server's disk holds of an event."""

from collections.abc import Iterator

from milepost.chain import Batch
from milepost.keys import SigningKey
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_server.store import Job, streams
from milepost_server.store.sqlite import DATABASE, SqliteStore
from milepost_server.sync.ingest import Accepted, Ingest, Push
from tests.benchmarks.local import sealed_batches
from tests.benchmarks.measure import Figure, Goal, Sample
from tests.benchmarks.workshop import Workshop

PUSH = Figure(
    "push",
    "push of a history to a durable server, verified, projected",
    "one `executemany` transaction of the bare rows",
    "events/s",
    Goal(0.2, is_ceiling=False),
)
PULL = Figure(
    "pull",
    "pull of a history into a fresh device, verified, folded",
    "one `executemany` transaction of the bare rows",
    "events/s",
    Goal(0.2, is_ceiling=False),
)
DISK_SERVER = Figure(
    "disk_server",
    "disk per event, server, 200 B of facts",
    "the bare row in SQLite",
    "bytes",
    Goal(1.4, is_ceiling=True),
)


def push(shop: Workshop) -> Iterator[Sample]:
    for number in range(shop.rounds):
        yield shop.pushed(number).rate


def pull(shop: Workshop) -> Iterator[Sample]:
    for number in range(shop.rounds):
        yield shop.pulled(number)


def disk_server(shop: Workshop) -> Iterator[Sample]:
    """The store's own tables; read models are derived, and stand in the same file."""
    folder = shop.path("store")
    store = SqliteStore(folder, incarnation=SYSTEM.random(16))
    ingest = Ingest(store.incarnation, SigningKey(SYSTEM.random(32)).public)
    with Log.open(shop.imported(0).home, SYSTEM) as log:
        store.write(lambda connection: streams.open_stream(connection, log.user, streams.MEMBER)).result()
        for batch, _ in sealed_batches(log):
            accepted = store.write(_pushing(ingest, log.user, batch)).result()
            assert isinstance(accepted, Accepted), accepted
    store.close()
    floor = shop.imported(0).disk.floor
    yield Sample((folder / DATABASE).stat().st_size / shop.events, floor)


def _pushing(ingest: Ingest, user: bytes, batch: Batch) -> Job[object]:
    return lambda connection: ingest.push(connection, user, Push(batch), SYSTEM.now_ms())
