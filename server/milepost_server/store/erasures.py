"""Erasures as rows: an entry's are control's business (`control`), an account's are here, and what both leave to do.

    erasure          what the ledger has still to be told; the store does it before it commits
    erased_account   the accounts that were erased, and when; their stream row stays, so no device can heal one back

A table that is led by `stream`, or has a column `user`, is emptied of an account without being named here: what comes
into the store later cannot be forgotten. What else names a person is in `_forget_in_cohorts`.
"""

# ruff: noqa: S608 -- table names are those of the database itself; every value is bound

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from milepost.ids import base64url
from milepost_server import failpoint
from milepost_server.store import Connection, cohorts, events, streams, totals, work
from milepost_server.store.ledger import Erasure, Ledger

# The row itself says that the account is gone, and the marks keep its pods' weeks hidden.
_KEPT = frozenset({"pod_mark", "erased_account"})
_KEYED = ("event", "batch", "revocation", "naming")
# Read models carry their version in the name, and can be folded anew.
_READ_MODEL = re.compile(r"_v\d+")
# Facts of a cohort's events that say whom they are about. `actor` is left: who did it, by key, is the cohort's to know.
_ABOUT = ("member", "lead", "by")
_CLOSED_WEEK = b'{"closed":true}'
_ERASED_SINCE = "erased_since"
SWEEP_HOUR = 3


def note(connection: Connection, erasure: Erasure) -> None:
    """Have the ledger told before this transaction commits, and the file swept in the night after."""
    connection.execute("INSERT INTO erasure (account, event, at) VALUES (?, ?, ?)", erasure)
    connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (_ERASED_SINCE, erasure.at))


def tell(connection: Connection, ledger: Ledger) -> None:
    """Write down what this transaction erased. Raises OSError or StorageError: then it must not commit."""
    noted = [Erasure(*row) for row in connection.execute("SELECT account, event, at FROM erasure ORDER BY n")]
    if noted:
        failpoint.reach(failpoint.BEFORE_LEDGER)
        ledger.add(noted)
        failpoint.reach(failpoint.AFTER_LEDGER)
        connection.execute("DELETE FROM erasure")


def play_back(connection: Connection, ledger: Ledger) -> None:
    """Have data and ledger say the same: what either knows to be erased is erased in both. In an open transaction."""
    ledger.cut_torn_end()
    written = ledger.read()
    entries: dict[bytes, list[Erasure]] = {}
    for erasure in written:
        if erasure.event is None:
            erase_account(connection, erasure.user, erasure.at)
        else:
            entries.setdefault(erasure.user, []).append(erasure)
    for user, some in entries.items():
        _erase_entries(connection, user, some)
    connection.execute("DELETE FROM erasure")
    known = {each[:2] for each in written}
    missing = [each for each in _every(connection) if each[:2] not in known]
    if missing:
        ledger.add(missing)


def erase_account(connection: Connection, user: bytes, at: int) -> int:
    """Empty an account of everything, at a Unix ms; when it was erased, which for one that was is the first time.

    Works for an account that is not here as well: none of its devices can bring it back then.
    """
    stream = streams.open_stream(connection, user, streams.MEMBER)
    before = erased_at(connection, stream.n)
    if before is not None:
        return before
    helps = _requests(connection, stream)
    _hide_totals(connection, stream, max(at, stream.last_received_at + 1))
    _forget_in_cohorts(connection, user, helps)
    _empty(connection, stream)
    connection.execute("INSERT INTO erased_account VALUES (?, ?)", (stream.n, at))
    note(connection, Erasure(user, None, at))
    return at


def erased_at(connection: Connection, stream: int) -> int | None:
    """When an account was erased (Unix ms); None for one that was not."""
    row = connection.execute("SELECT at FROM erased_account WHERE stream = ?", (stream,)).fetchone()
    return int(row[0]) if row else None


def swept_by(at: int) -> int:
    """When the file has been swept of what was erased at a Unix ms: the next night, in UTC."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    night = moment.replace(hour=SWEEP_HOUR, minute=0, second=0, microsecond=0)
    if night <= moment:
        night += timedelta(days=1)
    return int(night.timestamp() * 1000)


def sweep_due(connection: Connection) -> int | None:
    """From when on the file is to be swept (Unix ms); None while nothing was erased since the last time."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_ERASED_SINCE,)).fetchone()
    return swept_by(int(row[0])) if row else None


def swept(connection: Connection) -> None:
    """The file holds nothing of what was erased before."""
    connection.execute("DELETE FROM meta WHERE name = ?", (_ERASED_SINCE,))


def _erase_entries(connection: Connection, user: bytes, erasures: Sequence[Erasure]) -> None:
    stream = streams.open_stream(connection, user, streams.MEMBER)
    if stream.state != streams.OPEN:
        return
    new = [each for each in erasures if each.event and events.erase(connection, stream.n, each.event)]
    if new:
        _fold_anew(connection, stream)
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (_ERASED_SINCE, new[0].at))


