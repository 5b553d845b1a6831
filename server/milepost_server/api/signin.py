"""The link into the dashboard for somebody who leads, and where one is signed in."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from milepost_server.signin import links as signin
from milepost_server.signin import sessions as web_sessions
from milepost_server.site import Site
from milepost_server.sync.tokens import Bearer


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


class DashboardSession(msgspec.Struct, frozen=True):
    """A browser that is signed in. `id` names it here, and opens nothing; instants are UTC."""

    id: str
    opened: str
    seen: str
    browser: str


@get("/v1/dashboard/sessions", tags=["member"])
async def sessions(bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> list[DashboardSession]:
    """Where I am signed in to the dashboard, the newest first."""
    user, now_ms = bearer.stream.stream_id, site.world.now_ms()
    found = await site.read(lambda connection: web_sessions.listed(connection, user, now_ms))
    return [DashboardSession(one.id, _instant(one.opened), _instant(one.seen), one.browser) for one in found]


@delete("/v1/dashboard/sessions/{session:str}", tags=["member"])
async def sign_out(session: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> None:
    """Sign one of my browsers out. Again is no error, and another's session is not touched."""
    user = bearer.stream.stream_id
    await site.write(lambda connection: web_sessions.revoke(connection, user, session))


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


HANDLERS: list[Any] = [link, sessions, sign_out]
