"""Pods as they are typed: who is in them, moving and leaving, what leads do, and what exactly a lead is shown."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_client.store.settings import URL_SETTING
from milepost_client.sync.sync import sync_once
from milepost_client.sync.web import Web, address
from tests.support.here import Here
from tests.support.processes import ServerProcess

SOON_SECONDS_MAX = 30.0


class Spring:
    """A cohort with somebody who leads it, and people who come in by invites."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self._folder = folder
        self._server = server
        server.operate("cohort", "open", "Spring", "--start", "2026-01-05", "--end", "2099-02-07", "--zone", "UTC")
        code = server.operate("invite", "--cohort", "Spring", "--lead", "--for", "Dana").split()[0]
        self.dana = self._join("Dana", code)
        self.cohort = self.get(self.dana, "/v1/me")["leads"][0]["cohort"]

    def pod(self, name: str) -> str:
        """Form a pod; its id."""
        return str(self.dana.data("pod", "form", name)["id"])

    def join(self, name: str, pod: str) -> Here:
        """Somebody new in a pod."""
        return self._join(name, self.dana.data("pod", "invite", pod, "--for", name)["code"])

    def invited(self, name: str, pod: str) -> Here:
        """Somebody who joined the server and has not said what the pod is to call them."""
        here = Here(self._folder / name)
        code = self.dana.data("pod", "invite", pod, "--for", name)["code"]
        here.mp("join", self._server.url, code, "--no-input")
        return here

    def lead(self, name: str, pod: str) -> Here:
        """Somebody who comes in to lead a pod."""
        return self._join(name, self.dana.data("pod", "invite", pod, "--lead", "--for", name)["code"])

    def get(self, who: Here, path: str) -> Any:
        """What the API answers somebody."""
        token = sync_once(Home(str(who.home)), SYSTEM).token
        return Web(address(self._server.url), token).get(path)

    def _join(self, name: str, code: str) -> Here:
        here = Here(self._folder / name)
        here.mp("join", self._server.url, code, "--name", name, "--no-input")
        return here


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spring]:
    folder = tmp_path_factory.mktemp("spring")
    with ServerProcess(folder / "server") as server:
        yield Spring(folder, server)


def test_a_preview_is_what_a_lead_is_shown_to_the_letter(spring):
    pod = spring.pod("Anchor")
    mara = spring.join("Mara", "Anchor")
    mara.mp("milestone", "start", "credential", "CSPO", "--for", "13w", "--output", "certificate")
    mara.mp("milestone", "start", "project", "Redesign", "--for", "6w", "--output", "dashboard", "--output", "talk")
    mara.mp("milestone", "start", "networking", "Panel", "--for", "6w")
    mara.mp("milestone", "complete", "Panel", "--measure", "yes")
    mara.mp("goal", "Set before the grant", "--due", "fri", "--test", "x")
    mara.mp("sync")
    mara.mp("share", "grant", "progress", "rhythm", "outcomes", "--to", "lead")
    mara.mp("sync")
    mara.mp("goal", "Set after the grant", "--due", "fri", "--test", "x")
    mara.mp("done", "set after")
    mara.mp("milestone", "complete", "Redesign", "--measure", "partly", "--tick", "talk")
    mara.mp("feedback", "mentor", "tighten the ask")
    mara.mp("touch", "Dana R.", "interview", "15m", "--new")
    mara.mp("share", "title", "CSPO", "--to", "lead")
    mara.mp("sync")

    card = mara.data("share", "show", "--as", "lead")["seen"]["card"]
    assert {one["kind"]: (one["status"], one["title"]) for one in card["milestones"]} == {
        "credential": ("started", "CSPO"),
        "project": ("completed", None),
    }
    assert card["counts"]["goals_set"] == 1
    assert "touch_interview" not in card["counts"]

    assert mara.data("share", "seen")["rows"] == []
    [row] = spring.get(spring.dana, f"/v1/pods/{pod}")["cards"]
    assert row["card"] == card
    assert spring.get(spring.dana, f"/v1/pods/{pod}/members/{row['member']}")["card"] == card
    # Whoever is shown by name can see who looked.
    looks = mara.data("share", "seen")["rows"]
    assert {(look["by"], look["act"]) for look in looks} == {("Dana", "people/read")}
    assert "was shown you by name" in mara.mp("share", "seen").out


