"""Importing: a source is only counted, or counted and written, all of it in one transaction or nothing.

Row after row: nothing of a source is held in memory but what recognises it, however long it is.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from milepost.catalogue import Entry, encode_entry
from milepost.ids import base32
from milepost_client.imports.formats import Reading
from milepost_client.imports.origins import Origins
from milepost_client.imports.plan import Names, New, Plan, Planned
from milepost_client.imports.recorded import Recorded, is_sealed
from milepost_client.imports.tally import Tally
from milepost_client.recording.commands import REFERABLE, Desk
from milepost_client.recording.dates import days_of
from milepost_client.recording.seen import fold_case
from milepost_client.store.drafts import Draft, Follower
from milepost_client.views.views import Views


class Imported(NamedTuple):
    """What came of it. `first` names the first entry written, None where nothing was."""

    tally: Tally
    first: str | None


class _RowsRefused(Exception):
    """Rows are refused, so that nothing is to be written."""


class Import:
    """One source on its way into one log."""

    def __init__(self, desk: Desk, views: Views, reading: Reading, on: date) -> None:
        self._desk = desk
        self._reading = reading
        self._on = on
        self._recorded = Recorded(views, reading.types)
        self._origins = Origins.of(desk.log)

    def counted(self) -> Imported:
        """What writing it would come to. Nothing is written."""
        tally = Tally()
        for planned in self._planned():
            tally.take(planned)
        return Imported(tally, None)

    def write(self, *, skips_refused: bool) -> Imported:
        """Write what is new, as one command for `undo`: nothing where a row is refused, unless those are skipped.

        Raises StorageError, and nothing is written, when the log went on since this import was made.
        """
        tally = Tally()
        try:
            # What another command wrote meanwhile could double what is written here, so that is refused.
            first = self._desk.log.append_all(self._drafts(tally, skips_refused), known=self._recorded.count)
        except _RowsRefused:
            return Imported(tally, None)
        return Imported(tally, base32(first) if first else None)

    def _planned(self) -> Iterator[Planned]:
        plan = Plan(self._recorded, self._names(), self._on, self._desk.today)
        return plan.of(self._reading.rows())

    def _names(self) -> Names:
        return Names(self._desk.new_id, self._origins, self._called, self._mentioned)

    def _called(self, kind: str, key: Iterable[str]) -> list[str]:
        name = next(iter(key))
        return [found.id for found in self._desk.seen.find((kind,), name) if fold_case(found.name) == name]

    def _mentioned(self, name: str) -> list[str]:
        wanted = fold_case(name)
        return [found.id for found in self._desk.seen.find(REFERABLE, name) if fold_case(found.name) == wanted]

    def _drafts(self, tally: Tally, skips_refused: bool) -> Iterator[Draft | Follower]:
        is_first = True
        for planned in self._planned():
            tally.take(planned)
            for new in planned.new:
                yield self._draft(new.on, new.entry) if is_first else self._follower(new)
                is_first = False
        # At the end, so that every refusal is told at once; it undoes the transaction.
        if tally.refused and not skips_refused:
            raise _RowsRefused

    def _follower(self, new: New) -> Follower:
        return lambda first: self._draft(new.on, _following(new.entry, base32(first)))

    def _draft(self, on: date, entry: Entry) -> Draft:
        encoded = encode_entry(entry)
        return Draft(encoded.type, encoded.version, days_of(on), self._desk.offset, encoded.facts, encoded.private)


def _following(entry: Entry, first: str) -> Entry:
    """The entry as a later one of the command that began with `first`."""
    if is_sealed(entry.type):
        return entry._replace(private={**(entry.private or {}), "with": first})
    return entry._replace(facts={**(entry.facts or {}), "with": first})
