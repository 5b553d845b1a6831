"""What `verify` compares the log with: read models built anew, and what the server says it holds."""

from collections.abc import Callable, Iterable

from milepost.errors import RemoteProtocolError
from milepost.ids import from_base64url
from milepost_client.care.verify import ServerSide
from milepost_client.device.home import Home
from milepost_client.store.log import Log
from milepost_client.sync.sync import look
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views

TRUNCATED = "TRUNCATED"


def server_side(where: Terminal) -> ServerSide:
    """What the server says it holds; nothing is pushed or pulled. Raises PairingNeeded, Unreachable."""
    with where.log() as log:
        cursor = log.cursor()
        try:
            web, incarnation = look(where.home, log)
        except RemoteProtocolError as error:
            if error.code != TRUNCATED:
                raise
            # It shows less than it gave receipts for, and the machine would not go on with it.
            return ServerSide(cursor.incarnation or b"", 0, b"")
    said = web.get("/v1/digests")
    try:
        return ServerSide(incarnation, int(str(said["position"])), from_base64url(str(said["set"])))
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
