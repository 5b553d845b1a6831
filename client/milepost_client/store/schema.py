"""The tables of the local log, their guards, and how an older file becomes a current one.

A new file is made with plain statements inside the caller's transaction, because it happens under the first word a
member types; an older file is brought up to date by `sqlite-utils` migrations (`milepost_client.store.migrations`),
which are imported only then. Ranges, not rows, carry signatures and stamps: an event costs one row and two index
entries.
"""

from milepost.errors import StorageError
from milepost_client.store.engine import sqlite3

SCHEMA_VERSION = 1
# "mile": tells `file` and other programs whose database this is.
APPLICATION_ID = 0x6D696C65

_TABLES = (
    # The one row of what this installation is and how far it is. `branch` is the line it appends to; `mark` binds it
    # to this copy on this machine; `fresh_epoch` says why the next append must begin an epoch; `moves` counts moved
    # stamps.
    """CREATE TABLE replica (
        one INTEGER PRIMARY KEY CHECK (one = 1), user BLOB NOT NULL, device BLOB NOT NULL, branch INTEGER NOT NULL
        DEFAULT 0, mark BLOB NOT NULL, fresh_epoch TEXT, incarnation INTEGER, position INTEGER NOT NULL DEFAULT 0,
        top INTEGER NOT NULL DEFAULT 0, moves INTEGER NOT NULL DEFAULT 0)""",
    # What does not change with every entry: the server's address and pinned key, the caches of its answers.
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    # One linear run of one device and epoch. A fork, or a new epoch, begins another that names the event it continues.
    """CREATE TABLE branch (
        n INTEGER PRIMARY KEY, device BLOB NOT NULL, epoch INTEGER NOT NULL, first_seq INTEGER NOT NULL,
        parent INTEGER)""",
    "CREATE TABLE kind (n INTEGER PRIMARY KEY, type TEXT NOT NULL, version INTEGER NOT NULL, UNIQUE (type, version))",
    # In order of arrival. The hash of seq - 1 in the branch is `prev`; a commitment is kept only where its part is
    # absent.
    """CREATE TABLE event (
        n INTEGER PRIMARY KEY, branch INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, counter INTEGER NOT
        NULL, "on" INTEGER NOT NULL, "offset" INTEGER NOT NULL, kind INTEGER NOT NULL, hash BLOB NOT NULL, facts_salt
        BLOB, facts BLOB, private_salt BLOB, private BLOB, sealed BLOB,
        facts_commitment BLOB, private_commitment BLOB)""",
    "CREATE UNIQUE INDEX event_place ON event (branch, seq)",
    "CREATE INDEX event_id ON event (id)",
    # Texts that wait for their key; few or none.
    "CREATE INDEX event_sealed ON event (substr(sealed, 1, 16)) WHERE sealed IS NOT NULL",
    # Control events are few and read at every sync; this spares an index over all kinds.
    "CREATE TABLE control (n INTEGER PRIMARY KEY)",
    "CREATE TABLE erased (id BLOB PRIMARY KEY) WITHOUT ROWID",
    # Where an event's `at` is not its own clock value. `move` counts, so that a view can ask what moved since it
    # looked.
    'CREATE TABLE moved (n INTEGER PRIMARY KEY, "at" INTEGER NOT NULL, move INTEGER NOT NULL)',
    "CREATE INDEX moved_move ON moved (move)",
    # A random name for each run of moves, by its last: a log that was put back and grew anew counts to the same number.
    "CREATE TABLE moving (move INTEGER PRIMARY KEY, token BLOB NOT NULL)",
    # The heads under which events came or went: the chain that ends at (branch, last_seq), back to first_seq.
    """CREATE TABLE batch (
        branch INTEGER NOT NULL, last_seq INTEGER NOT NULL, first_seq INTEGER NOT NULL, signature BLOB NOT NULL,
        PRIMARY KEY (branch, last_seq)) WITHOUT ROWID""",
    "CREATE TABLE incarnation (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, key_id BLOB NOT NULL)",
    # The part of a receipt that lies in one branch. `signature` is on the part that holds the receipt's last event, and
    # `receipt_seq` is where the receipt itself begins.
    """CREATE TABLE receipt (
        incarnation INTEGER NOT NULL, branch INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        position INTEGER NOT NULL, received_at INTEGER NOT NULL, receipt_seq INTEGER NOT NULL, signature BLOB,
        PRIMARY KEY (incarnation, branch, first_seq)) WITHOUT ROWID""",
)