def test_what_is_shared_with_the_pod_reaches_its_members_and_not_its_leads(spring):
    pod = spring.pod("Beacon")
    noor, sam = spring.join("Noor", "Beacon"), spring.join("Sam", "Beacon")
    noor.mp("milestone", "start", "credential", "SQL", "--for", "10w")
    noor.mp("share", "grant", "progress", "--to", "pod")
    noor.mp("sync")

    card = noor.data("share", "show", "--as", "pod")["seen"]["card"]
    assert [one["card"] for one in spring.get(sam, f"/v1/pods/{pod}")["cards"]] == [card]
    assert spring.get(spring.dana, f"/v1/pods/{pod}")["cards"] == []
    assert noor.data("share", "show", "--as", "lead")["seen"]["card"] is None


def test_the_pod_names_its_people_and_who_leads_them(spring):
    spring.pod("Cape")
    kim = spring.join("Kim", "Cape")
    spring.lead("Omar", "Cape")
    spring.join("Ada", "Cape")
    spring.dana.mp("pod", "schedule", "Cape", "--on", "5d", "--at", "17:00", "--for", "90")
    kim.mp("ask", "pod", "Who reads a case study?")
    kim.mp("win", "Pilot approved", "--share", "pod")
    kim.mp("sync")

    shown = kim.data("pod")
    assert [one["name"] for one in shown["members"]] == ["Ada", "Kim"]
    assert {(one["name"], one["scope"]) for one in shown["leads"]} == {("Dana", "cohort"), ("Omar", "pod")}
    screen = " ".join(kim.mp("pod").out.split())
    assert "led by" in screen
    assert "next session" in screen
    assert "1 h 30" in screen
    # Three came in this week, so it stays unshown.
    assert "is not shown: somebody came, went, or changed what they share; next on" in screen


def test_a_new_lead_is_announced_to_who_shares_with_leads(spring):
    spring.pod("Dune")
    lea = spring.join("Lea", "Dune")
    lea.mp("share", "grant", "progress", "--to", "lead")
    lea.mp("sync")
    assert lea.data("inbox")["readers"] == []
    spring.lead("Ines", "Dune")
    lea.mp("sync")
    assert [(one["name"], one["scope"]) for one in lea.data("inbox")["readers"]] == [("Ines", "pod")]
    assert lea.data("inbox")["readers"] == []


def test_who_has_not_taken_their_place_is_told_how_until_they_have(spring):
    spring.pod("Willow")
    kim = spring.invited("Kim", "Willow")
    assert "take the place with: mp pod --name NAME" in kim.mp("pod").out
    taken = kim.mp("pod", "--name", "Kim").out
    assert "Kim (you)" in taken
    assert "--name NAME" not in taken
    assert "--name NAME" not in kim.mp("pod").out


def test_a_move_is_offered_and_taken_and_ends_what_named_the_old_pod(spring):
    old, new = spring.pod("Elm"), spring.pod("Fern")
    juno = spring.join("Juno", "Elm")
    for audience in ("lead", "pod_total", "cohort_total"):
        juno.mp("share", "grant", "progress", "--to", audience)
    juno.mp("sync")
    said = spring.dana.mp("pod", "move", "Fern", "Juno").out
    assert "Juno is offered a place in Fern instead of Elm" in said
    assert spring.get(spring.dana, f"/v1/pods/{old}")["roster"] == []

    juno.mp("sync")
    assert "a place in Fern to take: mp inbox" in juno.mp().out
    assert juno.data("share", "show")["grants"] == []
    taken = juno.mp("pod", "--name", "Juno")
    assert "what you shared with the pod before ended with the move" in taken.err
    assert "Fern of Spring" in taken.out
    assert [grant["audience"] for grant in juno.data("share", "show")["grants"]] == ["cohort_total"]
    assert [one["name"] for one in spring.get(spring.dana, f"/v1/pods/{new}")["roster"]] == ["Juno"]
    assert spring.get(spring.dana, f"/v1/pods/{new}")["cards"] == []


