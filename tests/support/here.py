"""A member at a keyboard in this very process: the whole command line, without starting an interpreter each time."""

import os
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from milepost_client.device.world import SYSTEM, World
from milepost_client.main import run
from tests.support.cli import Member, Typed


class Here(Member):
    """A home, and the command line as its member types it there. `ahead_ms` is how far its clock leads that world's."""

    def __init__(self, home: Path, world: World = SYSTEM) -> None:
        self.home = home
        self.world = world
        self.ahead_ms = 0

    def type(self, *line: str) -> Typed:
        """Type a line, whatever comes of it."""
        out, err = _screen(), _screen()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(line, {"MILEPOST_HOME": str(self.home)}, self._now)
        return Typed(line, code, _read(out), _read(err))

    def screen(self, *line: str) -> str:
        """What a line leaves on a screen of 80 columns: both streams, in the order in which they came."""
        both = _screen()
        with patch.dict(os.environ, COLUMNS="80"), redirect_stdout(both), redirect_stderr(both):
            run(line, {"MILEPOST_HOME": str(self.home)}, self._now)
        return _read(both)

    @property
    def _now(self) -> World:
        return self.world._replace(now_ms=lambda: self.world.now_ms() + self.ahead_ms)


def _screen() -> TextIOWrapper:
    # With bytes below the text: exports write bytes.
    return TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)


def _read(screen: TextIOWrapper) -> str:
    screen.seek(0)
    return screen.read()
