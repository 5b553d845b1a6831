"""`verify`, `backup` and `doctor`: what an operator asks of the data without changing them.

They read through a connection of their own, so they work beside a running server.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from milepost.chain import check_run
from milepost.errors import DataError, StorageError, UsageError
from milepost.event import hash_header
from milepost.keys import verify as verify_signature
from milepost_server.cohort import audit
from milepost_server.config import SOFTWARE, Settings
from milepost_server.store import Connection, events, streams
from milepost_server.store.ledger import LEDGER, Ledger
from milepost_server.store.sqlite import DATABASE

READ_BATCHES = 8
# Older ones can corrupt a WAL that two connections reset at once; here one connection alone writes and checkpoints.
WAL_RESET_FIXED = (3, 51, 3)


class Finding(NamedTuple):
    """Something wrong with what is stored. `stream` is hexadecimal; empty when the file itself is at fault."""

    stream: str
    position: int
    code: str
    sentence: str


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises StorageError when there is no database."""
    if not path.exists():
        raise StorageError(f"there is no database in {path.parent}", remedy="name the folder with --data")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def verify(settings: Settings) -> Iterator[Finding]:
    """Check the file, then every batch of every stream (places, hashes, chain, its head's signature) and audit log."""
    yield from verify_file(settings.data / DATABASE)


def verify_file(path: Path) -> Iterator[Finding]:
    """`verify`, for a database wherever it lies."""
    with closing(read_only(path)) as connection:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield Finding("", 0, "CORRUPT", line)
        for (n,) in connection.execute("SELECT n FROM stream ORDER BY n").fetchall():
            stream = streams.get(connection, n)
            yield from _verify_stream(connection, stream)
            for row in audit.broken(connection, stream):
                yield Finding(stream.stream_id.hex(), row, "AUDIT", "the audit log was changed at this row")


def _verify_stream(connection: Connection, stream: streams.Stream) -> Iterator[Finding]:
    name, position = stream.stream_id.hex(), 0
    while batches := events.batches_after(connection, stream, position, READ_BATCHES, b"", b""):
        for stored in batches:
            if stored.receipt.first_position != position + 1:
                yield Finding(name, position + 1, "GAP", "positions are missing")
            position = stored.receipt.last_position
            yield from _verify_batch(connection, stream, name, stored)
    if position != stream.head:
        yield Finding(name, position + 1, "TRUNCATED", f"the stream's head is {stream.head}")


def _verify_batch(
    connection: Connection, stream: streams.Stream, name: str, stored: events.StoredBatch
) -> Iterator[Finding]:
    batch, position = stored.batch, stored.receipt.first_position
    for event in batch.events:
        if hash_header(event.header) != event.hash:
            yield Finding(
                name, position + event.seq - batch.first.seq, "CHAIN", f"seq {event.seq} is not what was hashed"
            )
    try:
        check_run(batch.events)
    except DataError as error:
        yield Finding(name, position, error.code, str(error))
    device = streams.device(connection, stream.n, batch.first.device)
    if device is None or not verify_signature(device.signing, batch.signature, batch.head):
        yield Finding(name, position, "BADSIG", "the head is not signed by its device")


def backup(settings: Settings, target: Path) -> int:
    """Copy the database, whole, while the server goes on. Returns the copy's size in bytes.

    It holds what stands, row by row: a copy of the pages would take along what an erasure left between the rows. The
    server key and the erasure ledger are not in it. Raises UsageError when `target` is there already.
    """
    if target.exists():
        raise UsageError(f"{target} is there already", remedy="name a new file")
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    source = settings.data / DATABASE
    read_only(source).close()
    try:
        draft.touch(mode=0o600)
        # Not `query_only`: SQLite takes the copy, too, for a write.
        original = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        with closing(original):
            original.execute("VACUUM INTO ?", (str(draft),))
    except sqlite3.Error as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"the backup failed: {error}") from error
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}") from error
    draft.replace(target)
    return target.stat().st_size


def doctor(settings: Settings) -> Iterator[tuple[str, str]]:
    """(what, how it is) for each thing an operator may want to know first."""
    yield "software", SOFTWARE
    version = sqlite3.sqlite_version
    fixed = tuple(map(int, version.split("."))) >= WAL_RESET_FIXED
    yield "sqlite", version if fixed else f"{version} (has the WAL-reset bug; one writer connection avoids it)"
    yield "data", str(settings.data.resolve())
    key = settings.key_path
    yield "server key", f"{key} is missing" if not key.exists() else _mode(key)
    yield "erasures", f"{len(Ledger(settings.data / LEDGER).read())} in {settings.data / LEDGER}"
    with closing(read_only(settings.data / DATABASE)) as connection:
        members, heads = counts(connection)
        yield "members", str(members)
        yield "events", str(heads)
        yield "quarantined", str(connection.execute("SELECT count(*) FROM quarantine").fetchone()[0])


def counts(connection: Connection) -> tuple[int, int]:
    """How many members there are, and how many events they wrote."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(head), 0) FROM stream WHERE kind = ? AND state = ?",
        (streams.MEMBER, streams.OPEN),
    ).fetchone()
    return int(row[0]), int(row[1])


def _mode(path: Path) -> str:
    mode = path.stat().st_mode & 0o777
    return f"{path}, mode {mode:o}" + ("" if mode & 0o077 == 0 else ": others can read it; chmod 600")
