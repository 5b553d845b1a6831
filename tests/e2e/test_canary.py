"""No private word reaches the server: a canary stands in every private text of every type, and the server is searched.

Real processes. What the server has is its whole folder (database, write-ahead log, backup), what it says in its log and
its metrics, whatever it answers to the member and to who leads the cohort, and every page, table and calendar of the
dashboard.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import pytest

from milepost.catalogue import INSTALLED, encode
from milepost.catalogue.declare import EventType
from milepost.catalogue.kinds import Kind, ListOf, Record, Text
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from tests.support.cli import Device
from tests.support.crawled import dashboard, filled, interface, token_of
from tests.support.here import Here
from tests.support.processes import ServerProcess
from tests.support.soon import soon

CANARY = "canaryfeathers"
# What somebody types where it does not belong: the log and the metrics know nothing of it.
ASTRAY = "straysparrow"
DAY = 20_500
MEMBER_PAGE = "/v1/pods/{pod}/members/{member}"
TYPES = [
    declared
    for declared in INSTALLED.types()
    if not declared.control and declared.family != "cohort" and not declared.name.startswith("entry.")
]


class Planted(NamedTuple):
    """A server; a member who leads too, and whose log holds every type, full of canaries; and who leads the cohort."""

    server: ServerProcess
    mara: Device
    dana: Device


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """All of it synced, and everything that can be shared by name or in sums is shared."""
    folder = tmp_path_factory.mktemp("canary")
    with ServerProcess(folder / "server") as server:
        server.pod()
        mara, dana = Device(folder / "laptop"), Device(folder / "lead")
        mara.mp("goal", CANARY, "--due", "2027-01-08", "--test", CANARY)
        mara.mp("join", server.url, server.invite(), "--name", "Mara", "--no-input")
        lead = server.ask("invites/issue", cohort="Spring", role="lead", name="Dana")
        dana.mp("join", server.url, str(lead["code"]), "--no-input")
        keyboard = Here(mara.home)
        for family in ("progress", "rhythm", "skills", "people", "evidence", "outcomes"):
            for audience in ("pod", "lead", "pod_total", "cohort_total"):
                keyboard.mp("share", "grant", family, "--to", audience)
        with Log.open(Home(str(mara.home)), SYSTEM) as log:
            log.append([_full(declared) for declared in TYPES])
        mara.mp("sync")
        server.ask("leads/appoint", pod="Harbour", member="Mara")
        server.ask("totals/now")
        yield Planted(server, mara, dana)


@pytest.fixture(scope="module")
def answers(planted: Planted) -> Mapping[str, str]:
    """All that the server answers those two, by who asked and path; asked once what they share is folded."""
    server = planted.server
    found: dict[str, str] = {}
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        card = _until_shown(http, planted)
        for name, device in (("Mara", planted.mara), ("Dana", planted.dana)):
            found |= {f"{name} {path}": text for path, text in interface(http, device, card).items()}
            found |= {f"{name} {path}": text for path, text in dashboard(http, server, name).items()}
        _type_astray(http, token_of(planted.dana))
        found["nobody /metrics"] = http.get("/metrics").text
    return found


def test_every_private_text_of_every_type_holds_the_canary():
    """The search below is worth what is planted: a private text that stays empty would never be found."""
    assert len(TYPES) > 40
    for declared in TYPES:
        texts = [field.name for field in declared.private if isinstance(field.kind, Text)]
        private = _full(declared).private or b""
        assert private.count(CANARY.encode()) >= len(texts), declared.name


def test_the_server_cannot_tell_what_was_recorded_for_oneself_alone(planted: Planted):
    server = planted.server
    own = [declared.name for declared in TYPES if declared.sealed]
    assert "pay.changed" in own
    kept = b"".join(path.read_bytes() for path in server.data.glob("*.db*"))
    assert not [name for name in own if name.encode() in kept]


def test_no_answer_and_no_page_holds_a_private_word(answers: Mapping[str, str]):
    for path, text in answers.items():
        assert CANARY not in text, path
    shown = "".join(sorted(answers))
    for page in ("pods", "setup", "requests", "week", "skills", "blockers", "calendar", "releases", "audit", "rules"):
        assert re.search(f"Dana /dashboard/[^/]+/{page}[?#]?", shown), page
    for part in ("/members/", "/csv/milestones", "/csv/cards", "/csv/roster", "calendar.ics", "/dashboard/sessions"):
        assert any(path.startswith("Dana /dashboard/") and part in path for path in answers), part
    # What is shown is what was shared, so the search works: her milestone, by its kind and its day.
    card = next(
        text for path, text in answers.items() if path.startswith("Dana /dashboard/") and "/csv/milestones" in path
    )
    assert len(card.splitlines()) > 1


def test_the_metrics_know_nobody(answers: Mapping[str, str]):
    said = answers["nobody /metrics"]
    assert "milepost_http_requests_total" in said
    for word in (ASTRAY, "Mara", "Dana", "Harbour", "Spring"):
        assert word not in said


def test_no_file_of_the_server_holds_a_private_word(planted: Planted, answers: Mapping[str, str]):
    server = planted.server
    server.operate("backup", str(server.data / "copy.db"))
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert any(path.name == "copy.db" for path in files)
    assert any(path.name.endswith("-wal") for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path.name
        assert ASTRAY.encode() not in path.read_bytes(), path.name
    assert any(path.name == "server.log" and path.stat().st_size for path in files)
    # What the server may know is found, so the search works: the name that the pod sees.
    assert any(b'"Mara"' in path.read_bytes() for path in files)


def _until_shown(http: httpx.Client, planted: Planted) -> dict[str, str]:
    """Where Mara's page is for who leads the cohort, once it is there: the server folds after it has received."""
    headers = {"Authorization": f"Bearer {token_of(planted.mara)}"}
    pod = http.get("/v1/pod", headers=headers).json()
    names = {
        "pod": pod["id"],
        "cohort": pod["cohort"]["id"],
        "member": http.get("/v1/me", headers=headers).json()["user"],
    }
    page, headers = filled(MEMBER_PAGE, names), {"Authorization": f"Bearer {token_of(planted.dana)}"}
    soon(lambda: (found := http.get(page, headers=headers)).is_success and found.json()["card"]["milestones"])
    return names


