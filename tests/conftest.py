"""Settings every test runs under."""

import os
from collections.abc import Iterator

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
