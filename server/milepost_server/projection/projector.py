"""The projector: work markers to views. Reads off the writer's thread, then writes views and checkpoint together.

Exactly once, because a step moves the checkpoint from the position it read, in the transaction that writes the rows:
if another worker was first, no row changes and the step is dropped. Whoever falls over leaves the marker behind. A fold
that raises is a bug: after a few attempts that stream's projection goes to quarantine, and everybody else goes on.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from milepost.errors import StorageError
from milepost.projections.apply import Projection
from milepost.projections.fold import Fold, Folded
from milepost.projections.fold import Stamped as Ordered
from milepost_server import failpoint
from milepost_server.cohort import weeks
from milepost_server.projection import generations, view_tables
from milepost_server.projection.view_tables import StreamTables, Week
from milepost_server.store import Connection, Job, cohorts, control, events, streams
from milepost_server.store.events import Stamped
from milepost_server.world import World

T = TypeVar("T")

# One step holds the writer for about 20 ms (server.md); a slice is folded before it, off that thread.
SLICE_EVENTS = 500
RESOLVE_MAX = 200
ATTEMPTS_MAX = 3
RETRY_MS = 1000
CANDIDATES_MAX = 16
SWEEP_SECONDS = 30.0
POLL_SECONDS = 1.0


class Data(Protocol):
    """What the projector needs of a store."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent snapshot."""

    def write(self, job: Job[T], *, background: bool = False) -> "Future[T]":
        """Run a job in one transaction; the future is done once it is durable."""


class Marker(NamedTuple):
    """A row of `work`: this stream is behind that version, up to `head` at least."""

    stream: int
    projection: str
    version: int
    head: int
    attempts: int


class Slice(NamedTuple):
    """Events that follow a checkpoint, folded. `again` are older ones that begin or cease to count with it."""

    marker: Marker
    position: int
    reached: int
    folded: list[Folded]
    again: list[Folded]
    received: dict[bytes, int]
    reach: dict[int, int | None]
    is_last: bool


