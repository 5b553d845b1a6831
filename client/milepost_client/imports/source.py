"""A source: the bytes that somebody exported, as text.

A file is read anew by each pass, so that its size does not matter; standard input and pipes are kept. What is neither
UTF-8 nor UTF-16, by its mark or its bytes, is taken for Windows-1252: older spreadsheets write it, and whoever imports
is told.
"""

import codecs
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from os.path import basename
from stat import S_ISREG
from typing import BinaryIO, TextIO

from milepost.errors import NotFound, UsageError

STDIN = "-"
STDIN_NAME = "standard input"
CHUNK_BYTES = 1 << 16
_SAMPLE_BYTES = 400
FALLBACK = "cp1252"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Source:
    """One source. `name` is what people call it; `data` opens its bytes from the beginning.

    `day_first`: which number of 3/4/2026 is the day, where somebody said so.
    """

    def __init__(self, name: str, opened: Callable[[], BinaryIO], day_first: bool | None = None) -> None:
        self.name = name
        self.data = opened
        self.day_first = day_first

    @property
    def is_stdin(self) -> bool:
        """Whether it came through standard input."""
        return self.name == STDIN_NAME

    @property
    def is_guessed(self) -> bool:
        """Whether its encoding is no more than the likeliest."""
        return self.encoding == FALLBACK

    @cached_property
    def encoding(self) -> str:
        """How its text is read."""
        return self._encoding()

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """Its text from the beginning, line ends as they are."""
        # What its encoding does not know is shown as a question mark rather than stopping everything.
        with io.TextIOWrapper(self.data(), self.encoding, "replace", newline="") as text:
            yield text

    def _encoding(self) -> str:
        with self.data() as file:
            start = file.read(CHUNK_BYTES)
            for mark, encoding in _MARKS:
                if start.startswith(mark):
                    return encoding
            if (unmarked := _utf_16(start)) is not None:
                return unmarked
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while start:
                    decoder.decode(start)
                    start = file.read(CHUNK_BYTES)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return FALLBACK
        return "utf-8"


def _utf_16(start: bytes) -> str | None:
    """UTF-16 without its mark: of a text in mostly Latin letters every other byte is zero. None for anything else."""
    even, odd = start[:_SAMPLE_BYTES:2], start[1:_SAMPLE_BYTES:2]
    for encoding, letters, zeros in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if not letters.count(0) and zeros.count(0) > len(zeros) * 3 // 4:
            return encoding
    return None


def source(path: str, day_first: bool | None = None) -> Source:
    """The source at `path`, or standard input for `-`. Raises NotFound or UsageError where it cannot be read."""
    if path == STDIN:
        data = sys.stdin.buffer.read()
        return Source(STDIN_NAME, lambda: io.BytesIO(data), day_first)
    try:
        with open(path, "rb") as file:
            # A pipe, such as `<(task export)`, can be read but once.
            data = None if S_ISREG(os.fstat(file.fileno()).st_mode) else file.read()
    except FileNotFoundError:
        raise NotFound(
            f"there is no file {path}", code="no_file", field="file", remedy="see: mp import --help"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"{path} cannot be read: {reason}", code="no_file", field="file", remedy="name a file, or - for stdin"
        ) from None
    return Source(basename(path), lambda: open(path, "rb") if data is None else io.BytesIO(data), day_first)
