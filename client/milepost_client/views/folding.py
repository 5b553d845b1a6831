"""Folding the log into views.db: slice by slice, each with its checkpoint in one transaction.

What arrived since the checkpoint is added; what changed since (a stamp moved, a text was opened or erased) is folded
again; when a control event came, so are the events of devices that begin or cease to count. The views are built anew
when the log or the code that folds is another.
"""

import gc
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from milepost.catalogue import CATALOGUE_VERSION, INSTALLED, Catalogue
from milepost.projections.apply import Projection
from milepost.projections.fold import Fold, Folded, Stamped
from milepost.projections.label import PROGRESS_VERSION
from milepost_client.store.holdings import READ_ROWS_MAX
from milepost_client.store.log import Log
from milepost_client.store.storage import reading, writing
from milepost_client.store.stored import Stored
from milepost_client.views.view_tables import ViewTables, clear

if TYPE_CHECKING:
    from milepost_client.store.trusted import Trusted

# Of a long history, a transaction takes so many events, or views: fewer would write the same pages again and again.
SLICE_EVENTS = 10 * READ_ROWS_MAX
RESOLVE_MAX = 2000


class Folding(NamedTuple):
    """How far, and by which code, the log is folded; as the `state` table has it."""

    history: bytes
    checkpoint: int
    move: int
    control: int
    version: int
    catalogue: str


NOTHING = Folding(b"", 0, 0, 0, 0, "")


class Folder:
    """Folds one log into one views.db. `catalogue` differs from this build's in tests of an upgrade only."""

    def __init__(
        self, connection: sqlite3.Connection, log: Log, path: str, catalogue: Catalogue = INSTALLED, label: str = ""
    ) -> None:
        self._connection = connection
        self._log = log
        self._path = path
        self.catalogue = label or CATALOGUE_VERSION
        self._fold = Fold(catalogue, is_own=True)
        self._tables = ViewTables(connection)
        self._projection = Projection(self._tables)

    def refresh(self) -> int:
        """Fold what the log holds beyond the views, and say how many events that was.

        Safe beside another process that folds.
        """
        if not self._log.is_born:
            return 0
        folded = 0
        self._begin_anew_if_other()
        with _uncollected():
            while (count := self._step()) is not None:
                folded += count
        return folded

    def rebuild(self) -> None:
        """Fold the whole log anew."""
        with self._transaction():
            clear(self._connection)
        self.refresh()

    def leaves_out(self) -> bool:
        """Whether there are devices that do not count, or not to their end."""
        return self._connection.execute("SELECT 1 FROM reach WHERE upto IS NOT NULL").fetchone() is not None

    def _step(self) -> int | None:
        """Fold one slice and resolve what it touched; how many events, or None when everything is done."""
        # Moves before arrivals: an event that moves in between is then seen with its new `at`, or again.
        moved = self._log.moved_since(self._state().move)[:READ_ROWS_MAX]
        arrived = self._arrived()
        # After both: every line they stand in is known then.
        self._follow_trust()
        state = self._state()
        again = [one for one in self._log.numbered([move.n for move in moved]) if one.n <= state.checkpoint]
        if not arrived and not moved and not self._tables.touched(1):
            return None
        folded, anew = self._folded(arrived), self._folded(again)
        with self._transaction():
            # Another process may have folded the same slice meanwhile.
            if self._state() != state or (arrived and arrived[0].n != state.checkpoint + 1):
                return 0
            self._projection.apply(folded)
            self._projection.fold_again(anew)
            self._restore()
            # While there is more to fold, an entity would be resolved again with each slice.
            if len(arrived) < SLICE_EVENTS:
                self._projection.resolve(RESOLVE_MAX)
            checkpoint = arrived[-1].n if arrived else state.checkpoint
            move = moved[-1].move if moved else state.move
            history = self._log.history(checkpoint, move)
            self._connection.execute(
                "UPDATE state SET history = ?, checkpoint = ?, move = ?", (history, checkpoint, move)
            )
        return len(arrived)

    def _arrived(self) -> list[Stored]:
        return list(islice(self._log.since(self._state().checkpoint), SLICE_EVENTS))

    def _folded(self, stored: Sequence[Stored]) -> list[Folded]:
        reach = dict(self._connection.execute("SELECT line, upto FROM reach").fetchall()) if stored else {}
        return [self._fold(Stamped(one.event, one.at, not _counts(reach, one))) for one in stored]

    def _restore(self) -> None:
        while restored := self._projection.take_restored():
            found = (self._log.get(event_id) for event_id in restored)
            self._projection.fold_again(self._folded([stored for stored in found if stored is not None]))

    # What the views were folded from, and by which code

    def _state(self) -> Folding:
        row = self._connection.execute(
            "SELECT history, checkpoint, move, control, version, catalogue FROM state"
        ).fetchone()
        return Folding(*row) if row else NOTHING

    def _begin_anew_if_other(self) -> None:
        state = self._state()
        is_of_this_log = state.history == self._log.history(state.checkpoint, state.move)
        # Another catalogue may read any entry otherwise, not only those the older one set aside: it may know a field
        # that was passed over, or bring an old version into new words.
        if is_of_this_log and (state.version, state.catalogue) == (PROGRESS_VERSION, self.catalogue):
            return
        with self._transaction():
            clear(self._connection)
            self._connection.execute(
                "INSERT INTO state VALUES (1, ?, 0, 0, 0, ?, ?)", (b"", PROGRESS_VERSION, self.catalogue)
            )

    # Whose events count

    def _newest_control(self) -> int:
        with reading(self._log.path):
            n: int = self._log.connection.execute("SELECT coalesce(max(n), 0) FROM control").fetchone()[0]
        return n

    def _follow_trust(self) -> None:
        """Ask anew which events count when a control event came, and fold those again of which the answer changed."""
        state = self._state()
        newest = self._newest_control()
        lines = {branch.n for branch in self._log.reader.branches()}
        known = dict(self._connection.execute("SELECT line, upto FROM reach").fetchall())
        if state.control == newest and lines <= known.keys():
            return
        from milepost_client.store.trusted import trusted

        reach = _reach(trusted(self._log), self._log)
        changed = {line for line in reach if line in known and known[line] != reach[line]}
        again = [one for one in self._log.since() if one.line in changed] if changed else []
        with self._transaction():
            self._connection.execute("DELETE FROM reach")
            self._connection.executemany("INSERT INTO reach VALUES (?, ?)", reach.items())
            self._connection.execute("UPDATE state SET control = ?", (newest,))
            for start in range(0, len(again), READ_ROWS_MAX):
                some = [one for one in again[start : start + READ_ROWS_MAX] if one.n <= state.checkpoint]
                self._projection.fold_again(self._folded(some))
                self._restore()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with writing(self._connection, self._path):
            yield


@contextmanager
def _uncollected() -> Iterator[None]:
    """Run the block without looking for cycles: a fold makes tuples by the million and no cycle.

    Looking through them again and again would be a fifth of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _counts(reach: Mapping[int, int | None], stored: Stored) -> bool:
    upto = reach.get(stored.line, 0)
    return upto is None or stored.event.seq <= upto


def _reach(trust: "Trusted", log: Log) -> dict[int, int | None]:
    """Line -> the last seq that counts; None for all of it."""
    found: dict[int, int | None] = {}
    for branch in log.reader.branches():
        if branch.device not in trust.standing.devices:
            found[branch.n] = 0
        else:
            cut = trust.standing.cuts.get(branch.device)
            found[branch.n] = None if cut is None else cut.get(branch.n, 0)
    return found
