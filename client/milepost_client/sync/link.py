"""One connection: a WebSocket around a session. Everything the server sends is read at once, in a task of its own.

Reading never waits for writing, so neither end can hold the other up by not listening; what the server may send is
bounded by the credit that the machine grants.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from milepost.errors import MilepostError, PairingNeeded, RemoteProtocolError, Unreachable, VersionMismatch
from milepost.sync import SUBPROTOCOL
from milepost.sync.effects import Close, Failed, Send
from milepost.sync.frames import FRAME_BYTES_MAX
from milepost_client.sync.session import Session
from milepost_client.sync.web import Address, unreachable

OPEN_SECONDS_MAX = 10.0
CLOSE_SECONDS_MAX = 3.0
# A half-open link is noticed after at most both together: sync.md promises 45 s.
PING_SECONDS = 20.0
PONG_SECONDS_MAX = 20.0
# How soon a running watch sees what another process appended, where that process could not knock.
POLL_SECONDS = 0.02
# Fed to the session in one go, so that small batches share a transaction.
FRAMES_AT_ONCE_MAX = 64
CLOSE_REPLACED = 4001

_ERRORS: dict[str, type[MilepostError]] = {
    "UNKNOWN": PairingNeeded,
    "REVOKED": PairingNeeded,
    "ERASED": PairingNeeded,
    "VERSION": VersionMismatch,
}


# The server's word empties nothing here: what becomes of it is for the member to say.
_REMEDIES = {"ERASED": "all you recorded stays here: mp export jsonl, and mp erase --local when you are done with it"}


class Broken(Unreachable):
    """The connection ended before the conversation did. `retry_after` seconds, where the server asked for it."""

    def __init__(self, message: str, *, code: str = "broken", retry_after: int = 0) -> None:
        super().__init__(message, code=code, remedy="everything is saved here; `mp sync` goes on where it stopped")
        self.retry_after = retry_after


class Ends(NamedTuple):
    """What a link asks of its owner: `wanted` once a new round is asked for, `appended` once others wrote to the log,
    `settled` after a round; it answers whether the conversation is over."""

    wanted: Callable[[], bool]
    appended: Callable[[], bool]
    settled: Callable[[Session], bool]


class _Inbox:
    """Frames that have arrived, and how the connection ended, once it did. `news` is set for either."""

    def __init__(self, news: asyncio.Event) -> None:
        self._frames: deque[bytes] = deque()
        self._news = news
        self.end: ConnectionClosed | None = None

    async def fill(self, socket: ClientConnection) -> None:
        """Read until the connection ends."""
        try:
            while True:
                frame = await socket.recv(decode=False)
                self._frames.append(frame)
                self._news.set()
        except ConnectionClosed as end:
            self.end = end
            self._news.set()

    def take(self) -> list[bytes]:
        """Some frames that are here, oldest first."""
        taken = [self._frames.popleft() for _ in range(min(len(self._frames), FRAMES_AT_ONCE_MAX))]
        if not self._frames and self.end is None:
            self._news.clear()
        return taken

    async def wait(self, seconds: float) -> None:
        """Wait for news, at most so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)


async def converse(server: Address, session: Session, ends: Ends, news: asyncio.Event | None = None) -> None:
    """Connect, and run a session until its owner says it is over. The owner sets `news` to be asked at once.

    Raises Unreachable where nobody answers, Broken where the connection ended early (try again), and what the server
    said where trying again is no use.
    """
    async with _connected(server) as socket:
        inbox = _Inbox(news or asyncio.Event())
        reader = asyncio.create_task(inbox.fill(socket))
        try:
            await _exchange(socket, inbox, session, ends)
        finally:
            reader.cancel()


async def _exchange(socket: ClientConnection, inbox: _Inbox, session: Session, ends: Ends) -> None:
    while True:
        frames = inbox.take()
        if frames:
            answers = session.feed(*frames)
        elif inbox.end is not None:
            raise _ended(inbox.end)
        elif ends.wanted():
            answers = session.wake()
        elif ends.appended():
            answers = session.appended()
        else:
            await inbox.wait(POLL_SECONDS)
            continue
        was_settled = session.settled
        await _answer(socket, answers)
        if session.failed is not None:
            raise _said(session.failed)
        if was_settled and ends.settled(session):
            return


async def _answer(socket: ClientConnection, answers: Sequence[Send | Close]) -> None:
    try:
        for answer in answers:
            if isinstance(answer, Send):
                await socket.send(answer.frame)
            else:
                await socket.close(answer.code, answer.reason)
    except ConnectionClosed:
        # The reader knows too, and with it what the server said before it went.
        return


@contextlib.asynccontextmanager
async def _connected(server: Address) -> AsyncIterator[ClientConnection]:
    try:
        socket = await connect(
            server.socket_url,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            # Frames are compressed already, and a compressed secret beside chosen text would leak its length.
            compression=None,
            max_size=FRAME_BYTES_MAX,
            open_timeout=OPEN_SECONDS_MAX,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS_MAX,
            close_timeout=CLOSE_SECONDS_MAX,
            proxy=None if server.is_loopback else True,
        )
    except (OSError, WebSocketException) as error:
        raise _refused(server, error) from None
    try:
        if socket.subprotocol != SUBPROTOCOL:
            raise VersionMismatch(f"{server.url} does not speak {SUBPROTOCOL}", remedy="upgrade milepost on one end")
        yield socket
    finally:
        await socket.close()


def _refused(server: Address, error: Exception) -> MilepostError:
    if isinstance(error, InvalidHandshake):
        return Unreachable(f"{server.url} does not open a sync socket: {error}", remedy="check the address")
    return unreachable(server, error)


def _ended(end: ConnectionClosed) -> MilepostError:
    code = end.rcvd.code if end.rcvd else None
    if code == CLOSE_REPLACED:
        return RemoteProtocolError("another sync of this device took over", code="REPLACED")
    reason = f": {end.rcvd.reason}" if end.rcvd and end.rcvd.reason else ""
    return Broken(f"the connection broke{reason}")


def _said(failed: Failed) -> MilepostError:
    if not failed.is_final:
        return Broken(failed.sentence, code=failed.code, retry_after=failed.retry_after)
    kind, remedy = _ERRORS.get(failed.code, RemoteProtocolError), _REMEDIES.get(failed.code, "")
    return kind(failed.sentence, code=failed.code, remedy=remedy)