def test_a_request_stays_behind_with_the_pod_it_was_asked_in_and_is_asked_again_in_one_line(spring):
    spring.pod("Ilex")
    spring.pod("Juniper")
    nora = spring.join("Nora", "Ilex")
    nora.mp("milestone", "start", "credential", "CSPO", "--for", "13w")
    nora.mp("milestone", "block", "CSPO", "--class", "access", "--ask", "lead", "Who can open a test account?")
    nora.mp("sync")
    [asked] = soon_waiting(spring, "Ilex")
    assert asked["text"] == "Who can open a test account?"
    assert nora.data("inbox")["left_requests"] == []

    # Its readers were named as it was asked, and the new pod's are others: it goes nowhere by itself.
    spring.dana.mp("pod", "move", "Juniper", "Nora")
    assert waiting(spring, "Ilex") == waiting(spring, "Juniper") == []
    assert spring.dana.type("answer", asked["id"], "I will ask the platform team today").code == 3
    nora.mp("sync")
    assert "1 request of yours stayed behind" in nora.mp("pod", "--name", "Nora").err
    nora.mp("sync")
    assert waiting(spring, "Juniper") == []
    assert "1 request to ask again: mp inbox" in nora.mp().out
    told = " ".join(nora.mp("inbox").out.split())
    assert "nobody reads it since you left the pod you asked it in; ask again with: mp ask again" in told
    [left] = nora.data("ask", "list")["requests"]
    assert left["state"] == "left_behind"
    assert "mp ask again" in nora.mp("ask", "list").out

    said = nora.mp("ask", "again", left["short_id"])
    assert "in clear to Dana (leading); whoever runs the server can read it too" in " ".join(said.out.split())
    nora.mp("sync")
    [again] = soon_waiting(spring, "Juniper")
    assert (again["text"], again["kind"], again["about"]) == (asked["text"], "unblock", "milestone")
    assert nora.data("inbox")["left_requests"] == []
    assert [one["state"] for one in nora.data("ask", "list", "--all")["requests"]] == ["open", "withdrawn"]
    assert nora.type("ask", "again", left["id"]).code == 2


def waiting(spring, pod):
    """The requests of a pod that its cohort's lead is shown."""
    return [one for one in spring.dana.data("answer")["requests"] if one["pod_name"] == pod]


def soon_waiting(spring, pod):
    """Those of a pod in which one will be waiting before long: the server folds after it has received."""
    until = time.monotonic() + SOON_SECONDS_MAX
    while not (found := waiting(spring, pod)):
        assert time.monotonic() < until, "it never came"
    return found


def test_who_leaves_is_seen_by_nobody_there_at_once(spring):
    pod = spring.pod("Gorse")
    iris = spring.join("Iris", "Gorse")
    iris.mp("milestone", "start", "credential", "SQL", "--for", "10w")
    iris.mp("share", "grant", "progress", "--to", "lead")
    iris.mp("win", "Pilot approved", "--share", "lead")
    iris.mp("sync")
    assert len(spring.get(spring.dana, f"/v1/pods/{pod}")["cards"]) == 1

    iris.mp("pod", "leave", "--erase", "--yes")
    iris.mp("sync")
    page = spring.get(spring.dana, f"/v1/pods/{pod}")
    assert (page["roster"], page["cards"], page["wins"]) == ([], [], [])
    assert iris.type("pod", "leave", "--yes").code == 4


def test_who_is_removed_is_told_once(spring):
    spring.pod("Heath")
    rosa = spring.join("Rosa", "Heath")
    spring.dana.mp("pod", "remove", "Heath", "Rosa")
    rosa.mp("sync")
    assert "no place in Heath any more: mp inbox" in rosa.mp().out
    assert rosa.data("inbox")["removed_from"] == "Heath"
    assert rosa.data("inbox")["removed_from"] is None
    assert rosa.type("ask", "lead", "Who?").code == 4


def test_leads_are_appointed_and_removed(spring):
    pod = spring.pod("Inlet")
    spring.join("Vera", "Inlet")
    vera = spring.dana.data("pod", "appoint", "Inlet", "Vera", "--until", "5d")
    assert vera["says"].startswith("Vera leads Inlet from")
    leads = {(one["name"], one["scope"]) for one in spring.get(spring.dana, f"/v1/pods/{pod}")["leads"]}
    assert leads == {("Dana", "cohort"), ("Vera", "pod")}
    spring.dana.mp("pod", "remove", "Inlet", "Vera", "--lead")
    names = {one["name"] for one in spring.get(spring.dana, f"/v1/pods/{pod}")["leads"]}
    assert names == {"Dana"}
    assert [one["name"] for one in spring.get(spring.dana, f"/v1/pods/{pod}")["roster"]] == ["Vera"]


