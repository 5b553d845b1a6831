"""HTTP: who is let in, what an answer looks like, and what the description says about it."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from milepost.errors import MilepostError
from milepost.ids import base64url
from milepost_server.cohort import invites
from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.servers import ServerProcess, serving

POLLS_MAX = 500
POLL_SECONDS = 0.02
MEETING = "a-meeting-place-of-two-devices"


def test_the_server_says_who_it_is(server: ServerProcess):
    answer = server.http.get("/v1/server").json()
    assert answer["versions"] == [1]
    assert answer["public"] == base64url(server.key)


def test_joining_again_with_the_same_invite_is_the_same_answer(server: ServerProcess):
    device = Member(1).device()
    request = {"code": server.invite(), "enrolment": device.enrolment_facts}
    first, second = server.http.post("/v1/join", json=request), server.http.post("/v1/join", json=request)
    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["pod"]["name"] == "Harbour"
    assert first.json()["cohort"]["zone"] == "Europe/Berlin"


def test_an_invite_lets_one_person_in(server: ServerProcess):
    code = server.invite()
    answers = [
        server.http.post("/v1/join", json={"code": code, "enrolment": Member(seed).device().enrolment_facts})
        for seed in (2, 3)
    ]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[1].json()["code"] == "invite"


def test_an_enrolment_that_does_not_verify_does_not_use_up_the_invite(server: ServerProcess):
    code, device = server.invite(), Member(4).device()
    forged = {**device.enrolment_facts, "signature": base64url(bytes(64))}
    assert server.http.post("/v1/join", json={"code": code, "enrolment": forged}).status_code == 400
    assert server.http.post("/v1/join", json={"code": code, "enrolment": device.enrolment_facts}).status_code == 200


@pytest.mark.parametrize("code", ["", "mp1-", "hello", "mp1-" + "0" * 42, str(invites.Code(bytes(10), bytes(16)))])
def test_what_is_no_invite_answers_like_one_that_does_not_work(server: ServerProcess, code: str):
    answer = server.http.post("/v1/join", json={"code": code, "enrolment": Member(5).device().enrolment_facts})
    assert answer.status_code == 404
    assert answer.json()["code"] == "invite"


def test_an_invite_code_reads_back_however_it_is_typed():
    code = invites.Code(bytes(range(10)), bytes(range(16)))
    assert invites.read(f" {str(code).upper()} ") == code
    assert invites.read(str(code).replace("-", "").replace("mp1", "mp1-")) == code


def test_attempts_to_join_are_counted_by_address(tmp_path: Path):
    with serving(tmp_path, {"MILEPOST_SERVER_JOINS_PER_MINUTE": "3"}) as server:
        request = {"code": "mp1-x", "enrolment": Member(5).device().enrolment_facts}
        answers = [server.http.post("/v1/join", json=request) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_slot_of_a_meeting_place_is_written_once(server: ServerProcess):
    path = f"/v1/pairing/{MEETING}/keys"
    assert server.http.get(path).status_code == 404
    assert server.http.put(path, content=b"one").status_code == 204
    assert server.http.put(path, content=b"one").status_code == 204
    assert server.http.put(path, content=b"two").status_code == 409
    assert server.http.get(path).content == b"one"


def test_a_meeting_place_holds_little(server: ServerProcess):
    place = f"/v1/pairing/{MEETING}-crowded"
    answers = [server.http.put(f"{place}/slot{number}", content=b"x").status_code for number in range(9)]
    assert answers == [204] * 8 + [413]
    assert server.http.put(f"/v1/pairing/{MEETING}-big/keys", content=bytes(20_000)).status_code == 413


def test_every_problem_has_one_shape_and_the_id_of_its_request(server: ServerProcess):
    answers = [
        server.http.get("/no/such/page"),
        server.http.delete("/v1/server"),
        server.http.get("/v1/devices"),
        server.http.post("/v1/join", content=b"{"),
        server.http.post("/v1/join", json={"code": 1}),
        server.http.post("/v1/join", content=b"x" * 100_000),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 401, 400, 400, 413]
    for answer in answers:
        problem = answer.json()
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
        assert problem["status"] == answer.status_code
        assert problem["request_id"] == answer.headers["x-request-id"]


def test_no_answer_may_be_stored_framed_or_run(server: ServerProcess):
    headers = server.http.get("/v1/server").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_members_token_opens_the_members_pages(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.sync(server.url)
    (device,) = server.get("/v1/devices", client).json()
    assert device["device"] == base64url(client.device.id)
    assert device["position"] == 1


def test_the_digests_are_those_of_the_sync(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.device.write_many(3)
    client.sync(server.url)
    client.sync(server.url)
    answer = server.get("/v1/digests", client).json()
    assert (answer["position"], answer["set"]) == (4, base64url(client.set_digest))


def test_a_revoked_devices_token_is_worth_nothing(server: ServerProcess, joined: tuple[Member, Client]):
    member, client = joined
    client.sync(server.url)
    phone = Client(member.device(client.device), server.key, mark=b"installation 002")
    phone.enrolments = [*client.enrolments, *phone.enrolments]
    phone.sync(server.url)
    assert server.get("/v1/devices", phone).status_code == 200
    client.device.write("device.revoked", {"device": base64url(phone.device.id), "leaves": []})
    client.sync(server.url)
    assert server.get("/v1/devices", phone).status_code == 401


def test_a_pod_is_seen_by_who_was_placed_and_joined(server: ServerProcess):
    clients = [server.member(seed)[1] for seed in (70, 71)]
    assert server.http.get("/v1/pod").status_code == 401
    (pod,) = server.admin("pods/list")
    for client, name in zip(clients, ("Mara", "Ben"), strict=True):
        client.sync(server.url)
        offered = server.get("/v1/pod", client).json()
        assert (offered["name"], offered["taken"], offered["members"]) == ("Harbour", False, [])
        client.device.write("pod.joined", {"pod": pod["id"], "cohort": pod["cohort"], "name": name})
        client.sync(server.url)
    page = server.get("/v1/pod", clients[0]).json()
    assert page["name"] == "Harbour"
    assert page["members"] == [{"name": "Ben", "me": False}, {"name": "Mara", "me": True}]


def test_whoever_joins_a_pod_unasked_is_no_member_of_it(server: ServerProcess):
    server.invite()
    server.admin("pods/form", name="Closed", cohort="Spring")
    pod = next(pod for pod in server.admin("pods/list") if pod["name"] == "Closed")
    _, client = server.member(72)
    client.device.write("pod.joined", {"pod": pod["id"], "cohort": pod["cohort"], "name": "Eve"})
    client.sync(server.url)
    assert server.get("/v1/pod", client).json()["name"] == "Harbour"
    assert server.get(f"/v1/pods/{pod['id']}", client).status_code == 404


def test_progress_is_what_was_pushed_today_or_as_of_a_day(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    goal = {"goal": "0123456789abcdef", "learning": False, "visible": True, "has_test": True}
    client.device.write("goal.set", goal)
    client.sync(server.url)
    _until_projected(server, client)
    assert server.get("/v1/progress", client).json() != server.get("/v1/progress?as_of=2020-01-01", client).json()
    assert server.get("/v1/progress?as_of=soon", client).json()["code"] == "usage"


def test_the_totals_of_a_pod_that_formed_this_week_are_closed_until_the_next(server: ServerProcess):
    server.invite()
    server.admin("pods/form", name="Totals", cohort="Spring")
    pod = next(pod for pod in server.admin("pods/list") if pod["name"] == "Totals")
    shown = []
    for seed in (80, 81, 82):
        code = server.admin("invites/issue", pod="Totals")["code"]
        device = Member(seed).device()
        assert server.http.post("/v1/join", json={"code": code, "enrolment": device.enrolment_facts}).status_code == 200
        client = Client(device, server.key)
        device.write("pod.joined", {"pod": pod["id"], "cohort": pod["cohort"], "name": f"member {seed}"})
        consent = {"scope": "pod", "id": pod["id"], "audience": "pod_total", "families": ["progress", "rhythm"]}
        device.write("consent.granted", {**consent, "until": "2099-01-01", "wording": 1, "withdrawals": []})
        device.write("review.held", {"week": "2026-W01", "worked_count": 1, "adjust_count": 1})
        client.sync(server.url)
        _until_projected(server, client)
        summary = server.get(f"/v1/pods/{pod['id']}/summary", client).json()
        shown.append((summary["state"], summary["week"], summary["figures"]["reviews_held"]["state"]))
    assert {(state, figure) for state, _, figure in shown} == {("closed", "hidden")}


def test_a_pod_that_is_not_mine_is_not_there(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.sync(server.url)
    (pod, *_) = server.admin("pods/list")
    not_mine, not_there = (server.get(f"/v1/pods/{name}/summary", client) for name in (pod["id"], "0" * 16))
    assert not_mine.status_code == not_there.status_code == 404
    assert not_mine.json()["code"] == not_there.json()["code"]


def test_the_description_needs_no_other_host(server: ServerProcess):
    for path in ("/schema", "/schema/openapi.json", "/schema/openapi.yaml"):
        answer = server.http.get(path)
        assert answer.status_code == 200
        assert "cdn" not in answer.text
    assert server.http.get("/schema/swagger").status_code == 404


def test_the_description_is_sound(server: ServerProcess):
    described = _described(server)
    assert described["openapi"].startswith("3.1")
    operations = [op for item in described["paths"].values() for op in item.values()]
    assert all(count == 1 for count in Counter(op["operationId"] for op in operations).values())
    assert all(op["responses"] and op.get("description", op["summary"]) for op in operations)
    for reference in _references(described):
        at: Any = described
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


def test_figures_count_routes_by_pattern_and_name_nobody(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.device.write_many(3)
    client.sync(server.url)
    server.http.get(f"/v1/pairing/{MEETING}-figures/keys")
    text = server.http.get("/metrics").text
    assert 'route="/v1/pairing/{meeting}/{slot}"' in text
    assert "milepost_events_ingested_total" in text
    assert MEETING not in text
    assert client.device.id.hex() not in text


def test_logs_hold_no_body_token_or_path(server: ServerProcess, joined: tuple[Member, Client]):
    _, client = joined
    client.sync(server.url)
    server.http.put(f"/v1/pairing/{MEETING}-logged/keys", content=b"canary in a body")
    server.get("/v1/devices?canary=query", client)
    log = (server.data / "server.log").read_text()
    assert '"route": "/v1/devices"' in log
    for secret in ("canary", MEETING, client.token, server.operator_token, base64url(client.device.id)):
        assert secret not in log


def test_said_errors_have_codes():
    assert all(kind.code for kind in MilepostError.__subclasses__())


def _until_projected(server: ServerProcess, client: Client) -> None:
    """Wait until the server's views hold all that was pushed."""
    for _ in range(POLLS_MAX):
        if server.get("/v1/digests", client).json()["views"]:
            return
        time.sleep(POLL_SECONDS)
    raise AssertionError("the projector did not catch up")


def _described(server: ServerProcess) -> Any:
    return server.http.get("/schema/openapi.json").json()


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for child in value.values() for found in _references(child)]
    return [found for child in value for found in _references(child)] if isinstance(value, list) else []


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
