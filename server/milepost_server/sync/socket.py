"""The socket: a Session over asyncio and Litestar. It moves frames; it decides nothing about the protocol.

Two tasks a connection: one always reads, one writes what the session hands out. The writer is where a client that does
not read is noticed: a frame that cannot be handed to the network for 30 s ends the connection, and costs nobody else.
Litestar's middleware sees HTTP only, so the socket has a guard of its own: `admit`, before it is accepted.
"""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from milepost.errors import StorageError
from milepost.sync import SUBPROTOCOL
from milepost_server.config import Settings
from milepost_server.limits import Occupancy, Rate
from milepost_server.logging import log
from milepost_server.metrics import Metrics
from milepost_server.store import Store, StoreFailed
from milepost_server.sync.ingest import Accepted, Refusal
from milepost_server.sync.session import (
    CLOSE_BUSY,
    CLOSE_POLICY,
    CLOSE_REPLACED,
    End,
    Entered,
    Frame,
    Grew,
    Meeting,
    Session,
    Step,
    Task,
)
from milepost_server.sync.wake import Hub

PROOF_SECONDS = 10
SLOW_SECONDS = 30
RETRY_SECONDS = 30
# A socket has at most four pushes and one read under way, and deliveries only on credit; more waiting than this is
# somebody who does not read what they asked for.
OUTBOX_BYTES_MAX = 8 * 1024 * 1024
# Per device, or per address until the proof: far above any use, far below what could starve the others.
FRAMES_BURST = 3_000
FRAMES_PER_MINUTE = 60_000


class Lobby:
    """What all sockets of a process share: the guard before accept, the store, the other connections."""

    def __init__(
        self,
        settings: Settings,
        meeting: Meeting,
        store: Store,
        hub: Hub,
        metrics: Metrics,
        readers: ThreadPoolExecutor,
    ) -> None:
        self.meeting = meeting
        self.store = store
        self.hub = hub
        self.metrics = metrics
        self.readers = readers
        self.addresses = Occupancy(settings.sockets_per_address)
        self.rate = Rate(FRAMES_BURST, FRAMES_PER_MINUTE, meeting.world.now_ms)
        self.is_closing = False
        self._origins = frozenset(settings.origins)
        self._names = settings.names

    def admit(self, origin: str | None, subprotocols: list[str]) -> str | None:
        """Why a connection is refused before it is accepted, or None. The address is counted apart."""
        if self.is_closing:
            return "closing"
        if origin is not None and origin not in self._origins and urlsplit(origin).hostname not in self._names:
            return "origin"
        if SUBPROTOCOL not in subprotocols:
            return "subprotocol"
        return None


