"""Settings every test runs under."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

# No deadline: a busy machine is not a bug. The blob makes a failure in CI repeatable on a desk.
hypothesis.settings.register_profile("milepost", deadline=None, print_blob=True)
hypothesis.settings.load_profile("milepost")


@pytest.fixture(scope="session", autouse=True)
def home_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the log, the settings or the variables of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        patch.setenv("MILEPOST_HOME", str(tmp_path_factory.mktemp("home")))
        yield
