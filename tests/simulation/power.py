"""Power cuts: the product's own failpoints, made to raise instead of ending the process that simulates it.

What was written in an open transaction is rolled back by the connection, as a journal would do it after a reboot; real
processes and real journals are the business of tests/e2e/test_kill.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NoReturn

import milepost_client.store.failpoint as client
import milepost_server.failpoint as server

CLIENT_POINTS = ("log.rows_inserted", "log.before_commit", "log.after_commit", "replica.before_commit")
SERVER_POINTS = (
    server.BEFORE_COMMIT,
    server.AFTER_COMMIT_BEFORE_RECEIPT,
    server.MID_BATCH,
    server.BEFORE_CHECKPOINT,
    server.AFTER_VIEW_WRITE,
    *server.ERASING_NAMES,
)


class PowerCut(BaseException):
    """The process is gone. Not an Exception: nothing in the product may answer it."""


def _cut(_status: int) -> NoReturn:
    raise PowerCut


@contextmanager
def grid() -> Iterator[None]:
    """While this is open, a failpoint that is reached raises PowerCut."""
    switch: Any = SimpleNamespace(_exit=_cut)
    modules: tuple[Any, Any] = (client, server)
    kept = [module.os for module in modules]
    for module in modules:
        module.os = switch
    try:
        yield
    finally:
        for module, os in zip(modules, kept, strict=True):
            module.os = os
        disarm()


def arm_client(point: str) -> None:
    client.arm(point)


def arm_server(point: str) -> None:
    module: Any = server
    module._name, module._left = point, 1


def disarm() -> None:
    client.arm("")
    arm_server("")
