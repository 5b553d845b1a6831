"""The home: one private folder that holds everything this installation has.

`log.db` is the truth, `views.db` a cache of it, `keys/` the secrets that no keychain took. Paths are plain strings
and the platform rules are written out here, because `pathlib` and `platformdirs` would cost every daily word some
milliseconds.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress

from milepost.errors import StorageError
from milepost.light import NamedTuple

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class Home(NamedTuple):
    """A folder, and where things lie in it."""

    path: str

    @classmethod
    def default(cls, environ: Mapping[str, str] | None = None) -> "Home":
        """`MILEPOST_HOME`, else the platform's folder for a user's data."""
        environ = os.environ if environ is None else environ
        chosen = environ.get("MILEPOST_HOME")
        if chosen:
            return cls(os.path.abspath(os.path.expanduser(chosen)))
        return cls(os.path.join(_data_folder(environ), "milepost"))

    @property
    def log(self) -> str:
        return os.path.join(self.path, "log.db")

    @property
    def views(self) -> str:
        return os.path.join(self.path, "views.db")

    @property
    def config(self) -> str:
        return os.path.join(self.path, "config.toml")

    @property
    def keys(self) -> str:
        return os.path.join(self.path, "keys")

    @property
    def sync_lock(self) -> str:
        return os.path.join(self.path, "sync.lock")

    @property
    def paired(self) -> str:
        """A whole new home that pairing made, on its way to take the place of this one (`swap.py`)."""
        return os.path.join(self.path, "paired")

    def prepare(self) -> None:
        """Make the folder, for this user alone whatever the umask. Raises StorageError.

        A folder that is already there keeps its mode: it may be one that the user shares with other things. The files
        in it are 0600 all the same.
        """
        make_folder(self.path)


def make_folder(path: str) -> None:
    """A durable private folder at `path`, with the parents it lacks. Raises StorageError when that is refused."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    if parent != path:
        make_folder(parent)
    try:
        os.mkdir(path, FOLDER_MODE)
        os.chmod(path, FOLDER_MODE)
        sync_folder(parent)
    except FileExistsError:
        if not os.path.isdir(path):
            raise StorageError(f"{path} is a file, not a folder", remedy="move it away, or set MILEPOST_HOME") from None
    except OSError as error:
        raise refused(path, error) from None


def write_file(path: str, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all, durably and readable by this user alone. Raises StorageError."""
    write_pieces(path, (data,))


def write_pieces(path: str, pieces: Iterable[bytes]) -> None:
    """What `write_file` does, with what comes in pieces; a piece that cannot be made leaves `path` as it was."""
    unfinished = f"{path}.{os.getpid()}.new"
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
        with open(descriptor, "wb") as file:
            os.chmod(unfinished, FILE_MODE)
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
        sync_folder(os.path.dirname(path))
    except OSError as error:
        raise refused(path, error) from None
    finally:
        with suppress(OSError):
            # Gone already where all went well.
            os.unlink(unfinished)


def make_file(path: str) -> None:
    """An empty file that only this user can read, if there is none. Raises StorageError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        return
    except OSError as error:
        raise refused(path, error) from None
    os.close(descriptor)
    os.chmod(path, FILE_MODE)
    sync_folder(os.path.dirname(path))


def sync_folder(path: str) -> None:
    """Make the names in a folder durable; Windows does that by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refused(path: str, error: OSError) -> StorageError:
    """The sentence for what the operating system said about `path`."""
    reason = (error.strerror or str(error)).lower()
    return StorageError(f"{path} cannot be used: {reason}", remedy="nothing was written; free space or mend the folder")


def _data_folder(environ: Mapping[str, str]) -> str:
    user = os.path.expanduser("~")
    if sys.platform == "win32":
        return environ.get("LOCALAPPDATA") or os.path.join(user, "AppData", "Local")
    if sys.platform == "darwin":
        return os.path.join(user, "Library", "Application Support")
    chosen = environ.get("XDG_DATA_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    return chosen if os.path.isabs(chosen) else os.path.join(user, ".local", "share")
