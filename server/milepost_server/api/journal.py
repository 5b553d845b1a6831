"""The journal: gives each HTTP request an id, a line in the log, its figures, and the headers every answer has."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from milepost_server.logging import log
from milepost_server.metrics import Metrics

# What is answered is for whoever asked, now, and loads nothing. The dashboard says otherwise where it has to.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Asked every few seconds by machines: counted, not logged.
QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})


class Journal:
    """ASGI around ASGI."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        state: dict[str, Any] = {**(scope.get("state") or {}), "request_id": request_id}
        scope["state"] = state
        status, began = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_completed(message["headers"]), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            self._note(scope, request_id, status, time.perf_counter() - began)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        # The pattern, never the path: an id in a path says who was asked about.
        route = str(scope.get("path_template") or "unknown")
        method = str(scope.get("method", ""))
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        if route not in QUIET:
            fields = {"method": method, "route": route, "status": status, "request_id": request_id}
            log.info("request", extra={**fields, "milliseconds": round(seconds * 1000, 1)})


def _completed(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's own headers, and those of HEADERS that it does not set: two policies would both be in force."""
    own = list(headers)
    names = {name.lower() for name, _ in own}
    return own + [header for header in HEADERS if header[0] not in names]
