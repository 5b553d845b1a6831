"""Who may ask for what: every route and every act, for every kind of reader, in one table."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from milepost_server.acts import ACTS
from milepost_server.acts import act as acts
from tests.support.acts import ASKED
from tests.support.cast import (
    COHORT_LEAD,
    MEMBER,
    NEIGHBOUR,
    NOBODY,
    OPERATOR,
    POD_LEAD,
    READERS,
    REVOKED,
    Cast,
)
from tests.support.servers import serving

Row = Mapping[str, int]


def row(*statuses: int) -> Row:
    """What each reader gets, in the order of READERS."""
    return dict(zip(READERS, statuses, strict=True))


def admin(status: int) -> Row:
    """The operator alone."""
    return dict.fromkeys(READERS, 401) | {OPERATOR: status}


PUBLIC = dict.fromkeys(READERS, 200)
UNFIT = dict.fromkeys(READERS, 400)
#                    nobody revoked member neighbour pod lead other lead cohort lead former lead operator
ACCOUNT = row(401, 401, 200, 200, 200, 200, 200, 200, 401)
MY_POD = row(401, 401, 200, 200, 404, 404, 404, 404, 401)
HARBOUR = row(401, 401, 200, 404, 200, 404, 200, 404, 401)
MARA = row(401, 401, 404, 404, 200, 404, 200, 404, 401)
LED = row(401, 401, 404, 404, 200, 200, 200, 404, 401)
COHORT = row(401, 401, 404, 404, 404, 404, 200, 404, 401)

MATRIX: Mapping[tuple[str, str], Row] = {
    ("GET", "/health/live"): PUBLIC,
    ("GET", "/health/ready"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/v1/server"): PUBLIC,
    ("POST", "/v1/join"): UNFIT,
    ("POST", "/v1/erase"): UNFIT,
    ("PUT", "/v1/pairing/{meeting}/{slot}"): UNFIT,
    ("GET", "/v1/pairing/{meeting}/{slot}"): UNFIT,
    ("GET", "/v1/devices"): ACCOUNT,
    ("GET", "/v1/digests"): ACCOUNT,
    ("GET", "/v1/progress"): ACCOUNT,
    ("GET", "/v1/me"): ACCOUNT,
    ("GET", "/v1/me/audit"): ACCOUNT,
    ("GET", "/v1/pod"): MY_POD,
    ("GET", "/v1/pods/{pod}"): HARBOUR,
    ("GET", "/v1/pods/{pod}/summary"): HARBOUR,
    ("GET", "/v1/pods/{pod}/members/{member}"): MARA,
    ("GET", "/v1/cohorts/{cohort}"): LED,
    ("GET", "/v1/cohorts/{cohort}/pods"): LED,
    ("GET", "/v1/cohorts/{cohort}/requests"): LED,
    ("GET", "/v1/cohorts/{cohort}/calendar"): LED,
    ("GET", "/v1/cohorts/{cohort}/calendar.ics"): LED,
    ("GET", "/v1/cohorts/{cohort}/setup"): COHORT,
    ("GET", "/v1/cohorts/{cohort}/audit"): COHORT,
    ("GET", "/v1/cohorts/{cohort}/week"): COHORT,
    ("GET", "/v1/cohorts/{cohort}/skills"): COHORT,
    ("GET", "/v1/cohorts/{cohort}/blockers"): COHORT,
    ("GET", "/v1/cohorts/{cohort}/releases"): COHORT,
    ("POST", "/v1/dashboard/link"): LED,
    ("GET", "/v1/dashboard/sessions"): ACCOUNT,
    ("DELETE", "/v1/dashboard/sessions/{session}"): {
        name: 204 if code == 200 else code for name, code in ACCOUNT.items()
    },
    ("GET", "/v1/rules"): PUBLIC,
    ("GET", "/v1/wording"): PUBLIC,
    ("POST", "/v1/admin/cohorts/open"): admin(400),
    ("POST", "/v1/admin/cohorts/list"): admin(200),
    ("POST", "/v1/admin/pods/list"): admin(200),
    ("POST", "/v1/admin/invites/list"): admin(400),
    ("POST", "/v1/admin/dashboard/link"): admin(400),
    ("POST", "/v1/admin/totals/now"): admin(400),
    ("POST", "/v1/admin/releases/now"): admin(400),
    ("POST", "/v1/admin/releases/list"): admin(400),
    ("POST", "/v1/admin/rebuild/difference"): admin(400),
    ("POST", "/v1/admin/rebuild/flip"): admin(400),
    # After those two: a rebuild that has begun may be complete, and not yet flipped, when they ask for it.
    ("POST", "/v1/admin/rebuild/begin"): admin(200),
    ("POST", "/v1/admin/rebuild/state"): admin(200),
    ("POST", "/v1/admin/quarantine/list"): admin(200),
    ("POST", "/v1/admin/quarantine/retry"): admin(200),
}
"""Every route, and what each reader gets. A route that is not here, and is no act, fails a test."""

BY: Mapping[str, frozenset[str]] = {
    "cohorts/close": frozenset((OPERATOR, COHORT_LEAD)),
    "codes/list": frozenset((OPERATOR, COHORT_LEAD)),
    "pods/form": frozenset((OPERATOR, COHORT_LEAD)),
    "pods/close": frozenset((OPERATOR, COHORT_LEAD)),
    "leads/appoint": frozenset((OPERATOR, COHORT_LEAD)),
    "leads/remove": frozenset((OPERATOR, COHORT_LEAD)),
    "invites/issue": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "invites/resend": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "invites/revoke": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "members/place": frozenset((OPERATOR, COHORT_LEAD)),
    "members/move": frozenset((OPERATOR, COHORT_LEAD)),
    "members/remove": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "sessions/schedule": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "sessions/cancel": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "sessions/hold": frozenset((OPERATOR, COHORT_LEAD, POD_LEAD)),
    "requests/answer": frozenset((COHORT_LEAD, POD_LEAD)),
}
"""Every act on Harbour or its cohort, and who may do it."""

_AUTHORITY = {acts.OPERATOR: OPERATOR, acts.COHORT_LEAD: COHORT_LEAD, acts.POD_LEAD: POD_LEAD}


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A server of its own, with everybody on it."""
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("authorisation"), environment) as server:
        yield Cast(server)


