"""Parts of stored events that change after the event: one that comes late, and those that an erasure takes.

Header and hash stay as they are; that is all an UPDATE may do to an event (schema.py). In the caller's transaction.
"""

import json
from collections.abc import Sequence

from milepost.event import ZERO, Event
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost_client.store.control import ERASED
from milepost_client.store.holdings import READ_ROWS_MAX
from milepost_client.store.log import Log
from milepost_client.store.rows import COLUMNS


def put(log: Log, changed: Sequence[tuple[int, Event]]) -> None:
    """Make the parts of events, by number, those given, and note that they changed."""
    log.connection.executemany(
        """UPDATE event SET facts_salt = ?, facts = ?, facts_commitment = ?,
            private_salt = ?, private = ?, private_commitment = ?, sealed = ? WHERE n = ?""",
        [(*_columns(event), n) for n, event in changed],
    )
    moved = _moved(log, [n for n, _ in changed])
    log.move([(n, moved.get(n, event.hlc)) for n, event in changed])


def _columns(event: Event) -> tuple[bytes | None, ...]:
    facts, private = event.facts, event.private
    return (
        facts.salt if facts else None,
        facts.text if facts else None,
        None if facts or event.facts_commitment == ZERO else event.facts_commitment,
        private.salt if private else None,
        private.text if private else None,
        None if private or event.private_commitment == ZERO else event.private_commitment,
        None if private else event.sealed,
    )


def _moved(log: Log, numbers: Sequence[int]) -> dict[int, int]:
    """The `at` of those events that have another than their own clock value."""
    found: dict[int, int] = {}
    for start in range(0, len(numbers), READ_ROWS_MAX):
        some = numbers[start : start + READ_ROWS_MAX]
        statement = f'SELECT n, "at" FROM moved WHERE n IN ({", ".join("?" * len(some))})'  # noqa: S608
        found.update(log.connection.execute(statement, some).fetchall())
    return found


def erase(log: Log, erasure: Event) -> None:
    """Take the parts of the event that an erasure names, here now or to come."""
    target = target_of(erasure)
    if target is None:
        return
    log.connection.execute("INSERT OR IGNORE INTO erased VALUES (?)", (target,))
    rows = log.connection.execute(f"SELECT {COLUMNS} FROM event e WHERE e.id = ?", (target,)).fetchall()  # noqa: S608
    events = zip(rows, log.reader.events(rows), strict=True)
    put(log, [(row[0], bare(held)) for row, held in events if held.type != ERASED])


def is_erased(log: Log, event_id: bytes) -> bool:
    """Whether an erasure names this event."""
    return log.connection.execute("SELECT 1 FROM erased WHERE id = ?", (event_id,)).fetchone() is not None


def bare(event: Event) -> Event:
    """The event without parts."""
    return event._replace(facts=None, private=None, sealed=None)


def target_of(erasure: Event) -> bytes | None:
    """The event id that an erasure names, or None where its facts are not of the frozen shape."""
    try:
        facts = json.loads(erasure.facts.text) if erasure.facts else None
        target = facts.get("target") if isinstance(facts, dict) else None
        return from_base32(target, EVENT_ID_BYTES) if isinstance(target, str) else None
    except (ValueError, RecursionError):
        return None
