"""The link into the dashboard, for the command line of somebody who leads."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency

from milepost_server import signin
from milepost_server.site import Site
from milepost_server.tokens import Bearer


class DashboardLink(msgspec.Struct, frozen=True):
    """A link that lets its reader in, once. Open it in a browser."""

    url: str
    expires: str


@post("/v1/dashboard/link", status_code=200, tags=["member"])
async def link(
    request: Request[Any, Any, Any], bearer: NamedDependency[Bearer], site: NamedDependency[Site]
) -> DashboardLink:
    """A sign-in link to the dashboard, for who leads a pod or a cohort."""
    user, now_ms = bearer.stream.stream_id, site.world.now_ms()
    made = await site.write(lambda connection: signin.issue(connection, site.world.random, user, now_ms))
    base = site.settings.url or str(request.base_url)
    return DashboardLink(base.rstrip("/") + made.path, made.expires)


HANDLERS: list[Any] = [link]
