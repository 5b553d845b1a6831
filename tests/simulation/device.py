"""A device: the client's own log, replica, session and machine, over SQLite in memory.

Real: everything in `milepost_client` from `Session` down, and SQLite. Not real: files, processes, the socket, the clock
and chance, which all come from the run.
"""

import sqlite3
from collections.abc import Iterable
from random import Random
from typing import ClassVar

from milepost.catalogue import encode
from milepost.chain import Batch, head_bytes
from milepost.event import Event
from milepost.ids import base32, base64url
from milepost.keys import Identity, enrol, wrap_info
from milepost.sync.effects import Close, Send
from milepost_client.device.installation import Installation
from milepost_client.device.secrets import DEVICE, MemorySecrets, recovery_secret
from milepost_client.device.world import World
from milepost_client.store import account
from milepost_client.store.drafts import Birth, Draft
from milepost_client.store.log import Log
from milepost_client.store.replica import Replica
from milepost_client.store.storage import connect
from milepost_client.store.trusted import trusted
from milepost_client.sync.session import Peer, Session
from milepost_client.views.views import Views
from tests.simulation.network import Wire
from tests.support.sealed_wrap import wrap

CANARY = "canary"
DAY_MS = 86_400_000


class Marked(Installation):
    """An installation whose mark the run decides: a copied folder gets another one, mostly."""

    marks: ClassVar[dict[str, bytes]] = {}

    def mark(self) -> bytes:
        return self.marks[self.name]


class Backup:
    """A copy of a device's folder at one moment."""

    def __init__(self, database: bytes, acknowledged: int) -> None:
        self.database = database
        self.acknowledged = acknowledged


