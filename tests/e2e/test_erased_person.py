"""Somebody who erased their account is gone: from each page and answer that others get, from each file of the server.

Real processes; the server's clock can be moved, so that the night comes in which its file is swept.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import httpx
import pytest

from milepost.ids import base32, base64url
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_server.store import erasures
from tests.support.cli import Device
from tests.support.crawled import dashboard, interface, token_of
from tests.support.processes import ServerProcess
from tests.support.soon import soon

NAME = "Marabelle"
INVITED_AS = "Quuxley"
ASKED, SAID, ANSWERED = "plughword", "xyzzyword", "frobozzword"
WORDS = (NAME, INVITED_AS, ASKED, SAID, ANSWERED)
NIGHT_MS = 30 * 3_600_000


class Left(NamedTuple):
    """What is left of a cohort: its server, who leads it, another member, and the one who erased their account."""

    server: ServerProcess
    dana: Device
    sam: Device
    mara: Device
    before: Mapping[str, str]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    """Mara shared all there is, asked, said, was answered, and looked at; then she erased her account."""
    folder = tmp_path_factory.mktemp("erased")
    server = ServerProcess(folder / "server")
    server.lead(0)
    with server:
        server.pod()
        mara, sam, dana = Device(folder / "mara"), Device(folder / "sam"), Device(folder / "dana")
        mara.mp("goal", "Draft 3 stories", "--due", "2027-01-08")
        mara.mp("join", server.url, _invite(server, INVITED_AS), "--name", NAME, "--no-input")
        sam.mp("join", server.url, server.invite(), "--name", "Sam", "--no-input")
        lead = server.ask("invites/issue", cohort="Spring", role="lead", name="Dana")
        dana.mp("join", server.url, str(lead["code"]), "--no-input")
        for audience in ("pod", "lead", "pod_total", "cohort_total"):
            mara.mp("share", "grant", "progress", "--to", audience)
        mara.mp("ask", "lead", f"Who knows {ASKED}?")
        mara.mp("win", f"Met {SAID}", "--share", "pod")
        mara.mp("sync")
        _answer(dana, mara, server)
        server.ask("totals/now")
        before = crawled(server, dana, sam)
        mara.mp("erase", "--account", "--yes")
        yield Left(server, dana, sam, mara, before)


def test_before_she_was_there(left: Left):
    everything = "".join(left.before.values())
    assert [word for word in WORDS if word not in everything] == []


def test_no_page_and_no_answer_knows_her(left: Left):
    after = crawled(left.server, left.dana, left.sam)
    assert len(after) > 40
    for path, text in after.items():
        assert [word for word in WORDS if word in text] == [], path
    key = key_of(left.mara)
    # The audit log is chained: its rows stay, by her key, and name nobody.
    assert {path.partition("?")[0].rpartition("/")[2] for path, text in after.items() if key in text} <= {"audit"}


def test_the_operator_is_shown_nothing_of_her(left: Left):
    shown = left.server.operate("pod", "list", "--json") + left.server.operate("quarantine", "list", "--json")
    invites = left.server.operate("invite", "list", "--cohort", "Spring", "--json")
    for word in (NAME, INVITED_AS, key_of(left.mara)):
        assert word not in shown
        assert word not in invites
    # Her invite is used up: it lets nobody else in.
    assert sorted(each["state"] for each in json.loads(invites)) == ["revoked", "used", "used"]


def test_after_the_night_no_file_of_the_server_nor_a_backup_holds_a_word_or_an_entry_of_hers(left: Left):
    server = left.server
    server.lead(NIGHT_MS)
    soon(lambda: not _is_due(server), lambda: server.said)
    server.operate("backup", str(server.data / "copy.db"))
    with Log.open(Home(str(left.mara.home)), SYSTEM) as log:
        ids = [stored.event.id for stored in log.since()]
    assert len(ids) > 8
    marks = [word.encode() for word in WORDS]
    marks += [form for id_ in ids for form in (id_, base32(id_).encode(), id_.hex().encode())]
    for path in server.folder.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert [mark for mark in marks if mark in held] == [], path.name
    # What others said is found, so the search works.
    assert b'"Sam"' in (server.data / "copy.db").read_bytes()
    assert server.operate("verify") == "everything verifies\n"


def test_what_she_recorded_is_all_on_her_device(left: Left):
    assert left.mara.type("sync", "--json").code == 4
    assert "Draft 3 stories" in left.mara.mp("goal", "list").out
    assert left.mara.type("verify", "--deep").code == 0


def crawled(server: ServerProcess, dana: Device, sam: Device) -> dict[str, str]:
    """All that is answered to who leads, and to another member of the pod."""
    found: dict[str, str] = {}
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token_of(sam)}"}
        pod = http.get("/v1/pod", headers=headers).json()
        names = {"pod": pod["id"], "cohort": pod["cohort"]["id"], "member": "A" * 22}
        for name, device in (("Dana", dana), ("Sam", sam)):
            found |= {f"{name} {path}": text for path, text in interface(http, device, names).items()}
        found |= {f"Dana {path}": text for path, text in dashboard(http, server, "Dana").items()}
    return found


def key_of(device: Device) -> str:
    with Log.open(Home(str(device.home)), SYSTEM) as log:
        return base64url(log.user)


def _invite(server: ServerProcess, name: str) -> str:
    return str(server.ask("invites/issue", pod="Harbour", name=name)["code"])


def _answer(dana: Device, mara: Device, server: ServerProcess) -> None:
    """Dana answers what was asked, once the server shows it to her."""
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token_of(dana)}"}
        cohort = http.get("/v1/me", headers=headers).json()["leads"][0]["cohort"]
        items = soon(lambda: http.get(f"/v1/cohorts/{cohort}/requests", headers=headers).json()["items"])
        asked = {"help": items[0]["id"], "text": f"Ask {ANSWERED}"}
        answered = http.post("/v1/acts/requests/answer", json=asked, headers=headers)
        assert answered.is_success, answered.text
    mara.mp("sync")


def _is_due(server: ServerProcess) -> bool:
    connection = sqlite3.connect(server.data / "milepost.db")
    try:
        return erasures.sweep_due(connection) is not None
    finally:
        connection.close()
