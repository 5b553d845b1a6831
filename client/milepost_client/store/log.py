"""The local log: append, durably, to what this installation holds (log.md).

One transaction an append, durable before it returns; a process that dies at any instruction leaves either no event or
a whole one. What can be asked of a log is in `holdings`; what others write arrives through `replica`. Standard library
and the light half of `milepost` only: this is the hot path of every daily word, so keys and their library are imported
when an account is made, not before.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from milepost.clock import stamp, tick
from milepost.errors import NotFound, StorageError
from milepost.event import NONCE_BYTES, SALT_BYTES, ZERO, Event, Part, make
from milepost.light import TYPE_CHECKING
from milepost_client.device.door import knock
from milepost_client.device.home import Home, make_file
from milepost_client.device.installation import Installation, here
from milepost_client.device.world import World
from milepost_client.store import schema
from milepost_client.store.control import ERASED, is_control
from milepost_client.store.drafts import Birth, Draft, Follower
from milepost_client.store.engine import sqlite3
from milepost_client.store.failpoint import failpoint
from milepost_client.store.holdings import Holdings
from milepost_client.store.rows import INSERT, Branch, Row, row_of
from milepost_client.store.storage import connect, reading, writing
from milepost_client.store.stored import State, Tip

if TYPE_CHECKING:
    from milepost_client.device.secrets import Secrets

# One transaction may append any number of events; so many at a time are held in memory.
APPEND_ROWS_MAX = 1000
TOKEN_BYTES = 8
REPAIRED = "this log was repaired"

_RANDOM_BYTES = NONCE_BYTES + 2 * SALT_BYTES


class Log(Holdings):
    """The log of one installation. Bound to one thread at a time.

    `notices` are sentences (code, text) that an append gave rise to; whoever appends shows them.
    """

    def __init__(
        self, connection: sqlite3.Connection, world: World, secrets: "Callable[[], Secrets]", installation: Installation
    ) -> None:
        """A log over an open connection, without tables yet where it is new; `open` is what commands use."""
        super().__init__(connection, installation.path or "the log")
        self.world = world
        self.installation = installation
        self.notices: list[tuple[str, str]] = []
        self._secrets = secrets
        self._inode = installation.inode()
        self._unmade: Home | None = None
        self._door: str | None = None

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
        log._door = home.sync_lock
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

    @property
    def mark(self) -> bytes:
        """The mark of this copy on this machine, as it is now."""
        return self.installation.mark()

    @property
    def secrets(self) -> "Secrets":
        """Where this installation keeps its secrets."""
        return self._secrets()

    # Append

    def append(self, drafts: Sequence[Draft | Follower]) -> list[Event]:
        """Append entries, durably, and return them with their places. All or none.

        The first append makes the account. Raises LimitExceeded over a limit of the format, StorageError when the disk
        refuses; nothing is written then.
        """
        with self.transaction(create=True):
            if not self.is_born:
                self._bear(self._new_account())
            events = self.write(drafts)
        self._knock()
        return events

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
        self._knock()
        return first

    def begin(self, birth: Birth, settings: Iterable[tuple[str, bytes]] = ()) -> list[Event]:
        """Begin this log with an account that exists already (pairing, recovery). Raises StorageError if it has one."""
        with self.transaction(create=True):
            if self.is_born:
                raise StorageError(f"{self.path} has an account already", remedy="use another MILEPOST_HOME")
            events = self._bear(birth)
            self.connection.executemany("INSERT INTO setting VALUES (?, ?)", settings)
            return events

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

    def _knock(self) -> None:
        """Have a running watch send what was appended."""
        if self._door is not None:
            knock(self._door)

    # What is noted beside events

    def set_settings(self, settings: Iterable[tuple[str, bytes]]) -> None:
        """Keep settings, durably; all or none. What stands so already is not written: a watch wakes at each commit."""
        changed = [(name, value) for name, value in settings if self.setting(name) != value]
        if not changed:
            return
        with self.transaction():
            self.connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", changed)

    def want_epoch(self, reason: str) -> None:
        """Have the next append begin a new epoch: this copy turned out to be behind, forked or one of two."""
        with self.transaction():
            self.connection.execute("UPDATE replica SET fresh_epoch = coalesce(fresh_epoch, ?)", (reason,))

    def claim(self, installation: Installation) -> None:
        """Say that the file was moved here on purpose: it is no copy, and its epoch goes on."""
        with self.transaction():
            self.connection.execute("UPDATE replica SET mark = ?", (installation.mark(),))

    # Transactions

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

    # How it is born

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
