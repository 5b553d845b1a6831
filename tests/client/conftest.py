"""What every test of the client leaves behind: nothing."""

from collections.abc import Iterator

import pytest

from tests.client.devices import OPEN


@pytest.fixture(autouse=True)
def closed_logs() -> Iterator[None]:
    """Close the logs in memory that the test opened."""
    yield
    while OPEN:
        OPEN.pop().close()
