"""Requests that stayed behind: asked in a pod that the member is in no more, so that nobody reads them.

A request names its readers as it is asked, and a move brings others. It never follows by itself; its member is told,
and asks again in one command, under a line that names who reads it now (decision 0030).
"""

import msgspec

from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.asking import OPEN, Help, Words
from milepost_client.pod.membership import JOINED, LEFT
from milepost_client.store.log import Log
from milepost_client.views.views import Views


class LeftRequest(msgspec.Struct, frozen=True):
    """An open request that nobody reads any more. `to` is lead or pod; `text` is None where it was taken back."""

    help: str
    to: str
    text: str | None


def left_requests(views: Views) -> tuple[LeftRequest, ...]:
    """The member's open requests that were received while they were in another pod than now, oldest first."""
    found = views.all(Help, OPEN) if _has_moved(views.log) else []
    if not found:
        return ()
    # When things were received takes cryptography to read: whoever never moved should not pay for it.
    from milepost_client.pod.stays import Stays
    from milepost_client.views.earned import Received

    stays, received = Stays(views.log), Received(views.log)
    here, said = stays.at(None), {id: words.text for words in views.all(Words) for id in words.ref}
    return tuple(
        LeftRequest(help_.id, help_.to, said.get(help_.id))
        for help_ in found
        if (at := received.at(from_base32(help_.event, EVENT_ID_BYTES))) is not None
        and (here is None or stays.at(at) != here)
    )


def _has_moved(log: Log) -> bool:
    types = [stored.event.type for stored in log.control() if stored.event.type in (JOINED, LEFT)]
    return len(types) > 1
