"""The member's views: what the log says, folded into views.db and asked.

A cache beside the log: it can be deleted at any time, and is built anew where it is missing, damaged, or of other code.
The folding is in `folding.py`, the tables in `view_tables.py`; the fast path reads the same file through `lookup.py`.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from milepost.catalogue import INSTALLED, Catalogue
from milepost.ids import base32
from milepost.projections.aside import Aside
from milepost.projections.asof import AsOf
from milepost.projections.calendar import day_number
from milepost.projections.days import Day
from milepost.projections.digest import ViewDigest, view_digest
from milepost.projections.inbox import Inbox, inbox_of
from milepost.projections.kinds import KINDS
from milepost.projections.label import PROGRESS, PROGRESS_VERSION, Label
from milepost.projections.own import Name, Unread
from milepost.projections.progress import AnyView, Progress, Shelf, Week, progress, weeks
from milepost.projections.rows import ACCEPTED, DISMISSED
from milepost_client.device.home import Home, make_file, refused
from milepost_client.store.log import Log
from milepost_client.store.storage import BUSY_TIMEOUT_SECONDS, reading, writing
from milepost_client.views.due import Due
from milepost_client.views.folding import Folder
from milepost_client.views.lookup import neighbours, shortest
from milepost_client.views.view_tables import SCHEMA_VERSION, ViewTables, bring_up_to_date

# WAL: a status that reads and a watch that folds do not wait for each other. A power cut costs folding again, no more.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-32000",
    "PRAGMA wal_autocheckpoint=4000",
)


class Views:
    """The views of one installation. Bound to one thread at a time; the log stays the caller's."""

    def __init__(
        self, connection: sqlite3.Connection, log: Log, path: str, catalogue: Catalogue = INSTALLED, label: str = ""
    ) -> None:
        """Views over an open connection; `open` is what commands use."""
        self.log = log
        self.tables = ViewTables(connection)
        self._connection = connection
        self._path = path
        self._catalogue = catalogue
        self._folder = Folder(connection, log, path, catalogue, label)
        with reading(path):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            # `open` makes it anew: it is a cache, and this build does not know what the newer one meant.
            raise sqlite3.DatabaseError(f"{path} has schema {version}")
        if version < SCHEMA_VERSION:
            with writing(connection, path):
                bring_up_to_date(connection)

    @classmethod
    def open(cls, home: Home, log: Log, catalogue: Catalogue = INSTALLED, label: str = "") -> "Views":
        """The views of `home`; made where there are none, made anew where the file is damaged.

        `catalogue` and its `label` are this build's, unless a test stands in for another build.
        """
        if not log.is_born:
            return cls(_connect(":memory:"), log, "the views", catalogue, label)
        try:
            return cls(_opened(home.views), log, home.views, catalogue, label)
        except sqlite3.DatabaseError:
            _remove(home.views)
            return cls(_opened(home.views), log, home.views, catalogue, label)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> "Views":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(self) -> int:
        """Fold what the log holds beyond the views, and say how many events that was."""
        return self._folder.refresh()

    def rebuild(self) -> None:
        """Fold the whole log anew."""
        self._folder.rebuild()

    def drift(self) -> list[str]:
        """A sentence for each view that differs from one folded anew: `verify` says DRIFT then."""
        self.refresh()
        with Views(_connect(":memory:"), self.log, "memory", self._catalogue, self._folder.catalogue) as anew:
            anew.refresh()
            here, there = dict(self.tables.digests()), dict(anew.tables.digests())
        differing = sorted(entity for entity in here.keys() | there.keys() if here.get(entity) != there.get(entity))
        return [f"{entity} differs from what the log says; delete {self._path} to fold it anew" for entity in differing]

    # Questions

    def shelf(self, as_of: date | None = None) -> Shelf:
        """The resolved views, or those as of a day (which reads the whole history)."""
        return self.tables if as_of is None else AsOf(self.tables.entities(), day_number(as_of))

    def get(self, type: type[AnyView], id: str) -> AnyView | None:
        """One view."""
        return self.tables.get(type, id)

    def all(self, type: type[AnyView], *standings: str) -> list[AnyView]:
        """The views of a kind, of these standings if any are given, by due day."""
        return self.tables.all(type, *standings)

    def holds(self, kind: str, id: str) -> bool:
        """Whether there is a view of this kind and id."""
        return self.tables.get(KINDS[kind].view, id) is not None

    def names(self, kind: str) -> Mapping[str, str]:
        """What the member calls the things of a kind, by id."""
        return {name.id: name.text for name in self.tables.all(Name, kind)}

    def names_of(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """What the member calls these things of a kind, by id."""
        return {name.id: name.text for name in self.tables.some(Name, [f"{kind}/{id}" for id in ids])}

    def name(self, kind: str, id: str) -> str:
        """What the member calls a thing; empty where it has no name."""
        found = self.tables.get(Name, f"{kind}/{id}")
        return found.text if found else ""

    def short(self, id: str) -> str:
        """The shortest beginning of an id that no other thing's id shares."""
        return shortest(id, neighbours(self._connection, id))

    def progress(self, today: date, as_of: date | None = None) -> Progress:
        """What there is to show of progress, today or as of a day."""
        return progress(self.shelf(as_of), as_of or today)

    def weeks(self, today: date, count: int, as_of: date | None = None) -> list[Week]:
        """The last `count` ISO weeks, the oldest first."""
        return weeks(self.shelf(as_of), as_of or today, count)

    def due(self, today: date, *, wants_goals: bool = False) -> Due:
        """What nudges read. `wants_goals`: the member opted in to being reminded between goals."""
        return Due(self.tables, self.name, self._first_day(), today, wants_goals=wants_goals)

    def inbox(self) -> Inbox:
        """What waits for the member."""
        left_out = self._left_out() if self._folder.leaves_out() else []
        marks = {event_id: entry.marks for event_id, entry in self.tables.entries(left_out).items()}
        waiting = [base32(event_id) for event_id in left_out if not marks.get(event_id, 0) & (ACCEPTED | DISMISSED)]
        return inbox_of(self.tables.noticed(), self.tables.all(Aside), self.tables.all(Unread), waiting)

    def digest(self) -> ViewDigest:
        """The labelled digest of the digested views, for comparison with the server's."""
        position = self.log.cursor().position if self.log.is_born else 0
        return view_digest(Label(PROGRESS, PROGRESS_VERSION, self._folder.catalogue, position), self.tables.total())

    def _left_out(self) -> list[bytes]:
        # Imported here: whose events count is cryptography, and most members never had a device that ceased to.
        from milepost_client.store.trusted import set_aside

        return [stored.event.id for stored in set_aside(self.log)]

    def _first_day(self) -> date | None:
        days = self.tables.first(Day)
        return date.fromisoformat(days.date) if days else None


def _opened(path: str) -> sqlite3.Connection:
    make_file(path)
    return _connect(path)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def _remove(path: str) -> None:
    """Take away the file and what SQLite keeps beside it. Raises StorageError where that is not allowed."""
    for name in (path, f"{path}-wal", f"{path}-shm"):
        try:
            with suppress(FileNotFoundError):
                os.remove(name)
        except OSError as error:
            raise refused(name, error) from None
