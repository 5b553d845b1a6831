"""A log made anew of the lines of an export: event for event, receipt for receipt, with the same views.

All or none, and checked as `milepost verify --deep` checks: a file that was tampered with leaves nothing behind. The
keys are not in the file. Where they lie in the home still, the device goes on in an epoch of its own; where they do
not, the log can be read and added to, and is sent nowhere.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, assert_never

import msgspec

from milepost.chain import Leaf, Receipt
from milepost.errors import BadSignature, ChainBroken, StorageError
from milepost.event import ZERO, Event
from milepost.ids import EVENT_ID_BYTES, base32, from_base32
from milepost.trust import enrolment_of
from milepost_client.care.verify import DAMAGE, verify_log
from milepost_client.device.secrets import DEVICE, NAMES, UNBORN
from milepost_client.exports.lines import (
    HASH_BYTES,
    NAME_BYTES,
    End,
    Erased,
    EventLine,
    Head,
    Incarnation,
    Line,
    Opening,
    ReceiptLine,
    event_of,
    named,
)
from milepost_client.store.account import device_keys_of
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from milepost_client.store.stamps import Segment, at_of, keep_receipt, restamp
from milepost_client.store.trusted import LINEAGE_SETTING

SIGNATURE_BYTES = 64
# What a log may show and still be sound enough to be written out and read back: a part that never came, a sponsor that
# did not.
_TOLERATED = frozenset({"MISSING", "UNROOTED"})
# Events go in by the hundred: one statement for many rows, and little in memory.
_RUN_MAX = 500


class Replayed(NamedTuple):
    """What was made: how many events, and whether this home has the keys to go on writing for the device."""

    events: int
    has_keys: bool


def replay(log: Log, lines: Iterable[Line]) -> Replayed:
    """Make the log that `lines` (of `jsonl.read`) tell, in a log that has no account yet.

    Raises StorageError where there is one, or where the home has another account's keys; ChainBroken or BadSignature
    for lines that do not verify.
    """
    if log.is_born:
        raise StorageError(
            f"{log.path} has an account already", remedy="set MILEPOST_HOME to a new folder, and import there"
        )
    with log.transaction(create=True):
        replaying = _Replaying(log)
        try:
            for line in lines:
                replaying.take(line)
            replaying.finish()
        except (ValueError, OverflowError) as error:
            # Names that are none, and numbers that no column holds.
            raise ChainBroken(f"not a line of a log: {error}") from None
        for finding in _damage(log):
            raise BadSignature(f"the file does not verify: {finding}", remedy="nothing was imported")
    return Replayed(replaying.events, replaying.has_keys)


def _damage(log: Log) -> Iterator[str]:
    """What is wrong with the log in the running transaction, as far as an export may not have it."""
    verdict = verify_log(log, deep=True)
    found = [*verdict.findings, *(finding for line in verdict.lines for finding in line.findings)]
    yield from (f"{each.code}, {each.sentence}" for each in found if each.code in DAMAGE - _TOLERATED)


def _checked_lineage(text: str) -> bytes:
    """The lineage as it is kept. Raises ChainBroken or BadSignature for what is no list of enrolments."""
    try:
        enrolments = msgspec.json.decode(text, type=list[dict[str, object]])
    except msgspec.DecodeError as error:
        raise ChainBroken(f"the lineage is no list of enrolments: {error}") from None
    for facts in enrolments:
        enrolment_of(facts)
    return text.encode("utf-8")


class _Replaying:
    """One replay, inside its transaction."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.events = 0
        self.has_keys = False
        self._user = b""
        self._opening: Opening | None = None
        self._lines: dict[int, int] = {}
        self._run: list[Event] = []
        self._run_line = 0
        self._receipts: list[Receipt] = []

    def take(self, line: Line) -> None:
        """Put one line in. Raises ChainBroken, or ValueError for names that are none."""
        match line:
            case Opening():
                self._open(line)
            case Incarnation():
                self._execute(
                    "INSERT INTO incarnation (id, key_id) VALUES (?, ?)",
                    named(line.id, NAME_BYTES),
                    named(line.key, NAME_BYTES),
                )
            case Erased():
                self._execute("INSERT INTO erased VALUES (?)", from_base32(line.id, EVENT_ID_BYTES))
            case EventLine():
                self._event(line)
            case Head():
                self._head(line)
            case ReceiptLine():
                self._receipts.append(self._receipt(line))
            case End():
                self._flush()
            case _:
                assert_never(line)

    def finish(self) -> None:
        """Receipts and stamps, and where the device goes on."""
        log, opening = self._log, self._opening
        if opening is None:
            raise ChainBroken("the file is empty")
        if opening.follows is not None:
            followed = named(opening.follows.incarnation, NAME_BYTES)
            statement = "UPDATE replica SET incarnation = (SELECT n FROM incarnation WHERE id = ?), position = ?"
            self._execute(statement, followed, opening.follows.position)
        for receipt in self._receipts:
            keep_receipt(log, self._incarnation(receipt), receipt, self._place(receipt)[0])
        for branch in log.reader.branches():
            tip = log.tip(branch.n)
            if tip is not None:
                restamp(log, [Segment(branch, branch.first_seq, tip.seq)])
        top = max((at_of(log, *self._place(receipt)) for receipt in self._receipts), default=0)
        statement = "UPDATE replica SET branch = ?, top = ?, fresh_epoch = ?"
        self._execute(statement, self._own_line(opening), top, "this log was read back from an export")

    # Lines

    def _open(self, line: Opening) -> None:
        self._opening = line
        self._user = named(line.user, NAME_BYTES)
        self._log.found(self._user, self._writer(named(line.device, NAME_BYTES)))
        settings = [] if line.lineage is None else [(LINEAGE_SETTING, _checked_lineage(line.lineage))]
        if line.server is not None:
            key = named(line.server.key, HASH_BYTES)
            settings += [(URL_SETTING, line.server.url.encode("utf-8")), (KEY_SETTING, key)]
        self._log.connection.executemany("INSERT INTO setting VALUES (?, ?)", settings)

    def _writer(self, device: bytes) -> bytes:
        """The device that goes on writing here: the one whose keys lie in this home, else the one of the file."""
        secrets = self._log.secrets
        for name in NAMES:
            # Of an account whose making was cut short, which must not become this one's.
            secrets.drop(name + UNBORN)
        seeds = secrets.get(DEVICE)
        self.has_keys = seeds is not None
        return device if seeds is None else device_keys_of(seeds).device

    def _own_line(self, opening: Opening) -> int:
        """The line to append to: the one that the file names, or the last one of the device whose keys are here."""
        device = self._log.device
        if device == named(opening.device, NAME_BYTES) and opening.line in self._lines:
            return self._lines[opening.line]
        own = [branch.n for branch in self._log.reader.branches() if branch.device == device]
        if not own:
            raise StorageError(
                "the keys in this home are of a device that the file does not know",
                remedy="set MILEPOST_HOME to a new folder, and import there",
            )
        return own[-1]

    def _event(self, line: EventLine) -> None:
        event = event_of(line, self._user)
        if line.line != self._run_line or len(self._run) >= _RUN_MAX:
            self._flush()
            self._run_line = line.line
        self._run.append(event)

    def _flush(self) -> None:
        """Put the events in that wait, which all stand in one line."""
        if not self._run:
            return
        first = self._run[0]
        branch = self._lines.get(self._run_line)
        if branch is None:
            branch = self._lines[self._run_line] = self._begin(first)
        tip = self._log.tip(branch)
        expected = (tip.seq + 1, tip.hash) if tip else (first.seq, first.prev)
        for event in self._run:
            if (event.seq, event.prev) != expected or event.device != first.device or event.epoch != first.epoch:
                raise ChainBroken(f"event {base32(event.id)} does not continue the one before it in its line")
            expected = (event.seq + 1, event.hash)
        self._log.insert(branch, self._run, tip.at if tip else 0)
        self.events += len(self._run)
        self._run = []

    def _begin(self, first: Event) -> int:
        """A new line of the log that `first` begins: one of its own, or one that continues another."""
        parent = None
        if first.prev != ZERO:
            statement = "SELECT e.n FROM event e JOIN branch b ON b.n = e.branch WHERE b.device = ? AND e.hash = ?"
            found = self._log.connection.execute(statement, (first.device, first.prev)).fetchone()
            if found is None:
                raise ChainBroken(f"what event {base32(first.id)} continues is not in the file before it")
            parent = found[0]
        return self._log.add_branch(first.device, first.epoch, first.seq, parent)

    def _head(self, line: Head) -> None:
        self._flush()
        branch = self._lines.get(line.line)
        if branch is None:
            raise ChainBroken(f"a head for line {line.line}, which has no events")
        signature = named(line.signature, SIGNATURE_BYTES)
        self._execute(
            "INSERT OR IGNORE INTO batch VALUES (?, ?, ?, ?)", branch, line.last_seq, line.first_seq, signature
        )

    # Receipts

    def _receipt(self, line: ReceiptLine) -> Receipt:
        return Receipt(
            named(line.key, NAME_BYTES),
            named(line.incarnation, NAME_BYTES),
            self._user,
            named(line.device, NAME_BYTES),
            line.epoch,
            line.first_seq,
            line.last_seq,
            named(line.last_hash, HASH_BYTES),
            line.first_position,
            line.received_at,
            named(line.signature, SIGNATURE_BYTES),
        )

    def _place(self, receipt: Receipt) -> tuple[int, int]:
        leaf = Leaf(receipt.device, receipt.epoch, receipt.last_seq, receipt.last_hash)
        place = self._log.find(leaf)
        if place is None:
            raise ChainBroken("a receipt for an event that is not in the file")
        return place

    def _incarnation(self, receipt: Receipt) -> int:
        statement = "SELECT n FROM incarnation WHERE id = ?"
        found = self._log.connection.execute(statement, (receipt.incarnation,)).fetchone()
        if found is None:
            raise ChainBroken("a receipt of server data that the file does not name")
        return int(found[0])

    def _execute(self, statement: str, *values: object) -> None:
        self._log.connection.execute(statement, values)
