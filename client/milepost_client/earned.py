"""What the member's entries add to the counts that others may see, by the same rules as the server's (tallies.py)."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from milepost.projections.tallies import FAMILY_OF, counted, is_tallied, tallies_of
from milepost_client.log import Log
from milepost_client.stamps import ReceivedAt
from milepost_client.views import Views


class Earned(NamedTuple):
    """One tally: how many of a measure, and when the server received the entry (Unix ms; None while it is unsent)."""

    measure: str
    count: int
    received_at: int | None


def earned(views: Views) -> Iterator[Earned]:
    """Every tally of the measures that a pod's totals have."""
    received_at = _Received(views.log)
    for entity, writes in views.tables.entities():
        for tally in tallies_of(entity, writes) if is_tallied(entity) else ():
            measure, count = counted(tally.measure)
            if measure in FAMILY_OF:
                yield Earned(measure, count, received_at.of(tally.event_id))


def counts_since(views: Views, families: Collection[str], since_ms: int) -> dict[str, int]:
    """How many of each measure of some families the server received from an instant on, or is still to receive."""
    counts: Counter[str] = Counter()
    for each in earned(views):
        is_since = each.received_at is None or each.received_at >= since_ms
        if is_since and FAMILY_OF[each.measure] in families:
            counts[each.measure] += each.count
    return {measure: counts[measure] for measure in FAMILY_OF if counts[measure]}


class _Received:
    """When the server received an entry, by its id."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known = ReceivedAt(log)

    def of(self, event_id: bytes) -> int | None:
        stored = self._log.get(event_id)
        return None if stored is None else self._known.of(stored.line, stored.event.seq)
