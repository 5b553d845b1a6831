"""What a member's device reads over HTTP of its own account: its devices, digests of what the server holds."""

from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency

from milepost.chain import set_digest
from milepost.ids import base64url
from milepost_server.site import Site
from milepost_server.store import Connection, events, streams
from milepost_server.sync.tokens import Bearer


class DeviceInfo(msgspec.Struct, frozen=True):
    """A device of the account. `last_seen` is Unix ms; `position` is that of the newest event it wrote, 0 if none."""

    device: str
    last_seen: int | None
    position: int
    revoked: bool


class ViewDigestInfo(msgspec.Struct, frozen=True):
    """A digest of a view, with the label that says what it is comparable with."""

    projection: str
    version: int
    catalogue: str
    position: int
    digest: str


class Digests(msgspec.Struct, frozen=True):
    """What the server holds of the account: the set of its events, and the views that are up to date."""

    position: int
    set: str
    views: list[ViewDigestInfo]


@get("/v1/devices", tags=["member"])
async def devices(bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> list[DeviceInfo]:
    """The account's devices: when each was last here, and how far its log has come."""
    return await site.read(lambda connection: _devices(connection, bearer.stream))


@get("/v1/digests", tags=["member"])
async def digests(bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> Digests:
    """Digests of what the server holds, to compare with one's own."""
    return await site.read(lambda connection: _digests(connection, site, bearer.stream.n))


def _devices(connection: Connection, stream: streams.Stream) -> list[DeviceInfo]:
    return [
        DeviceInfo(
            base64url(device.device),
            device.last_seen,
            streams.newest_position(connection, device.n),
            bool(device.revoked),
        )
        for device in streams.devices(connection, stream.n)
    ]


def _digests(connection: Connection, site: Site, n: int) -> Digests:
    stream = streams.get(connection, n)
    held = set_digest(streams.leaves(connection, n), events.all_erased(connection, n))
    views = [
        ViewDigestInfo(each.projection, each.version, each.catalogue, each.position, base64url(each.digest))
        for each in site.digests(connection, stream)
    ]
    return Digests(stream.head, base64url(held), views)


HANDLERS: list[Any] = [devices, digests]
