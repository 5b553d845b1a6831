"""What happens at an hour: pod totals each morning, the release on Monday, the night after an erasure a sweep of the
file; and what devices left for each other to pair goes when its minutes are over. A thread beside the projector.

It asks the clock each second, so it neither drifts nor minds a clock that jumps, and what was missed while no server
ran comes late, week by week. Several may run: a week is published once, whoever is first. Between the hours it reads
one row a cohort and writes nothing.
"""

import threading
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from milepost.errors import StorageError
from milepost_server.cohort import weeks
from milepost_server.cohort.cohorts import SERVER, Cohorts
from milepost_server.figures import contributors, releases, totals
from milepost_server.logging import log
from milepost_server.store import Connection, Job, cohorts, erasures
from milepost_server.store import totals as rows
from milepost_server.sync import rendezvous
from milepost_server.world import World

T = TypeVar("T")

TICK_SECONDS = 1.0
PAUSE_SECONDS = 60.0
# Projections are seconds behind, if at all; one that is not there by then is in trouble, and the others go on.
WAIT_TICKS_MAX = 600


class Data(Protocol):
    """What the timetable needs of a store."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent snapshot."""

    def write(self, job: Job[T], *, background: bool = False) -> "Future[T]":
        """Run a job in one transaction; the future is done once it is durable."""

    def sweep(self) -> "Future[bool]":
        """Rid the files of what was erased in them."""


class Timetable:
    """Does what is due, one cohort after the other."""

    def __init__(self, store: Data, hand: Cohorts, world: World) -> None:
        self._store = store
        self._hand = hand
        self._world = world
        self._waited = 0

    def tick(self) -> None:
        """Do what is due now. Repeating it does nothing more until the next morning."""
        now_ms = self._world.now_ms()
        with self._store.reading() as connection:
            sweep_due = erasures.sweep_due(connection)
            is_left = rendezvous.is_over(connection, now_ms)
        if is_left:
            # Before a sweep, which is to leave nothing of an account, sealed or not.
            self._write(lambda connection: rendezvous.clear(connection, now_ms))
        if sweep_due is not None and sweep_due <= now_ms:
            # Where a reader held the log, the next second is another.
            self._store.sweep().result()
        with self._store.reading() as connection:
            every = [cohort for cohort in cohorts.cohorts(connection) if not cohort.closed]
            due = [cohort for cohort in every if _is_due(connection, cohort, now_ms)]
            is_waiting = bool(due) and any(_is_behind(connection, cohort, now_ms) for cohort in due)
        if is_waiting and self._waited < WAIT_TICKS_MAX:
            self._waited += 1
            return
        self._waited = 0
        for cohort in due:
            self._serve(cohort, now_ms)

    def _serve(self, cohort: cohorts.Cohort, now_ms: int) -> None:
        with self._store.reading() as connection:
            found = totals.add_up(connection, cohort, now_ms)
        self._write(lambda connection: totals.keep(connection, cohort, found, now_ms))
        with self._store.reading() as connection:
            missing = releases.due(connection, cohort, now_ms)
        for week in missing:
            # After the totals: what a release leaves out depends on those that were shown.
            with self._store.reading() as connection:
                drafted = releases.draft(connection, cohort, week, now_ms)
            self._publish(cohort, drafted, now_ms)

    def _publish(self, cohort: cohorts.Cohort, drafted: releases.Draft, now_ms: int) -> None:
        self._write(lambda connection: releases.publish(connection, self._hand, cohort, drafted, now_ms, SERVER))

    def _write(self, job: Job[T]) -> T:
        return self._store.write(job, background=True).result()


class TimetableThread:
    """A timetable on a thread of its own."""

    def __init__(self, store: Data, hand: Cohorts, world: World) -> None:
        self._timetable = Timetable(store, hand, world)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="milepost-timetable", daemon=True)

    def start(self) -> None:
        """Begin; what was missed comes first."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._ending.set()
        self._thread.join()

    def _work(self) -> None:
        seconds = TICK_SECONDS
        while not self._ending.wait(seconds):
            seconds = self._try()

    def _try(self) -> float:
        """Do what is due; the seconds until the next look."""
        try:
            self._timetable.tick()
        except StorageError:
            # A store that fails ends the process; there is nothing to say about it twice.
            return PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 -- the thread must not end: the next morning is another
            log.error("the timetable failed", exc_info=error)
            return PAUSE_SECONDS
        return TICK_SECONDS


def _is_due(connection: Connection, cohort: cohorts.Cohort, now_ms: int) -> bool:
    morning_ms = weeks.last_morning_ms(now_ms, ZoneInfo(cohort.zone))
    done_ms = max(rows.added_up_at(connection, cohort.stream), contributors.opened_ms(connection, cohort))
    return done_ms < morning_ms


def _is_behind(connection: Connection, cohort: cohorts.Cohort, now_ms: int) -> bool:
    return contributors.is_waiting(connection, weeks.last_morning_ms(now_ms, ZoneInfo(cohort.zone)))
