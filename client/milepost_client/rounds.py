"""A round of sync as commands use it: exchange, fold what arrived, and keep what the server says about the pod."""

from datetime import date
from typing import Any

from milepost.errors import MilepostError, NotFound
from milepost_client import membership
from milepost_client.commands import today
from milepost_client.consents import standing
from milepost_client.join import server_of
from milepost_client.log import Log
from milepost_client.notices import know_readers
from milepost_client.pods import keep_page
from milepost_client.sync import SyncReport, sync_once
from milepost_client.terminal import Terminal
from milepost_client.web import Json, Web


def synced(where: Terminal) -> SyncReport:
    """One round. Raises PairingNeeded, Unreachable, and what the server says."""
    report = sync_once(where.home, where.world)
    settle(where, report)
    return report


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
    me: Any = ask(log, token, "/v1/me")
    page: Any = ask(log, token, "/v1/pod")
    if page is not None:
        kept = keep_page(log, page, ask(log, token, f"/v1/pods/{page['id']}/summary"))
        know_readers(log, kept, [grant.audience for grant in standing(log, day)])
        others = [one.name for one in kept.members if not one.me]
        leads = [one.name for one in kept.readers]
        membership.keep(log, membership.place_of(page, page["cohort"], day, others, leads))
    elif me is not None:
        _look_elsewhere(log, me.get("offer"), day)


def _look_elsewhere(log: Log, offer: Any, day: date) -> None:
    """In no pod: a place is offered, or the one there was is over."""
    before = membership.placed(log)
    if offer is not None:
        membership.keep(log, membership.place_of(offer["pod"], offer["cohort"], day))
    elif before is not None and membership.is_joined(log, before.pod) and not log.unsent_count():
        membership.keep(log, before._replace(said_on=day.isoformat(), is_over=True))


def ask(log: Log, token: str, path: str) -> Json | None:
    """What the server says at `path`; None where it has nothing for this member, or cannot say now."""
    try:
        return Web(server_of(log).address, token).get(path)
    except NotFound:
        return None
    except MilepostError:
        # The round itself is done; the pod page will say that it is older.
        return None