class Projector:
    """Steps through the work markers of a store, one stream at a time. Several may run; they only repeat effort."""

    def __init__(self, store: Data, world: World, fold: Callable[[Ordered], Folded] | None = None) -> None:
        """`fold` is the catalogue's, unless a test has one that raises."""
        self._store = store
        self._world = world
        self._fold = fold or Fold()

    def project_once(self) -> bool:
        """Take one step for one stream that is behind; False when no stream is."""
        with self._store.reading() as connection:
            marker = self._candidate(connection)
            found = None if marker is None else self._read(connection, marker)
        if marker is None or found is None:
            return self._flip_when_complete()
        failpoint.reach(failpoint.BEFORE_CHECKPOINT)
        if isinstance(found, Exception):
            self._fail(marker, found)
            return True
        error = self._store.write(lambda connection: self._apply(connection, found), background=True).exception()
        if isinstance(error, StorageError):
            raise error
        if error is not None:
            self._fail(marker, error)
        return True

    def catch_up(self) -> None:
        """Step until no stream is behind."""
        while self.project_once():
            pass

    def _write(self, job: Job[T]) -> T:
        return self._store.write(job, background=True).result()

    def _candidate(self, connection: Connection) -> Marker | None:
        rows = connection.execute(
            "SELECT stream, projection, version, head, attempts FROM work WHERE not_before <= ? "
            "ORDER BY not_before, stream LIMIT ?",
            (self._world.now_ms(), CANDIDATES_MAX),
        ).fetchall()
        if not rows:
            return None
        # Workers that begin at different places meet less often.
        return Marker(*rows[self._world.random(1)[0] % len(rows)])

    # Read and fold, off the writer's thread

    def _read(self, connection: Connection, marker: Marker) -> "Slice | Exception":
        stream = streams.get(connection, marker.stream)
        position = checkpoint(connection, marker)
        # The server wrote a cohort's events and applied them as it did: they have no views.
        is_member = stream.kind == streams.MEMBER
        found = events.events_after(connection, stream, position, SLICE_EVENTS) if is_member else []
        if [each.position for each in found] != list(range(position + 1, position + 1 + len(found))):
            return MissingPosition(f"positions after {position} have a hole")
        reached = found[-1].position if found else position if is_member else stream.head
        reach = _reach(connection, stream) if is_member else {}
        tables = StreamTables(connection, marker.version, stream.n)
        changed = {line for line, upto in tables.reach().items() if reach.get(line, 0) != upto}
        older = _of_lines(connection, stream, changed, position) if changed else []
        try:
            folded = [self._fold(Ordered(each.event, each.at, not _counts(reach, each))) for each in found]
            again = [self._fold(Ordered(each.event, each.at, not _counts(reach, each))) for each in older]
        except Exception as error:  # noqa: BLE001 -- a fold is total; whatever it raises is a bug, and this stream's alone
            return error
        received = {each.event.id: each.received_at for each in found}
        return Slice(marker, position, reached, folded, again, received, reach, reached >= stream.head)

    # Write, as one job

    def _apply(self, connection: Connection, slice: Slice) -> None:
        marker = slice.marker
        if not _move_checkpoint(connection, marker, slice.position, slice.reached):
            return
        stream = streams.get(connection, marker.stream)
        tables = StreamTables(connection, marker.version, stream.n, _weeks(connection, stream))
        tables.received = slice.received
        projection = Projection(tables, is_tallied=True)
        projection.apply(slice.folded)
        projection.fold_again(slice.again)
        while restored := projection.take_restored():
            projection.fold_again(self._folded_by_id(connection, stream, restored, slice.reach))
        tables.put_reach(slice.reach)
        # While there is more to fold, an entity would be resolved again with each slice.
        if slice.is_last:
            projection.resolve(RESOLVE_MAX)
        tables.settle_contributions()
        failpoint.reach(failpoint.AFTER_VIEW_WRITE)
        if slice.is_last and not tables.is_waiting():
            _done(connection, marker, slice.reached)

    def _folded_by_id(
        self, connection: Connection, stream: streams.Stream, ids: Iterable[bytes], reach: dict[int, int | None]
    ) -> list[Folded]:
        found = [each for event_id in ids for each in events.events_of_id(connection, stream, event_id)]
        return [self._fold(Ordered(each.event, each.at, not _counts(reach, each))) for each in found]

    def _fail(self, marker: Marker, error: BaseException) -> None:
        """Try again later, or set this stream's projection aside."""
        now_ms = self._world.now_ms()
        self._write(lambda connection: _failed(connection, marker, error, now_ms))

    def _flip_when_complete(self) -> bool:
        with self._store.reading() as connection:
            found = generations.building(connection)
            is_ready = (
                found is not None
                and not generations.is_held(connection, found.version)
                and generations.is_complete(connection, found.version)
            )
        if found is None or not is_ready:
            return False
        return self._write(lambda connection: _flip(connection, found.version))


class MissingPosition(Exception):
    """The store has a hole where positions must follow each other. A bug, like whatever a fold raises."""


class ProjectorThread:
    """A projector on a thread of its own, woken by commits."""

    def __init__(self, store: Data, world: World) -> None:
        self._projector = Projector(store, world)
        self._store = store
        self._woken = threading.Event()
        self._is_ending = False
        self._thread = threading.Thread(target=self._work, name="milepost-projector", daemon=True)

    def start(self) -> None:
        """Begin; what was left behind comes first."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now. From any thread; it only hands on."""
        self._woken.set()

    def stop(self) -> None:
        """End after the step that is under way."""
        self._is_ending = True
        self._woken.set()
        self._thread.join()

    def _work(self) -> None:
        # A store that fails ends the process; there is nothing to say about it twice.
        with suppress(StorageError):
            self._step_until_the_end()

    def _step_until_the_end(self) -> None:
        idle_seconds = SWEEP_SECONDS
        while not self._is_ending:
            if idle_seconds >= SWEEP_SECONDS:
                self._store.write(generations.sweep, background=True).result()
                idle_seconds = 0.0
            if not self._projector.project_once():
                # The markers are the truth; a wake-up that was lost costs one poll.
                self._woken.wait(POLL_SECONDS)
                idle_seconds += POLL_SECONDS
            self._woken.clear()


def checkpoint(connection: Connection, marker: Marker) -> int:
    """The last position applied."""
    row = connection.execute(
        "SELECT position FROM checkpoint WHERE stream = ? AND projection = ? AND version = ?", marker[:3]
    ).fetchone()
    return row[0] if row else 0


