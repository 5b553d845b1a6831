"""Where figures are taken: a temporary folder, the made-up history, and what earlier figures of the run left behind.

Importing, pushing and pulling a round's history is one journey: the push takes the log that the import made. So each
leg is walked once a round, whichever figures ask for it.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from milepost_client.home import Home
from milepost_client.log import Draft, Log
from milepost_client.world import SYSTEM
from tests.benchmarks import workload
from tests.benchmarks.floors import CLIENT, BareTable, Mode, Row, rows_of
from tests.benchmarks.measure import Sample, seconds_of


class Imported(NamedTuple):
    """A log filled by one append, and the bare table beside it: rates in events a second, sizes in bytes an event."""

    home: Home
    rate: Sample
    disk: Sample


class Workshop:
    """`events` in a history, `rounds` of each measurement, files under `folder`."""

    def __init__(self, folder: Path, events: int, rounds: int) -> None:
        self.folder = folder
        self.events = events
        self.rounds = rounds
        self._made = 0
        # Bound to this workshop, or one run's histories would be another's.
        self.drafts = cache(self._drafts)
        self.rows = cache(self._rows)
        self.imported = cache(self._imported)

    def home(self, name: str) -> Home:
        """A home that is not there yet."""
        self._made += 1
        return Home(str(self.folder / f"{name}-{self._made}"))

    def table(self, mode: Mode) -> BareTable:
        """A new file with the bare table in it."""
        self._made += 1
        return BareTable(self.folder / f"bare-{self._made}.db", mode)

    def history(self, events: int) -> Home:
        """A home with so many entries."""
        home = self.home("history")
        with Log.open(home, SYSTEM, create=True) as log:
            log.append(workload.drafts(events))
        return home

    def _drafts(self, is_lean: bool = False) -> list[Draft]:
        return workload.drafts(self.events, is_lean=is_lean)

    def _rows(self, is_lean: bool = False) -> list[Row]:
        return rows_of(self.drafts(is_lean))

    def _imported(self, number: int, is_lean: bool = False) -> Imported:
        """The import of round `number`."""
        drafts, rows = self.drafts(is_lean), self.rows(is_lean)
        table = self.table(CLIENT)
        floor = seconds_of(lambda: table.insert_all(rows))
        home = self.home("imported")
        with Log.open(home, SYSTEM, create=True) as log:
            # The account is born with the first word; that is not the import's work.
            log.append(drafts[:1])
            ours = seconds_of(lambda: log.append(drafts))
        size = Path(home.log).stat().st_size
        count = self.events
        return Imported(home, Sample(count / ours, count / floor), Sample(size / count, table.close() / count))
