"""The erasure ledger: a file beside the database that says what was erased, by ids alone.

It is durable before an erasure is confirmed, is in no backup of the database, and is played back whenever the data are
opened. So a database that is older than an erasure, put back by whatever means, does not bring back what was erased.
One JSON object a line, only ever added to; the erasure of an account takes the lines of its entries away.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from milepost.errors import StorageError
from milepost.ids import base32, base64url, from_base32, from_base64url
from milepost_server.store.keyfile import write_private

LEDGER = "erasures.jsonl"
_USER_BYTES = 16
_EVENT_BYTES = 16


class Erasure(NamedTuple):
    """What was erased at a Unix ms: an event of a member, or, without one, the whole account."""

    user: bytes
    event: bytes | None
    at: int


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    user: str
    at: int
    event: str | None = None


class Ledger:
    """The file. One process at a time has it, as it has the data."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Erasure]:
        """Everything that was erased, oldest first. Raises StorageError for a file that is damaged.

        A last line without an end is being written, or was when the process died: nothing was confirmed.
        """
        lines = self._whole(self._raw()).splitlines()
        return [self._erasure(number, line) for number, line in enumerate(lines, 1)]

    def cut_torn_end(self) -> None:
        """Take away a last line that was never finished. For whoever has the data, before anything is added."""
        raw = self._raw()
        whole = self._whole(raw)
        if whole != raw:
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())

    def add(self, erasures: Sequence[Erasure]) -> None:
        """Write erasures down, durably. Raises OSError or StorageError: then none of them may be confirmed."""
        gone = {each.user for each in erasures if each.event is None}
        if gone:
            kept = [each for each in self.read() if each.user not in gone]
            left = [each for each in erasures if each.event is None or each.user not in gone]
            write_private(self.path, "".join(map(_text, (*kept, *left))))
            sync_folder(self.path.parent)
            return
        is_new = not self.path.exists()
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write("".join(map(_text, erasures)).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self.path.parent)

    def _raw(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StorageError(f"the erasure ledger {self.path} cannot be read: {error.strerror}") from error

    @staticmethod
    def _whole(raw: bytes) -> bytes:
        return raw[: raw.rfind(b"\n") + 1]

    def _erasure(self, number: int, text: bytes) -> Erasure:
        try:
            line = msgspec.json.decode(text, type=_Line)
            event = None if line.event is None else from_base32(line.event, _EVENT_BYTES)
            user = from_base64url(line.user)
            if len(user) != _USER_BYTES:
                raise ValueError
        except ValueError:
            raise StorageError(
                f"line {number} of the erasure ledger {self.path} is damaged",
                remedy="put the ledger back from its copy; without it a restored backup brings back what was erased",
            ) from None
        return Erasure(user, event, line.at)


def _text(erasure: Erasure) -> str:
    event = None if erasure.event is None else base32(erasure.event)
    return msgspec.json.encode(_Line(base64url(erasure.user), erasure.at, event)).decode("ascii") + "\n"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
