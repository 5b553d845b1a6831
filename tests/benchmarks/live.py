"""Figures of two devices that stay connected: from an append on one to the view on the other."""

import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from statistics import median

from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.sync.join import join
from milepost_client.sync.sync import sync_once
from tests.benchmarks import workload
from tests.benchmarks.floors import CLIENT, SERVER, rows_of
from tests.benchmarks.measure import Figure, Goal, Sample, percentile, seconds_of
from tests.benchmarks.workshop import Workshop
from tests.support.cli import Device
from tests.support.homes import pair

HISTORY = 100
ENTRIES = 100
# Between entries, so that each meets both watches at a moment of its own.
PAUSE_SECONDS = 0.02
LATE_SECONDS = 30.0
POLL_SECONDS = 0.0005
FRAME_BYTES = 400

_FLOOR = "3 durable commits of a bare row and 1 socket round trip"
LIVE = Figure("live", "append on one device to view on another, p50", _FLOOR, "ms", Goal(5, is_ceiling=True))
LIVE_P99 = Figure("live_p99", "append on one device to view on another, p99", _FLOOR, "ms", Goal(15, is_ceiling=True))


def live(shop: Workshop) -> Iterator[Sample]:
    for ours, floor in _rounds(shop):
        yield Sample(median(ours), median(floor))


def live_p99(shop: Workshop) -> Iterator[Sample]:
    for ours, floor in _rounds(shop):
        yield Sample(percentile(ours, 99), median(floor))


@cache
def _rounds(shop: Workshop) -> list[tuple[list[float], list[float]]]:
    """Milliseconds of each entry, ours and the floor's, by round."""
    server = shop.server()
    here, there = shop.history(min(HISTORY, shop.events)), shop.home("there")
    with Log.open(here, SYSTEM) as log:
        join(log, server.url, server.invite())
    sync_once(here, SYSTEM)
    pair(here, there)
    with ExitStack() as stack:
        log = stack.enter_context(Log.open(here, SYSTEM))
        # And the enrolment of the new device, which nobody has sent yet.
        wanted = log.count + 1
        for home in (here, there):
            stack.enter_context(_watch(home))
        shown = stack.enter_context(_Shown(there))
        bare = stack.enter_context(_bare_way(shop))
        _meet(log, shown, wanted)
        count = min(ENTRIES, shop.events)
        return [_taken(log, shown, bare, workload.drafts(count, seed=seed)) for seed in range(shop.rounds)]


def _meet(log: Log, shown: "_Shown", wanted: int) -> None:
    """Until both ends hold so many events: each of them has heard of the other's enrolment."""
    until = time.monotonic() + LATE_SECONDS
    while log.count < wanted:
        assert time.monotonic() < until, "the new device is not heard of"
        time.sleep(POLL_SECONDS)
    shown.wait(log)


def _taken(log: Log, shown: "_Shown", bare: Callable[[], None], drafts: list[Draft]) -> tuple[list[float], list[float]]:
    ours, floor = [], []
    for draft in drafts:
        floor.append(seconds_of(bare) * 1000)
        time.sleep(PAUSE_SECONDS)
        began = time.perf_counter()
        log.append([draft])
        shown.wait(log)
        ours.append((time.perf_counter() - began) * 1000)
    return ours, floor


@contextmanager
def _watch(home: Home) -> Iterator[None]:
    """`mp sync --watch`, as long as the block runs."""
    device = Device(Path(home.path))
    process = subprocess.Popen(
        device.command("sync", "--watch"), env=device.environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


class _Shown:
    """What the views of a home show, looked at from outside its processes."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def __enter__(self) -> "_Shown":
        # Its watch makes the file in its first round.
        until = time.monotonic() + LATE_SECONDS
        while not Path(self._home.views).exists():
            assert time.monotonic() < until, "the watch shows nothing"
            time.sleep(POLL_SECONDS)
        self._connection = sqlite3.connect(self._home.views, isolation_level=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def wait(self, log: Log) -> None:
        """Until everything in `log` is folded there."""
        wanted, until = log.count, time.monotonic() + LATE_SECONDS
        while self._checkpoint() < wanted:
            assert time.monotonic() < until, f"{self._checkpoint()} of {wanted} events are shown"
            time.sleep(POLL_SECONDS)

    def _checkpoint(self) -> int:
        try:
            found = self._connection.execute("SELECT checkpoint FROM state").fetchone()
        except sqlite3.OperationalError:
            # The tables are being made.
            return 0
        return int(found[0]) if found else 0


@contextmanager
def _bare_way(shop: Workshop) -> Iterator[Callable[[], None]]:
    """What the way costs at the least: a commit on each device and one on the server, and a frame there and back."""
    tables = [shop.table(CLIENT), shop.table(SERVER), shop.table(CLIENT)]
    near, far = socket.socketpair()
    echo = threading.Thread(target=_echo, args=(far,), daemon=True)
    echo.start()

    def go() -> None:
        (row,) = rows_of(workload.drafts(1))
        for table in tables:
            table.insert_one(row)
        near.sendall(bytes(FRAME_BYTES))
        near.recv(FRAME_BYTES, socket.MSG_WAITALL)

    try:
        yield go
    finally:
        near.close()
        echo.join()
        for table in tables:
            table.close()


def _echo(far: socket.socket) -> None:
    with far:
        while frame := far.recv(FRAME_BYTES):
            far.sendall(frame)
