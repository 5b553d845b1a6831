"""The tables of the SQLite store, as sqlite-utils migrations: a database of any earlier version is brought up to date.

Integer surrogates stand for stream, device and line; an event's key is `stream << 32 | position`, so one range of the
table is one stream in order. What follows from other columns is not stored: user and device come from the line, `prev`
from the line and seq, the facts commitment from the facts (until they are erased), `at` from the clock (where a stamp
did not move it).
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import sqlite_utils
from sqlite_utils import Migrations

from milepost.errors import StorageError

migrations = Migrations("milepost_server")

#: Adds the tables of read models; registered by whoever owns them, run after the tables here.
Hook = Callable[[sqlite_utils.Database], None]
_hooks: list[Hook] = []


def add_tables(hook: Hook) -> Hook:
    """Have `hook` create its tables (IF NOT EXISTS) whenever a store is opened. Usable as a decorator."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def migrate(database: sqlite_utils.Database) -> None:
    """Bring the tables up to date, then let the read models add theirs. Raises StorageError for a newer one's data."""
    if not {migration.name for migration in migrations.applied(database)} <= _declared():
        raise StorageError("these data were written by a newer Milepost", remedy="upgrade this server")
    migrations.apply(database)
    for hook in _hooks:
        hook(database)


@migrations()
def m001_streams(db: sqlite_utils.Database) -> None:
    """Streams, the devices that write them, and the unbranched lines of each device's log."""
    _run(
        db,
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE stream (
          n INTEGER PRIMARY KEY, stream_id BLOB NOT NULL UNIQUE,
          kind TEXT NOT NULL CHECK (kind IN ('member', 'cohort')),
          state TEXT NOT NULL CHECK (state IN ('open', 'erased')),
          head INTEGER NOT NULL, last_received_at INTEGER NOT NULL, last_control INTEGER NOT NULL
        );
        CREATE TABLE device (
          n INTEGER PRIMARY KEY, stream INTEGER NOT NULL, device BLOB NOT NULL, signing BLOB NOT NULL,
          enrolment TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0, last_seen INTEGER, mark BLOB, epoch INTEGER,
          UNIQUE (stream, device)
        );
        CREATE TABLE line (
          n INTEGER PRIMARY KEY, device INTEGER NOT NULL, epoch INTEGER NOT NULL, first_seq INTEGER NOT NULL,
          parent INTEGER, parent_seq INTEGER, last_seq INTEGER NOT NULL, last_hash BLOB NOT NULL,
          last_at INTEGER NOT NULL
        );
        CREATE INDEX line_place ON line (device, epoch);
        """,
    )


@migrations()
def m002_events(db: sqlite_utils.Database) -> None:
    """Events and batches. The guard refuses every change but the arrival and the erasure of a part."""
    _run(
        db,
        """
        CREATE TABLE event (
          key INTEGER PRIMARY KEY, line INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,
          counter INTEGER NOT NULL, at INTEGER, day INTEGER NOT NULL, "offset" INTEGER NOT NULL,
          type TEXT NOT NULL, version INTEGER NOT NULL,
          hash BLOB NOT NULL, facts_salt BLOB, facts BLOB, facts_commitment BLOB, private_commitment BLOB, sealed BLOB
        );
        CREATE UNIQUE INDEX event_place ON event (line, seq);
        CREATE INDEX event_id ON event (id);
        CREATE TABLE batch (
          key INTEGER PRIMARY KEY, line INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
          signature BLOB NOT NULL, received_at INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX batch_place ON batch (line, first_seq);
        CREATE TABLE erased (stream INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (stream, id)) WITHOUT ROWID;
        """,
    )
    db.execute(
        """CREATE TRIGGER event_guard BEFORE UPDATE OF
             key, line, seq, id, counter, at, day, "offset", type, version, hash, private_commitment ON event
           BEGIN SELECT RAISE(ABORT, 'an event never changes'); END"""
    )
    db.execute(
        """CREATE TRIGGER event_part_guard BEFORE UPDATE OF facts, facts_salt, sealed ON event
           WHEN (OLD.facts IS NOT NULL AND NEW.facts IS NOT NULL
               AND (OLD.facts, OLD.facts_salt) != (NEW.facts, NEW.facts_salt))
             OR (OLD.sealed IS NOT NULL AND NEW.sealed IS NOT NULL AND OLD.sealed != NEW.sealed)
           BEGIN SELECT RAISE(ABORT, 'a part never changes'); END"""
    )
    db.execute(
        "CREATE TRIGGER event_delete_guard BEFORE DELETE ON event "
        "BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END"
    )


@migrations()
def m003_control(db: sqlite_utils.Database) -> None:
    """What control events say, applied in the transaction that stores them. `key` is that event's."""
    _run(
        db,
        """
        CREATE TABLE revocation (
          key INTEGER NOT NULL, device BLOB NOT NULL, leaf INTEGER NOT NULL, epoch INTEGER, seq INTEGER, hash BLOB,
          PRIMARY KEY (key, leaf)
        ) WITHOUT ROWID;
        CREATE TABLE naming (key INTEGER NOT NULL, named BLOB NOT NULL, PRIMARY KEY (key, named)) WITHOUT ROWID;
        CREATE TABLE user_key (stream INTEGER NOT NULL, kid BLOB NOT NULL, key INTEGER NOT NULL,
          PRIMARY KEY (stream, kid)) WITHOUT ROWID;
        CREATE TABLE membership (
          key INTEGER PRIMARY KEY, stream INTEGER NOT NULL, pod TEXT NOT NULL, cohort TEXT NOT NULL,
          joined INTEGER NOT NULL, name TEXT, received_at INTEGER NOT NULL
        );
        CREATE INDEX membership_stream ON membership (stream);
        CREATE INDEX membership_pod ON membership (pod);
        CREATE TABLE consent (
          key INTEGER NOT NULL, family TEXT NOT NULL, stream INTEGER NOT NULL, granted INTEGER NOT NULL,
          id BLOB NOT NULL, scope TEXT NOT NULL, target TEXT NOT NULL, audience TEXT NOT NULL, until TEXT,
          withdrawals TEXT,
          received_at INTEGER NOT NULL, PRIMARY KEY (key, family)
        ) WITHOUT ROWID;
        CREATE INDEX consent_stream ON consent (stream);
        """,
    )


@migrations()
def m004_cohorts(db: sqlite_utils.Database) -> None:
    """What cohort events say, led by the cohort's stream."""
    _run(
        db,
        """
        CREATE TABLE cohort (
          stream INTEGER PRIMARY KEY, cohort TEXT NOT NULL, name TEXT NOT NULL, start TEXT NOT NULL,
          "end" TEXT NOT NULL, zone TEXT NOT NULL, root BLOB NOT NULL, closed INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX cohort_id ON cohort (cohort);
        CREATE TABLE pod (
          stream INTEGER NOT NULL, pod TEXT NOT NULL, name TEXT NOT NULL, capacity INTEGER NOT NULL,
          closed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (stream, pod)
        ) WITHOUT ROWID;
        CREATE INDEX pod_id ON pod (pod);
        CREATE TABLE lead (
          stream INTEGER NOT NULL, user BLOB NOT NULL, scope TEXT NOT NULL, target TEXT NOT NULL, start TEXT NOT NULL,
          "end" TEXT, PRIMARY KEY (stream, user, scope, target)
        ) WITHOUT ROWID;
        CREATE INDEX lead_user ON lead (user);
        CREATE TABLE invite (
          stream INTEGER NOT NULL, invite TEXT NOT NULL, secret_hash BLOB NOT NULL, role TEXT NOT NULL,
          scope TEXT NOT NULL, target TEXT NOT NULL, expires INTEGER NOT NULL, member BLOB,
          revoked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (stream, invite)
        ) WITHOUT ROWID;
        CREATE INDEX invite_secret ON invite (secret_hash);
        CREATE TABLE placement (
          stream INTEGER NOT NULL, user BLOB NOT NULL, pod TEXT NOT NULL, name TEXT, PRIMARY KEY (stream, user, pod)
        ) WITHOUT ROWID;
        CREATE INDEX placement_user ON placement (user);
        CREATE INDEX placement_pod ON placement (pod);
        CREATE TABLE skill_code (
          stream INTEGER NOT NULL, code TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (stream, code)
        ) WITHOUT ROWID;
        """,
    )


@migrations()
def m005_projections(db: sqlite_utils.Database) -> None:
    """Which projections there are, who is behind, how far each is, and what was set aside."""
    _run(
        db,
        """
        CREATE TABLE projection (
          name TEXT NOT NULL, version INTEGER NOT NULL,
          status TEXT NOT NULL CHECK (status IN ('building', 'live', 'retired')), PRIMARY KEY (name, version)
        ) WITHOUT ROWID;
        CREATE TABLE work (
          stream INTEGER NOT NULL, projection TEXT NOT NULL, version INTEGER NOT NULL, head INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (stream, projection, version)
        ) WITHOUT ROWID;
        CREATE INDEX work_due ON work (not_before);
        CREATE TABLE checkpoint (
          stream INTEGER NOT NULL, projection TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
          PRIMARY KEY (stream, projection, version)
        ) WITHOUT ROWID;
        CREATE TABLE quarantine (
          stream INTEGER NOT NULL, projection TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
          error TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (stream, projection, version)
        ) WITHOUT ROWID;
        """,
    )


@migrations()
def m006_access(db: sqlite_utils.Database) -> None:
    """Tokens for HTTP, as hashes, and the five-minute meeting places of pairing."""
    _run(
        db,
        """
        CREATE TABLE token (
          hash BLOB PRIMARY KEY, stream INTEGER NOT NULL, device BLOB NOT NULL, expires INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX token_expires ON token (expires);
        CREATE TABLE rendezvous (
          id TEXT NOT NULL, slot TEXT NOT NULL, blob BLOB NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (id, slot)
        ) WITHOUT ROWID;
        CREATE INDEX rendezvous_expires ON rendezvous (expires);
        """,
    )


@migrations()
def m009_totals(db: sqlite_utils.Database) -> None:
    """Pod totals as they were last added up, and the acts that close a pod's week, led by the stream that acted."""
    _run(
        db,
        """
        CREATE TABLE pod_mark (
          stream INTEGER NOT NULL, pod TEXT NOT NULL, at INTEGER NOT NULL, erases INTEGER NOT NULL,
          PRIMARY KEY (stream, pod, at)
        ) WITHOUT ROWID;
        CREATE INDEX pod_mark_pod ON pod_mark (pod, at);
        CREATE TABLE pod_total (
          stream INTEGER NOT NULL, pod TEXT NOT NULL, week TEXT NOT NULL, at INTEGER NOT NULL, contents BLOB NOT NULL,
          PRIMARY KEY (stream, pod, week)
        ) WITHOUT ROWID;
        """,
    )


@migrations()
def m010_releases(db: sqlite_utils.Database) -> None:
    """The figures that were published of each week. `raters` stays here: a next release compares its own with them."""
    _run(
        db,
        """
        CREATE TABLE release (
          stream INTEGER NOT NULL, week TEXT NOT NULL, at INTEGER NOT NULL, contents BLOB NOT NULL,
          raters BLOB NOT NULL,
          PRIMARY KEY (stream, week)
        ) WITHOUT ROWID;
        """,
    )


@migrations()
def m010_mornings(db: sqlite_utils.Database) -> None:
    """When the pods of each cohort were added up last."""
    _run(db, "CREATE TABLE morning (stream INTEGER PRIMARY KEY, at INTEGER NOT NULL)")


@migrations()
def m007_sessions(db: sqlite_utils.Database) -> None:
    """The sessions of pods, and what was answered to requests for help; led by the cohort's stream."""
    _run(
        db,
        """
        CREATE TABLE session (
          stream INTEGER NOT NULL, session TEXT NOT NULL, pod TEXT NOT NULL, start TEXT NOT NULL,
          minutes INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('scheduled', 'held', 'cancelled')),
          PRIMARY KEY (stream, session)
        ) WITHOUT ROWID;
        CREATE INDEX session_pod ON session (pod, start);
        CREATE TABLE answer (
          stream INTEGER NOT NULL, help TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL, by BLOB NOT NULL,
          at INTEGER NOT NULL, PRIMARY KEY (stream, help, n)
        ) WITHOUT ROWID;
        CREATE INDEX answer_help ON answer (help);
        """,
    )


@migrations()
def m011_signin(db: sqlite_utils.Database) -> None:
    """Links into the dashboard and the sessions they open; of code and cookie the hash alone."""
    _run(
        db,
        """
        CREATE TABLE web_link (hash BLOB PRIMARY KEY, user BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX web_link_expires ON web_link (expires);
        CREATE TABLE web_session (
          hash BLOB PRIMARY KEY, id TEXT NOT NULL, user BLOB NOT NULL, opened INTEGER NOT NULL, seen INTEGER NOT NULL,
          browser TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX web_session_user ON web_session (user);
        CREATE INDEX web_session_opened ON web_session (opened);
        """,
    )


@migrations()
def m008_audit(db: sqlite_utils.Database) -> None:
    """Who did what, and who looked at whom, chained by hash. Leads and invites get names."""
    _run(
        db,
        """
        CREATE TABLE audit (
          stream INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL,
          pod TEXT NOT NULL, about TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, n)
        ) WITHOUT ROWID;
        CREATE TABLE audit_about (
          stream INTEGER NOT NULL, n INTEGER NOT NULL, user BLOB NOT NULL, PRIMARY KEY (stream, n, user)
        ) WITHOUT ROWID;
        CREATE INDEX audit_about_user ON audit_about (user);
        ALTER TABLE lead ADD COLUMN name TEXT;
        ALTER TABLE invite ADD COLUMN name TEXT;
        """,
    )


@migrations()
def m012_erasures(db: sqlite_utils.Database) -> None:
    """Accounts that were erased, what the ledger is still to be told, and a guard that lets their events go."""
    _run(
        db,
        """
        CREATE TABLE erasure (n INTEGER PRIMARY KEY, account BLOB NOT NULL, event BLOB, at INTEGER NOT NULL);
        CREATE TABLE erased_account (stream INTEGER PRIMARY KEY, at INTEGER NOT NULL);
        DROP TRIGGER event_delete_guard
        """,
    )
    db.execute(
        "CREATE TRIGGER event_delete_guard BEFORE DELETE ON event "
        "WHEN (SELECT state FROM stream WHERE n = OLD.key >> 32) IS NOT 'erased' "
        "BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END"
    )


def _declared() -> set[str]:
    """The migrations of this build: what an empty database lacks."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return {migration.name for migration in migrations.pending(sqlite_utils.Database(empty))}


def _run(db: sqlite_utils.Database, script: str) -> None:
    # Statement by statement: `executescript` would commit the migration's own transaction first.
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)
