"""A meeting place behind a real WebSocket, in a thread: for tests of the shell around the session."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from milepost.keys import name_of
from milepost.sync import SUBPROTOCOL
from milepost.sync import server as machine
from milepost.sync.effects import Close, Effect, Ingest, LookUp, Read, Send, Subscribe
from tests.client.meeting_place import MeetingPlace


class Serving:
    """A server on a loopback port. `drop` ends every connection without a word."""

    def __init__(self, place: MeetingPlace) -> None:
        self.place = place
        self.port = 0
        self.accepted = 0
        self._loop = asyncio.new_event_loop()
        self._sockets: dict[ServerConnection, _Talk] = {}
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, port: int = 0) -> None:
        """Listen; on the port it had before, if that is given."""
        if not self._thread.is_alive():
            self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(port), self._loop).result(10)

    def stop(self) -> None:
        """Stop listening and drop everyone."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self, port: int) -> None:
        self._server = await serve(
            self._serve, "127.0.0.1", port, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, socket: ServerConnection) -> None:
        self.accepted += 1
        talk = self._sockets[socket] = _Talk(self.place)
        try:
            await self._tell(socket, talk)
            async for frame in socket:
                if isinstance(frame, bytes):
                    talk.feed(frame)
                for each, other in list(self._sockets.items()):
                    other.wake()
                    await self._tell(each, other)
        except ConnectionClosed:
            return
        finally:
            del self._sockets[socket]

    async def _tell(self, socket: ServerConnection, talk: "_Talk") -> None:
        frames, talk.frames = talk.frames, []
        for frame in frames:
            await socket.send(frame)
        if talk.closed is not None:
            await socket.close(talk.closed.code, talk.closed.reason)


class _Talk:
    """One connection's machine, carried out at once."""

    def __init__(self, place: MeetingPlace) -> None:
        self.place = place
        self.frames: list[bytes] = []
        self.closed: Close | None = None
        self._machine = machine.ServerSync(
            machine.Place(frozenset({"127.0.0.1"}), name_of(place.key.public), place.key.public, "test"),
            b"n" * 32,
            place.now_ms,
        )
        self._run(self._machine.open())

    def feed(self, frame: bytes) -> None:
        self._run(self._machine.feed(frame))

    def wake(self) -> None:
        self._run(self._machine.wake(len(self.place.events)))

    def _run(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    self.frames.append(frame)
                case LookUp(hello):
                    self._run(self._machine.looked_up(self.place.account(hello.device)))
                case Ingest():
                    self._run(self._machine.ingested(self.place.store(effect), effect.answers))
                case Read(after, count):
                    self._run(self._machine.read(*self.place.read(after, count)))
                case Close():
                    self.closed = effect
                case Subscribe():
                    pass
                case _:
                    raise AssertionError(effect)


@contextmanager
def serving(place: MeetingPlace) -> Iterator[Serving]:
    """A running server."""
    server = Serving(place)
    server.start()
    try:
        yield server
    finally:
        server.end()
