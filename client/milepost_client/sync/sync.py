"""Sync: one round and end, or stay and watch; one process a home, which others may ask.

A failed upload never waits for the next write: a watch reconnects by itself, with exponential backoff, full jitter
and a cap. Nothing here touches the log but through a session.
"""

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import msgspec

from milepost.errors import MilepostError, PeerError, Unreachable
from milepost.sync.messages import ViewDigest
from milepost_client.device.door import LOOPBACK, Door, door_of
from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.sync.join import Server, server_of
from milepost_client.sync.link import Broken, Ends, converse
from milepost_client.sync.lock import SyncLock
from milepost_client.sync.session import Glance, Notice, Session
from milepost_client.sync.web import Web

BACKOFF_SECONDS_MAX = 60.0
BACKOFF_SECONDS_FIRST = 0.5
# One `mp sync` on a bad line: a person is waiting, and a watch is there for more patience.
ATTEMPTS_MAX = 4
DOOR_SECONDS_MAX = 120.0
PASSWORD_BYTES = 16


class SyncReport(NamedTuple):
    """What a round of sync came to.

    `set_agrees`: whether both ends hold the same events at `position`, None where nothing was compared. `views` are the
    server's labelled digests, for who can compare them. `token` opens the HTTP interface for a quarter of an hour.
    """

    pushed: int
    pulled: int
    unsent: int
    position: int
    set_agrees: bool | None
    views: tuple[ViewDigest, ...]
    notices: tuple[Notice, ...]
    clock_off_ms: int
    server_url: str
    token: str


def sync_once(home: Home, world: World, *, software: str = "") -> SyncReport:
    """Exchange everything with the server, once. Beside a running watch, have that do it and wait.

    Raises PairingNeeded where no server was joined, Unreachable where it does not answer, StorageError, and what the
    server says. Everything stored before a failure stays stored.
    """
    with Log.open(home, world) as log:
        server = server_of(log)
        lock = SyncLock.take(home)
        if lock is None:
            return _ask(home)
        try:
            return asyncio.run(_Shell(log, server, software).once())
        finally:
            lock.release()


def watch(home: Home, world: World, tell: Callable[[SyncReport | Notice], None], *, software: str = "") -> None:
    """Stay connected until interrupted (KeyboardInterrupt); `tell` is called after every round and when the link goes.

    Raises like `sync_once`, but comes back by itself from whatever time may mend. Raises Unreachable (`watching`) where
    another watch runs.
    """
    with Log.open(home, world) as log:
        server = server_of(log)
        lock = SyncLock.take(home)
        if lock is None:
            raise Unreachable(
                "another sync of this home is running", code="watching", remedy="`mp sync` asks it for a round"
            )
        try:
            asyncio.run(_Shell(log, server, software).watch(lock, tell))
        finally:
            lock.release()


def look(home: Home, log: Log, *, software: str = "") -> tuple[Web, bytes]:
    """The HTTP interface of the server, opened by a proof, and the incarnation of its data; nothing is exchanged.

    Beside a running watch its token is used: a second socket of this device would end the first. Raises like
    `sync_once`.
    """
    server = server_of(log)
    lock = SyncLock.take(home)
    if lock is None:
        return Web(server.address, _ask(home).token), log.cursor().incarnation or b""
    glance = Glance(log, device_keys(log.secrets), server.peer, software=software)
    try:
        asyncio.run(converse(server.address, glance, Ends(lambda: False, lambda: False, lambda _: True)))
    finally:
        lock.release()
    return Web(server.address, glance.token), glance.incarnation or b""


