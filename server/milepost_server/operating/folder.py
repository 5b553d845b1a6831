"""The data folder: its store, and the file by which commands find the server that runs on it."""

import msgspec

from milepost.errors import StorageError
from milepost_server.config import Settings
from milepost_server.store import keyfile
from milepost_server.store.sqlite import INCARNATION_BYTES, SqliteStore
from milepost_server.world import SYSTEM

OPERATOR_FILE = "operator.json"


class Operator(msgspec.Struct, frozen=True):
    """How the operator's command line finds the running server: in operator.json, 0600."""

    url: str
    token: str
    pid: int


def open_store(settings: Settings) -> SqliteStore:
    """The store of these settings. Raises DataInUse while a server runs on it."""
    return SqliteStore(settings.data, incarnation=SYSTEM.random(INCARNATION_BYTES))


def leave_operator(settings: Settings, operator: Operator) -> None:
    """Say where the server is, for as long as it runs."""
    keyfile.write_private(settings.data / OPERATOR_FILE, msgspec.json.encode(operator).decode())


def clear_operator(settings: Settings) -> None:
    """The server is gone."""
    (settings.data / OPERATOR_FILE).unlink(missing_ok=True)


def find_operator(settings: Settings) -> Operator:
    """Where the server is. Raises StorageError when nothing says so."""
    path = settings.data / OPERATOR_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Operator)
    except (OSError, msgspec.DecodeError) as error:
        raise StorageError(
            f"{settings.data} is in use, and {path} does not say by whom", remedy="wait until the server has started"
        ) from error


def address(settings: Settings) -> str:
    """Where people reach the server: what the settings say, else where it listens, else where it would."""
    if settings.url:
        return settings.url.rstrip("/")
    if (settings.data / OPERATOR_FILE).exists():
        return find_operator(settings).url
    return f"http://{settings.host}:{settings.port}"
