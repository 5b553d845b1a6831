"""S7, a lead's first day: a cohort is set up, somebody asks and is answered, a session is planned and held.

Each thing is read where the lead reads it: at the keyboard, from the interface, and on the page.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.sync.sync import sync_once
from milepost_client.sync.web import Web, address
from tests.support.here import Here
from tests.support.processes import ServerProcess
from tests.support.soon import soon
from tests.support.visiting import Visit

PODS = ("Harbour", "Lantern", "Meadow", "Quarry")
MEMBERS_A_POD = 4
JOINED = {"Harbour": 2, "Lantern": 1, "Meadow": 0, "Quarry": 0}
CODES = {"sprint_planning": "Sprint planning", "sql": "SQL", "speaking": "Speaking in public"}


class Day:
    """The people of the day at their keyboards, and what the server answers the lead."""

    def __init__(self, folder: Path, server: ServerProcess, http: httpx.Client) -> None:
        self._folder = folder
        self._http = http
        self.server = server

    def home(self, name: str) -> Here:
        return Here(self._folder / name)

    def join(self, name: str, code: str) -> Here:
        """Somebody comes in by an invite."""
        device = self.home(name)
        device.mp("join", self.server.url, code, "--name", name, "--no-input")
        return device

    def get(self, device: Here, path: str) -> Any:
        """What the API answers whoever sits at a device."""
        token = sync_once(Home(str(device.home)), SYSTEM).token
        return Web(address(self.server.url), token).get(path)

    def visit(self, lead: Here) -> Visit:
        """A lead signed in to the dashboard, by the link of their own device."""
        return Visit(self._http, lead.data("dashboard", "--no-open")["url"])


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with (
        ServerProcess(tmp_path / "server") as server,
        httpx.Client(base_url=server.url, trust_env=False, timeout=10) as http,
    ):
        yield Day(tmp_path / "homes", server, http)


def opened(day: Day) -> Here:
    """A cohort with somebody who leads it, at their keyboard."""
    day.server.operate(
        *("cohort", "open", "Spring", "--start", "2026-11-16", "--end", "2099-02-07", "--zone", "Europe/Berlin")
    )
    code = day.server.operate("invite", "--cohort", "Spring", "--lead", "--for", "Dana").split()[0]
    return day.join("Dana", code)


def cohort_of(lead: Here, day: Day) -> str:
    [led] = day.get(lead, "/v1/me")["leads"]
    assert (led["scope"], led["name"]) == ("cohort", "Spring")
    return str(led["cohort"])


def test_a_lead_sets_a_cohort_up_in_a_day(day):
    lead = opened(day)
    cohort = cohort_of(lead, day)

    for pod in PODS:
        lead.mp("pod", "form", pod)
    for code, label in CODES.items():
        lead.mp("pod", "code", code, label)
    codes = {
        pod: [lead.data("pod", "invite", pod, "--for", f"{pod} {number}")["code"] for number in range(MEMBERS_A_POD)]
        for pod in PODS
    }
    day.join("Mara", codes["Harbour"][0])
    day.join("Sam", codes["Harbour"][1])
    day.join("Noor", codes["Lantern"][0])

    page = day.get(lead, f"/v1/cohorts/{cohort}/pods")
    assert {row["name"]: (row["joined"], row["invited"]) for row in page["pods"]} == {
        pod: (joined, MEMBERS_A_POD) for pod, joined in JOINED.items()
    }
    assert "2 of 4" in lead.mp("pod", "list").out
    setup = day.get(lead, f"/v1/cohorts/{cohort}/setup")
    assert {row["code"]: row["label"] for row in setup["codes"]} == CODES
    assert sorted(one["state"] for one in lead.data("pod", "invite", "--list")["invites"]).count("open") == 13

    visit, pages = day.visit(lead), f"/dashboard/{cohort}"
    assert visit.get("/dashboard").headers["location"] == f"{pages}/setup"
    said = visit.text(f"{pages}/pods")
    assert [pod for pod in PODS if f"{pod} {JOINED[pod]} of 4" in said] == list(PODS)
    set_up = visit.text(f"{pages}/setup")
    assert all(f"{code} {label}" in set_up for code, label in CODES.items())

    # Before any release the page names the day of the first one, and is never blank.
    week = day.get(lead, f"/v1/cohorts/{cohort}/week")
    assert week["state"] == "first_release"
    assert date.fromisoformat(week["first_release"]).weekday() == 0
    for name in ("week", "skills", "blockers", "releases"):
        assert "First release Monday" in visit.text(f"{pages}/{name}"), name


def test_a_request_is_answered_in_a_sentence_that_reaches_the_inbox(day):
    lead = opened(day)
    cohort = cohort_of(lead, day)
    lead.mp("pod", "form", "Harbour")
    mara = day.join("Mara", lead.data("pod", "invite", "Harbour")["code"])

    mara.mp("milestone", "start", "credential", "CSPO", "--for", "13w")
    said = mara.mp("milestone", "block", "CSPO", "--class", "access", "--ask", "lead", "Who can open a test account?")
    assert "in clear to Dana (leading)" in said.out
    mara.mp("sync")

    [request] = soon(lambda: day.get(lead, f"/v1/cohorts/{cohort}/requests")["items"])
    assert (request["name"], request["text"]) == ("Mara", "Who can open a test account?")
    assert (request["about"], request["kind"], request["state"]) == ("milestone", "unblock", "open")
    assert "Who can open a test account?" in lead.mp("answer").out
    visit, page = day.visit(lead), f"/dashboard/{cohort}/requests"
    said = visit.text(page)
    assert all(part in said for part in ("Mara", "unblock", "Who can open a test account?"))
    lead.mp("answer", request["id"][:5], "I will ask the platform team today")
    assert "I will ask the platform team today" in visit.text(page)

    mara.mp("sync")
    assert "1 new answer: mp inbox" in mara.mp().out
    [answer] = mara.data("inbox")["answers"]
    assert (answer["text"], answer["by_name"]) == ("I will ask the platform team today", "Dana")
    assert answer["request"] == "Who can open a test account?"
    [mine] = mara.data("ask", "list")["requests"]
    assert (mine["state"], mine["answers"][0]["by_name"]) == ("answered", "Dana")

    # Another sentence, from the page this time.
    assert "The answer is on its way." in visit.send(page, "requests/answer", help=mine["id"], text="They said yes")
    mara.mp("sync")
    assert [each["text"] for each in mara.data("inbox")["answers"]] == [
        "I will ask the platform team today",
        "They said yes",
    ]

    mara.mp("done", mine["id"])
    mara.mp("sync")
    soon(lambda: not day.get(lead, f"/v1/cohorts/{cohort}/requests")["items"])
    assert "no request waits" in lead.mp("answer").out
    assert "Who can open a test account?" not in visit.text(page)


def test_a_session_is_in_the_calendar_then_held_or_cancelled(day):
    lead = opened(day)
    cohort = cohort_of(lead, day)
    lead.mp("pod", "form", "Harbour")
    mara = day.join("Mara", lead.data("pod", "invite", "Harbour")["code"])
    held = lead.data("pod", "schedule", "Harbour", "--on", "today", "--at", "17:00", "--for", "1h")["id"]
    off = lead.data("pod", "schedule", "Harbour", "--on", "5d", "--at", "9:30")["id"]
    mara.mp("sync")

    assert appointments(mara) == {held: "CONFIRMED", off: "CONFIRMED"}
    lead.mp("pod", "hold", held[:7], "--for", "55m")
    lead.mp("pod", "cancel", off)
    mara.mp("sync")
    assert appointments(mara) == {held: "CONFIRMED", off: "CANCELLED"}
    visit = day.visit(lead)
    assert of_file(visit.get(f"/dashboard/{cohort}/calendar.ics").text) == {held: "CONFIRMED", off: "CANCELLED"}
    [pod] = day.get(lead, f"/v1/cohorts/{cohort}/pods")["pods"]
    said = visit.text(f"/dashboard/{cohort}/pod/{pod['id']}")
    assert "55 min" in said
    assert all(word in said for word in ("held", "cancelled"))
    shown = {session["id"]: (session["state"], session["minutes"]) for session in mara.data("pod")["sessions"]}
    assert shown == {held: ("held", 55), off: ("cancelled", 60)}


def appointments(device: Here) -> dict[str, str]:
    """The sessions in the member's calendar file, by id, with their status."""
    return of_file(device.mp("export", "ics", "-").out)


def of_file(text: str) -> dict[str, str]:
    """The sessions in a calendar file, by id, with their status."""
    events = [event for event in Calendar.from_ical(text).walk("VEVENT") if "session" in str(event["summary"])]
    return {str(event["uid"]).partition("@")[0]: str(event["status"]) for event in events}
