"""No private word reaches the server: a canary stands in every private text of every type, and the server is searched.

Real processes. What the server has is its whole folder (database, write-ahead log, backup), what it says in its log,
and whatever it answers to the member, to a lead and to the operator.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from milepost.catalogue import INSTALLED, encode
from milepost.catalogue.declare import EventType
from milepost.catalogue.kinds import Kind, ListOf, Record, Text
from milepost_client.home import Home
from milepost_client.log import Draft, Log
from milepost_client.sync import sync_once
from milepost_client.world import SYSTEM
from tests.support.cli import Device
from tests.support.processes import ServerProcess

CANARY = "canaryfeathers"
DAY = 20_500
OPENAPI = "/schema/openapi.json"
TYPES = [
    declared
    for declared in INSTALLED.types()
    if not declared.control and declared.family != "cohort" and not declared.name.startswith("entry.")
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Device]]:
    """A server, and a member who leads and whose log holds every type, full of canaries, all of it synced."""
    folder = tmp_path_factory.mktemp("canary")
    with ServerProcess(folder / "server") as server:
        server.pod()
        device = Device(folder / "laptop")
        device.mp("goal", CANARY, "--due", "2027-01-08", "--test", CANARY)
        device.mp("join", server.url, server.invite(), "--name", "Mara", "--no-input")
        for family in ("progress", "rhythm", "skills", "people", "evidence", "outcomes"):
            for audience in ("pod", "lead", "pod_total", "cohort_total"):
                device.mp("share", "grant", family, "--to", audience)
        with Log.open(Home(str(device.home)), SYSTEM) as log:
            log.append([_full(declared) for declared in TYPES])
        device.mp("sync")
        yield server, device


def test_every_private_text_of_every_type_holds_the_canary():
    """The search below is worth what is planted: a private text that stays empty would never be found."""
    assert len(TYPES) > 40
    for declared in TYPES:
        texts = [field.name for field in declared.private if isinstance(field.kind, Text)]
        private = _full(declared).private or b""
        assert private.count(CANARY.encode()) >= len(texts), declared.name


def test_no_file_of_the_server_holds_a_private_word(planted: tuple[ServerProcess, Device]):
    server, _ = planted
    server.operate("backup", str(server.data / "copy.db"))
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert any(path.name == "copy.db" for path in files)
    assert any(path.name.endswith("-wal") for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path.name
    # What the server may know is found, so the search works: the name that the pod sees.
    assert any(b'"Mara"' in path.read_bytes() for path in files)


def test_the_server_cannot_tell_what_was_recorded_for_oneself_alone(planted: tuple[ServerProcess, Device]):
    server, _ = planted
    own = [declared.name for declared in TYPES if declared.sealed]
    assert "pay.changed" in own
    kept = b"".join(path.read_bytes() for path in server.data.glob("*.db*"))
    assert not [name for name in own if name.encode() in kept]


def test_no_answer_of_the_server_holds_a_private_word(planted: tuple[ServerProcess, Device]):
    server, device = planted
    token = sync_once(Home(str(device.home)), SYSTEM).token
    asked = 0
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        own = http.get("/v1/pod", headers={"Authorization": f"Bearer {token}"}).json()
        names = {"pod": own["id"], "cohort": own["cohort"]["id"]}
        for path, item in http.get(OPENAPI).json()["paths"].items():
            if "get" in item:
                answer = http.get(_filled(path, names), headers={"Authorization": f"Bearer {token}"})
                assert CANARY not in answer.text, path
                asked += 1
    assert asked > 8


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


def _filled(path: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path
