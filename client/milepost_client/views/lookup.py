"""views.db as the fast path reads it: by key and by index, folding nothing. Standard library only.

Each question costs a look-up or a short range of an index, so a daily word takes as long after a hundred thousand
entries as after a hundred.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from milepost.catalogue import CATALOGUE_VERSION
from milepost.compact_json import loads
from milepost.light import Any, NamedTuple, Protocol
from milepost.projections.label import PROGRESS_VERSION
from milepost_client.device.home import Home
from milepost_client.store.engine import sqlite3
from milepost_client.store.storage import BUSY_TIMEOUT_SECONDS

THINGS = (
    "goal",
    "milestone",
    "skill",
    "contact",
    "metric",
    "objective",
    "artifact",
    "output",
    "credential",
    "impact",
    "narrative",
    "offering",
    "term",
    "role",
    "value",
    "position",
    "help",
)
"""Kinds whose ids people type."""

View = dict[str, Any]
"""A view, as its JSON says it."""

PREFIX_MIN = 3
# Beyond the last character of any text: the end of a range of names or ids that begin alike.
_LAST = "\U0010ffff"
_STRUCK = 1
_REPEATED = 64
_FOUND_MAX = 50
# The id of a name is `kind/id`, and its standing the kind.
_NAMED = "SELECT substr(id, length(standing) + 2), json_extract(view, '$.text') FROM view WHERE kind = 'name'"
_ALIKE = " AND standing = ? AND (substr(name, 1, 3) = ? OR substr(name, -3) = ? OR instr(name, ?) OR instr(?, name))"


class Named(NamedTuple):
    """A thing with an id and, on the member's devices, a name. `kind` is the noun of its id field, as `goal`."""

    kind: str
    id: str
    name: str


class Index(Protocol):
    """The folded views, read by key and by index. `checkpoint` is the number of arrival they are folded up to."""

    checkpoint: int

    def view(self, kind: str, id: str) -> View | None:
        """The view of a thing."""

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Named]:
        """Things whose case-folded name is `folded`, or begins so."""

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Named]:
        """Things whose id begins with `prefix`; of every kind, when none is given."""

    def alike(self, kind: str, folded: str) -> list[Named]:
        """Things whose name shares its beginning, its end or a part with `folded`: candidates for a typing error."""

    def neighbours(self, id: str) -> Iterable[str]:
        """The ids just before and just after `id`, of each kind."""

    def open_goals(self) -> int:
        """How many goals are open."""

    def due_on(self, day: str) -> list[View]:
        """The open goals due on a day."""

    def is_struck(self, event_id: bytes) -> bool:
        """Whether an entry stands retracted."""

    def is_repeated(self, event_id: bytes) -> bool:
        """Whether another copy of the same entry counts, or was taken back, in its place."""


class Empty:
    """The index of a home that has folded nothing yet."""

    checkpoint = 0

    def view(self, kind: str, id: str) -> View | None:
        return None

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Named]:
        return []

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Named]:
        return []

    def alike(self, kind: str, folded: str) -> list[Named]:
        return []

    def neighbours(self, id: str) -> Iterable[str]:
        return ()

    def open_goals(self) -> int:
        return 0

    def due_on(self, day: str) -> list[View]:
        return []

    def is_struck(self, event_id: bytes) -> bool:
        return False

    def is_repeated(self, event_id: bytes) -> bool:
        return False


def neighbours(connection: sqlite3.Connection, id: str) -> Iterator[str]:
    """The ids just before and just after `id` in views.db, of each kind."""
    for kind in THINGS:
        for statement in (
            "SELECT max(id) FROM view WHERE kind = ? AND id < ?",
            "SELECT min(id) FROM view WHERE kind = ? AND id > ?",
        ):
            (found,) = connection.execute(statement, (kind, id)).fetchone()
            if found is not None:
                yield found


