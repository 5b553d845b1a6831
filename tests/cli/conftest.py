"""The command line in this very process, on a home of its own, on a day that does not move."""

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from milepost_client.cli.outputs import schema
from milepost_client.device.world import SYSTEM, World
from milepost_client.main import run

SCHEMA = Draft202012Validator(schema())
# A Wednesday.
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Said(NamedTuple):
    """What a line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def data(self) -> Any:
        return self.json["data"]


Mp = Callable[..., Said]


class Clock:
    """A clock that goes on by a second with every look."""

    def __init__(self) -> None:
        self.now_ms = int(NOON.timestamp() * 1000)

    def __call__(self) -> int:
        self.now_ms += 1000
        return self.now_ms


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def world() -> World:
    return SYSTEM._replace(now_ms=Clock(), offset_minutes=lambda: 60)


@pytest.fixture
def mp(home: Path, world: World) -> Mp:
    """Type a line: `mp("goal", "Read", "--json")`."""

    def typed(*line: str, **environ: str) -> Said:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(line, {"MILEPOST_HOME": str(home), **environ}, world)
        said = Said(code, out.getvalue(), err.getvalue())
        if "--json" in line:
            # Whatever a test asks for as JSON is of the documented shape.
            assert not list(SCHEMA.iter_errors(said.json)), best_match(SCHEMA.iter_errors(said.json))
        return said

    return typed