def test_every_route_and_act_has_its_row(cast: Cast):
    described = cast.server.http.get("/schema/openapi.json").json()["paths"]
    routes = {(method.upper(), path) for path, item in described.items() for method in item}
    of_acts = {("POST", f"/v1/acts/{path}") for path in ACTS}
    of_operator = {("POST", f"/v1/admin/{path}") for path, act in ACTS.items() if acts.OPERATOR in act.by}
    assert routes == set(MATRIX) | of_acts | of_operator
    assert {path: frozenset(_AUTHORITY[authority] for authority in act.by) for path, act in ACTS.items()} == BY


@pytest.mark.parametrize("route", MATRIX, ids=" ".join)
def test_a_route_answers_only_whom_it_may(cast: Cast, route: tuple[str, str]):
    method, path = route
    body: dict[str, object] | None = {} if method == "POST" else None
    answers = {reader: cast.ask(reader, method, _filled(cast, path), body) for reader in READERS}
    assert {reader: answer.status_code for reader, answer in answers.items()} == MATRIX[route]


@pytest.mark.parametrize("path", BY)
def test_an_act_is_done_only_by_whom_it_may(cast: Cast, path: str):
    asked = ASKED[path](cast)
    others = [reader for reader in READERS if reader not in BY[path] - {OPERATOR}]
    answers = {reader: cast.ask(reader, "POST", f"/v1/acts/{path}", asked) for reader in others}
    expected = dict.fromkeys(others, 404) | dict.fromkeys((NOBODY, REVOKED, OPERATOR), 401)
    assert {reader: answer.status_code for reader, answer in answers.items()} == expected
    absent = cast.ask(MEMBER, "POST", f"/v1/acts/{path}", {**asked, **_elsewhere(asked)})
    assert {str(_said(answer)) for answer in answers.values() if answer.status_code == 404} == {str(_said(absent))}
    for reader in sorted(BY[path] - {OPERATOR}):
        done = cast.ask(reader, "POST", f"/v1/acts/{path}", ASKED[path](cast))
        assert done.status_code in (200, 400, 422), done.text


