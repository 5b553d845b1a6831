"""Who is there: the session behind the cookie, and whether a form was really sent from a page of theirs."""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from milepost.errors import UsageError
from milepost_server.refusals import Unauthorized
from milepost_server.signin import sessions as web_sessions
from milepost_server.site import Site

# Browsers take a cookie of this name only when it is Secure, for the whole host and from it, never from a neighbour.
# They count loopback as secure, so the same cookie serves a server without TLS on one's own machine (decision 0020).
COOKIE = "__Host-milepost"
# The door's own, while a link's page is open: who presses its button has been shown that page by this server.
DOOR_COOKIE = "__Host-milepost-door"
FORM_FIELDS_MAX = 40
# A page that refreshes itself says so: that is nothing the person did.
REFRESH_HEADER = "x-milepost-refresh"


class Visitor(NamedTuple):
    """Somebody who is signed in. `token` is their cookie's."""

    user: bytes
    token: str
    session: web_sessions.WebSession

    @property
    def form_token(self) -> str:
        return web_sessions.form_token(self.token)


async def provide_visitor(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Visitor:
    """Who is signed in. Raises Unauthorized when nobody is, or when a form does not come from a page of theirs."""
    token, now_ms = request.cookies.get(COOKIE, ""), site.world.now_ms()
    found = await site.read(lambda connection: web_sessions.find(connection, token, now_ms)) if token else None
    if found is None:
        raise Unauthorized("you are signed out", code="signed_out")
    if found.is_due(now_ms) and not is_refresh(request):
        await site.write(lambda connection: web_sessions.note_seen(connection, token, now_ms))
    return Visitor(found.user, token, found)


async def provide_form(request: Request[Any, Any, Any], visitor: NamedDependency[Visitor]) -> Mapping[str, str]:
    """The fields of a form. Raises Unauthorized unless it carries the token of the visitor's session."""
    fields = await read_form(request)
    _check_token(fields, visitor.form_token)
    return {name: value for name, value in fields.items() if name != "token"}


async def check_door(request: Request[Any, Any, Any]) -> None:
    """Raises Unauthorized unless the form is from a link's page that this browser was shown.

    Else another site's page could sign a browser in by a link of its own making: its owner would then answer requests,
    and be told secrets, as somebody else. Browsers that say where a form comes from are refused before; for the others
    the form carries what only the door's cookie gives, and no other site can read or set that.
    """
    fields, token = await read_form(request), request.cookies.get(DOOR_COOKIE, "")
    if not token.isascii():
        token = ""
    _check_token(fields, web_sessions.form_token(token) if token else "")


def _check_token(fields: Mapping[str, str], expected: str) -> None:
    if not expected or not secrets.compare_digest(fields.get("token", "").encode(), expected.encode()):
        raise Unauthorized("this form is not from a page of your session", code="form", remedy="load the page again")


async def read_form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a form that this site's own page sent. Raises Unauthorized for another site's."""
    check_origin(request)
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    except ValueError:
        raise UsageError("the form does not parse", remedy="load the page again") from None
    return dict(pairs)


def check_origin(request: Request[Any, Any, Any]) -> None:
    """Raises Unauthorized where a browser says that another site's page sent this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Unauthorized("this was sent from another site", code="form")


def is_refresh(request: Request[Any, Any, Any]) -> bool:
    """Whether a page asks for itself, without anybody having done anything."""
    return REFRESH_HEADER in request.headers


def cookie(token: str, name: str = COOKIE) -> Cookie:
    """A cookie of ours. It goes when the browser does; what it stands for, the server ends in any case."""
    return Cookie(name, value=token, path="/", secure=True, httponly=True, samesite="strict")


def no_cookie(name: str = COOKIE) -> Cookie:
    """What takes the cookie back."""
    return Cookie(name, value="", path="/", secure=True, httponly=True, samesite="strict", max_age=0)