_PART_CHANGES = """
    (NEW.facts IS OLD.facts AND NEW.facts_salt IS OLD.facts_salt
        OR OLD.facts IS NULL
        OR NEW.facts IS NULL AND NEW.facts_salt IS NULL AND EXISTS (SELECT 1 FROM erased WHERE id = OLD.id))
    AND (NEW.private IS OLD.private AND NEW.private_salt IS OLD.private_salt
        OR OLD.private IS NULL
        OR NEW.private IS NULL AND NEW.private_salt IS NULL AND EXISTS (SELECT 1 FROM erased WHERE id = OLD.id))"""


def _kept(table: str, words: str, *verbs: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_has_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{words} {verb.lower()}d'); END"
        for verb in verbs
    ]


_GUARDS = (
    # An event is final. What may still happen: a part arrives that was missing, or an erasure takes parts away.
    f"""CREATE TRIGGER event_is_final BEFORE UPDATE ON event WHEN NOT (
        NEW.n IS OLD.n AND NEW.branch IS OLD.branch AND NEW.seq IS OLD.seq AND NEW.id IS OLD.id
        AND NEW.counter IS OLD.counter AND NEW."on" IS OLD."on" AND NEW."offset" IS OLD."offset"
        AND NEW.kind IS OLD.kind AND NEW.hash IS OLD.hash AND {_PART_CHANGES})
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    *_kept("event", "events are never", "DELETE"),
    *_kept("branch", "branches are never", "UPDATE", "DELETE"),
    *_kept("receipt", "receipts are never", "UPDATE", "DELETE"),
    *_kept("erased", "erasures are never", "UPDATE", "DELETE"),
)

_VIEWS = (
    # For people and their tools: `sqlite3 log.db 'SELECT "on", type, json_extract(facts, "$.title") FROM entries'`.
    # `hlc` and `at` are clock values: Unix milliseconds * 65536 + a counter. `received` is 1 under a receipt of the
    # server's present incarnation.
    """CREATE VIEW entries AS SELECT
        e.n, lower(hex(e.id)) AS id, lower(hex(b.device)) AS device, b.epoch, e.seq, k.type, k.version,
        date(e."on" * 86400, 'unixepoch') AS "on", e."offset" AS offset_minutes,
        CAST(e.facts AS TEXT) AS facts, CAST(e.private AS TEXT) AS private, e.sealed IS NOT NULL AS sealed,
        m."at" AS moved_at,
        EXISTS (SELECT 1 FROM receipt r, replica WHERE r.incarnation = replica.incarnation AND r.branch = e.branch
            AND e.seq BETWEEN r.first_seq AND r.last_seq) AS received
    FROM event e JOIN branch b ON b.n = e.branch JOIN kind k ON k.n = e.kind LEFT JOIN moved m ON m.n = e.n""",
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, guards and views, inside the transaction that the caller has begun."""
    for statement in (*_TABLES, *_GUARDS, *_VIEWS):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a file; 0 when nothing was made in it yet."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def bring_up_to_date(connection: sqlite3.Connection, path: str) -> None:
    """Migrate an older file. Raises StorageError for a file that a newer Milepost wrote, and for another program's."""
    version = version_of(connection)
    if version == SCHEMA_VERSION or _is_empty(connection):
        return
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StorageError(f"{path} is another program's database", remedy="move it away, or set MILEPOST_HOME")
    if version > SCHEMA_VERSION:
        raise StorageError(
            f"{path} has schema {version}; this build knows up to {SCHEMA_VERSION}",
            remedy="upgrade milepost on this machine",
        )
    from milepost_client.store.migrations import migrate

    migrate(connection)


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was made in the file yet; a crash while the first log was made leaves it so."""
    count: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return count == 0
