"""Figures of the local log: append, import, disk, bytes on the wire."""

from collections.abc import Callable, Iterator, Sequence

import zstandard

from milepost.chain import Batch, Receipt, cut, head_bytes
from milepost.event import Event
from milepost.sealing import UserKey, bucket, seal
from milepost.sync import frames
from milepost.sync import messages as m
from milepost.sync.batches import pack
from milepost_client.device.world import SYSTEM
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from tests.benchmarks.floors import CLIENT, rows_of
from tests.benchmarks.measure import Figure, Goal, Sample, Stopwatch
from tests.benchmarks.workshop import Workshop

APPENDS = 200
# quality.md: what an event costs beside its facts, at the least: nonce and salt; and beside its sealed text.
BARE_EVENT_BYTES = 26
BARE_SEALED_BYTES = 48

APPEND = Figure(
    "append",
    "durable append in-process",
    "one bare row per transaction, same journal mode and synchronous",
    "events/s",
    Goal(0.6, is_ceiling=False),
)
BULK = Figure(
    "bulk", "bulk import", "one `executemany` transaction of the bare rows", "events/s", Goal(0.25, is_ceiling=False)
)
DISK_CLIENT = Figure(
    "disk_client",
    "disk per event, client, 200 B of facts",
    "the bare row in SQLite",
    "bytes",
    Goal(1.4, is_ceiling=True),
)
DISK_CLIENT_LEAN = Figure(
    "disk_client_lean",
    "disk per event, client, 80 B of facts",
    "the bare row in SQLite",
    "bytes",
    Goal(1.7, is_ceiling=True),
)
_WIRE_FLOOR = "zstd -3 of the bare facts + 26 B; a sealed event + 48 B + its bucket"
WIRE_PUSH = Figure("wire_push", "wire per event, push", _WIRE_FLOOR, "bytes", Goal(1.25, is_ceiling=True))
WIRE_PULL = Figure("wire_pull", "wire per event, pull", _WIRE_FLOOR, "bytes", Goal(1.25, is_ceiling=True))


def append(shop: Workshop) -> Iterator[Sample]:
    """One entry at a time, each durable before the next, in turns with the bare row."""
    with Log.open(shop.history(shop.events), SYSTEM) as log:
        table = shop.table(CLIENT)
        for _ in range(shop.rounds):
            ours, floor = Stopwatch(), Stopwatch()
            count = min(APPENDS, shop.events)
            # Rows anew: their ids must not repeat.
            for draft, row in zip(shop.drafts()[:count], rows_of(shop.drafts()[:count]), strict=True):
                with ours.running():
                    log.append([draft])
                with floor.running():
                    table.insert_one(row)
            yield Sample(count / ours.seconds, count / floor.seconds)
        table.close()


def bulk(shop: Workshop) -> Iterator[Sample]:
    for number in range(shop.rounds):
        yield shop.imported(number).rate


def disk_client(shop: Workshop) -> Iterator[Sample]:
    for number in range(shop.rounds):
        yield shop.imported(number).disk


def disk_client_lean(shop: Workshop) -> Iterator[Sample]:
    yield shop.imported(0, is_lean=True).disk


def wire_push(shop: Workshop) -> Iterator[Sample]:
    """Frames as they are pushed: batches of at most a thousand, private text sealed."""
    yield from _on_the_wire(shop, lambda batch: m.Push(pack(batch)))


def wire_pull(shop: Workshop) -> Iterator[Sample]:
    """The same batches as they are delivered, each with its receipt."""
    yield from _on_the_wire(shop, lambda batch: m.Deliver(_receipt(batch), pack(batch)))


def _on_the_wire(shop: Workshop, message: Callable[[Batch], m.Message]) -> Iterator[Sample]:
    """Bytes an event of each batch."""
    with Log.open(shop.imported(0).home, SYSTEM) as log:
        for batch, written in sealed_batches(log):
            count = len(written)
            yield Sample(len(frames.encode(message(batch))) / count, _wire_floor(written) / count)


def _receipt(batch: Batch) -> m.WireReceipt:
    """A receipt of the right size; what it says does not matter to its bytes."""
    first, last = batch.first, batch.last
    name = SYSTEM.random(16)
    place = (last.user, last.device, last.epoch, first.seq, last.seq, last.hash)
    return m.WireReceipt.of(Receipt(name, name, *place, first.seq, last.hlc >> 16, SYSTEM.random(64)))


def sealed_batches(log: Log) -> Iterator[tuple[Batch, Sequence[Event]]]:
    """The whole log in batches as they travel, private text sealed under a key of its own, and as it was written."""
    key, signing = UserKey.of(SYSTEM.random(32)), device_keys(log.secrets).signing
    for written in cut(stored.event for stored in log.since(0)):
        sealed = tuple(_seal(event, key) for event in written)
        yield Batch(sealed, signing.sign(head_bytes(sealed[-1]))), written


def _seal(event: Event, key: UserKey) -> Event:
    return event._replace(private=None, sealed=seal(key, event.hash, event.private)) if event.private else event


def _wire_floor(events: Sequence[Event]) -> int:
    facts = zstandard.ZstdCompressor(level=3).compress(b"".join(event.facts.text for event in events if event.facts))
    sealed = [event.private for event in events if event.private]
    texts = sum(BARE_SEALED_BYTES + bucket(len(part.salt) + len(part.text)) for part in sealed)
    return len(facts) + BARE_EVENT_BYTES * len(events) + texts
