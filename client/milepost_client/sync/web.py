"""HTTP with a server: JSON out, JSON in, every failure a sentence.

Standard library only; never plain http but to loopback.
"""

import ipaddress
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from milepost.errors import (
    Ambiguous,
    CheckRefused,
    MilepostError,
    NotFound,
    PairingNeeded,
    RemoteProtocolError,
    Unreachable,
    UsageError,
    UserError,
)

TIMEOUT_SECONDS = 15.0
ANSWER_BYTES_MAX = 8 * 1024 * 1024

PAGE_MAX = 100

Json = dict[str, object]
Item = dict[str, Any]
"""One of a list, as the server has it."""


class Address(NamedTuple):
    """A server's address as a member typed it, checked: scheme and host and port, no path."""

    url: str
    host: str
    is_loopback: bool

    @property
    def socket_url(self) -> str:
        """Where the sync socket is."""
        return "ws" + self.url.removeprefix("http") + "/sync"


def address(text: str) -> Address:
    """The address in `text`. Raises UsageError for what is none, and for plain http to another machine."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query:
        raise UsageError(f"{text!r} is not a server's address", remedy="try: mp join https://milepost.example.org CODE")
    loopback = _is_loopback(host)
    if parts.scheme == "http" and not loopback:
        raise UsageError(f"{text!r} would send everything in clear over the network", remedy="use https://")
    return Address(urlunsplit((parts.scheme, parts.netloc, "", "", "")), host, loopback)


class Web:
    """The HTTP interface of one server. `token` is the one of Welcome, for what needs a proof."""

    def __init__(self, server: Address, token: str = "") -> None:
        self.server = server
        self._token = token
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if server.is_loopback:
            handlers.append(urllib.request.ProxyHandler({}))
        handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> Json:
        """The JSON object at `path`. Raises Unreachable, NotFound, or what the server says is wrong."""
        return self._ask("GET", path, None)

    def page(self, path: str, name: str, after: str = "") -> tuple[list[Item], str]:
        """One page of the list `name` at `path`, and what goes into `after` for the next; nothing at the end."""
        answer = self.get(f"{path}?limit={PAGE_MAX}{after and '&after='}{after}")
        items = answer.get(name)
        if not isinstance(items, list):
            raise RemoteProtocolError(f"{path} is not a list")
        return items, str(answer.get("next") or "")

    def every(self, path: str, name: str) -> Iterator[Item]:
        """The items of the list `name` at `path`, however many pages it has."""
        items, after = self.page(path, name)
        yield from items
        while after:
            items, after = self.page(path, name, after)
            yield from items

    def post(self, path: str, body: Mapping[str, object]) -> Json:
        """Post a JSON object and return the answer."""
        return self._ask("POST", path, body)

    def get_blob(self, path: str) -> bytes | None:
        """The bytes at `path`, or None while there are none."""
        try:
            return self._send("GET", path, None, "application/octet-stream")
        except NotFound:
            return None

    def put_blob(self, path: str, blob: bytes) -> None:
        """Put bytes at `path`."""
        self._send("PUT", path, blob, "application/octet-stream")

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None) -> Json:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8")
        return _object(self._send(method, path, data, "application/json"))

    def _send(self, method: str, path: str, data: bytes | None, kind: str) -> bytes:
        # `address` allows nothing but http and https.
        request = urllib.request.Request(self.server.url + path, data, {"Accept": kind}, method=method)  # noqa: S310
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if data is not None:
            request.add_header("Content-Type", kind)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                raw: bytes = answer.read(ANSWER_BYTES_MAX + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise _problem(error.code, error.read(ANSWER_BYTES_MAX)) from None
        except (OSError, HTTPException) as error:
            # URLError, timeouts, refused connections and broken TLS are all OSErrors.
            raise unreachable(self.server, error) from None
        if len(raw) > ANSWER_BYTES_MAX:
            raise RemoteProtocolError(f"an answer of over {ANSWER_BYTES_MAX} bytes")
        return raw


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A server that moved must be joined at its new address: nobody is sent on with a token in hand."""

    def redirect_request(self, *_: object) -> None:
        return None


def unreachable(server: Address, error: BaseException) -> Unreachable:
    """The sentence for a server that does not answer."""
    return Unreachable(
        f"{server.url} does not answer: {_reason(error)}",
        remedy="everything is saved here and goes out with the next `mp sync`",
    )


def _reason(error: BaseException) -> str:
    """Why, in words rather than in numbers of an operating system."""
    cause = getattr(error, "reason", None) or error
    match cause:
        case ConnectionRefusedError():
            return "nothing listens there"
        case socket.gaierror():
            return "no machine of that name is known, or there is no network"
        case ssl.SSLCertVerificationError():
            return f"its certificate does not hold: {cause.verify_message}"
        case TimeoutError():
            return "nothing came in time"
        case _:
            return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _object(raw: bytes) -> Json:
    if not raw:
        return {}
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise RemoteProtocolError("the answer is not JSON; is this a Milepost server?") from None
    if not isinstance(answer, dict):
        raise RemoteProtocolError("the answer is not a JSON object")
    return answer


def _problem(status: int, raw: bytes) -> MilepostError:
    """What a problem document says, as one of our errors."""
    try:
        problem = _object(raw)
    except RemoteProtocolError:
        problem = {}
    detail = str(problem.get("detail") or problem.get("title") or f"the server answered {status}")
    code = str(problem.get("code") or f"http_{status}")
    if status == 404:
        return NotFound(detail, code=code)
    if status == 401:
        return PairingNeeded(detail, code=code, remedy="run `mp sync`, then again")
    if status == 429 or status >= 500:
        return Unreachable(detail, code=code, remedy="try again later")
    if status == 422:
        return CheckRefused(detail, code=code)
    if code == Ambiguous.code:
        return Ambiguous(detail)
    return UsageError(detail, code=code) if status == 400 else UserError(detail, code=code)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