class Device:
    """One installation of one member."""

    def __init__(self, name: str, seed: int, now_ms: "Clock") -> None:
        self.name = name
        self.clock = now_ms
        self.random = Random(f"{seed}/{name}")
        self.skew_ms = 0
        self.marks = 0
        self.secrets = MemorySecrets()
        self.connection = connect(":memory:")
        self.installation = Marked("", name)
        Marked.marks[name] = self._mark()
        self.world = World(self.now_ms, self.random.randbytes, lambda: 60)
        self.log = self._log()
        self._view_data = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._views: Views | None = None
        self.session: Session | None = None
        self.wire: Wire | None = None
        self.backup: Backup | None = None
        #: Hashes of events whose append reported success, in order.
        self.acknowledged: list[bytes] = []
        #: Of those, the ones a restored backup took away, for the user did that.
        self.given_up: set[bytes] = set()
        self.goals: list[str] = []
        self.crashes = 0

    def now_ms(self) -> int:
        return max(self.clock.now_ms + self.skew_ms, 0)

    def _mark(self) -> bytes:
        self.marks += 1
        return f"{self.name}/{self.marks}".encode().ljust(16, b".")[:16]

    def _log(self) -> Log:
        return Log(self.connection, self.world, lambda: self.secrets, self.installation)

    @property
    def views(self) -> Views:
        """Its views, folded as far as they were when last asked. They outlive crashes, and a restored log."""
        if self._views is None or self._views.log is not self.log:
            self._views = Views(self._view_data, self.log, "the views")
        return self._views

    # Its first day

    def be_first(self) -> None:
        """Make an account, as the first append of a member does."""
        self.log.begin(account.create(self.world, self.secrets, self.installation, wrap=wrap))
        self._note(stored.event for stored in self.log.since())

    def join(self, first: "Device") -> None:
        """Be paired by another device of the member."""
        seeds = self.random.randbytes(64)
        self.secrets.put(DEVICE, seeds)
        keys = account.device_keys_of(seeds)
        identity = self._identity(first)
        signer = account.device_keys(first.secrets).signing
        enrolment = enrol(keys, identity.signing.public, identity.recovery.public, first.log.device, signer)
        user_key = first.user_key()
        info = wrap_info(first.log.user, user_key[0])
        wraps = {base64url(keys.device): wrap(user_key[1], keys.agreement.public, info)}
        first.append_drafts([account.issued(first.world, user_key[0], wraps)])
        draft = account.enrolled(self.world, enrolment, self.name)
        self.log.begin(Birth(first.log.user, keys.device, (draft,)))
        # The old device hands over how its own enrolment reaches the identity.
        root = next(first.log.since()).event
        Replica(self.log, lambda _trust: {}).put_in(Batch((root,), signer.sign(head_bytes(root))))
        self._note(stored.event for stored in self.log.since() if stored.event.device == keys.device)

    def user_key(self) -> tuple[bytes, bytes]:
        """(kid, key) of the newest user key this device can open."""
        keys = account.device_keys(self.secrets)
        found = trusted(self.log).user_keys(keys.device, keys.agreement)
        return next(iter(found.items()))

    @staticmethod
    def _identity(first: "Device") -> Identity:
        secret = recovery_secret(first.secrets)
        assert secret is not None
        return Identity.from_secret(secret)

    # What its member does

    def append(self, a: int, b: int) -> None:
        """One command: an entry or a few."""
        drafts = [self._draft(a + number, b) for number in range(1 + b % 3)]
        if a % 23 == 0:
            drafts = [self._draft(number, b) for number in range(40)]
        self.append_drafts(drafts)

    def append_drafts(self, drafts: list[Draft]) -> None:
        self._note(self.log.append(drafts))
        if self.session is not None and self.wire is not None and self.session.is_open:
            self._send(self.session.appended())

    def _draft(self, a: int, b: int) -> Draft:
        on = self.clock.now_ms // DAY_MS - b % 40
        kind = a % 6
        if kind == 0 or not self.goals:
            goal = base32(self.random.randbytes(10))
            self.goals.append(goal)
            encoded = encode("goal.set", self._goal(goal))
        elif kind == 1:
            encoded = encode("goal.closed", {"goal": self.goals[b % len(self.goals)], "result": "done"})
        elif kind == 2:
            values = {"skill": self.goals[b % len(self.goals)], "rating": 1 + b % 5, "basis": "self", "note": CANARY}
            encoded = encode("skill.rated", values)
        elif kind == 3:
            encoded = encode("win.celebrated", {"text": f"{CANARY} {a}"})
        elif kind == 4:
            encoded = encode("time.spent", {"minutes": 1 + b % 90})
        else:
            return self._retraction(b, on)
        return Draft(encoded.type, encoded.version, on, 60, encoded.facts, encoded.private)

    def _goal(self, goal: str) -> dict[str, object]:
        return {"goal": goal, "learning": True, "visible": False, "has_test": False, "text": CANARY}

    def _retraction(self, b: int, on: int) -> Draft:
        """Take back any entry this device can see, another device's and other retractions included."""
        newest = self.log.newest(12)
        target = newest[b % len(newest)].event
        encoded = encode("entry.retracted", {"target": base32(target.id), "reason": "mistake"})
        return Draft(encoded.type, encoded.version, on, 60, encoded.facts, encoded.private)

    def _note(self, events: Iterable[Event]) -> None:
        self.acknowledged += [event.hash for event in events]

    # Its connection

    def connect(self, wire: Wire, server_key: bytes) -> None:
        keys = account.device_keys(self.secrets)
        self.session = Session(self.log, keys, Peer("sim", server_key), wrap=wrap)
        self.wire = wire

    def take(self) -> None:
        """Read one frame off the wire."""
        if self.session is None or self.wire is None or not self.wire.down:
            return
        self._send(self.session.feed(self.wire.down.popleft()))

    def _send(self, answers: list[Send | Close]) -> None:
        assert self.wire is not None
        for answer in answers:
            match answer:
                case Send(frame):
                    self.wire.up.append(frame)
                case Close():
                    self.hang_up()
                    return

    def hang_up(self) -> None:
        if self.wire is not None:
            self.wire.is_open = False
        self.session = self.wire = None

    # What befalls it

    def crash(self) -> None:
        """Power off and on: what was committed is there, nothing else."""
        self.crashes += 1
        if self.wire is not None:
            self.wire.cut()
        self.session = self.wire = None
        if self.connection.in_transaction:
            self.connection.rollback()
        self.log = self._log()

    def back_up(self) -> None:
        self.backup = Backup(self.connection.serialize(), len(self.acknowledged))

    def restore(self, *, is_noticed: bool) -> None:
        """Put the backup back. `is_noticed`: the file's mark no longer fits; some copies keep even that."""
        if self.backup is None:
            return
        self.given_up.update(self.acknowledged[self.backup.acknowledged :])
        self.crash()
        self.connection.close()
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.connection.deserialize(self.backup.database)
        if is_noticed:
            Marked.marks[self.name] = self._mark()
        self.log = self._log()

    def has_receipt(self) -> bool:
        """Whether this device can prove to a server without data that it was a member."""
        return Replica(self.log, lambda _trust: {}).newest_receipt() is not None

    def hashes(self) -> dict[bytes, Event]:
        """Every event this device holds."""
        return {stored.event.hash: stored.event for stored in self.log.since()}


class Clock:
    """The run's own time, in Unix milliseconds."""

    def __init__(self) -> None:
        self.now_ms = 1_767_600_000_000