def _type_astray(http: httpx.Client, token: str) -> None:
    """Words typed where none belong: in addresses, bodies, headers, forms."""
    headers = {"Authorization": f"Bearer {token}", "User-Agent": ASTRAY, "Referer": f"http://x/{ASTRAY}"}
    for path in (
        f"/v1/pods/{ASTRAY}",
        f"/v1/cohorts/{ASTRAY}/pods?after={ASTRAY}",
        f"/{ASTRAY}",
        f"/dashboard/{ASTRAY}/x",
    ):
        assert http.get(path.format(ASTRAY), headers=headers).status_code in (200, 401, 404)
    assert http.post("/v1/acts/pods/form", json={"name": ASTRAY, "cohort": ASTRAY}, headers=headers).status_code == 404
    assert http.post("/v1/acts/pods/form", content=ASTRAY, headers=headers).status_code == 400
    assert http.post(f"/dashboard/enter/{ASTRAY}", data={"code": ASTRAY}, headers=headers).status_code == 404


def _full(declared: EventType) -> Draft:
    """An entry of the type with a canary in every private text."""
    values = {**declared.example}
    for field in declared.private:
        planted = _canary(field.kind, values.get(field.name))
        if planted is not None:
            values[field.name] = planted
    encoded = encode(declared.name, values)
    assert not INSTALLED.violations(declared.name, declared.version, None, _part(declared, values)), declared.name
    return Draft(encoded.type, encoded.version, DAY, 0, encoded.facts, encoded.private)


def _canary(kind: Kind, value: Any) -> object | None:
    """`value` with its texts replaced; None where the kind holds none."""
    match kind:
        case Text():
            return CANARY
        case ListOf(of=Text()):
            return [CANARY]
        case ListOf(of=Record() as record) if value:
            return [_canary(record, one) for one in value]
        case Record(members=members) if value:
            return {name: _canary(members[name], one) or one for name, one in value.items()}
        case _:
            return None


def _part(declared: EventType, values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if declared.is_private(name)}
