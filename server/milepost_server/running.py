"""`milepost-server run`: open the data, listen, and end cleanly, or at once when the disk refuses.

A store that could not commit ends the process: what it holds in memory may differ from the disk, and a fresh start
reads the disk. Whatever started the server starts it again; `compose.yaml` and systemd do.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable

from milepost.errors import StorageError
from milepost_server.config import Settings
from milepost_server.logging import log, set_up
from milepost_server.operating import folder
from milepost_server.serving import App, Server, configure, listen
from milepost_server.store import Store, StoreFailed, keyfile
from milepost_server.store.keyfile import ServerKey
from milepost_server.world import SYSTEM

OPERATOR_TOKEN_BYTES = 32
# Time for the goodbyes to leave before uvicorn closes the sockets.
FAREWELL_SECONDS = 0.3


#: Wires an application from settings, key, store and the operator's token.
Create = Callable[[Settings, ServerKey, Store, str], App]


def run(settings: Settings, say: Callable[[str], None], create_app: Create) -> None:
    """Serve until told to stop. `say` gets one line when the server listens. Raises StorageError, or
    UsageError when the port is taken."""
    set_up(settings.log_level)
    store = folder.open_store(settings)
    try:
        key = keyfile.load(settings.key_path, SYSTEM.random, store)
        token = secrets.token_urlsafe(OPERATOR_TOKEN_BYTES)
        with listen(settings) as listener:
            app = create_app(settings, key, store, token)
            failure = _serve(app, settings, listener, token, say)
    finally:
        store.close()
        folder.clear_operator(settings)
    if failure is not None:
        raise failure


def _serve(
    app: App, settings: Settings, listener: socket.socket, token: str, say: Callable[[str], None]
) -> StorageError | None:
    """Serve; the store's failure if that is what ended it."""
    failures: list[StoreFailed] = []

    def listening(host: str, port: int) -> None:
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        folder.leave_operator(settings, folder.Operator(url, token, os.getpid()))
        log.info("listening", extra={"host": host, "port": port})
        say(f"Milepost server at {settings.url or url}, data in {settings.data}")

    async def stopping() -> None:
        app.farewell()
        await asyncio.sleep(FAREWELL_SECONDS)

    server = Server(configure(app.asgi, settings), listening, stopping)

    def failed(failure: StoreFailed) -> None:
        log.error("the store failed", extra={"sentence": failure.message})
        failures.append(failure)
        server.should_exit = True

    app.store.on_failure(failed)
    server.run([listener])
    return failures[0] if failures else None
