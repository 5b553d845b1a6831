"""The local log: append, and read in order of arrival (log.md).

One transaction an append, durable before it returns; a process that dies at any instruction leaves either no event or
a whole one. What others write arrives through `milepost_client.store.replica`. Standard library and the light half of
`milepost` only: this is the hot path of every daily word, so keys and their library are imported when an account is
made, not before.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from milepost.chain import Leaf
from milepost.clock import Order, stamp, tick
from milepost.errors import Ambiguous, NotFound, StorageError
from milepost.event import NONCE_BYTES, SALT_BYTES, ZERO, Event, Part, make
from milepost.ids import base32, from_base32
from milepost.light import TYPE_CHECKING, NamedTuple
from milepost_client.device.home import Home, make_file
from milepost_client.device.installation import Installation, here
from milepost_client.device.world import World
from milepost_client.store import schema
from milepost_client.store.engine import sqlite3
from milepost_client.store.failpoint import failpoint
from milepost_client.store.rows import COLUMNS, INSERT, Branch, Reader, Row, row_of
from milepost_client.store.storage import connect, reading, writing

if TYPE_CHECKING:
    from milepost_client.device.secrets import Secrets

# A read that a writer waits for ends after so many rows: TRUNCATE journals let readers hold writers up.
READ_ROWS_MAX = 1000
# One transaction may append any number of events; so many at a time are held in memory.
APPEND_ROWS_MAX = 1000
TOKEN_BYTES = 8
PREFIX_MIN = 3

_RANDOM_BYTES = NONCE_BYTES + 2 * SALT_BYTES
_CONTROL_FAMILIES = ("device.", "key.", "consent.", "pod.")
ERASED = "entry.erased"
REPAIRED = "this log was repaired"

_SELECT = f'SELECT {COLUMNS}, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n'  # noqa: S608 -- our own columns
_TIP = (
    'SELECT e.n, e.seq, e.hash, e.id, e.counter, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n '
    "WHERE e.branch = ? ORDER BY e.seq DESC LIMIT 1"
)


class Draft(NamedTuple):
    """An entry before it has a place: texts as the catalogue encoded them; `on` is days since 1970-01-01."""

    type: str
    version: int
    on: int
    offset: int
    facts: bytes | None
    private: bytes | None


Follower = Callable[[bytes], Draft]
"""A later entry of the same command, made once the id of the first is known: it names that id in `with`."""


class Birth(NamedTuple):
    """What a log is born with: whose it is, and its first events."""

    user: bytes
    device: bytes
    drafts: tuple[Draft, ...]


class Stored(NamedTuple):
    """An event as this replica holds it.

    `n` is its number of arrival, `at` a clock value (log.md, Clock), `position` is None until it was received, and
    `line` is the branch it stands in, as `milepost.trust` counts them.
    """

    n: int
    event: Event
    at: int
    position: int | None
    line: int

    @property
    def order(self) -> Order:
        """The order key: the same on every replica that holds the same stamps."""
        return Order(self.at, self.event.device, self.event.epoch, self.event.seq, self.event.hash)


class Cursor(NamedTuple):
    """How far delivered events are stored; None, 0 before the first sync."""

    incarnation: bytes | None
    position: int


class Move(NamedTuple):
    """An event of which something changed since it arrived: its `at`, or a part that came or was erased.

    `move` counts up.
    """

    move: int
    n: int
    event_id: bytes
    at: int


class Tip(NamedTuple):
    """The newest event of a branch; `at` is a clock value."""

    n: int
    seq: int
    hash: bytes
    hlc: int
    at: int


class State(NamedTuple):
    """The row of `replica`, as `schema.py` explains it."""

    user: bytes
    device: bytes
    branch: int
    mark: bytes
    fresh_epoch: str | None
    incarnation: int | None
    position: int
    top: int
    moves: int


class Log:
    """The log of one installation. Bound to one thread at a time.

    `notices` are sentences (code, text) that an append gave rise to; whoever appends shows them.
    """

    def __init__(
        self, connection: sqlite3.Connection, world: World, secrets: "Callable[[], Secrets]", installation: Installation
    ) -> None:
        """A log over an open connection, without tables yet where it is new; `open` is what commands use."""
        self.connection = connection
        self.world = world
        self.installation = installation
        self.path = installation.path or "the log"
        self.notices: list[tuple[str, str]] = []
        self._secrets = secrets
        self._inode = installation.inode()
        self._unmade: Home | None = None
        self._reader: Reader | None = None

    @classmethod
    def open(cls, home: Home, world: World, *, create: bool = False, secrets: "Secrets | None" = None) -> "Log":
        """The log of `home`; its secrets are where this installation keeps them, or in `secrets`.

        Raises NotFound (`no_log`) where there is none, unless `create`: then the first append makes it, and until then
        it reads as empty and nothing is on the disk. Raises StorageError for a file that cannot be used.
        """
        if os.path.exists(home.paired):
            _finish_pairing(home)
        is_there = _is_made(home.log)
        if not is_there and not create:
            raise NotFound("nothing is recorded here yet", code="no_log", remedy='begin with `mp goal "..."`')
        log = cls(
            connect(home.log if is_there else ":memory:"), world, lambda: secrets or _secrets_of(home), here(home.log)
        )
        if not is_there:
            log._unmade = home
        try:
            with reading(log.path):
                schema.bring_up_to_date(log.connection, log.path)
        except StorageError:
            log.close()
            raise
        return log

    def close(self) -> None:
        """Let go of the file. A log that is closed cannot be used again."""
        self.connection.close()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
    def mark(self) -> bytes:
        """The mark of this copy on this machine, as it is now."""
        return self.installation.mark()

    @property
    def secrets(self) -> "Secrets":
        """Where this installation keeps its secrets."""
        return self._secrets()

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

    # Append

    def append(self, drafts: Sequence[Draft | Follower]) -> list[Event]:
        """Append entries, durably, and return them with their places. All or none.

        The first append makes the account. Raises LimitExceeded over a limit of the format, StorageError when the disk
        refuses; nothing is written then.
        """
        with self.transaction(create=True):
            if not self.is_born:
                self._bear(self._new_account())
            return self.write(drafts)

    def append_all(self, drafts: Iterable[Draft | Follower], *, known: int) -> bytes:
        """Append any number of entries as one command without holding them all; the id of the first, empty for none.

        All or none, as `append`. Raises StorageError when the log does not hold `known` events: the caller decided by
        those what to write.
        """
        rest = iter(drafts)
        # Before the transaction: where there is nothing to append, no account is made either.
        some = list(islice(rest, APPEND_ROWS_MAX))
        if not some:
            return b""
        with self.transaction(create=True):
            if self.count != known:
                raise StorageError("another command wrote in the meantime", remedy="nothing was written; run it again")
            if not self.is_born:
                self._bear(self._new_account())
            first = self.write(some)[0].id
            while some := list(islice(rest, APPEND_ROWS_MAX)):
                # `write` would have each portion follow its own first entry; all of them follow the very first.
                self.write([one if isinstance(one, Draft) else one(first) for one in some])
        return first

    def begin(self, birth: Birth, settings: Iterable[tuple[str, bytes]] = ()) -> list[Event]:
        """Begin this log with an account that exists already (pairing, recovery). Raises StorageError if it has one."""
        with self.transaction(create=True):
            if self.is_born:
                raise StorageError(f"{self.path} has an account already", remedy="use another MILEPOST_HOME")
            events = self._bear(birth)
            self.connection.executemany("INSERT INTO setting VALUES (?, ?)", settings)
            return events

    @contextmanager
    def transaction(self, *, create: bool = False) -> Iterator[None]:
        """One write transaction over this log; undone when the block raises."""
        if create and not self.is_born:
            self._make_file()
        was_born = self.is_born
        try:
            with writing(self.connection, self.path):
                self._check_file()
                yield
                failpoint("log.before_commit")
        except BaseException:
            # What was read in the undone transaction may name branches and kinds that are no more.
            self._reader = None
            raise
        failpoint("log.after_commit")
        if not was_born and self.is_born:
            self._settle_secrets()

    def want_epoch(self, reason: str) -> None:
        """Have the next append begin a new epoch: this copy turned out to be behind, forked or one of two."""
        with self.transaction():
            self.connection.execute("UPDATE replica SET fresh_epoch = coalesce(fresh_epoch, ?)", (reason,))

    def claim(self, installation: Installation) -> None:
        """Say that the file was moved here on purpose: it is no copy, and its epoch goes on."""
        with self.transaction():
            self.connection.execute("UPDATE replica SET mark = ?", (installation.mark(),))

    def _check_file(self) -> None:
        """Raise StorageError when the file is not the one that was opened: writing to a removed file loses it."""
        if self.installation.inode() != self._inode:
            raise StorageError(
                f"{self.path} was removed or replaced", remedy="nothing was written; run the command again"
            )

    def _make_file(self) -> None:
        """Go from an empty log in memory to a file, so that refused first words leave nothing behind."""
        home, self._unmade = self._unmade, None
        if home is None:
            return
        home.prepare()
        make_file(home.log)
        self.connection.close()
        self.connection = connect(home.log)
        self._inode = self.installation.inode()
        with reading(self.path):
            # Another process may have made the log since we looked.
            schema.bring_up_to_date(self.connection, self.path)

    def _new_account(self) -> Birth:
        from milepost_client.store import account

        return account.create(self.world, self.secrets, self.installation)

    def _bear(self, birth: Birth) -> list[Event]:
        """Make tables, replica row and first events, in the running transaction."""
        self.found(birth.user, birth.device)
        return self.write(birth.drafts)

    def found(self, user: bytes, device: bytes) -> None:
        """Make the tables and the replica row, and no event yet, inside a transaction that the caller holds."""
        if schema.version_of(self.connection) == 0:
            schema.create(self.connection)
        failpoint("log.tables_made")
        self.connection.execute(
            "INSERT INTO replica (one, user, device, mark) VALUES (1, ?, ?, ?)", (user, device, self.mark)
        )

    def _settle_secrets(self) -> None:
        from milepost_client.device.secrets import settle

        settle(self.secrets)

    def write(self, drafts: Sequence[Draft | Follower]) -> list[Event]:
        """What `append` does, inside a transaction that the caller holds."""
        state = self.state()
        branch, tip = self._line(state)
        events = list(self._continue(drafts, state, branch, tip))
        at = tip.at if tip else 0
        self.insert(branch.n, events, at)
        for event in events:
            if event.type == ERASED:
                from milepost_client.store.parts import erase

                erase(self, event)
        return events

    def _line(self, state: State) -> tuple[Branch, Tip | None]:
        """The branch to append to and its newest event: a new epoch where this copy has no right to the old one."""
        tip = self.tip(state.branch) if state.branch else None
        if state.branch and state.fresh_epoch is None and state.mark == self.mark:
            return self.reader.branch(state.branch), tip
        n = self.add_branch(state.device, _draw_epoch(self.world.random), 1, tip.n if tip else None)
        self.connection.execute("UPDATE replica SET branch = ?, mark = ?, fresh_epoch = NULL", (n, self.mark))
        if tip is not None:
            reason = state.fresh_epoch or "this log was copied, restored or moved since the last entry"
            # What a repair left behind it named; every other reason is harmless, and people should know.
            lost = "" if reason == REPAIRED else ", nothing is lost"
            self.notices.append(("NEW_EPOCH", f"{reason}; it goes on in an epoch of its own{lost}"))
        return self.reader.branch(n), tip

    def _continue(
        self, drafts: Sequence[Draft | Follower], state: State, branch: Branch, tip: Tip | None
    ) -> Iterator[Event]:
        now = self.world.now_ms()
        # One draw for all: a hundred thousand system calls would cost more than the hashing.
        random = self.world.random(_RANDOM_BYTES * len(drafts))
        hlc, prev = (tip.hlc, tip.hash) if tip else (0, ZERO)
        seq = tip.seq if tip and state.branch == branch.n else branch.first_seq - 1
        first: bytes = b""
        for number, entry in enumerate(drafts):
            draft = entry if isinstance(entry, Draft) else entry(first)
            chance = random[number * _RANDOM_BYTES : (number + 1) * _RANDOM_BYTES]
            hlc = tick(now, hlc, state.top)
            seq += 1
            event = make(
                user=state.user,
                device=state.device,
                epoch=branch.epoch,
                seq=seq,
                hlc=hlc,
                nonce=chance[:NONCE_BYTES],
                on=draft.on,
                offset=draft.offset,
                type=draft.type,
                version=draft.version,
                prev=prev,
                facts=_part(chance[NONCE_BYTES : NONCE_BYTES + SALT_BYTES], draft.facts),
                private=_part(chance[NONCE_BYTES + SALT_BYTES :], draft.private),
            )
            prev = event.hash
            first = first or event.id
            yield event

    # What append and replica share, inside a transaction

    def insert(self, branch: int, events: Sequence[Event], previous_at: int, received_at: int | None = None) -> int:
        """Insert events at the end of a branch, and return the `at` of the last.

        `received_at` (Unix ms) is that of the receipt they came with, None while they are unsent.
        """
        connection, reader = self.connection, self.reader
        n = 1 + (connection.execute("SELECT max(n) FROM event").fetchone()[0] or 0)
        kinds: dict[tuple[str, int], int] = {}
        rows: list[Row] = []
        control: list[tuple[int]] = []
        ahead: list[tuple[int, int]] = []
        at = previous_at
        for number, event in enumerate(events, n):
            kind = kinds.get((event.type, event.version))
            if kind is None:
                kind = kinds[event.type, event.version] = reader.kind_number(event.type, event.version)
            rows.append(row_of(number, branch, kind, event))
            if is_control(event.type):
                control.append((number,))
            at = stamp(event.hlc, at, received_at)
            if at != event.hlc:
                ahead.append((number, at))
        connection.executemany(INSERT, rows)
        failpoint("log.rows_inserted")
        if control:
            connection.executemany("INSERT INTO control VALUES (?)", control)
        if ahead:
            self.move(ahead)
        return at

    def move(self, moved: Sequence[tuple[int, int]]) -> None:
        """Note the `at` of events (n, at) where it is not, or no longer, their own clock value."""
        if not moved:
            return
        moves = self.state().moves
        rows = [(n, at, move) for move, (n, at) in enumerate(moved, moves + 1)]
        self.connection.executemany("INSERT OR REPLACE INTO moved VALUES (?, ?, ?)", rows)
        last = moves + len(rows)
        self.connection.execute("UPDATE replica SET moves = ?", (last,))
        self.connection.execute("INSERT INTO moving VALUES (?, ?)", (last, self.world.random(TOKEN_BYTES)))

    def add_branch(self, device: bytes, epoch: int, first_seq: int, parent: int | None) -> int:
        """A new branch that continues event number `parent`; returns its number."""
        statement = "INSERT INTO branch (device, epoch, first_seq, parent) VALUES (?, ?, ?, ?)"
        return self.connection.execute(statement, (device, epoch, first_seq, parent)).lastrowid or 0

    def tip(self, branch: int) -> Tip | None:
        """The newest event of a branch."""
        row = self.connection.execute(_TIP, (branch,)).fetchone()
        if row is None:
            return None
        n, seq, hash_, id_, counter, at = row
        hlc = int.from_bytes(id_[:6], "big") << 16 | counter
        return Tip(n, seq, hash_, hlc, hlc if at is None else at)

    # Read

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
        if len(prefix) == 26:
            return self._by_whole_id(prefix)
        if len(prefix) < PREFIX_MIN:
            raise NotFound(f"{prefix!r} is too short a name", remedy=f"type at least {PREFIX_MIN} characters")
        low, high = _nonces_from(prefix), _nonces_to(prefix)
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

    def control(self) -> list[Stored]:
        """The control events, in order of arrival."""
        return self._select("WHERE e.n IN (SELECT n FROM control) ORDER BY e.n", ()) if self.is_born else []

    def places(self, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Number of arrival -> (line, seq)."""
        found: dict[int, tuple[int, int]] = {}
        with reading(self.path):
            for n in numbers:
                found[n] = self.connection.execute("SELECT branch, seq FROM event WHERE n = ?", (n,)).fetchone()
        return found

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

    def erased(self) -> list[bytes]:
        """The ids of erased events, sorted."""
        if not self.is_born:
            return []
        with reading(self.path):
            return [id_ for (id_,) in self.connection.execute("SELECT id FROM erased ORDER BY id").fetchall()]

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

    def leaves(self) -> list[Leaf]:
        """The newest event of every line of every device, sorted."""
        if not self.is_born:
            return []
        with reading(self.path):
            tips = [(branch, self.tip(branch.n)) for branch in self.reader.branches()]
        return sorted(Leaf(branch.device, branch.epoch, tip.seq, tip.hash) for branch, tip in tips if tip)

    def setting(self, name: str) -> bytes | None:
        """A setting of this replica (the server's address, its pinned key, ...), or None."""
        if not self.is_born:
            return None
        with reading(self.path):
            found = self.connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def set_settings(self, settings: Iterable[tuple[str, bytes]]) -> None:
        """Keep settings, durably; all or none. What stands so already is not written: a watch wakes at each commit."""
        changed = [(name, value) for name, value in settings if self.setting(name) != value]
        if not changed:
            return
        with self.transaction():
            self.connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", changed)

    def data_version(self) -> int:
        """A number that changes when another process has committed to this log."""
        with reading(self.path):
            version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _select(self, clause: str, values: tuple[object, ...]) -> list[Stored]:
        with reading(self.path):
            rows = self.connection.execute(f"{_SELECT} {clause}", values).fetchall()
            events = self.reader.events(row[:-1] for row in rows)
            positions = _Positions(self.connection, self.state().incarnation)
            return [
                Stored(row[0], event, row[-1] or event.hlc, positions.of(row[1], event.seq), row[1])
                for row, event in zip(rows, events, strict=True)
            ]

    def _by_whole_id(self, text: str) -> Stored:
        try:
            stored = self.get(from_base32(text, 16))
        except ValueError as error:
            raise NotFound(str(error), remedy="`mp log` lists the entries") from None
        if stored is None:
            raise NotFound(f"no entry is called {text!r}", remedy="`mp log` lists them")
        return stored

    def _load_reader(self) -> Reader | None:
        if self._reader is None:
            with reading(self.path):
                if schema.version_of(self.connection):
                    row = self.connection.execute("SELECT user FROM replica").fetchone()
                    self._reader = Reader(self.connection, row[0]) if row else None
        return self._reader


