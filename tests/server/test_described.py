"""The description at /schema is kept: whatever is asked by it or against it is answered as it says, never by a 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.clients import Client
from tests.support.servers import ServerProcess, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Client]]:
    """A server of its own, since strange requests leave strange things there, and a member of it."""
    with serving(tmp_path_factory.mktemp("tried"), {"MILEPOST_SERVER_JOINS_PER_MINUTE": "100000"}) as server:
        yield server, server.member(1)[1].sync(server.url)


@pytest.mark.parametrize("reader", ["nobody", "member", "operator"])
def test_whatever_is_asked_by_the_description_is_answered_by_it(tried: tuple[ServerProcess, Client], reader: str):
    server, client = tried
    token = {"nobody": "", "member": client.sync(server.url).token, "operator": server.operator_token}[reader]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    described = schemathesis.openapi.from_url(f"{server.url}/schema/openapi.json")
    asked = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES)))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def ask(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked += 1
    assert asked > 20
