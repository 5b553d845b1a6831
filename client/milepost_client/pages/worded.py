"""The words of a thing: its private text, read from the entry that stands. Views hold facts and names only."""

from collections.abc import Mapping, Sequence

from milepost.catalogue import Entry, Unknown
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.view import View
from milepost_client.recording.entries import read
from milepost_client.store.log import Log


def texts_of(log: Log, view: View, field: str) -> Mapping[str, object]:
    """The private values of the standing write of a field; empty where this device cannot read them."""
    event = view.head(field)
    return {} if event is None else texts_in(log, event)


def texts_in(log: Log, event: str) -> Mapping[str, object]:
    """The private values of an entry; empty where it is not here, was erased, or cannot be read."""
    entry = _entry(log, event)
    return (entry.private or {}) if entry else {}


def texts_in_all(log: Log, events: Sequence[bytes]) -> Mapping[bytes, Mapping[str, object]]:
    """The private values of many entries by their ids, as `texts_in` reads them, a thousand at a time."""
    found: dict[bytes, Mapping[str, object]] = {}
    # The first to arrive where two have one id.
    for stored in reversed(log.named(events)):
        entry = read(stored)
        found[stored.event.id] = {} if isinstance(entry, Unknown) else entry.private or {}
    return found


def values_in(log: Log, event: str) -> Mapping[str, object]:
    """All values of an entry, facts and private ones."""
    entry = _entry(log, event)
    return {**(entry.facts or {}), **(entry.private or {})} if entry else {}


def _entry(log: Log, event: str) -> Entry | None:
    stored = log.get(from_base32(event, EVENT_ID_BYTES))
    entry = None if stored is None else read(stored)
    return None if isinstance(entry, Unknown) else entry
