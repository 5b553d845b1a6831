"""uvicorn, as this server wants it: the best of the servers tried for close codes and back-pressure (decisions/).

Two things are added. A peer that does not read cannot keep its socket: what is not flushed soon after the end is
dropped. And sockets are told goodbye before uvicorn closes them, so that nobody reconnects all at once.
"""

import asyncio
import os
import signal
import socket as sockets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from milepost.errors import UsageError
from milepost.sync.frames import FRAME_BYTES_MAX
from milepost_server.config import Settings
from milepost_server.store import Store

LINGER_SECONDS = 10
KEEP_ALIVE_SECONDS = 20
BACKLOG = 2048
# A ping each 20 s and 20 s for the answer: a dead link is noticed within 45 s (sync.md).
PING_SECONDS = 20
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class App(NamedTuple):
    """What a process serves: an ASGI application, its store, and `farewell`, said to every socket before the end."""

    asgi: Any
    store: Store
    farewell: Callable[[], None]


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which waits for a peer to read the last byte, with an end to the waiting."""

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(LINGER_SECONDS, self.transport.abort)


class Server(uvicorn.Server):
    """uvicorn's server, with two hooks: `started` once it listens, `stopping` before any connection is closed."""

    def __init__(
        self, config: uvicorn.Config, listening: Callable[[str, int], None], stopping: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._listening = listening
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal, and keep it: uvicorn raises it again, which would end the process with the store open."""
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: "list[sockets.socket] | None" = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            self._listening(*sockets[0].getsockname()[:2])

    async def shutdown(self, sockets: "list[sockets.socket] | None" = None) -> None:
        await self._stopping()
        await super().shutdown(sockets)


def listen(settings: Settings) -> sockets.socket:
    """A listening socket. Raises UsageError when the address is not to be had; uvicorn would only exit."""
    try:
        family, _, _, _, address = sockets.getaddrinfo(settings.host, settings.port, type=sockets.SOCK_STREAM)[0]
        return sockets.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {settings.host} port {settings.port}: {os.strerror(error.errno or 0)}",
            remedy="choose another with --port; 0 takes a free one",
        ) from None


def configure(asgi: Any, settings: Settings) -> uvicorn.Config:
    """The settings that matter, each for its reason. `asgi` is the application."""
    return uvicorn.Config(
        asgi,
        ws=SocketProtocol,
        ws_max_size=FRAME_BYTES_MAX,
        # Frames are zstd already; deflate would cost 300 KiB a socket and open a side channel on lengths.
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        # Without a bound one stuck connection would keep the process for ever.
        timeout_graceful_shutdown=settings.shutdown_seconds,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
    )
