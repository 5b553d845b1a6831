"""A round of sync as commands use it: exchange, fold what arrived, and keep what the server says about the pod."""

import os
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

from milepost.errors import MilepostError, NotFound, PairingNeeded, PeerError, Unreachable
from milepost_client.answer import Warn
from milepost_client.pod import membership
from milepost_client.pod.consents import standing
from milepost_client.pod.notices import know_readers
from milepost_client.pod.pods import keep_page
from milepost_client.recording.commands import today
from milepost_client.store.log import Log
from milepost_client.sync.join import lose_account, server_of
from milepost_client.sync.sync import SyncReport, sync_once
from milepost_client.sync.web import Json, Web
from milepost_client.terminal import Terminal

if TYPE_CHECKING:
    from milepost_client.views.views import Views

POD_EVERY_MS = 60_000


def synced(where: Terminal) -> SyncReport:
    """One round. Raises PairingNeeded, Unreachable, and what the server says."""
    try:
        report = sync_once(where.home, where.world)
    except PairingNeeded as error:
        if error.code == "ERASED":
            with where.log() as log:
                lose_account(log)
                membership.take_away(log)
        raise
    settle(where, report)
    return report


def told_at_once(where: Terminal) -> list[Warn]:
    """A round right away for what should not wait; a warning where the server does not hear of it yet."""
    try:
        synced(where)
    except PairingNeeded:
        return []
    except PeerError as error:
        return [Warn(error.code, f"the server has not heard of it yet: {error.message}", None, "mp sync")]
    return []


def opened(where: Terminal) -> Web:
    """The server's HTTP interface, opened by a round of sync, so that it answers for what is recorded here.

    Raises like `synced`; what is asked then is not kept for later, and Unreachable says so.
    """
    try:
        report = synced(where)
    except Unreachable as error:
        raise Unreachable(error.message, code=error.code, remedy="nothing of this waits: try again later") from None
    with where.log() as log:
        return Web(server_of(log).address, report.token)


def settle(where: Terminal, report: SyncReport) -> None:
    """What follows a round: views are folded, so that the next command finds them ready, and the pod is looked up."""
    # First what arrived: looking up the pod asks the server, and nobody should wait for that to see an entry.
    with where.views() as views:
        if report.token:
            _look_up_pod(views.log, report.token, today(where.world))


class Rounds:
    """What follows each round of a watch: views every time, the pod at the first and then once a minute at most.

    Asking for the pod holds the watch up, and with it whatever arrives: entries come by the second, the pod's news by
    the day. Views stay open between rounds, for opening them takes longer than folding an entry.
    """

    def __init__(self, where: Terminal) -> None:
        self._where = where
        self._asked_ms: int | None = None
        self._held = ExitStack()
        self._views: Views | None = None
        self._files: tuple[int, ...] = ()

    def __enter__(self) -> "Rounds":
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def settle(self, report: SyncReport) -> None:
        """Fold what the round brought; ask for the pod if it is time to."""
        views = self._folded()
        now_ms = self._where.world.now_ms()
        is_time = self._asked_ms is None or not 0 <= now_ms - self._asked_ms < POD_EVERY_MS
        if report.token and is_time:
            self._asked_ms = now_ms
            _look_up_pod(views.log, report.token, today(self._where.world))

    def _folded(self) -> "Views":
        """The views, folded up to now: those that are open, unless a file of theirs was removed or replaced."""
        files = self._files_now()
        if self._views is not None and files == self._files:
            self._views.refresh()
            return self._views
        self._held.close()
        self._views = self._held.enter_context(self._where.views())
        self._files = self._files_now()
        return self._views

    def _files_now(self) -> tuple[int, ...]:
        home = self._where.home
        return tuple(os.stat(path).st_ino if os.path.exists(path) else 0 for path in (home.log, home.views))


def _look_up_pod(log: Log, token: str, day: date) -> None:
    web = Web(server_of(log).address, token)
    try:
        page: Any = web.get("/v1/pod")
    except NotFound:
        _is_in_none(log, day)
    except MilepostError:
        # The round itself is done; the pod page will say that it is older.
        return
    else:
        _is_in(log, page, web, day)


def _is_in(log: Log, page: Any, web: Web, day: date) -> None:
    """A pod that the member is in, or that offers them a place."""
    kept = keep_page(log, page, _totals(web, page["id"]) if page.get("taken", True) else None)
    know_readers(log, kept, [grant.audience for grant in standing(log, day)])
    others = [one.name for one in kept.members if not one.me]
    leads = [one.name for one in kept.readers]
    membership.keep(log, membership.place_of(page, page["cohort"], day, others, leads))


def _is_in_none(log: Log, day: date) -> None:
    """No pod has a place for the member. While entries wait to be sent the server may not know of one taken."""
    before = membership.placed(log)
    if before is not None and membership.is_joined(log, before.pod) and not log.unsent_count():
        membership.keep(log, before._replace(said_on=day.isoformat(), is_over=True))


def _totals(web: Web, pod: str) -> Json | None:
    try:
        return web.get(f"/v1/pods/{pod}/summary")
    except MilepostError:
        # Totals that were not given this time are those of an earlier day, or none.
        return None
