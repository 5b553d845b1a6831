"""The way in and out: a link's page and its button, sessions and their ends."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from milepost.ids import base64url
from milepost_server.api.access import limit_joins
from milepost_server.dashboard import frame, moments
from milepost_server.dashboard.visitor import COOKIE, DOOR_COOKIE, Visitor, check_door, cookie, no_cookie
from milepost_server.signin import links as signin
from milepost_server.signin import sessions as web_sessions
from milepost_server.site import Site
from milepost_server.store import Connection

HOME = "/dashboard"
SESSIONS = HOME + "/sessions"
# Told apart by a word in what a browser says of itself; the first that fits, since most claim to be others too.
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


@get("/enter/{code:str}", guards=[limit_joins], include_in_schema=False)
async def door(code: FromPath[str], site: NamedDependency[Site]) -> Response[bytes]:
    """The link's page. It changes nothing here: whoever only looks, such as a mail scanner, burns no link.

    The browser that is shown it gets a cookie, without which its button does nothing (`visitor.check_door`).
    """
    await _require_open(site, code)
    token = base64url(site.world.random(web_sessions.TOKEN_BYTES))
    shown = frame.page("enter.html", form_token=web_sessions.form_token(token))
    shown.set_cookie(cookie(token, DOOR_COOKIE))
    return shown


@post("/enter/{code:str}", guards=[limit_joins], include_in_schema=False)
async def enter(code: FromPath[str], request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Use the link: it works no more, and this browser has a new session, whatever cookie it came with."""
    await _require_open(site, code)
    await check_door(request)
    old, browser = request.cookies.get(COOKIE, ""), browser_of(request.headers.get("user-agent", ""))

    def job(connection: Connection) -> str:
        now_ms = site.world.now_ms()
        user = signin.consume(connection, code, now_ms)
        web_sessions.end(connection, old)
        return web_sessions.begin(connection, site.world.random, user, browser, now_ms)

    token = await site.write(job)
    return Redirect(HOME, status_code=HTTP_303_SEE_OTHER, cookies=[cookie(token), no_cookie(DOOR_COOKIE)])


@post("/leave", include_in_schema=False)
async def leave(
    form: NamedDependency[Mapping[str, str]], visitor: NamedDependency[Visitor], site: NamedDependency[Site]
) -> Response[Any]:
    """Sign out of this browser."""
    await site.write(lambda connection: web_sessions.end(connection, visitor.token))
    return Redirect(HOME, status_code=HTTP_303_SEE_OTHER, cookies=[no_cookie()])


@get("/sessions", include_in_schema=False)
async def sessions(visitor: NamedDependency[Visitor], site: NamedDependency[Site]) -> Response[bytes]:
    """Where the visitor is signed in."""
    now_ms = site.world.now_ms()
    found = await site.read(lambda connection: web_sessions.listed(connection, visitor.user, now_ms))
    rows = [(each, moments.utc(each.opened), moments.utc(each.seen)) for each in found]
    surroundings = frame.Frame("", "", "UTC", moments.today_in("UTC", now_ms), "", visitor.form_token, [], [])
    return frame.page(
        "sessions.html",
        frame=surroundings,
        heading="Where you are signed in",
        rows=rows,
        mine=visitor.session.id,
        now=moments.utc(now_ms),
    )


@post("/sessions", include_in_schema=False)
async def revoke(
    form: NamedDependency[Mapping[str, str]], visitor: NamedDependency[Visitor], site: NamedDependency[Site]
) -> Response[Any]:
    """End one of the visitor's sessions."""
    await site.write(lambda connection: web_sessions.revoke(connection, visitor.user, form.get("id", "")))
    return Redirect(SESSIONS, status_code=HTTP_303_SEE_OTHER)


async def _require_open(site: Site, code: str) -> None:
    now_ms = site.world.now_ms()
    if not await site.read(lambda connection: signin.is_open(connection, code, now_ms)):
        raise signin.unusable()


def browser_of(agent: str) -> str:
    """The name of a browser, so that its owner knows the session by it. Nothing else of what it says is kept."""
    return next((name for sign, name in _BROWSERS if sign in agent), "another browser")


HANDLERS: list[Any] = [door, enter, leave, sessions, revoke]
