"""The description at /schema is kept: whatever is asked by it or against it is answered as it says, never by a 5xx."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of, sampled_from
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from milepost_server.acts import ACTS
from milepost_server.operating.operator import ACTIONS
from tests.support.cast import COHORT_LEAD, MEMBER, NOBODY, OPERATOR, Cast
from tests.support.servers import serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 6
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


READERS = (NOBODY, MEMBER, COHORT_LEAD, OPERATOR)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A server of its own, since strange requests leave strange things there, with a cohort and who leads it."""
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "100000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("tried"), environment) as server:
        yield Cast(server)


def test_every_route_says_what_it_does_and_every_act_and_action_what_it_takes(tried: Cast):
    described = tried.server.http.get("/schema/openapi.json").json()
    posted = {f"/v1/acts/{path}" for path in ACTS} | {f"/v1/admin/{path}" for path in ACTIONS}
    for path in sorted(posted):
        operation = described["paths"][path]["post"]
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        asked = described["components"]["schemas"][name]
        assert asked["type"] == "object", path
        # Whatever needs something shows what.
        example = operation["requestBody"]["content"]["application/json"].get("example", {})
        assert set(asked["required"]) <= set(example) <= set(asked["properties"]), path
    operations = [operation for item in described["paths"].values() for operation in item.values()]
    assert all(operation["description"] for operation in operations)


@pytest.mark.parametrize("reader", READERS)
def test_whatever_is_asked_by_the_description_is_answered_by_it(tried: Cast, reader: str):
    there = _there(tried)
    headers = _headers(tried, reader)
    described = schemathesis.openapi.from_url(f"{tried.server.url}/schema/openapi.json")
    asked = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        by_description = one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

        @given(case=by_description, of_what_is_there=sampled_from((True, False)))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def ask(case: Any, of_what_is_there: bool) -> None:
            # Ids that are drawn are never there: half of the requests name what is, and so get behind the door.
            if of_what_is_there:
                case.path_parameters = {**case.path_parameters, **_known(case.path_parameters, there)}
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked += 1
    assert asked > 40


def _there(tried: Cast) -> Mapping[str, str]:
    """What is there, by its name in paths."""
    return {"cohort": tried.cohort, "pod": tried.pods["Harbour"], "member": tried.key(MEMBER)}


def _known(parameters: Mapping[str, Any], there: Mapping[str, str]) -> dict[str, str]:
    return {name: there[name] for name in parameters if name in there}


def _headers(tried: Cast, reader: str) -> dict[str, str]:
    """The token of a reader. A strange request may have ended a lead's appointment or a stream's session: anew."""
    if reader == NOBODY:
        return {}
    if reader == OPERATOR:
        return {"Authorization": f"Bearer {tried.server.operator_token}"}
    return {"Authorization": f"Bearer {tried.clients[reader].sync(tried.server.url).token}"}
