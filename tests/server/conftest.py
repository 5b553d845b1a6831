"""Fixtures: one real server for the tests that only talk to it; members are their own, so they do not meet."""

import itertools
from collections.abc import Iterator

import pytest

from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.servers import ServerProcess, serving

_seeds = itertools.count(1000)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server."""
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("server"), environment) as running:
        yield running


@pytest.fixture
def joined(server: ServerProcess) -> tuple[Member, Client]:
    """A member of that server with one device, which has not synced yet."""
    return server.member(next(_seeds))
