"""Parts of stored events that change after the event: one that comes late, and those that an erasure takes.

Header and hash stay as they are; that is all an UPDATE may do to an event (schema.py). In the caller's transaction.
"""

import json

from milepost.event import ZERO, Event
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost_client.store.control import ERASED
from milepost_client.store.log import Log
from milepost_client.store.rows import COLUMNS


def put(log: Log, n: int, event: Event) -> None:
    """Make the parts of event number `n` those of `event`, and note that it changed."""
    facts, private = event.facts, event.private
    log.connection.execute(
        """UPDATE event SET facts_salt = ?, facts = ?, facts_commitment = ?,
            private_salt = ?, private = ?, private_commitment = ?, sealed = ? WHERE n = ?""",
        (
            facts.salt if facts else None,
            facts.text if facts else None,
            None if facts or event.facts_commitment == ZERO else event.facts_commitment,
            private.salt if private else None,
            private.text if private else None,
            None if private or event.private_commitment == ZERO else event.private_commitment,
            None if private else event.sealed,
            n,
        ),
    )
    statement = 'SELECT e.id, e.counter, m."at" FROM event e LEFT JOIN moved m ON m.n = e.n WHERE e.n = ?'
    id_, counter, at = log.connection.execute(statement, (n,)).fetchone()
    log.move([(n, at or int.from_bytes(id_[:6], "big") << 16 | counter)])


def erase(log: Log, erasure: Event) -> None:
    """Take the parts of the event that an erasure names, here now or to come."""
    target = target_of(erasure)
    if target is None:
        return
    log.connection.execute("INSERT OR IGNORE INTO erased VALUES (?)", (target,))
    rows = log.connection.execute(f"SELECT {COLUMNS} FROM event e WHERE e.id = ?", (target,)).fetchall()  # noqa: S608
    for row, held in zip(rows, log.reader.events(rows), strict=True):
        if held.type != ERASED:
            put(log, row[0], bare(held))


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
