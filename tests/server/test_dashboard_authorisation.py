"""Who may see and do what at a browser: every address, page, table and form of the dashboard, for every visitor.

What the interface may be asked is in test_authorisation.py.
"""

import re
from collections.abc import Iterator, Mapping

import httpx
import pytest

from milepost_server.acts import ACTS
from milepost_server.acts import act as acts
from milepost_server.dashboard import pages
from milepost_server.dashboard.forms import DONE, FOR_GOOD
from milepost_server.dashboard.handlers import OF_COHORT
from milepost_server.dashboard.router import ROUTER
from milepost_server.signin.sessions import form_token
from tests.support.acts import ASKED
from tests.support.cast import (
    COHORT_LEAD,
    FORMER_LEAD,
    MEMBER,
    NOBODY,
    OPERATOR,
    OTHER_LEAD,
    POD_LEAD,
    Cast,
)
from tests.support.leading import COOKIE, Leading, sign_in
from tests.support.servers import serving

SIGNED_OUT = "who signed out"
SIGNED_IN = (POD_LEAD, OTHER_LEAD, COHORT_LEAD, FORMER_LEAD)
VISITORS = (NOBODY, MEMBER, OPERATOR, SIGNED_OUT, *SIGNED_IN)

Row = Mapping[str, int]


def row(*statuses: int) -> Row:
    """What each of those who are signed in gets, in their order. A token is no session, so the others are not in."""
    return dict.fromkeys(VISITORS, 401) | dict(zip(SIGNED_IN, statuses, strict=True))


def everybody(status: int) -> Row:
    return dict.fromkeys(VISITORS, status)


#             pod lead, other lead, cohort lead, former lead
HOME = row(303, 303, 303, 404)
SESSIONS = row(200, 200, 200, 200)
ENDED = row(303, 303, 303, 303)
LED = row(200, 200, 200, 404)
COHORT = row(404, 404, 200, 404)
HARBOUR = row(200, 404, 200, 404)
NOTHING = row(404, 404, 404, 404)

MATRIX: Mapping[tuple[str, str], Row] = {
    ("GET", "/dashboard/static/{name}"): everybody(404),
    ("GET", "/dashboard/enter/{code}"): everybody(404),
    ("POST", "/dashboard/enter/{code}"): everybody(404),
    ("GET", "/dashboard"): HOME,
    ("GET", "/dashboard/sessions"): SESSIONS,
    ("POST", "/dashboard/sessions"): ENDED,
    ("POST", "/dashboard/leave"): ENDED,
    ("GET", "/dashboard/{cohort}"): HOME,
    ("GET", "/dashboard/{cohort}/{name}"): NOTHING,
    ("POST", "/dashboard/{cohort}/{name}"): NOTHING,
    ("GET", "/dashboard/{cohort}/{name}/csv/{table}"): NOTHING,
    ("GET", "/dashboard/{cohort}/pod/{pod}"): HARBOUR,
    ("POST", "/dashboard/{cohort}/pod/{pod}"): NOTHING,
    ("GET", "/dashboard/{cohort}/pod/{pod}/csv/{table}"): NOTHING,
    ("GET", "/dashboard/{cohort}/pod/{pod}/members/{member}"): HARBOUR,
    ("GET", "/dashboard/{cohort}/pod/{pod}/members/{member}/csv/{table}"): NOTHING,
}
"""Every address, with names in it that are none where it stands for several; those are in PAGES and TABLES."""

PAGES: Mapping[str, Row] = {
    "pods": LED,
    "requests": LED,
    "calendar": LED,
    "calendar.ics": LED,
    "rules": LED,
    "setup": COHORT,
    "week": COHORT,
    "skills": COHORT,
    "blockers": COHORT,
    "releases": COHORT,
    "audit": COHORT,
}

TABLES: Mapping[str, Row] = {
    "pods/csv/pods": LED,
    "pods/csv/due": LED,
    "requests/csv/requests": LED,
    "calendar/csv/sessions": LED,
    "calendar/csv/due": LED,
    "calendar/csv/weeks": LED,
    "setup/csv/places": COHORT,
    "setup/csv/codes": COHORT,
    "setup/csv/invites": COHORT,
    "setup/csv/leads": COHORT,
    "setup/csv/unplaced": COHORT,
    # No week was published yet.
    "week/csv/week": NOTHING,
    "skills/csv/skills": COHORT,
    "blockers/csv/classes": COHORT,
    "blockers/csv/remedies": COHORT,
    "releases/csv/releases": COHORT,
    "audit/csv/audit": COHORT,
    "pod/{pod}/csv/roster": HARBOUR,
    "pod/{pod}/csv/sessions": HARBOUR,
    "pod/{pod}/csv/totals": HARBOUR,
    "pod/{pod}/csv/cards": HARBOUR,
    "pod/{pod}/csv/invites": HARBOUR,
    "pod/{pod}/members/{member}/csv/milestones": HARBOUR,
    "pod/{pod}/members/{member}/csv/counts": HARBOUR,
}