class _Positions:
    """Positions from the receipts of one incarnation; neighbours in a batch cost one look-up together."""

    def __init__(self, connection: sqlite3.Connection, incarnation: int | None) -> None:
        self._connection = connection
        self._incarnation = incarnation
        self._ranges: dict[int, tuple[int, int, int]] = {}

    def of(self, branch: int, seq: int) -> int | None:
        """The position of an event, or None while it has no receipt of that incarnation."""
        if self._incarnation is None:
            return None
        first, last, position = self._ranges.get(branch, (0, -1, 0))
        if not first <= seq <= last:
            statement = """SELECT first_seq, last_seq, position FROM receipt
                WHERE incarnation = ? AND branch = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1"""
            found = self._connection.execute(statement, (self._incarnation, branch, seq)).fetchone()
            if found is None or seq > found[1]:
                return None
            first, last, position = self._ranges[branch] = found
        return position + seq - first


def is_control(type_: str) -> bool:
    """Whether a type is one of the control events, which the log layer itself reads (log.md)."""
    return type_.startswith(_CONTROL_FAMILIES) or type_ == ERASED


def _is_made(path: str) -> bool:
    """Whether a log is there. A crash while the first one was made leaves an empty file, which is none."""
    try:
        return os.stat(path).st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        from milepost_client.device.home import refused

        raise refused(path, error) from None


def _finish_pairing(home: Home) -> None:
    from milepost_client.device.swap import finish

    finish(home)


def _secrets_of(home: Home) -> "Secrets":
    from milepost_client.device.secrets import secrets_of

    return secrets_of(home)


def _draw_epoch(random: Callable[[int], bytes]) -> int:
    """A random epoch above zero: two copies that both begin anew must not meet."""
    return int.from_bytes(random(4), "big") or 1


def _part(salt: bytes, text: bytes | None) -> Part | None:
    return None if text is None else Part(salt, text)


def _nonces_from(prefix: str) -> bytes:
    return _nonce(prefix, "0")


def _nonces_to(prefix: str) -> bytes:
    return _nonce(prefix, "z")


def _nonce(prefix: str, fill: str) -> bytes:
    try:
        return from_base32(prefix.replace("-", "").ljust(16, fill), NONCE_BYTES)
    except ValueError as error:
        raise NotFound(str(error), remedy="`mp log` lists the entries") from None
