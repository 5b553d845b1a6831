"""Where figures are taken: a temporary folder, the made-up history, and what earlier figures of the run left behind.

Importing, pushing and pulling a round's history is one journey: the push takes the log that the import made. So each
leg is walked once a round, whichever figures ask for it.
"""

from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.sync.join import join
from milepost_client.sync.sync import sync_once
from milepost_client.views.views import Views
from tests.benchmarks import workload
from tests.benchmarks.floors import CLIENT, SERVER, BareTable, Mode, Row, rows_of
from tests.benchmarks.measure import Sample, seconds_of
from tests.support.homes import pair
from tests.support.processes import ServerProcess
from tests.support.server_views import server_view


class Imported(NamedTuple):
    """A log filled by one append, and the bare table beside it: rates in events a second, sizes in bytes an event."""

    home: Home
    rate: Sample
    disk: Sample


class Pushed(NamedTuple):
    """The server that took an import, running, and how fast it did."""

    server: ServerProcess
    rate: Sample


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
        self.pushed = cache(self._pushed)
        self.pulled = cache(self._pulled)
        self._servers = ExitStack()

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    def home(self, name: str) -> Home:
        """A home that is not there yet."""
        return Home(str(self.path(name)))

    def table(self, mode: Mode) -> BareTable:
        """A new file with the bare table in it."""
        return BareTable(self.path("bare"), mode)

    def path(self, name: str) -> Path:
        """A path at which there is nothing yet."""
        self._made += 1
        return self.folder / f"{name}-{self._made}"

    def server(self) -> ServerProcess:
        """A running server with a pod; it ends with this workshop."""
        server = self._servers.enter_context(ServerProcess(self.path("server")))
        server.pod()
        return server

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

    def _pushed(self, number: int) -> Pushed:
        """The push of round `number`, until the server's read models have it too."""
        home, server = self.imported(number).home, self.server()
        with Log.open(home, SYSTEM) as log:
            join(log, server.url, server.invite())
        table, rows = self.table(SERVER), self.rows()
        floor = seconds_of(lambda: table.insert_all(rows))
        table.close()
        ours = seconds_of(lambda: server_view(sync_once(home, SYSTEM)))
        return Pushed(server, Sample(self.events / ours, self.events / floor))

    def _pulled(self, number: int) -> Sample:
        """The pull of round `number` into a device that has nothing yet, until its views show it."""
        pushed, old = self.pushed(number), self.imported(number).home
        new = self.home("pulled")
        pair(old, new)
        sync_once(old, SYSTEM)
        table, rows = self.table(CLIENT), self.rows()
        floor = seconds_of(lambda: table.insert_all(rows))
        table.close()
        ours = seconds_of(lambda: _pull(new))
        pushed.server.kill()
        return Sample(self.events / ours, self.events / floor)


def _pull(home: Home) -> None:
    """Receive everything, and fold it."""
    sync_once(home, SYSTEM)
    with Log.open(home, SYSTEM) as log, Views.open(home, log) as views:
        views.refresh()
