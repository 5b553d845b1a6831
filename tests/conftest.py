"""Settings every test runs under."""

import _sqlite3
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import hypothesis
import pytest

# No deadline: a busy machine is not a bug. In CI the same examples every time: a change should not fail for a bug
# that it did not bring; new ones are looked for on desks and by `make simulate`.
hypothesis.settings.register_profile("milepost", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("milepost")


@pytest.fixture(scope="session", autouse=True)
def home_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the log, the settings or the variables of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        patch.setenv("MILEPOST_HOME", str(tmp_path_factory.mktemp("home")))
        yield


class _LetGo(sqlite3.Connection):
    """A connection that closes when a test lets go of it, as all do before Python 3.13.

    From 3.13 on the module warns of each that nobody closed, whenever the collector comes by: in some later test, and a
    warning is an error here. That the product closes its files is held by tests of their own.
    """

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):
            self.close()


_connect: Any = sqlite3.connect


def _connected(*args: Any, **named: Any) -> Any:
    named.setdefault("factory", _LetGo)
    return _connect(*args, **named)


# The fast path takes it from beneath `sqlite3` (`milepost_client.store.engine`).
sqlite3.connect = _sqlite3.connect = _connected