FORMS_BY: Mapping[str, frozenset[str]] = {
    "codes/list": frozenset((COHORT_LEAD,)),
    "cohorts/close": frozenset((COHORT_LEAD,)),
    "pods/form": frozenset((COHORT_LEAD,)),
    "pods/close": frozenset((COHORT_LEAD,)),
    "leads/appoint": frozenset((COHORT_LEAD,)),
    "leads/remove": frozenset((COHORT_LEAD,)),
    "invites/issue": frozenset((COHORT_LEAD, POD_LEAD)),
    "invites/resend": frozenset((COHORT_LEAD, POD_LEAD)),
    "invites/revoke": frozenset((COHORT_LEAD, POD_LEAD)),
    "members/place": frozenset((COHORT_LEAD,)),
    "members/move": frozenset((COHORT_LEAD,)),
    "members/remove": frozenset((COHORT_LEAD, POD_LEAD)),
    "sessions/schedule": frozenset((COHORT_LEAD, POD_LEAD)),
    "sessions/cancel": frozenset((COHORT_LEAD, POD_LEAD)),
    "sessions/hold": frozenset((COHORT_LEAD, POD_LEAD)),
    "requests/answer": frozenset((COHORT_LEAD, POD_LEAD)),
}
"""Every form, on something of Harbour or its cohort, and who may send it. What is no form, nobody may."""

_AUTHORITY = {acts.COHORT_LEAD: COHORT_LEAD, acts.POD_LEAD: POD_LEAD}


