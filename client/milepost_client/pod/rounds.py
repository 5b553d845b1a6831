"""A round of sync as commands use it: exchange, fold what arrived, and keep what the server says about the pod."""

from datetime import date
from typing import Any

from milepost.errors import MilepostError, NotFound, PairingNeeded, PeerError
from milepost_client.answer import Warn
from milepost_client.pod import membership
from milepost_client.pod.consents import standing
from milepost_client.pod.notices import know_readers
from milepost_client.pod.pods import keep_page
from milepost_client.recording.commands import today
from milepost_client.store.log import Log
from milepost_client.sync.join import server_of
from milepost_client.sync.sync import SyncReport, sync_once
from milepost_client.sync.web import Json, Web
from milepost_client.terminal import Terminal


def synced(where: Terminal) -> SyncReport:
    """One round. Raises PairingNeeded, Unreachable, and what the server says."""
    try:
        report = sync_once(where.home, where.world)
    except PairingNeeded as error:
        if error.code == "ERASED":
            with where.log() as log:
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

    Raises like `synced`.
    """
    report = synced(where)
    with where.log() as log:
        return Web(server_of(log).address, report.token)


def settle(where: Terminal, report: SyncReport) -> None:
    """What follows a round: views are folded, so that the next command finds them ready, and the pod is looked up."""
    # First what arrived: looking up the pod asks the server, and nobody should wait for that to see an entry.
    with where.views() as views:
        if report.token:
            _look_up_pod(views.log, report.token, today(where.world))


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
