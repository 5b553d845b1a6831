"""Holdings: all that can be asked of a local log; nothing in this file writes (log.md).

Events are read in order of arrival, a bounded number at a time. Whoever only looks at a log needs no more than this.
Standard library and the light half of `milepost` only: the append path imports this.
"""

from collections.abc import Iterator, Sequence

from milepost.chain import Leaf
from milepost.errors import Ambiguous, NotFound
from milepost.ids import base32
from milepost_client.store import schema
from milepost_client.store.engine import sqlite3
from milepost_client.store.names import ID_CHARACTERS, nonces, whole_id
from milepost_client.store.positions import Positions
from milepost_client.store.rows import COLUMNS, Branch, Reader
from milepost_client.store.storage import reading
from milepost_client.store.stored import Cursor, Move, State, Stored, Tip

# A read that a writer waits for ends after so many rows: TRUNCATE journals let readers hold writers up.
READ_ROWS_MAX = 1000

# A long history is read by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__

_SELECT = f'SELECT {COLUMNS}, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n'  # noqa: S608 -- our own columns
_TIP = (
    'SELECT e.n, e.seq, e.hash, e.id, e.counter, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n '
    "WHERE e.branch = ? ORDER BY e.seq DESC LIMIT 1"
)


class Holdings:
    """What one installation holds. A log without an account reads as empty, unless a method says otherwise."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self.connection = connection
        self.path = path
        self._reader: Reader | None = None

    # Whose log it is

    @property
    def is_born(self) -> bool:
        """Whether there is an account; the first append makes one."""
        return self._load_reader() is not None

    @property
    def user(self) -> bytes:
        return self.state().user

    @property
    def device(self) -> bytes:
        return self.state().device

    @property
    def epoch(self) -> int:
        """The epoch of the newest own event."""
        return self.reader.branch(self.state().branch).epoch

    @property
    def reader(self) -> Reader:
        """Turns this log's rows into events. Raises NotFound before the first append."""
        reader = self._load_reader()
        if reader is None:
            raise NotFound("nothing is recorded here yet", code="no_log", remedy='begin with `mp goal "..."`')
        return reader

    def state(self) -> State:
        """Where this replica stands. Raises NotFound before the first append."""
        self.reader  # noqa: B018 -- says that there is no account, where there is no table to ask
        with reading(self.path):
            row = self.connection.execute(
                "SELECT user, device, branch, mark, fresh_epoch, incarnation, position, top, moves FROM replica"
            ).fetchone()
        return State(*row)

    def _load_reader(self) -> Reader | None:
        if self._reader is None:
            with reading(self.path):
                if schema.version_of(self.connection):
                    row = self.connection.execute("SELECT user FROM replica").fetchone()
                    self._reader = Reader(self.connection, row[0]) if row else None
        return self._reader

    # Events

    @property
    def count(self) -> int:
        """How many events are stored. Their numbers of arrival have no holes."""
        if not self.is_born:
            return 0
        with reading(self.path):
            last: int = self.connection.execute("SELECT coalesce(max(n), 0) FROM event").fetchone()[0]
        return last

    def since(self, n: int = 0) -> Iterator[Stored]:
        """Events that arrived after number `n`, in order of arrival."""
        while self.is_born:
            found = self._select("WHERE e.n > ? ORDER BY e.n LIMIT ?", (n, READ_ROWS_MAX))
            yield from found
            if len(found) < READ_ROWS_MAX:
                return
            n = found[-1].n

    def newest(self, limit: int) -> list[Stored]:
        """The last `limit` events to arrive, newest first."""
        if not self.is_born:
            return []
        return self._select("ORDER BY e.n DESC LIMIT ?", (limit,))

    def get(self, event_id: bytes) -> Stored | None:
        """The event of that id, the first to arrive where two have it; None if there is none."""
        found = self._select("WHERE e.id = ? ORDER BY e.n LIMIT 1", (event_id,)) if self.is_born else []
        return found[0] if found else None

    def numbered(self, numbers: Sequence[int]) -> list[Stored]:
        """The events of these numbers of arrival, in that order."""
        found: list[Stored] = []
        for start in range(0, len(numbers), READ_ROWS_MAX):
            some = sorted(set(numbers[start : start + READ_ROWS_MAX]))
            found += self._select(f"WHERE e.n IN ({', '.join('?' * len(some))}) ORDER BY e.n", tuple(some))
        return found

    def named(self, ids: Sequence[bytes]) -> list[Stored]:
        """The events of these ids, in order of arrival within every thousand of them."""
        found: list[Stored] = []
        for start in range(0, len(ids), READ_ROWS_MAX):
            some = tuple(ids[start : start + READ_ROWS_MAX])
            found += self._select(f"WHERE e.id IN ({', '.join('?' * len(some))}) ORDER BY e.n", some)
        return found

    def by_prefix(self, prefix: str) -> Stored:
        """The one event whose short name (the random part of its id, in base32) or whole id begins so.

        Raises NotFound, or Ambiguous naming the candidates.
        """
        if len(prefix) == ID_CHARACTERS:
            return self._by_whole_id(prefix)
        low, high = nonces(prefix)
        # The index alone holds the ids; it is read, not the events.
        clause = (
            "WHERE e.n IN (SELECT n FROM event INDEXED BY event_id WHERE substr(id, 7) BETWEEN ? AND ?) ORDER BY e.n"
        )
        found = self._select(f"{clause} LIMIT 10", (low, high)) if self.is_born else []
        if not found:
            raise NotFound(f"no entry is called {prefix!r}", remedy="`mp log` lists them")
        if len({stored.event.id for stored in found}) > 1:
            names = ", ".join(base32(stored.event.nonce)[: len(prefix) + 3] for stored in found)
            raise Ambiguous(f"{prefix!r} fits {names}", remedy="type one more character")
        return found[0]

    def control(self) -> list[Stored]:
        """The control events, in order of arrival."""
        return self._select("WHERE e.n IN (SELECT n FROM control) ORDER BY e.n", ()) if self.is_born else []

    def _select(self, clause: str, values: tuple[object, ...]) -> list[Stored]:
        with reading(self.path):
            rows = self.connection.execute(f"{_SELECT} {clause}", values).fetchall()
            events = self.reader.events([row[:-1] for row in rows])
            position = Positions(self.connection, self.state().incarnation).of
            return [
                _new(Stored, (row[0], event, row[-1] or event.hlc, position(row[1], event.seq), row[1]))
                for row, event in zip(rows, events, strict=True)
            ]

    def _by_whole_id(self, text: str) -> Stored:
        stored = self.get(whole_id(text))
        if stored is None:
            raise NotFound(f"no entry is called {text!r}", remedy="`mp log` lists them")
        return stored

    # Places

    def tip(self, branch: int) -> Tip | None:
        """The newest event of a branch."""
        row = self.connection.execute(_TIP, (branch,)).fetchone()
        if row is None:
            return None
        n, seq, hash_, id_, counter, at = row
        hlc = int.from_bytes(id_[:6], "big") << 16 | counter
        return Tip(n, seq, hash_, hlc, hlc if at is None else at)

    def leaves(self) -> list[Leaf]:
        """The newest event of every line of every device, sorted."""
        if not self.is_born:
            return []
        with reading(self.path):
            tips = [(branch, self.tip(branch.n)) for branch in self.reader.branches()]
        return sorted(Leaf(branch.device, branch.epoch, tip.seq, tip.hash) for branch, tip in tips if tip)

    def find(self, leaf: Leaf) -> tuple[int, int] | None:
        """(line, seq) of the event that has this place and hash; None where it is not stored."""
        with reading(self.path):
            for branch in self.reader.branches():
                if (branch.device, branch.epoch) != (leaf.device, leaf.epoch) or leaf.seq < branch.first_seq:
                    continue
                statement = "SELECT hash FROM event WHERE branch = ? AND seq = ?"
                found = self.connection.execute(statement, (branch.n, leaf.seq)).fetchone()
                if found is not None and found[0] == leaf.hash:
                    return branch.n, leaf.seq
        return None

    def places(self, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Number of arrival -> (line, seq)."""
        found: dict[int, tuple[int, int]] = {}
        with reading(self.path):
            for n in numbers:
                found[n] = self.connection.execute("SELECT branch, seq FROM event WHERE n = ?", (n,)).fetchone()
        return found

    # What changed

    def moved_since(self, move: int) -> list[Move]:
        """Events that changed after that count, each once, oldest change first: views look at their entities anew."""
        if not self.is_born:
            return []
        statement = (
            'SELECT m.move, m.n, e.id, m."at" FROM moved m JOIN event e ON e.n = m.n WHERE m.move > ? ORDER BY m.move'
        )
        with reading(self.path):
            return [Move(*row) for row in self.connection.execute(statement, (move,)).fetchall()]

    def history(self, n: int, move: int) -> bytes:
        """What names this log's past up to arrival `n` and move `move`: whoever folded that far compares it.

        A log put back from a backup may grow to the same numbers with another past.
        """
        with reading(self.path):
            event = self.connection.execute("SELECT hash FROM event WHERE n = ?", (n,)).fetchone()
            statement = "SELECT token FROM moving WHERE move >= ? ORDER BY move LIMIT 1"
            moving = self.connection.execute(statement, (move,)).fetchone() if move else None
        return (event[0] if event else b"") + (moving[0] if moving else b"")

    def erased(self) -> list[bytes]:
        """The ids of erased events, sorted."""
        if not self.is_born:
            return []
        with reading(self.path):
            return [id_ for (id_,) in self.connection.execute("SELECT id FROM erased ORDER BY id").fetchall()]

    def data_version(self) -> int:
        """A number that changes when another process has committed to this log."""
        with reading(self.path):
            version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    # What the server has

    def cursor(self) -> Cursor:
        """How far delivered events are stored here."""
        if not self.is_born:
            return Cursor(None, 0)
        state = self.state()
        if state.incarnation is None:
            return Cursor(None, 0)
        with reading(self.path):
            found = self.connection.execute("SELECT id FROM incarnation WHERE n = ?", (state.incarnation,)).fetchone()
        return Cursor(found[0], state.position)

    def unsent_count(self) -> int:
        """Own events under no receipt of the server's present incarnation.

        Costs a look-up a branch, whatever the history.
        """
        if not self.is_born:
            return 0
        state = self.state()
        with reading(self.path):
            own = [branch for branch in self.reader.branches() if branch.device == state.device]
            return sum(self._unsent_in(branch, state.incarnation) for branch in own)

    def _unsent_in(self, branch: Branch, incarnation: int | None) -> int:
        tip = self.tip(branch.n)
        return tip.seq - self.received_seq(incarnation, branch) if tip else 0

    def received_seq(self, incarnation: int | None, branch: Branch) -> int:
        """The last seq of a branch that this incarnation has receipted; what it has is a prefix of every branch."""
        statement = "SELECT last_seq FROM receipt WHERE incarnation = ? AND branch = ? ORDER BY first_seq DESC LIMIT 1"
        found = self.connection.execute(statement, (incarnation, branch.n)).fetchone()
        return found[0] if found else branch.first_seq - 1

    # Settings

    def setting(self, name: str) -> bytes | None:
        """A setting of this replica (the server's address, its pinned key, ...), or None."""
        if not self.is_born:
            return None
        with reading(self.path):
            found = self.connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None