class House:
    """A cohort with its people; who leads any of it is signed in, and so is one who led it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        admin = cast.server.admin
        self.foreign = str(admin("cohorts/open", name="Autumn", start="2026-01-05", end="2099-12-31")["id"])
        self.foreign_pod = str(admin("pods/form", name="Fjord", cohort=self.foreign)["id"])
        bare = str(admin("pods/form", name="Bare", cohort=cast.cohort)["id"])
        admin("leads/appoint", pod=bare, member=cast.key(OTHER_LEAD))
        admin("leads/appoint", cohort=cast.cohort, member=cast.key(FORMER_LEAD))
        self._visits = {who: self._signed_in(who) for who in SIGNED_IN} | {SIGNED_OUT: self._signed_in(POD_LEAD)}
        self._leaving = {who: self._signed_in(who) for who in SIGNED_IN}
        admin("leads/remove", cohort=cast.cohort, member=cast.key(FORMER_LEAD))
        assert self.ask(SIGNED_OUT, "POST", "/dashboard/leave").status_code == 303

    def ask(self, who: str, method: str, path: str, **fields: str) -> httpx.Response:
        """A request by a visitor: with the cookie of their session, and in a form its token."""
        visit = self._leaving[who] if path == "/dashboard/leave" and who in self._leaving else self._visits.get(who)
        if visit is None:
            return self._with_token(who, method, path)
        if method == "GET":
            return visit.get(path)
        return visit.post(path, token=form_token(visit.cookie), **fields)

    def statuses(self, method: str, path: str, **fields: str) -> Row:
        """What each visitor gets of something of Harbour or its cohort."""
        return {who: self.ask(who, method, self.filled(path), **fields).status_code for who in VISITORS}

    def filled(self, path: str) -> str:
        """An address with what is there in its places."""
        names = {"cohort": self.cast.cohort, "pod": self.cast.pods["Harbour"], "member": self.cast.key(MEMBER)}
        return _filled(path, names)

    def nowhere(self, path: str) -> list[str]:
        """The same address of things that are not there, are of another cohort, or do not belong together."""
        pod, member = self.cast.pods["Harbour"], self.cast.key(MEMBER)
        return [
            _filled(path, {"cohort": "0" * 16, "pod": "0" * 16, "member": "A" * 22}),
            _filled(path, {"cohort": self.foreign, "pod": self.foreign_pod, "member": member}),
            _filled(path, {"cohort": self.foreign, "pod": pod, "member": member}),
        ]

    def _signed_in(self, who: str) -> Leading:
        return sign_in(self.cast.server, self.cast.clients[who].device.member)

    def _with_token(self, who: str, method: str, path: str) -> httpx.Response:
        """By somebody without a session: their token opens no page, neither as it is nor as a cookie."""
        tokens = {NOBODY: "", OPERATOR: self.cast.server.operator_token}
        token = tokens[who] if who in tokens else self.cast.clients[who].token
        headers = {"Authorization": f"Bearer {token}", "Cookie": f"{COOKIE}={token}"} if token else {}
        return self.cast.server.http.request(method, path, headers=headers)


def _filled(path: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("visitors"), environment) as server:
        yield House(Cast(server))


def test_every_address_page_table_and_form_has_its_row(house: House):
    addresses = {(method, route.path_format) for route in ROUTER.routes for method in route.methods - {"OPTIONS"}}
    assert addresses == set(MATRIX)
    assert {*OF_COHORT, "calendar.ics"} == set(PAGES)
    assert {"pod", "member", *PAGES} - {"calendar.ics"} == set(pages.PAGES)
    assert {path: frozenset(_AUTHORITY[each] for each in ACTS[path].by - {acts.OPERATOR}) for path in DONE} == FORMS_BY


def test_every_table_that_a_page_links_has_its_row(house: House):
    shown = [f"/dashboard/{{cohort}}/{name}" for name in PAGES]
    shown += ["/dashboard/{cohort}/pod/{pod}", "/dashboard/{cohort}/pod/{pod}/members/{member}"]
    linked = set()
    for path in shown:
        linked |= set(re.findall(r'class="csv" href="([^"]+)"', house.ask(COHORT_LEAD, "GET", house.filled(path)).text))
    assert linked <= {house.filled(f"/dashboard/{{cohort}}/{path}") for path in TABLES}


@pytest.mark.parametrize("who", [POD_LEAD, OTHER_LEAD, COHORT_LEAD])
def test_every_link_leads_to_what_its_reader_may_see(house: House, who: str):
    seen: set[str] = set()
    left = {"/dashboard"}
    while left:
        path = left.pop()
        seen.add(path)
        answer = house.ask(who, "GET", path)
        assert answer.status_code in (200, 303), path
        linked = {*re.findall(r'href="(/dashboard[^"#]*)', answer.text), *answer.headers.get_list("location")}
        left |= linked - seen
    assert len(seen) > len(PAGES)


@pytest.mark.parametrize("address", MATRIX, ids=" ".join)
def test_an_address_answers_only_whom_it_may(house: House, address: tuple[str, str]):
    assert house.statuses(*address) == MATRIX[address]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_shown_only_to_whom_it_may_be(house: House, page: str):
    assert house.statuses("GET", f"/dashboard/{{cohort}}/{page}") == PAGES[page]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_given_only_to_whom_it_may_be(house: House, table: str):
    assert house.statuses("GET", f"/dashboard/{{cohort}}/{table}") == TABLES[table]


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_form_is_taken_only_from_whom_it_may_be(house: House, act: str):
    may = FORMS_BY.get(act, frozenset())
    for who in VISITORS:
        fields = {name: str(value) for name, value in ASKED[act](house.cast).items()} | {"sure": "yes"}
        sent = house.ask(who, "POST", house.filled("/dashboard/{cohort}/pods"), act=act, **fields)
        expected = {401} if who not in SIGNED_IN else {200, 303, 422} if who in may else {404}
        assert sent.status_code in expected, (who, sent.text)


@pytest.mark.parametrize("act", ["leads/appoint", "leads/remove"])
def test_who_leads_the_whole_cohort_is_said_by_those_alone_who_do(house: House, act: str):
    member = house.cast.key(MEMBER)
    sent = house.statuses("POST", "/dashboard/{cohort}/pods", act=act, member=member)
    assert sent == row(404, 404, 303, 404)


@pytest.mark.parametrize("act", sorted(FOR_GOOD))
def test_what_cannot_be_undone_is_not_done_without_its_box_by_anybody(house: House, act: str):
    fields = {name: str(value) for name, value in ASKED[act](house.cast).items()}
    assert house.statuses("POST", "/dashboard/{cohort}/pods", act=act, **fields) == row(422, 422, 422, 404)


@pytest.mark.parametrize(
    "address", [f"/dashboard/{{cohort}}/{path}" for path in ("pods", "setup", "pod/{pod}", *TABLES)]
)
def test_not_there_not_yours_and_of_another_cohort_are_one_page(house: House, address: str):
    for who in SIGNED_IN:
        answers = [house.ask(who, "GET", path) for path in (*house.nowhere(address), "/dashboard/0/0")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text.replace(answer.headers["x-request-id"], "ID") for answer in answers}) == 1
