"""The server key: a file apart from the data, 0600, made on the first start. Receipts and invites carry its name."""

import os
from collections.abc import Callable
from pathlib import Path

from milepost.errors import StorageError
from milepost.keys import SEED_BYTES, SigningKey, derive
from milepost_server.store import Store

COHORT_INFO = b"milepost/cohort-stream/1\0"
COHORT_ROOT_BYTES = 16


class ServerKey:
    """The key of a deployment. It signs receipts; the secrets of cohort streams are derived from it, never stored."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self.signing = SigningKey(seed)

    @property
    def public(self) -> bytes:
        return self.signing.public

    @property
    def key_id(self) -> bytes:
        return self.signing.name

    def cohort_secret(self, root: bytes, size: int) -> bytes:
        """The secret of the cohort stream whose random root is `root`."""
        return derive(self._seed, COHORT_INFO + root, size)


def load(path: Path, random: Callable[[int], bytes], store: Store) -> ServerKey:
    """The server key in `path`, made from `random` on the first start, when neither it nor any data is there.

    Raises StorageError when it cannot be read or written, does not hold 32 bytes in hexadecimal, or is gone from
    beside its data: a new one would make devices turn away from what they would take for another server.
    """
    try:
        return ServerKey(_read(path))
    except FileNotFoundError:
        if _has_data(store):
            raise StorageError(
                f"the server key {path} is missing, and the data beside it belongs to it",
                remedy="put it back from your backup, or name its file in MILEPOST_SERVER_KEY",
            ) from None
        seed = random(SEED_BYTES)
    except OSError as error:
        raise StorageError(f"the server key {path} cannot be read: {error.strerror}") from error
    try:
        write_private(path, seed.hex() + "\n")
    except OSError as error:
        raise StorageError(f"the server key {path} cannot be written: {error.strerror}") from error
    return ServerKey(seed)


def _has_data(store: Store) -> bool:
    with store.reading() as connection:
        return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM stream)").fetchone()[0])


def _read(path: Path) -> bytes:
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise StorageError(f"{path} does not hold a server key", remedy="put the key back from your backup")
    return seed


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all, whatever the umask."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
