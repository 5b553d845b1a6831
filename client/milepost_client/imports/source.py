"""A source: the bytes that somebody exported, as text.

A file is read anew by each pass, so that its size does not matter; standard input is kept. What is not UTF-8, by its
mark or its bytes, is taken for Windows-1252: older spreadsheets write it, and whoever imports is told.
"""

import codecs
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from os.path import basename
from typing import BinaryIO, TextIO

from milepost.errors import NotFound, UsageError

STDIN = "-"
STDIN_NAME = "standard input"
CHUNK_BYTES = 1 << 16
FALLBACK = "cp1252"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Source:
    """One source. `name` is what people call it; `data` opens its bytes from the beginning."""

    def __init__(self, name: str, opened: Callable[[], BinaryIO]) -> None:
        self.name = name
        self.data = opened

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
        # A byte that Windows-1252 does not know is shown as a question mark rather than stopping everything.
        errors = "replace" if self.is_guessed else "strict"
        with io.TextIOWrapper(self.data(), self.encoding, errors, newline="") as text:
            yield text

    def _encoding(self) -> str:
        with self.data() as file:
            start = file.read(CHUNK_BYTES)
            for mark, encoding in _MARKS:
                if start.startswith(mark):
                    return encoding
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while start:
                    decoder.decode(start)
                    start = file.read(CHUNK_BYTES)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return FALLBACK
        return "utf-8"


def source(path: str) -> Source:
    """The source at `path`, or standard input for `-`. Raises NotFound or UsageError where it cannot be read."""
    if path == STDIN:
        data = sys.stdin.buffer.read()
        return Source(STDIN_NAME, lambda: io.BytesIO(data))
    try:
        open(path, "rb").close()
    except FileNotFoundError:
        raise NotFound(
            f"there is no file {path}", code="no_file", field="file", remedy="see: mp import --help"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"{path} cannot be read: {reason}", code="no_file", field="file", remedy="name a file, or - for stdin"
        ) from None
    return Source(basename(path), lambda: open(path, "rb"))