class _Shell:
    """What one process does with the lock."""

    def __init__(self, log: Log, server: Server, software: str) -> None:
        self._log = log
        self._server = server
        self._keys = device_keys(log.secrets)
        self._software = software
        self._data_version = log.data_version()
        self._wake = asyncio.Event()
        self._news = asyncio.Event()
        self._waiting: list[asyncio.Future[SyncReport]] = []
        self._failures = 0

    async def once(self) -> SyncReport:
        """One round; a connection that breaks is made again a few times."""
        attempt = 1
        while True:
            session = self._session()
            try:
                await converse(self._server.address, session, Ends(lambda: False, self._appended, lambda _: True))
                return self._report(session)
            except Broken as error:
                if attempt == ATTEMPTS_MAX or error.retry_after > BACKOFF_SECONDS_MAX:
                    raise
                await asyncio.sleep(self._backoff(attempt, error.retry_after))
                attempt += 1

    async def watch(self, lock: SyncLock, tell: Callable[[SyncReport | Notice], None]) -> None:
        """Rounds without end."""
        password = self._log.world.random(PASSWORD_BYTES).hex()
        door = await asyncio.start_server(lambda r, w: self._answer_door(password, r, w), LOOPBACK, 0)
        port: int = door.sockets[0].getsockname()[1]
        async with door, self._knocks(port, password):
            lock.announce(Door(port, password))
            try:
                while True:
                    await self._stay(tell)
            finally:
                # Whoever still asks learns that the watch is over by the end of the connection.
                for each in self._waiting:
                    each.cancel()

    async def _stay(self, tell: Callable[[SyncReport | Notice], None]) -> None:
        """One connection, and the wait before the next."""
        retry_after = 0
        try:
            ends = Ends(self._wanted, self._appended, lambda session: self._settled(session, tell))
            await converse(self._server.address, self._session(), ends, self._news)
        except Unreachable as error:
            retry_after = error.retry_after if isinstance(error, Broken) else 0
            self._fail_waiting(error)
            if not self._failures:
                tell(Notice(error.code, str(error)))
        self._failures += 1
        try:
            await asyncio.wait_for(self._wake.wait(), self._backoff(self._failures, retry_after))
        except TimeoutError:
            return

    def _session(self) -> Session:
        return Session(self._log, self._keys, self._server.peer, software=self._software)

    def _appended(self) -> bool:
        """Whether another process has written to the log since this was last asked."""
        before, self._data_version = self._data_version, self._log.data_version()
        return before != self._data_version

    def _wanted(self) -> bool:
        wanted = self._wake.is_set()
        self._wake.clear()
        return wanted

    def _settled(self, session: Session, tell: Callable[[SyncReport | Notice], None]) -> bool:
        self._failures = 0
        report = self._report(session)
        session.begin_round()
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(report)
        tell(report)
        return False

    def _report(self, session: Session) -> SyncReport:
        digests = session.digests
        return SyncReport(
            session.pushed,
            session.pulled,
            self._log.unsent_count(),
            digests.position if digests else 0,
            digests.set_agrees if digests else None,
            digests.views if digests else (),
            tuple(session.notices),
            session.clock_off_ms,
            self._server.address.url,
            session.token,
        )

    def _backoff(self, attempt: int, retry_after: int) -> float:
        """Seconds to wait after so many failures: full jitter, so that a crowd does not come back at once."""
        ceiling = min(BACKOFF_SECONDS_MAX, BACKOFF_SECONDS_FIRST * (1 << min(attempt, 16)))
        chance = int.from_bytes(self._log.world.random(4), "big") / (1 << 32)
        return retry_after + ceiling * chance

    # The door

    @asynccontextmanager
    async def _knocks(self, port: int, password: str) -> AsyncIterator[None]:
        """Hear knocks at the door: who has appended says so. Where the port is taken, the log is looked at in turns."""
        loop, transport = asyncio.get_running_loop(), None
        with suppress(OSError):
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Knocks(password, self._news), local_addr=(LOOPBACK, port)
            )
        try:
            yield
        finally:
            if transport is not None:
                transport.close()

    async def _answer_door(self, password: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), DOOR_SECONDS_MAX)
            if hmac.compare_digest(line.strip(), password.encode("ascii")):
                writer.write(await self._round())
                await writer.drain()
        except (OSError, TimeoutError, ValueError):
            # Whoever asked has gone, or said nothing sensible; the watch goes on.
            return
        finally:
            writer.close()

    async def _round(self) -> bytes:
        """Have a round made; the report, or the error, as JSON."""
        asked: asyncio.Future[SyncReport] = asyncio.get_running_loop().create_future()
        self._waiting.append(asked)
        self._wake.set()
        self._news.set()
        try:
            return msgspec.json.encode({"report": await asked})
        except MilepostError as error:
            return msgspec.json.encode(
                {"error": {"code": error.code, "message": error.message, "remedy": error.remedy}}
            )

    def _fail_waiting(self, error: Unreachable) -> None:
        self._wake.clear()
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_exception(error)


class _Knocks(asyncio.DatagramProtocol):
    """Sets `news` at every knock that has the password."""

    def __init__(self, password: str, news: asyncio.Event) -> None:
        self._password = password.encode("ascii")
        self._news = news

    def datagram_received(self, data: bytes, addr: object) -> None:
        if hmac.compare_digest(data, self._password):
            self._news.set()


def _ask(home: Home) -> SyncReport:
    """Ask the process that holds the lock for a round, and wait for it."""
    door = door_of(home.sync_lock)
    if door is None:
        raise Unreachable("another `mp sync` is running", code="syncing", remedy="wait for it, then run it again")
    try:
        with socket.create_connection((LOOPBACK, door.port), DOOR_SECONDS_MAX) as asking:
            asking.sendall(f"{door.password}\n".encode("ascii"))
            with asking.makefile("rb") as answers:
                answer = answers.read()
    except OSError as error:
        raise Unreachable(f"the running watch does not answer: {error}", remedy="stop it and run `mp sync`") from None
    return _answered(answer)


def _answered(answer: bytes) -> SyncReport:
    try:
        said = json.loads(answer)
        if "error" in said:
            error = said["error"]
            raise Unreachable(error["message"], code=error["code"], remedy=error["remedy"])
        return msgspec.convert(said["report"], SyncReport)
    except (ValueError, KeyError, TypeError, msgspec.ValidationError):
        raise PeerError("the running watch ended before it answered", remedy="run `mp sync` again") from None
