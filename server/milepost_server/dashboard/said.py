"""What the dashboard answers when it cannot: a page with a plain sentence and the id of the request."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from milepost.errors import MilepostError
from milepost_server.api.problems import request_id, status_of
from milepost_server.dashboard import frame
from milepost_server.logging import log
from milepost_server.refusals import Unauthorized

NOT_HERE = "There is nothing here that is shown to you"
_TITLES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: NOT_HERE,
    HTTPStatus.UNAUTHORIZED: "This was not accepted",
    HTTPStatus.TOO_MANY_REQUESTS: "That was too often",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server cannot store this now",
}


def refused(request: "Request[Any, Any, Any]", error: MilepostError) -> Response[bytes]:
    """Something said on purpose."""
    if isinstance(error, Unauthorized) and error.code == "signed_out":
        return frame.page("signed_out.html", HTTPStatus.UNAUTHORIZED)
    status = status_of(error)
    sentence = str(error)
    return _page(request, status, _TITLES.get(status, "This cannot be done"), sentence[:1].upper() + sentence[1:] + ".")


def framework(request: "Request[Any, Any, Any]", error: HTTPException) -> Response[bytes]:
    """An address without a page, or a method it does not take."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _page(request, error.status_code, NOT_HERE, "Ask whoever leads the cohort.")
    return _page(request, error.status_code, "This cannot be done", error.detail)


def unexpected(request: "Request[Any, Any, Any]", error: Exception) -> Response[bytes]:
    """A bug: its place is in the server's log."""
    log.error("a page failed", exc_info=error, extra={"request_id": request_id(request)})
    sentence = "The server failed on this page. Nothing was changed; its log knows more under the request's id."
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here", sentence)


def _page(request: "Request[Any, Any, Any]", status: int, title: str, sentence: str) -> Response[bytes]:
    return frame.page("error.html", status, title=title, sentence=sentence, request_id=request_id(request))


HANDLERS: dict[Any, Any] = {MilepostError: refused, HTTPException: framework, Exception: unexpected}