def test_who_leads_the_cohort_appoints_somebody_beside_them_and_ends_it(spring):
    spring.pod("Isle")
    spring.join("Vito", "Isle")
    assert spring.dana.data("pod", "appoint", "Vito", "--cohort", "Spring")["says"].startswith("Vito leads Spring from")
    said = spring.dana.mp("pod", "remove", "Vito", "--cohort", "Spring", "--lead").out
    assert "Vito no longer leads Spring" in said
    for line in (("appoint", "Vito"), ("remove", "Vito", "--cohort", "Spring"), ("close",)):
        assert spring.dana.type("pod", *line).code == 2
    # The last one stays: nobody could let anybody in again.
    last = spring.dana.type("pod", "remove", "Dana", "--cohort", "Spring", "--lead")
    assert last.code == 5
    assert "nobody else leads Spring" in last.err


def test_the_sessions_of_what_one_leads_are_listed_with_their_ids(spring):
    spring.pod("Jute")
    planned = spring.dana.data("pod", "schedule", "Jute", "--on", "5d", "--at", "17:00")
    assert planned["id"][:7] in spring.dana.mp("pod", "sessions").out
    spring.dana.mp("pod", "cancel", planned["id"][:7])
    states = {one["id"]: one["state"] for one in spring.dana.data("pod", "sessions")["sessions"]}
    assert states[planned["id"]] == "cancelled"
    # Not there and not theirs is one answer, which says where ids are.
    missing = spring.dana.type("pod", "cancel", "zzzz")
    assert missing.code == 3
    assert "lists of pods, sessions and invites" in missing.err


def test_an_invite_is_sent_again_or_ended(spring):
    spring.pod("Jetty")
    first = spring.dana.data("pod", "invite", "Jetty", "--for", "Nils")
    second = spring.dana.data("pod", "invite", "--resend", first["id"])
    assert second["code"] != first["code"]
    spring.dana.mp("pod", "invite", "--revoke", second["id"])
    states = {one["id"]: one["state"] for one in spring.dana.data("pod", "invite", "--list")["invites"]}
    assert (states[first["id"]], states[second["id"]]) == ("revoked", "revoked")


def test_a_session_that_was_not_scheduled_is_held_all_the_same(spring):
    spring.pod("Knoll")
    said = spring.dana.mp("pod", "hold", "Knoll", "--on", "yesterday", "--at", "17:00", "--for", "50m").out
    assert "session held: Knoll" in said
    assert "50 min" in said
    assert spring.dana.type("pod", "hold", "Knoll", "--on", "yesterday").code == 2


def test_a_full_pod_says_how_many_it_has_room_for(spring):
    assert "a pod of 1 is not 3-5" in spring.dana.mp("pod", "form", "Ledge", "--capacity", "1").err
    spring.join("Otto", "Ledge")
    said = spring.dana.type("pod", "invite", "Ledge")
    assert said.code != 0
    assert "room for 1" in said.err


def test_who_leads_nothing_is_told_so(spring):
    spring.pod("Marsh")
    pia = spring.join("Pia", "Marsh")
    for line in (("pod", "form", "Own"), ("pod", "list"), ("answer",)):
        said = pia.type(*line)
        assert said.code == 4
        assert "you lead no pod and no cohort" in said.err


def test_what_a_lead_does_needs_the_server_and_says_so(spring):
    spring.pod("Oaks")
    lead = spring.lead("Uma", "Oaks")
    with Log.open(Home(str(lead.home)), SYSTEM) as log:
        log.set_settings([(URL_SETTING, b"http://127.0.0.1:9")])
    for line in (("pod", "list"), ("pod", "schedule", "Oaks", "--on", "5d", "--at", "17"), ("answer",), ("dashboard",)):
        refused = lead.type(*line)
        assert refused.code == 6
        assert "nothing of this waits: try again later" in refused.err
    # What a member does goes on without it.
    assert lead.type("goal", "Draft 3 user stories").code == 0


def test_a_dashboard_link_is_printed_and_differs_each_time(spring):
    first, second = spring.dana.data("dashboard", "--no-open"), spring.dana.data("dashboard", "--no-open")
    assert first["url"] != second["url"]
    assert "/dashboard/enter/" in first["url"]
    assert first["opened"] is False


def test_a_closed_pod_takes_nobody_in(spring):
    spring.pod("North")
    assert spring.dana.type("pod", "close", "North").code == 2
    spring.dana.mp("pod", "close", "North", "--yes")
    assert spring.dana.type("pod", "invite", "North").code != 0
    assert "North (closed)" in spring.dana.mp("pod", "list").out
