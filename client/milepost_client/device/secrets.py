"""Secrets at rest: the device's seeds, and the recovery secret until its words are saved.

They go to the operating system's keychain when the `keyring` package is installed and has a real one to offer, else
to 0600 files in the home. Appending needs none of them.
"""

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from milepost.errors import StorageError
from milepost.ids import base64url, from_base64url
from milepost_client.device.home import Home, make_folder, refused, write_file

DEVICE = "device"
"""The signing seed, then the agreement seed, 32 bytes each."""
RECOVERY = "recovery"
"""The recovery secret, until the member has typed its words back."""
NAMES = (DEVICE, RECOVERY)

UNBORN = ".new"
"""Ends the name of a secret whose log is not committed yet; it takes its name without it right afterwards."""

SERVICE = "milepost"


class Secrets(Protocol):
    """Where secrets are kept, by name."""

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, durably."""

    def drop(self, name: str) -> None:
        """Forget a secret; one that is not there is forgotten already."""


class MemorySecrets(dict[str, bytes]):
    """Secrets of a log that lives in memory: for the simulation and for tests."""

    def put(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def drop(self, name: str) -> None:
        self.pop(name, None)


class FileSecrets:
    """One 0600 file a secret, as base64url text, in a 0700 folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            with open(path, encoding="ascii") as file:
                return from_base64url(file.read().strip())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refused(path, error) from None
        except ValueError:
            raise StorageError(
                f"{path} holds no key", remedy="restore it from a backup, or enrol this device anew"
            ) from None

    def put(self, name: str, secret: bytes) -> None:
        make_folder(self._folder)
        write_file(self._path(name), base64url(secret).encode("ascii") + b"\n")

    def drop(self, name: str) -> None:
        path = self._path(name)
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise refused(path, error) from None

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)


class KeychainSecrets:
    """The operating system's keychain; secrets that lie in files, from before there was one, are found there."""

    def __init__(self, home: Home, keychain: Any, error: type[Exception]) -> None:
        self._home = home.path
        self._keychain = keychain
        self._error = error
        self._files = FileSecrets(home.keys)

    def get(self, name: str) -> bytes | None:
        found = self._files.get(name)
        if found is not None:
            return found
        text = self._asked(lambda: self._keychain.get_password(SERVICE, self._account(name)))
        return None if text is None else from_base64url(text)

    def put(self, name: str, secret: bytes) -> None:
        self._asked(lambda: self._keychain.set_password(SERVICE, self._account(name), base64url(secret)))

    def drop(self, name: str) -> None:
        self._files.drop(name)
        if self.get(name) is not None:
            self._asked(lambda: self._keychain.delete_password(SERVICE, self._account(name)))

    def _account(self, name: str) -> str:
        # Two homes of one user are two devices.
        return f"{name} of {self._home}"

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except self._error as error:
            raise StorageError(
                f"the keychain refuses: {error}", remedy="unlock it, then run the command again"
            ) from None


def secrets_of(home: Home) -> Secrets:
    """Where this installation keeps its secrets.

    Never the keychain under MILEPOST_HOME: that variable promises everything in one folder.
    """
    if os.environ.get("MILEPOST_HOME"):
        return FileSecrets(home.keys)
    try:
        keyring = import_module("keyring")
    except ImportError:
        return FileSecrets(home.keys)
    backend = keyring.get_keyring()
    # Without a desktop session keyring offers a stand-in that refuses everything; its priority says so.
    if backend.priority <= 0:
        return FileSecrets(home.keys)
    return KeychainSecrets(home, backend, keyring.errors.KeyringError)


def settle(secrets: Secrets) -> None:
    """Give the secrets of a log that is now committed their names.

    Idempotent: a crash in it is made good by the next.
    """
    for name in NAMES:
        unborn = secrets.get(name + UNBORN)
        if unborn is not None:
            secrets.put(name, unborn)
            secrets.drop(name + UNBORN)


def recovery_secret(secrets: Secrets) -> bytes | None:
    """The recovery secret while its words are not saved yet, else None."""
    settle(secrets)
    return secrets.get(RECOVERY)


def words_saved(secrets: Secrets) -> None:
    """Forget the recovery secret: the member has typed its words back."""
    settle(secrets)
    secrets.drop(RECOVERY)
