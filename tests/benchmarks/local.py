"""Figures of the local log: append, import, disk, bytes on the wire."""

from collections.abc import Iterator

import zstandard

from milepost.chain import Batch, Receipt, cut
from milepost.event import Event
from milepost.sealing import UserKey, bucket, seal
from milepost.sync import batches, frames
from milepost.sync import messages as m
from milepost_client.log import Log
from milepost_client.world import SYSTEM
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
    for batch, floor in _sealed_batches(shop):
        yield Sample(len(frames.encode(m.Push(batches.pack(batch)))) / len(batch.events), floor)


def wire_pull(shop: Workshop) -> Iterator[Sample]:
    """The same batches as they are delivered, each with its receipt."""
    for batch, floor in _sealed_batches(shop):
        last = batch.last
        receipt = Receipt(
            last.device,
            last.user,
            last.user,
            last.device,
            last.epoch,
            batch.first.seq,
            last.seq,
            last.hash,
            batch.first.seq,
            last.hlc >> 16,
            SYSTEM.random(64),
        )
        frame = frames.encode(m.Deliver(m.WireReceipt.of(receipt), batches.pack(batch)))
        yield Sample(len(frame) / len(batch.events), floor)


def _sealed_batches(shop: Workshop) -> Iterator[tuple[Batch, float]]:
    """Full batches of the history as they travel, each with the floor in bytes an event."""
    key = UserKey.of(SYSTEM.random(32))
    with Log.open(shop.imported(0).home, SYSTEM) as log:
        # The first two events are the account's; they are few, and no entries.
        pieces = cut(stored.event for stored in log.since(2))
        for piece in pieces:
            events = tuple(_seal(event, key) for event in piece)
            yield Batch(events, SYSTEM.random(64)), _wire_floor(piece) / len(piece)


def _seal(event: Event, key: UserKey) -> Event:
    return event._replace(private=None, sealed=seal(key, event.hash, event.private)) if event.private else event


def _wire_floor(events: tuple[Event, ...]) -> int:
    facts = zstandard.ZstdCompressor(level=3).compress(b"".join(event.facts.text for event in events if event.facts))
    sealed = [event.private for event in events if event.private]
    texts = sum(BARE_SEALED_BYTES + bucket(len(part.salt) + len(part.text)) for part in sealed)
    return len(facts) + BARE_EVENT_BYTES * len(events) + texts