class Peer:
    """One accepted socket with its session."""

    def __init__(self, socket: "WebSocket[Any, Any, Any]", lobby: Lobby, address: str) -> None:
        self.entered: Entered | None = None
        self._socket = socket
        self._lobby = lobby
        self._session = Session(lobby.meeting)
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._outbox: asyncio.Queue[Frame | End] = asyncio.Queue()
        self._waiting_bytes = 0
        self._is_over = False

    async def run(self) -> None:
        """Hold the conversation until either side ends it."""
        deadline = self._loop.call_later(PROOF_SECONDS, self._prove_or_go)
        reader, writer = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        try:
            self._carry_out(self._session.open())
            await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._is_over = True
            deadline.cancel()
            self._lobby.hub.leave(self)
            for task in (reader, writer):
                task.cancel()
            for result in await asyncio.gather(reader, writer, return_exceptions=True):
                if isinstance(result, Exception):
                    log.error("a socket failed", exc_info=result)

    def wake(self, grew: Grew) -> None:
        self._carry_out(self._session.wake(grew))

    def replaced(self) -> None:
        self._carry_out(self._session.end("REPLACED", "this installation has connected again", CLOSE_REPLACED))

    def warn_copy(self) -> None:
        self._carry_out(
            self._session.notice("COPY", "two installations write under one epoch of this device; one is a copy")
        )

    def farewell(self, retry_after: int) -> None:
        """Say goodbye: the server stops."""
        self._carry_out(self._session.farewell(retry_after))

    async def _read(self) -> None:
        while True:
            try:
                message = await self._socket.receive()
            except WebSocketDisconnect:
                return
            if message["type"] != "websocket.receive":
                return
            self._lobby.metrics.frames.labels("in").inc()
            wait = self._lobby.rate.take(self.entered.device if self.entered else self._address)
            data = message.get("bytes")
            if wait:
                self._end("RATE", f"over {FRAMES_PER_MINUTE} frames a minute", CLOSE_BUSY, wait)
            elif not isinstance(data, bytes):
                self._end("protocol", "frames are binary", CLOSE_POLICY, 0)
            else:
                self._carry_out(self._session.feed(data))

    async def _write(self) -> None:
        while True:
            item = await self._outbox.get()
            if isinstance(item, End):
                await asyncio.wait_for(self._socket.close(item.code, item.reason), SLOW_SECONDS)
                return
            self._waiting_bytes -= len(item.data)
            try:
                await asyncio.wait_for(self._socket.send_bytes(item.data), SLOW_SECONDS)
            except TimeoutError:
                log.info("a client did not read for too long", extra={"code": "SLOW"})
                return
            except (OSError, WebSocketDisconnect):
                return
            self._lobby.metrics.frames.labels("out").inc()

    def _carry_out(self, steps: list[Step]) -> None:
        if self._is_over:
            # What a push made of the stream concerns the others still; the rest was for whoever has gone.
            steps = [step for step in steps if isinstance(step, Grew)]
        for step in steps:
            match step:
                case Frame():
                    self._waiting_bytes += len(step.data)
                    self._outbox.put_nowait(step)
                case End():
                    self._outbox.put_nowait(step)
                case Task():
                    self._start(step)
                case Entered():
                    self._enter(step)
                case Grew():
                    self._lobby.hub.wake(step, but=self)
        if self._waiting_bytes > OUTBOX_BYTES_MAX:
            self._waiting_bytes = 0
            self._end("SLOW", "too much waits to be read", CLOSE_BUSY, RETRY_SECONDS)

    def _start(self, task: Task) -> None:
        try:
            future = self._lobby.readers.submit(self._look, task) if task.reads else self._lobby.store.write(task.job)
        except (StorageError, RuntimeError):
            # The store has failed or is closing, and so is the process: the client tries again later.
            self._end("RESTART", "the server is stopping", CLOSE_BUSY, RETRY_SECONDS)
            return
        future.add_done_callback(lambda done: self._hand_over(task, done))

    def _look(self, task: Task) -> Any:
        with self._lobby.store.reading() as connection:
            return task.job(connection)

    def _hand_over(self, task: Task, future: "Future[Any]") -> None:
        """From the store's thread to the loop's."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._finish, task, future)

    def _finish(self, task: Task, future: "Future[Any]") -> None:
        error = future.exception()
        if isinstance(error, StoreFailed):
            self._end("RESTART", "the server is stopping", CLOSE_BUSY, RETRY_SECONDS)
        elif error is not None:
            log.error("a session's task failed", exc_info=error)
            self._carry_out(self._session.failed(task, error))
        else:
            self._count(future.result())
            self._carry_out(self._session.done(task, future.result()))

    def _count(self, result: object) -> None:
        metrics = self._lobby.metrics
        if isinstance(result, Accepted):
            metrics.pushes.labels("accepted" if result.grew else "known").inc()
            if result.grew:
                metrics.events.inc(result.lines[-1].last - result.lines[-1].first + 1)
        elif isinstance(result, Refusal):
            metrics.pushes.labels("refused").inc()

    def _enter(self, entered: Entered) -> None:
        self.entered = entered
        if not self._lobby.hub.join(self, entered):
            self._end("SOCKETS", "this account has too many connections", CLOSE_BUSY, RETRY_SECONDS)

    def _prove_or_go(self) -> None:
        if self.entered is None:
            self._end("TIMEOUT", f"no proof within {PROOF_SECONDS} seconds", CLOSE_POLICY, 0)

    def _end(self, code: str, sentence: str, close: int, retry_after: int) -> None:
        self._carry_out(self._session.end(code, sentence, close, retry_after))


def socket_handler(lobby: Lobby) -> Any:
    """The handler of `/sync`."""

    @websocket("/sync")
    async def sync(socket: "WebSocket[Any, Any, Any]") -> None:
        """Sync, over `milepost.sync.v1`."""
        origin = socket.headers.get("origin")
        address = socket.client.host if socket.client else ""
        reason = lobby.admit(origin, list(socket.scope.get("subprotocols", [])))
        if reason is None and not lobby.addresses.enter(address):
            reason = "address"
        if reason is not None:
            lobby.metrics.refused_sockets.labels(reason).inc()
            await socket.close()
            return
        lobby.metrics.sockets.inc()
        try:
            await socket.accept(subprotocols=SUBPROTOCOL)
            await Peer(socket, lobby, address).run()
        finally:
            lobby.metrics.sockets.dec()
            lobby.addresses.leave(address)

    return sync
