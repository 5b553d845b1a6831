"""What a server shows of an account, asked by HTTP with the token of a sync, once its read models have caught up."""

import time

import msgspec

from milepost_client.sync.sync import SyncReport
from milepost_client.sync.web import Web, address

PROJECTION_SECONDS_MAX = 120.0
POLL_SECONDS = 0.02


class View(msgspec.Struct, frozen=True):
    """A labelled view digest, as /v1/digests shows it."""

    projection: str
    version: int
    catalogue: str
    position: int
    digest: str


def server_view(report: SyncReport) -> View:
    """The view digest of the account at the position that the sync ended at."""
    web = Web(address(report.server_url), report.token)
    until = time.monotonic() + PROJECTION_SECONDS_MAX
    while True:
        views = msgspec.convert(web.get("/v1/digests")["views"], list[View])
        for view in views:
            if view.position == report.position:
                return view
        assert time.monotonic() < until, f"the read models do not reach position {report.position}: {views}"
        time.sleep(POLL_SECONDS)
