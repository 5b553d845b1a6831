"""Signing in to the dashboard: a link once, a session for a while, a form from one's own page."""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from milepost.errors import NotFound
from milepost.ids import base64url
from milepost_server.dashboard.door import browser_of
from milepost_server.signin import links as signin
from milepost_server.signin import sessions as web_sessions
from milepost_server.store import Connection
from tests.support.clients import Client
from tests.support.door import DOOR_COOKIE, door, enter
from tests.support.leading import COOKIE, Leading, arrive, lead, link, sign_in
from tests.support.servers import ServerProcess, serving
from tests.support.stores import MemoryStore

DRAW = random.Random(7).randbytes
USER = b"u" * 16
NOW = 1_800_000_000_000
HOUR = 3_600_000
_seeds = count(5000)


@pytest.fixture
def connection() -> Connection:
    """A store in which USER leads a cohort."""
    store = MemoryStore()
    store.connection.execute(
        "INSERT INTO cohort VALUES (1000, 'c', 'Spring', '2026-01-01', '2027-12-31', 'Europe/Berlin', x'00', 0)"
    )
    store.connection.execute(
        "INSERT INTO lead (stream, user, scope, target, start) VALUES (1000, ?, 'cohort', 'c', '2026-01-01')", (USER,)
    )
    return store.connection


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of its own: links are counted by address."""
    with serving(tmp_path_factory.mktemp("signin"), {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000"}) as running:
        yield running


@pytest.fixture(scope="module")
def cohort(server: ServerProcess) -> str:
    """A cohort of its own; its id."""
    made: dict[str, Any] = server.admin("cohorts/open", name="Signing in", start="2026-01-05", end="2030-07-05")
    return str(made["id"])


def _code(made: signin.LinkInfo) -> str:
    return made.path.removeprefix(signin.ENTER)


def test_a_link_works_once(connection: Connection):
    code = _code(signin.issue(connection, DRAW, USER, NOW))
    assert signin.consume(connection, code, NOW) == USER
    with pytest.raises(NotFound):
        signin.consume(connection, code, NOW)


def test_looking_at_a_link_does_not_use_it_up(connection: Connection):
    code = _code(signin.issue(connection, DRAW, USER, NOW))
    assert signin.is_open(connection, code, NOW)
    assert signin.is_open(connection, code, NOW)
    assert signin.consume(connection, code, NOW) == USER
    assert not signin.is_open(connection, code, NOW)


def test_a_link_works_for_ten_minutes(connection: Connection):
    code = _code(signin.issue(connection, DRAW, USER, NOW))
    assert signin.is_open(connection, code, NOW + 600_000)
    assert not signin.is_open(connection, code, NOW + 600_001)


def test_there_is_no_link_for_who_leads_nothing(connection: Connection):
    with pytest.raises(NotFound) as refused:
        signin.issue(connection, DRAW, b"n" * 16, NOW)
    assert refused.value.code == "leads_nothing"


def test_the_database_holds_neither_codes_nor_cookies(connection: Connection):
    code = _code(signin.issue(connection, DRAW, USER, NOW))
    token = web_sessions.begin(connection, DRAW, USER, "Firefox", NOW)
    dump = "\n".join(connection.iterdump())
    assert code not in dump
    assert token not in dump
    assert web_sessions.form_token(token) not in dump


def test_a_session_ends_after_eight_hours_without_use(connection: Connection):
    token = web_sessions.begin(connection, DRAW, USER, "Firefox", NOW)
    assert web_sessions.find(connection, token, NOW + 8 * HOUR) is not None
    assert web_sessions.find(connection, token, NOW + 8 * HOUR + 1) is None
    web_sessions.note_seen(connection, token, NOW + 8 * HOUR)
    assert web_sessions.find(connection, token, NOW + 16 * HOUR) is not None


def test_a_session_ends_after_seven_days_however_much_it_is_used(connection: Connection):
    token = web_sessions.begin(connection, DRAW, USER, "Firefox", NOW)
    for hours in range(0, 7 * 24 + 1, 4):
        web_sessions.note_seen(connection, token, NOW + hours * HOUR)
    assert web_sessions.find(connection, token, NOW + 7 * 24 * HOUR) is not None
    assert web_sessions.find(connection, token, NOW + 7 * 24 * HOUR + 1) is None


def test_nobody_ends_a_session_of_somebody_else(connection: Connection):
    token = web_sessions.begin(connection, DRAW, USER, "Firefox", NOW)
    (session,) = web_sessions.listed(connection, USER, NOW)
    web_sessions.revoke(connection, b"n" * 16, session.id)
    assert web_sessions.find(connection, token, NOW) is not None
    web_sessions.revoke(connection, USER, session.id)
    assert web_sessions.find(connection, token, NOW) is None


def test_a_link_opens_a_page_with_one_button_whose_press_signs_in(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    path = link(server, member)
    page = server.http.get(path)
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    opened = door(server.http, path)
    entered = opened.press(server.http)
    assert (entered.status_code, entered.headers["location"]) == (303, "/dashboard")
    assert opened.press(server.http).status_code == server.http.get(path).status_code == 404


def test_the_button_works_only_in_the_browser_that_was_shown_the_page(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    path = link(server, member)
    opened, elsewhere = door(server.http, path), door(server.http, path)
    assert server.http.post(path).status_code == 401
    assert server.http.post(path, data={"token": opened.token}).status_code == 401
    for forged in (
        opened._replace(cookie=elsewhere.cookie),
        opened._replace(token=""),
        opened._replace(token=web_sessions.form_token("")),
        opened._replace(cookie="", token=web_sessions.form_token("")),
        opened._replace(cookie="\u00e9"),
    ):
        assert forged.press(server.http).status_code == 401
    assert opened.press(server.http).status_code == 303


def test_the_doors_cookie_is_for_this_host_alone_and_goes_with_signing_in(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    path = link(server, member)
    set_cookie = server.http.get(path).headers["set-cookie"]
    assert set_cookie.startswith(f"{DOOR_COOKIE}=")
    assert {part.strip().lower() for part in set_cookie.split(";")[1:]} == {
        "httponly",
        "path=/",
        "samesite=strict",
        "secure",
    }
    [taken] = [each for each in enter(server.http, path).headers.get_list("set-cookie") if each.startswith(DOOR_COOKIE)]
    assert "max-age=0" in taken.lower()


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    set_cookie = enter(server.http, link(server, member)).headers.get_list("set-cookie")[0]
    attributes = {part.strip().lower() for part in set_cookie.split(";")[1:]}
    assert set_cookie.startswith("__Host-milepost=")
    assert attributes == {"httponly", "path=/", "samesite=strict", "secure"}


def test_a_lead_gets_a_link_from_their_own_device(server: ServerProcess, cohort: str):
    _, client = lead(server, next(_seeds), cohort=cohort)
    token = client.sync(server.url).token
    answer = server.http.post("/v1/dashboard/link", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.json()["url"].startswith(f"{server.url}/dashboard/enter/")
    assert enter(server.http, answer.json()["url"]).status_code == 303


def test_the_operator_makes_a_link_for_a_lead_by_name(server: ServerProcess, cohort: str):
    code = server.admin("invites/issue", role="lead", cohort=cohort, name="Dana")["code"]
    arrive(server, next(_seeds), code)
    command = [sys.executable, "-m", "milepost_server", "dashboard", "Dana", "--data", str(server.data)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert printed.startswith(f"{server.url}/dashboard/enter/")
    assert enter(server.http, printed).status_code == 303


def test_a_member_who_leads_nothing_gets_none(server: ServerProcess, cohort: str):
    server.admin("pods/form", name="Harbour", cohort="Signing in")
    code = server.admin("invites/issue", pod="Harbour")["code"]
    _, client = arrive(server, next(_seeds), code)
    token = client.sync(server.url).token
    answer = server.http.post("/v1/dashboard/link", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "leads_nothing")


def test_signing_in_begins_a_new_session_and_ends_the_one_before(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    first = sign_in(server, member)
    again = enter(server.http, link(server, member), cookie=f"{COOKIE}={first.cookie}")
    second = Leading(server, again.cookies[COOKIE])
    assert second.cookie != first.cookie
    assert first.get("/dashboard/sessions").status_code == 401
    assert second.get("/dashboard/sessions").status_code == 200


def test_a_planted_cookie_is_worth_nothing(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    planted = base64url(bytes(32))
    enter(server.http, link(server, member), cookie=f"{COOKIE}={planted}")
    assert Leading(server, planted).get("/dashboard/sessions").status_code == 401


def test_without_a_session_every_page_says_how_to_sign_in(server: ServerProcess, cohort: str):
    for path in ("/dashboard", f"/dashboard/{cohort}/pods", "/dashboard/x/y", "/dashboard/sessions"):
        answer = server.http.get(path)
        assert answer.status_code == 401
        assert "mp dashboard" in answer.text


def test_sessions_are_listed_and_can_be_ended_one_by_one(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    here, there = sign_in(server, member), sign_in(server, member)
    ids = re.findall(r'name="id" value="([^"]+)"', here.get("/dashboard/sessions").text)
    assert len(ids) == 2
    page = here.get("/dashboard/sessions").text
    other = next(id for id in ids if "this one" not in page.split(f'value="{id}"')[0].rpartition("<tr>")[2])
    assert here.send("/dashboard/sessions", id=other).status_code == 303
    assert there.get("/dashboard/sessions").status_code == 401
    assert here.get("/dashboard/sessions").status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_back(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    visit = sign_in(server, member)
    visit.get("/dashboard/sessions")
    token = re.search(r'name="token" value="([^"]+)"', visit.get("/dashboard/sessions").text)
    assert token is not None
    out = visit.post("/dashboard/leave", token=token[1])
    assert "max-age=0" in out.headers["set-cookie"].lower()
    assert visit.get("/dashboard/sessions").status_code == 401


def test_revoking_a_device_signs_its_account_out_everywhere(server: ServerProcess, cohort: str):
    member, laptop = lead(server, next(_seeds), cohort=cohort)
    here, unused = sign_in(server, member), link(server, member)
    other = sign_in(server, lead(server, next(_seeds), cohort=cohort)[0])
    phone = Client(member.device(laptop.device), server.key, mark=b"installation 002")
    phone.enrolments = [*laptop.enrolments, *phone.enrolments]
    laptop.sync(server.url)
    phone.sync(server.url)
    laptop.device.write("device.revoked", {"device": base64url(phone.device.id), "leaves": []})
    laptop.sync(server.url)
    assert here.get("/dashboard/sessions").status_code == 401
    assert server.http.get(unused).status_code == 404
    assert other.get("/dashboard/sessions").status_code == 200
    assert sign_in(server, member).get("/dashboard/sessions").status_code == 200


def test_a_form_without_the_sessions_token_does_nothing(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    visit, stranger = sign_in(server, member), sign_in(server, lead(server, next(_seeds), cohort=cohort)[0])
    theirs = web_sessions.form_token(stranger.cookie)
    for fields in ({}, {"token": ""}, {"token": theirs}, {"token": visit.cookie}):
        answer = visit.post(f"/dashboard/{cohort}/setup", act="pods/form", name="Forged", **fields)
        assert answer.status_code == 401
    assert "Forged" not in visit.text(f"/dashboard/{cohort}/setup")


def test_a_form_of_another_site_is_refused_even_with_the_token(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    visit = sign_in(server, member)
    headers = {"Cookie": f"{COOKIE}={visit.cookie}", "Sec-Fetch-Site": "cross-site"}
    fields = {"token": web_sessions.form_token(visit.cookie), "act": "pods/form", "name": "Forged"}
    assert server.http.post(f"/dashboard/{cohort}/setup", data=fields, headers=headers).status_code == 401
    opened = door(server.http, link(server, member))
    assert opened.press(server.http, **{"Sec-Fetch-Site": "cross-site"}).status_code == 401
    assert opened.press(server.http).status_code == 303


def test_links_are_counted_by_address(tmp_path: Path):
    with serving(tmp_path, {"MILEPOST_SERVER_JOINS_PER_MINUTE": "3"}) as server:
        answers = [server.http.get("/dashboard/enter/guess") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]


def test_every_answer_of_the_dashboard_has_its_policy_and_is_kept_by_nobody(server: ServerProcess, cohort: str):
    member, _ = lead(server, next(_seeds), cohort=cohort)
    visit = sign_in(server, member)
    for path in ("/dashboard/sessions", f"/dashboard/{cohort}/pods", "/dashboard/x/y", f"/dashboard/{cohort}/setup"):
        headers = visit.get(path).headers
        policy = headers.get_list("content-security-policy")
        assert len(policy) == 1
        assert "default-src 'none'" in policy[0]
        assert "frame-ancestors 'none'" in policy[0]
        assert "unsafe" not in policy[0]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge"),
        ("curl/8", "another browser"),
    ],
)
def test_a_session_is_known_by_its_browser(agent: str, name: str):
    assert browser_of(agent) == name


def test_who_is_signed_in_sees_where_from_their_device_and_signs_a_browser_out(server: ServerProcess, cohort: str):
    member, client = lead(server, next(_seeds), cohort=cohort)
    page = sign_in(server, member)
    headers = {"Authorization": f"Bearer {client.sync(server.url).token}"}
    (listed,) = server.http.get("/v1/dashboard/sessions", headers=headers).json()
    assert set(listed) == {"id", "opened", "seen", "browser"}
    assert page.get("/dashboard/sessions").status_code == 200
    for _ in range(2):
        assert server.http.delete(f"/v1/dashboard/sessions/{listed['id']}", headers=headers).status_code == 204
    assert server.http.get("/v1/dashboard/sessions", headers=headers).json() == []
    assert page.get("/dashboard/sessions").status_code != 200


def test_what_explains_figures_and_consent_is_there_for_programs_too(server: ServerProcess):
    assert "milestones_planned" in {rule["name"] for rule in server.http.get("/v1/rules").json()}
    newest = server.http.get("/v1/wording").json()[0]
    assert [audience["name"] for audience in newest["audiences"]] == ["pod", "lead", "pod_total", "cohort_total"]
