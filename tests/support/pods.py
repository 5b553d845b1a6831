"""A cohort with one pod, as rows: for tests that are about its members and not about how it came to be."""

from tests.support.histories import some_id
from tests.support.stores import MemoryStore

COHORT, POD = some_id("cohort", 0), some_id("pod", 0)
_STREAM = 1_000_000


def form(store: MemoryStore, user: bytes) -> None:
    """Offer `user` a place in the pod."""
    execute = store.connection.execute
    execute(
        "INSERT OR IGNORE INTO cohort VALUES (?, ?, 'Spring', '2026-01-01', '2026-12-31', 'Europe/Berlin', x'00', 0)",
        (_STREAM, COHORT),
    )
    execute("INSERT OR IGNORE INTO pod VALUES (?, ?, 'Harbour', 5, 0)", (_STREAM, POD))
    execute("INSERT OR IGNORE INTO placement VALUES (?, ?, ?, NULL)", (_STREAM, user, POD))
