"""What `verify` compares the log with: read models built anew, and what the server says it holds."""

from collections.abc import Callable, Iterable

from milepost.errors import RemoteProtocolError
from milepost.ids import from_base64url
from milepost_client.home import Home
from milepost_client.join import server_of
from milepost_client.log import Log
from milepost_client.sync import sync_once
from milepost_client.terminal import Terminal
from milepost_client.verify import ServerSide
from milepost_client.views import Views
from milepost_client.web import Web


def server_side(where: Terminal) -> ServerSide:
    """What the server says. Syncs first: an unsent entry is no difference. Raises PairingNeeded, Unreachable."""
    report = sync_once(where.home, where.world)
    with where.log() as log:
        said = Web(server_of(log).address, report.token).get("/v1/digests")
        incarnation = log.cursor().incarnation
    try:
        return ServerSide(incarnation or b"", int(str(said["position"])), from_base64url(str(said["set"])))
    except (KeyError, ValueError):
        raise RemoteProtocolError(
            "the server's digests cannot be read", remedy="upgrade whichever end is older"
        ) from None


def drift_of(home: Home) -> Callable[[Log], Iterable[str]]:
    """Compares the views that grew entry by entry with views built from nothing."""

    def compare(log: Log) -> Iterable[str]:
        with Views.open(home, log) as views:
            return views.drift()

    return compare