@pytest.mark.parametrize("path", BY)
def test_the_operators_door_is_shut_to_everybody_else(cast: Cast, path: str):
    for reader in READERS:
        if reader != OPERATOR:
            assert cast.ask(reader, "POST", f"/v1/admin/{path}", {}).status_code in (401, 404)


@pytest.mark.parametrize("route", [route for route in MATRIX if 404 in MATRIX[route].values()], ids=" ".join)
def test_not_there_and_not_yours_are_one_answer(cast: Cast, route: tuple[str, str]):
    method, path = route
    mine, absent = _filled(cast, path), _filled(cast, path, pod="0" * 16, cohort="0" * 16)
    for reader in [reader for reader, status in MATRIX[route].items() if status == 404]:
        assert _said(cast.ask(reader, method, mine)) == _said(cast.ask(reader, method, absent))


def test_who_leads_one_cohort_finds_nothing_of_another(cast: Cast):
    foreign = str(cast.server.admin("cohorts/open", name="Autumn", start="2026-01-05", end="2099-12-31")["id"])
    pod = str(cast.server.admin("pods/form", name="Fjord", cohort=foreign)["id"])
    for method, path in [
        route for route, row in MATRIX.items() if row in (HARBOUR, MARA, LED, COHORT) and "{" in route[1]
    ]:
        there = cast.ask(COHORT_LEAD, method, _filled(cast, path, pod=pod, cohort=foreign))
        absent = cast.ask(COHORT_LEAD, method, _filled(cast, path, pod="0" * 16, cohort="0" * 16))
        assert _said(there) == _said(absent), path
        assert there.status_code == 404, path
    for path, asked in {
        "pods/form": {"cohort": foreign, "name": "Quay"},
        "codes/list": {"cohort": "Autumn", "code": "sql", "label": "SQL"},
        "pods/close": {"pod": pod},
        "members/place": {"pod": "Fjord", "member": cast.key(MEMBER)},
        "invites/issue": {"pod": "Fjord"},
        "sessions/schedule": {"pod": pod, "start": "2099-01-01T10:00:00Z"},
    }.items():
        assert cast.ask(COHORT_LEAD, "POST", f"/v1/acts/{path}", asked).status_code == 404, path


def test_a_member_who_shares_nothing_and_one_who_is_not_there_are_one_answer(cast: Cast):
    pod = cast.pods["Lantern"]
    paths = [f"/v1/pods/{pod}/members/{member}" for member in (cast.key(NEIGHBOUR), "A" * 22, "no key")]
    answers = [_said(cast.ask(COHORT_LEAD, "GET", path)) for path in paths]
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]


def _filled(cast: Cast, path: str, pod: str = "", cohort: str = "") -> str:
    return path.format(
        pod=pod or cast.pods["Harbour"],
        cohort=cohort or cast.cohort,
        member=cast.key(MEMBER),
        meeting="{meeting}",
        slot="{slot}",
        session="0",
    )


def _elsewhere(asked: Mapping[str, object]) -> dict[str, object]:
    """The same names of things, none of which are there."""
    return {name: "0" * 16 for name in asked if name in ("cohort", "pod", "invite", "session", "help")}


def _said(answer: httpx.Response) -> tuple[int, dict[str, object]]:
    """An answer without the id of its request."""
    said = answer.json()
    said.pop("request_id")
    return answer.status_code, said