def _fold_anew(connection: Connection, stream: streams.Stream) -> None:
    """Read models of an older state hold what was erased. They are gone until the projector has been by."""
    for table in _tables(connection, "stream"):
        if _READ_MODEL.search(table) or table in ("checkpoint", "quarantine"):
            connection.execute(f"DELETE FROM {table} WHERE stream = ?", (stream.n,))
    work.mark(connection, stream.n, stream.head)


def _every(connection: Connection) -> Iterator[Erasure]:
    """All that is erased in the data. Of entries the time is not known; an account's is what its receipt says."""
    rows = connection.execute("SELECT s.stream_id, a.at FROM erased_account a JOIN stream s ON s.n = a.stream")
    yield from [Erasure(user, None, at) for user, at in rows]
    rows = connection.execute(
        "SELECT s.stream_id, e.id FROM erased e JOIN stream s ON s.n = e.stream WHERE s.kind = ?", (streams.MEMBER,)
    )
    yield from [Erasure(user, event, 0) for user, event in rows]


def _requests(connection: Connection, stream: streams.Stream) -> set[str]:
    """The requests for help that a member made."""
    rows = connection.execute(
        "SELECT facts FROM event WHERE key BETWEEN ? AND ? AND type = 'help.asked' AND facts IS NOT NULL",
        _range(stream.n),
    )
    return {str(facts["help"]) for (text,) in rows if "help" in (facts := _facts(text))}


def _hide_totals(connection: Connection, stream: streams.Stream, at: int) -> None:
    """Close this week of every pod the member was in, and empty what was added up before: it is hidden from now on."""
    pods = totals.marked_by(connection, stream.n) | cohorts.placements(connection, stream.stream_id)
    totals.mark(connection, stream.n, pods, at, erases=True)
    connection.executemany("UPDATE pod_total SET contents = ? WHERE pod = ?", [(_CLOSED_WEEK, pod) for pod in pods])


def _forget_in_cohorts(connection: Connection, user: bytes, helps: set[str]) -> None:
    """Erase what cohorts wrote about somebody: the names they were invited and placed under, answers to and by them."""
    for cohort in cohorts.cohorts(connection):
        stream = streams.get(connection, cohort.stream)
        used = _column(connection, "SELECT invite FROM invite WHERE stream = ? AND member = ?", cohort.stream, user)
        about = {name: {base64url(user)} for name in _ABOUT}
        for event in _events_about(connection, stream, {**about, "help": helps, "invite": used}):
            events.erase(connection, stream.n, event)
    # Not open again: an invite that nobody used would let somebody else in.
    connection.execute("UPDATE invite SET member = NULL, name = NULL, revoked = 1 WHERE member = ?", (user,))
    connection.execute("DELETE FROM answer WHERE by = ?", (user,))
    connection.executemany("DELETE FROM answer WHERE help = ?", [(help_id,) for help_id in helps])


def _events_about(connection: Connection, stream: streams.Stream, about: dict[str, set[str]]) -> Iterable[bytes]:
    """The ids of the events of a cohort whose facts name any of these."""
    rows = connection.execute(
        "SELECT id, facts FROM event WHERE key BETWEEN ? AND ? AND facts IS NOT NULL", _range(stream.n)
    )
    return [id_ for id_, text in rows if any(_facts(text).get(name) in ids for name, ids in about.items())]


def _empty(connection: Connection, stream: streams.Stream) -> None:
    # The state comes first: the guard lets events go from an erased stream alone.
    connection.execute(
        "UPDATE stream SET state = ?, head = 0, last_received_at = 0, last_control = 0 WHERE n = ?",
        (streams.ERASED, stream.n),
    )
    for table in _KEYED:
        connection.execute(f"DELETE FROM {table} WHERE key BETWEEN ? AND ?", _range(stream.n))
    connection.execute("DELETE FROM line WHERE device IN (SELECT n FROM device WHERE stream = ?)", (stream.n,))
    for table in _tables(connection, "stream"):
        if table not in _KEPT:
            connection.execute(f"DELETE FROM {table} WHERE stream = ?", (stream.n,))
    for table in _tables(connection, "user"):
        connection.execute(f"DELETE FROM {table} WHERE user = ?", (stream.stream_id,))


def _tables(connection: Connection, column: str) -> list[str]:
    rows = connection.execute(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = ?",
        (column,),
    )
    return [name for (name,) in rows]


def _column(connection: Connection, sql: str, *values: object) -> set[str]:
    return {value for (value,) in connection.execute(sql, values)}


def _facts(text: bytes) -> dict[str, object]:
    """The facts in a stored text; none for one that a broken client sent."""
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _range(stream: int) -> tuple[int, int]:
    return streams.key_of(stream, 0), streams.key_of(stream + 1, 0) - 1