def shortest(id: str, others: Iterable[str]) -> str:
    """The shortest beginning of `id`, of three characters at least, that none of the others has."""
    return id[: max([PREFIX_MIN, *(_shared(id, other) + 1 for other in others if other != id)])]


def _shared(left: str, right: str) -> int:
    """How many characters two ids begin with alike."""
    return next((place for place, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), len(left))


@contextmanager
def lookup(home: Home) -> Iterator[Index]:
    """The index of `home`; empty where nothing was folded yet, or by other code: then the caller folds."""
    found = Lookup.open(home.views)
    if found is None:
        yield Empty()
        return
    with closing(found):
        yield found


class Lookup:
    """One views.db, read only. `checkpoint` is the number of arrival up to which the log is folded in it."""

    def __init__(self, connection: sqlite3.Connection, checkpoint: int) -> None:
        self._connection = connection
        self.checkpoint = checkpoint

    @classmethod
    def open(cls, path: str) -> "Lookup | None":
        """The views at `path`; None where there are none, or other code folded them: then they must be folded first."""
        if not os.path.exists(path):
            return None
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        try:
            row = connection.execute("SELECT checkpoint, version, catalogue FROM state").fetchone()
        except sqlite3.DatabaseError:
            # Damaged, or not made to the end: whoever folds makes it anew.
            row = None
        if row is None or row[1:] != (PROGRESS_VERSION, CATALOGUE_VERSION):
            connection.close()
            return None
        return cls(connection, row[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def view(self, kind: str, id: str) -> View | None:
        found: View | None = None
        for (text,) in self._connection.execute("SELECT view FROM view WHERE kind = ? AND id = ?", (kind, id)):
            found = loads(text)
        return found

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Named]:
        last = folded if exact else folded + _LAST
        return [
            Named(kind, id, name)
            for kind in kinds or THINGS
            for id, name in self._connection.execute(
                f"{_NAMED} AND standing = ? AND name BETWEEN ? AND ? LIMIT ?", (kind, folded, last, _FOUND_MAX)
            )
        ]

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Named]:
        return [
            Named(kind, id, self._name(kind, id))
            for kind in kinds or THINGS
            for (id,) in self._connection.execute(
                "SELECT id FROM view WHERE kind = ? AND id BETWEEN ? AND ? LIMIT ?",
                (kind, prefix, prefix + _LAST, _FOUND_MAX),
            ).fetchall()
        ]

    def alike(self, kind: str, folded: str) -> list[Named]:
        # Reads every name of the kind: they are few beside its entries, and only a new name asks.
        values = (kind, folded[:3], folded[-3:], folded, folded, _FOUND_MAX)
        rows = self._connection.execute(f"{_NAMED}{_ALIKE} LIMIT ?", values)
        return [Named(kind, id, name) for id, name in rows]

    def neighbours(self, id: str) -> Iterable[str]:
        return list(neighbours(self._connection, id))

    def open_goals(self) -> int:
        statement = "SELECT count(*) FROM view WHERE kind = 'goal' AND standing = 'open'"
        count: int = self._connection.execute(statement).fetchone()[0]
        return count

    def due_on(self, day: str) -> list[View]:
        statement = "SELECT view FROM view WHERE kind = 'goal' AND standing = 'open' AND due = ?"
        return [loads(text) for (text,) in self._connection.execute(statement, (day,))]

    def is_struck(self, event_id: bytes) -> bool:
        return bool(self._marks(event_id) & _STRUCK)

    def is_repeated(self, event_id: bytes) -> bool:
        return bool(self._marks(event_id) & _REPEATED)

    def _marks(self, event_id: bytes) -> int:
        row = self._connection.execute("SELECT marks FROM entry WHERE event_id = ?", (event_id,)).fetchone()
        return row[0] if row else 0

    def _name(self, kind: str, id: str) -> str:
        statement = "SELECT json_extract(view, '$.text') FROM view WHERE kind = 'name' AND id = ?"
        row = self._connection.execute(statement, (f"{kind}/{id}",)).fetchone()
        return row[0] if row else ""
