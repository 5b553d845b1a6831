"""Many lines typed in this very process, at noon of a day after the story: as fast as they can be read."""

from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from milepost_client.device.world import SYSTEM
from milepost_client.main import run

NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)


def type_all(home: Path, lines: Iterable[Sequence[str]], noon: datetime = NOON) -> None:
    """Type lines on a home; every one must succeed."""
    world = SYSTEM._replace(now_ms=lambda: int(noon.timestamp() * 1000), offset_minutes=lambda: 0)
    for line in lines:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(line), {"MILEPOST_HOME": str(home)}, world)
        assert code == 0, (line, err.getvalue())
