"""What the member's entries add to the counts that others may see, by the same rules as the server's (tallies.py)."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from milepost.projections.tallies import counted, is_tallied, tallies_of
from milepost.projections.writes import Writes
from milepost_client.store.log import Log
from milepost_client.store.stamps import ReceivedAt
from milepost_client.views.views import Views


class Earned(NamedTuple):
    """One tally: so many of a measure, and when the server received the entry (Unix ms; None while it is unsent)."""

    measure: str
    times: int
    received_at: int | None


def earned(views: Views) -> Iterator[Earned]:
    """Every tally there is."""
    received = Received(views.log)
    for entity, writes in views.tables.entities():
        for tally in tallies_of(entity, Writes(writes)) if is_tallied(entity) else ():
            measure, times = counted(tally.measure)
            yield Earned(measure, times, received.at(tally.event_id))


def counts(views: Views, is_wanted: Callable[[str, int | None], bool]) -> dict[str, int]:
    """How many of each measure, of those whose measure and time of arrival are wanted; by name of the measure."""
    found: Counter[str] = Counter()
    for each in earned(views):
        if is_wanted(each.measure, each.received_at):
            found[each.measure] += each.times
    return dict(sorted(found.items()))


class Received:
    """When the server received an entry, by its id."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known = ReceivedAt(log)

    def at(self, event_id: bytes) -> int | None:
        """Unix ms; None for an entry that is unsent, or not here."""
        stored = self._log.get(event_id)
        return None if stored is None else self._known.of(stored.line, stored.event.seq)