def rebuild_member(connection: Connection, stream: int) -> None:
    """Fold one member anew. Readers keep the old views until each is resolved again."""
    found = generations.live(connection)
    view_tables.forget(connection, found.version, stream)
    connection.execute(
        "DELETE FROM checkpoint WHERE stream = ? AND projection = 'progress' AND version = ?", (stream, found.version)
    )
    retry(connection, stream)


def retry(connection: Connection, stream: int | None = None) -> int:
    """Let a stream out of quarantine (all, without one), and say how many projections that were."""
    count = connection.execute("DELETE FROM quarantine WHERE ? IS NULL OR stream = ?", (stream, stream)).rowcount
    generations.sweep(connection)
    return count


def _move_checkpoint(connection: Connection, marker: Marker, position: int, reached: int) -> bool:
    connection.execute("INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?, 0)", marker[:3])
    moved = connection.execute(
        "UPDATE checkpoint SET position = ? WHERE stream = ? AND projection = ? AND version = ? AND position = ? "
        "AND EXISTS (SELECT 1 FROM progress_version v WHERE v.version = ?) "
        # An account may have been erased since its events were read.
        "AND EXISTS (SELECT 1 FROM stream s WHERE s.n = checkpoint.stream AND s.state = ?)",
        (reached, *marker[:3], position, marker.version, streams.OPEN),
    )
    return moved.rowcount == 1


def _done(connection: Connection, marker: Marker, reached: int) -> None:
    connection.execute(
        "DELETE FROM work WHERE stream = ? AND projection = ? AND version = ? AND head <= ?", (*marker[:3], reached)
    )


def _flip(connection: Connection, version: int) -> bool:
    """Inside the write: nothing may have arrived since it was found complete."""
    is_complete = generations.building(connection) is not None and generations.is_complete(connection, version)
    if not is_complete or generations.is_held(connection, version):
        return False
    generations.flip(connection, version)
    return True


def _reach(connection: Connection, stream: streams.Stream) -> dict[int, int | None]:
    """Line -> the last seq that counts; None for all of it."""
    standing = control.standing_of(connection, stream)
    found: dict[int, int | None] = {}
    for n, line in streams.lines(connection, stream.n).items():
        if line.device not in standing.devices:
            found[n] = 0
        else:
            cut = standing.cuts.get(line.device)
            found[n] = None if cut is None else cut.get(n, 0)
    return found


def _counts(reach: dict[int, int | None], each: Stamped) -> bool:
    upto = reach.get(each.line, 0)
    return upto is None or each.event.seq <= upto


def _failed(connection: Connection, marker: Marker, error: BaseException, now_ms: int) -> None:
    if marker.attempts + 1 < ATTEMPTS_MAX:
        connection.execute(
            "UPDATE work SET attempts = attempts + 1, not_before = ? "
            "WHERE stream = ? AND projection = ? AND version = ?",
            (now_ms + RETRY_MS * 2**marker.attempts, *marker[:3]),
        )
        return
    if streams.get(connection, marker.stream).state == streams.ERASED:
        return
    connection.execute(
        "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?)",
        (*marker[:3], checkpoint(connection, marker), f"{type(error).__name__}: {error}", now_ms),
    )
    connection.execute("DELETE FROM work WHERE stream = ? AND projection = ? AND version = ?", marker[:3])


def _of_lines(connection: Connection, stream: streams.Stream, lines: set[int], position: int) -> list[Stamped]:
    """The events of some lines up to a position. Rare: a device was revoked, or came to count."""
    found: list[Stamped] = []
    at = 0
    while at < position:
        some = events.events_after(connection, stream, at, min(SLICE_EVENTS, position - at))
        if not some:
            break
        found += [each for each in some if each.line in lines]
        at = some[-1].position
    return found


def _weeks(connection: Connection, stream: streams.Stream) -> view_tables.WeekOf:
    """Where an event counts, by when it was received: the pod then, the week in the cohort's zone."""
    places: list[tuple[int, Any]] = []
    for received_at, stay in control.stays(connection, stream):
        cohort = cohorts.cohort(connection, stay.cohort) if stay else None
        places.append((received_at, (stay.pod, stay.cohort, ZoneInfo(cohort.zone)) if stay and cohort else None))

    def week_of(received_at: int) -> Week | None:
        place = next((place for since, place in reversed(places) if since <= received_at), None)
        if place is None:
            return None
        pod, cohort_id, zone = place
        return Week(pod, cohort_id, weeks.week_of(received_at, zone))

    return week_of
