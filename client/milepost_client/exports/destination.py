"""Where an export goes: a file, a folder of files, or standard output.

A file is there whole or not at all, and its owner's alone: an export holds everything in clear.
"""

import os
import sys
from collections.abc import Iterable, Mapping

from milepost.errors import UsageError
from milepost_client.device.home import make_folder, write_pieces
from milepost_client.terminal import Terminal

STANDARD_OUTPUT = "-"


def put(where: Terminal, target: str, pieces: Iterable[bytes]) -> str:
    """Write `pieces` to a file, or to standard output for `-`; returns the path, or `-`.

    Raises UsageError where a file is there already and nobody said yes, StorageError when the disk refuses.
    """
    if target == STANDARD_OUTPUT:
        _to_output(where, pieces)
        return target
    path = _absolute(target)
    if os.path.isdir(path):
        raise UsageError(f"{path} is a folder", field="file", remedy="name a file in it")
    _may_replace(where, [path])
    _needs_folder(path)
    write_pieces(path, pieces)
    return path


def put_all(where: Terminal, target: str, files: Mapping[str, Iterable[bytes]]) -> str:
    """Write files by name into a folder, which is made where it is missing; returns its path."""
    folder = _absolute(target)
    paths = {os.path.join(folder, name): pieces for name, pieces in files.items()}
    _may_replace(where, list(paths))
    make_folder(folder)
    for path, pieces in paths.items():
        write_pieces(path, pieces)
    return folder


def _absolute(target: str) -> str:
    return os.path.abspath(os.path.expanduser(target))


def _may_replace(where: Terminal, paths: list[str]) -> None:
    there = [path for path in paths if os.path.lexists(path)]
    more = f" and {len(there) - 1} more" if len(there) > 1 else ""
    if there and not where.confirm(f"{there[0]}{more} will be replaced."):
        raise UsageError("nothing was written", code="confirm", remedy="name another file")


def _needs_folder(path: str) -> None:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {folder}", field="file", remedy="make it first, or name another")


def _to_output(where: Terminal, pieces: Iterable[bytes]) -> None:
    if where.flags.json:
        raise UsageError("`-` and --json both want standard output", code="extra", remedy="name a file")
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
