"""Problems (RFC 9457): every answer that is not a success has one shape, a stable code, and the id of its request."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from milepost.errors import CheckRefused, LimitExceeded, MilepostError, NotFound, StorageError
from milepost_server.logging import log
from milepost_server.refusals import Conflict, TooMany, Unauthorized

CONTENT_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """What went wrong. `code` is stable and documented, `detail` is for a person."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


_STATUS: tuple[tuple[type[MilepostError], int], ...] = (
    (Unauthorized, HTTPStatus.UNAUTHORIZED),
    (TooMany, HTTPStatus.TOO_MANY_REQUESTS),
    (Conflict, HTTPStatus.CONFLICT),
    (NotFound, HTTPStatus.NOT_FOUND),
    (CheckRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (LimitExceeded, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def said(request: "Request[Any, Any, Any]", error: MilepostError) -> Response[Problem]:
    """Something said on purpose."""
    status = status_of(error)
    headers = {}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        headers["www-authenticate"] = "Bearer"
    return _answer(request, status, error.code, str(error), headers)


def framework(request: "Request[Any, Any, Any]", error: HTTPException) -> Response[Problem]:
    """What the framework refuses: an unknown route, a wrong method, a body that does not fit."""
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return _answer(request, error.status_code, code, error.detail, dict(error.headers or {}))


def unexpected(request: "Request[Any, Any, Any]", error: Exception) -> Response[Problem]:
    """A bug: noted here with its place, told to the client without any detail."""
    log.error("a request failed", exc_info=error, extra={"request_id": request_id(request)})
    sentence = "the server failed on this; its log knows more under this request id"
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", sentence, {})


def status_of(error: MilepostError) -> int:
    """The HTTP status of something said on purpose."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def request_id(request: "Request[Any, Any, Any]") -> str:
    """The id that the journal gave this request."""
    return str(request.scope["state"].get("request_id", ""))


def _answer(
    request: "Request[Any, Any, Any]", status: int, code: str, detail: str, headers: dict[str, str]
) -> Response[Problem]:
    type_, title = f"urn:milepost:problem:{code}", HTTPStatus(status).phrase
    problem = Problem(type_, title, status, detail, code, request_id(request))
    return Response(problem, status_code=status, media_type=CONTENT_TYPE, headers=headers)


HANDLERS: dict[Any, Any] = {MilepostError: said, HTTPException: framework, Exception: unexpected}
