"""Who is asking: a member's device by the token of its Welcome, or the operator by the token of this start."""

import secrets
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler

from milepost_server.refusals import TooMany, Unauthorized
from milepost_server.site import Site
from milepost_server.sync.tokens import Bearer, bearer

SCHEME = "Bearer "


async def provide_bearer(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Bearer:
    """The member's device that the request speaks for. Raises Unauthorized."""
    token, now_ms = _token(request), site.world.now_ms()
    found = await site.read(lambda connection: bearer(connection, token, now_ms)) if token else None
    if found is None:
        raise Unauthorized("this needs the token of a sync session", remedy="sync, then try again")
    return found


def operator_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let the operator through. Raises Unauthorized for everybody else, members too."""
    site: Site = connection.app.state.site
    if not secrets.compare_digest(_token(connection).encode(), site.operator_token.encode()):
        raise Unauthorized("this needs the operator's token", remedy="use milepost-server on the server's own machine")


def limit_joins(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Hold an address to the settings' attempts a minute, so that codes and meeting places cannot be searched."""
    site: Site = connection.app.state.site
    wait = site.joins.take(connection.client.host if connection.client else "")
    if wait:
        raise TooMany(wait)


def _token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    value = connection.headers.get("authorization", "")
    return value.removeprefix(SCHEME) if value.startswith(SCHEME) else ""
