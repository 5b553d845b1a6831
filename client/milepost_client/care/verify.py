"""Verify: does every stored byte fit what was hashed and signed? It only reads (log.md, verify).

One line per device and epoch, with codes; damage ends with exit 2, what is only worth knowing with 1. `milepost
repair` is another command.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from struct import error as StructError
from typing import NamedTuple

from milepost.chain import Receipt, head_bytes
from milepost.errors import DataError
from milepost.event import ZERO, Event, hash_header, pack_header
from milepost.keys import verify as is_signed
from milepost.sealing import kid_in
from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.store.log import Log
from milepost_client.store.replica import Replica
from milepost_client.store.rows import Branch, Row
from milepost_client.store.settings import KEY_SETTING
from milepost_client.store.stored import Stored
from milepost_client.store.trusted import Trusted, trusted

DAMAGE = frozenset({"GAP", "CHAIN", "BADSIG", "TRUNCATED", "UNROOTED", "CORRUPT", "MISSING", "DRIFT"})
NOTICES = frozenset({"FORK", "LOCKED", "CLOCK", "ERASED", "RESTORED"})

# The first few of a kind say where to look; a damaged file may have a hundred thousand.
FINDINGS_OF_A_CODE_MAX = 3


class Finding(NamedTuple):
    """One thing found: a code of log.md and a sentence."""

    code: str
    sentence: str


class Line(NamedTuple):
    """One device and epoch.

    `received` of its `events` have a receipt of the present incarnation; `head` is the newest.
    """

    device: bytes
    epoch: int
    is_own: bool
    events: int
    received: int
    head: bytes
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> list[str]:
        """The codes found, each once, sorted."""
        return sorted({finding.code for finding in self.findings})


class Verdict(NamedTuple):
    """All lines, and what concerns the log as a whole. `checked` names what was looked at."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        """The codes found anywhere, each once, sorted."""
        here = {finding.code for finding in self.findings}
        return sorted(here.union(*(line.codes for line in self.lines)))

    @property
    def exit_code(self) -> int:
        """0 clean, 1 notices, 2 damage."""
        if DAMAGE.intersection(self.codes):
            return 2
        return 1 if self.codes else 0


class ServerSide(NamedTuple):
    """What a server says it holds: the set digest at a position of an incarnation."""

    incarnation: bytes
    position: int
    set_digest: bytes


def verify(
    home: Home,
    world: World,
    *,
    deep: bool = False,
    server: ServerSide | None = None,
    drift: Callable[[Log], Iterable[str]] | None = None,
) -> Verdict:
    """Check the log of `home`.

    `deep` checks signatures too. `server` is compared with what is here. `drift` compares the read models with ones
    built anew, and returns a sentence for each that differs. Raises NotFound where nothing is recorded; a file that
    cannot be read is a finding, not an exception.
    """
    try:
        with Log.open(home, world) as log:
            return verify_log(log, deep=deep, server=server, drift=drift)
    except DataError as error:
        return _unreadable(error)


def verify_log(
    log: Log,
    *,
    deep: bool = False,
    server: ServerSide | None = None,
    drift: Callable[[Log], Iterable[str]] | None = None,
) -> Verdict:
    """Check an open log; what `verify` does."""
    try:
        return _Verification(log, deep=deep).run(server, drift)
    except (DataError, sqlite3.Error) as error:
        return _unreadable(error)


def _unreadable(error: Exception) -> Verdict:
    return Verdict((), (Finding("CORRUPT", str(error)),), ("file",))


class _Verification:
    """One run over a log."""

    def __init__(self, log: Log, *, deep: bool) -> None:
        self._log = log
        self._deep = deep
        self._trust: Trusted = trusted(log)
        self._erased = frozenset(log.erased())
        self._replica = Replica(log, lambda _: {})

    def run(self, server: ServerSide | None, drift: Callable[[Log], Iterable[str]] | None) -> Verdict:
        checked = ["file", "chains", "parts", "trust", "heads"]
        findings = list(self._file())
        notes: dict[int, list[Finding]] = {branch.n: [] for branch in self._log.reader.branches()}
        counts: Counter[int] = Counter()
        for stored in self._log.since():
            counts[stored.line] += 1
            notes[stored.line] += self._event(stored)
        for branch in self._log.reader.branches():
            notes[branch.n] += self._branch(branch, counts[branch.n])
        if self._deep:
            checked.append("signatures")
            findings += self._receipts()
        if server is not None:
            checked.append("server")
            findings += self._compare(server)
        if drift is not None:
            checked.append("views")
            findings += [Finding("DRIFT", sentence) for sentence in drift(self._log)]
        return Verdict(tuple(self._lines(notes, counts)), tuple(findings), tuple(checked))

    def _lines(self, notes: Mapping[int, list[Finding]], counts: Mapping[int, int]) -> Iterator[Line]:
        """The branches of one device and epoch are one line to a reader."""
        state = self._log.state()
        grouped: dict[tuple[bytes, int], list[Branch]] = {}
        for branch in self._log.reader.branches():
            grouped.setdefault((branch.device, branch.epoch), []).append(branch)
        for (device, epoch), branches in grouped.items():
            received = sum(self._log.received_seq(state.incarnation, b) - b.first_seq + 1 for b in branches)
            tips = [tip for tip in (self._log.tip(branch.n) for branch in branches) if tip is not None]
            head = max(tips, key=lambda tip: tip.seq).hash if tips else ZERO
            found = [finding for branch in branches for finding in notes[branch.n]]
            if len(branches) > 1:
                found.append(Finding("FORK", f"two events stand at one place; {len(branches)} lines are kept"))
            events = sum(counts[branch.n] for branch in branches)
            yield Line(device, epoch, device == state.device, events, received, head, _first_few(found))

    # What is found

    def _file(self) -> Iterator[Finding]:
        """What SQLite itself sees wrong with its pages and indexes."""
        try:
            for (message,) in self._log.connection.execute("PRAGMA integrity_check(5)").fetchall():
                if message != "ok":
                    yield Finding("CORRUPT", f"the file is damaged: {message}")
        except sqlite3.Error as error:
            yield Finding("CORRUPT", f"the file is damaged: {error}")

    def _event(self, stored: Stored) -> Iterator[Finding]:
        event = stored.event
        name = f"seq {event.seq}"
        if not fits_hash(event):
            yield Finding("CORRUPT", f"{name} is not what was hashed: it, or the event before it, was changed")
        if event.id in self._erased:
            yield Finding("ERASED", f"{name} was erased")
        elif _lacks_part(event):
            yield Finding("MISSING", f"{name} lacks a part that was not erased")
        if stored.at < event.hlc:
            # Held at five minutes after its receipt. Not only at the end of a batch: the clock may be right by then.
            yield Finding("CLOCK", f"the clock of the device was ahead at {name}")
        if event.sealed is not None:
            yield Finding("LOCKED", f"{name} is sealed under key {kid_in(event.sealed).hex()[:8]}, which is not here")

    def _branch(self, branch: Branch, count: int) -> Iterator[Finding]:
        yield from self._gaps(branch, count)
        if branch.parent_n is None and branch.first_seq > 1:
            yield Finding("CHAIN", f"seq {branch.first_seq} continues nothing")
        if branch.parent_n is not None and branch.parent == ZERO:
            yield Finding("CHAIN", f"what seq {branch.first_seq} continues is gone")
        if branch.device not in self._trust.enrolments:
            yield Finding("UNROOTED", f"the enrolment of device {branch.device.hex()[:8]} does not reach the identity")
        yield from self._heads(branch)
        yield from self._stamps(branch)

    def _gaps(self, branch: Branch, count: int) -> Iterator[Finding]:
        tip = self._log.tip(branch.n)
        last = tip.seq if tip else branch.first_seq - 1
        if count != last - branch.first_seq + 1:
            yield Finding("GAP", f"{last - branch.first_seq + 1 - count} events before seq {last} are gone")
        beyond = self._one("SELECT max(last_seq) FROM batch WHERE branch = ?", branch.n)
        receipted = self._one("SELECT max(last_seq) FROM receipt WHERE branch = ?", branch.n)
        known = max(beyond or 0, receipted or 0)
        if known > last:
            yield Finding("GAP", f"events up to seq {known} were here; they end at seq {last}")

    def _heads(self, branch: Branch) -> Iterator[Finding]:
        """Every event but one's own unsent stands under a head, and every head is signed."""
        heads = self._rows("SELECT last_seq, signature FROM batch WHERE branch = ? ORDER BY last_seq", branch.n)
        covered = heads[-1][0] if heads else 0
        tip = self._log.tip(branch.n)
        is_bare = branch.device != self._log.device and tip is not None and covered < tip.seq
        if is_bare and tip is not None and not self._is_continued_under_a_head(tip.n):
            yield Finding("BADSIG", f"no head covers seq {tip.seq}")
        enrolment = self._trust.enrolments.get(branch.device)
        if not self._deep or enrolment is None:
            return
        for last_seq, signature in heads:
            event = self._at(branch, last_seq)
            if event is not None and not is_signed(enrolment.signing, signature, head_bytes(event)):
                yield Finding("BADSIG", f"the head at seq {last_seq} is not signed by the device")

    def _is_continued_under_a_head(self, n: int) -> bool:
        """Whether a branch that continues event `n` has a head: it covers everything before it."""
        children = [branch for branch in self._log.reader.branches() if branch.parent_n == n]
        statement = "SELECT max(last_seq) FROM batch WHERE branch = ?"
        return any(self._one(statement, child.n) is not None for child in children)

    def _stamps(self, branch: Branch) -> Iterator[Finding]:
        present = self._log.state().incarnation
        received = self._log.received_seq(present, branch)
        statement = "SELECT max(last_seq) FROM receipt WHERE branch = ? AND incarnation IS NOT ?"
        earlier = self._one(statement, branch.n, present)
        if earlier is not None and earlier > received:
            yield Finding("RESTORED", f"seq {earlier} has a receipt of the server's earlier data only; sync heals it")

    def _receipts(self) -> Iterator[Finding]:
        """Every receipt is signed by the server's key."""
        key = self._log.setting(KEY_SETTING)
        for receipt in self._replica.receipts():
            if key is None or not _is_given(receipt, key):
                yield Finding("BADSIG", f"the receipt for seq {receipt.last_seq} is not signed by the server's key")

    def _compare(self, server: ServerSide) -> Iterator[Finding]:
        cursor = self._log.cursor()
        if cursor.incarnation != server.incarnation:
            yield Finding("RESTORED", "the server's data are of another incarnation; sync heals it")
        elif server.position < cursor.position:
            sentence = f"the server shows position {server.position}, but gave receipts up to {cursor.position}"
            yield Finding("TRUNCATED", sentence)
        elif server.position == cursor.position and self._replica.set_digest_at(cursor.position) != server.set_digest:
            yield Finding("CORRUPT", f"server and device differ at position {cursor.position}")

    # Reading

    def _at(self, branch: Branch, seq: int) -> Event | None:
        found = self._rows("SELECT n FROM event WHERE branch = ? AND seq = ?", branch.n, seq)
        return self._log.numbered([found[0][0]])[0].event if found else None

    def _one(self, statement: str, *values: object) -> int | None:
        found: int | None = self._rows(statement, *values)[0][0]
        return found

    def _rows(self, statement: str, *values: object) -> list[Row]:
        return self._log.connection.execute(statement, values).fetchall()


def fits_hash(event: Event) -> bool:
    """Whether an event is what was hashed."""
    try:
        return hash_header(pack_header(event)) == event.hash
    except (StructError, UnicodeEncodeError):
        # A value that no header can hold was not what was hashed.
        return False


def _is_given(receipt: Receipt, key: bytes) -> bool:
    try:
        return is_signed(key, receipt.signature, receipt.signed)
    except StructError:
        # As above: nobody signed a number that no receipt can hold.
        return False


def _lacks_part(event: Event) -> bool:
    lacks_facts = event.facts is None and event.facts_commitment != ZERO
    lacks_text = event.private is None and event.sealed is None and event.private_commitment != ZERO
    return lacks_facts or lacks_text


def _first_few(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings of each code, and how many more there are."""
    kept: list[Finding] = []
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.code] += 1
        if counts[finding.code] <= FINDINGS_OF_A_CODE_MAX:
            kept.append(finding)
    more = [
        Finding(code, f"and {count - FINDINGS_OF_A_CODE_MAX} more")
        for code, count in counts.items()
        if count > FINDINGS_OF_A_CODE_MAX
    ]
    return (*kept, *more)
