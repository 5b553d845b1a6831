"""S7, a lead's first day: a cohort is set up, somebody asks and is answered, a session is planned and held."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from milepost_client.home import Home
from milepost_client.sync import sync_once
from milepost_client.web import Web, address
from milepost_client.world import SYSTEM
from tests.support.here import Here
from tests.support.processes import ServerProcess

PODS = ("Harbour", "Lantern", "Meadow", "Quarry")
MEMBERS_A_POD = 4
CODES = {"sprint_planning": "Sprint planning", "sql": "SQL", "speaking": "Speaking in public"}
SOON_SECONDS_MAX = 30.0


class Day:
    """The people of the day at their keyboards, and what the server answers the lead."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self._folder = folder
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


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with ServerProcess(tmp_path / "server") as server:
        yield Day(tmp_path / "homes", server)


def soon(look: Callable[[], Any]) -> Any:
    """What is there before long: the server folds after it has received."""
    until = time.monotonic() + SOON_SECONDS_MAX
    while not (found := look()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    return found


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
        "Harbour": (2, 4),
        "Lantern": (1, 4),
        "Meadow": (0, 4),
        "Quarry": (0, 4),
    }
    assert "2 of 4" in lead.mp("pod", "list").out
    setup = day.get(lead, f"/v1/cohorts/{cohort}/setup")
    assert {row["code"]: row["label"] for row in setup["codes"]} == CODES
    assert sorted(one["state"] for one in lead.data("pod", "invite", "--list")["invites"]).count("open") == 13

    # Before any release the page names the day of the first one, and is never blank.
    week = day.get(lead, f"/v1/cohorts/{cohort}/week")
    assert week["state"] == "first_release"
    assert date.fromisoformat(week["first_release"]).weekday() == 0


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
    lead.mp("answer", request["id"][:5], "I will ask the platform team today")

    mara.mp("sync")
    assert "1 new answer: mp inbox" in mara.mp().out
    [answer] = mara.data("inbox")["answers"]
    assert (answer["text"], answer["by_name"]) == ("I will ask the platform team today", "Dana")
    assert answer["request"] == "Who can open a test account?"
    [mine] = mara.data("ask", "list")["requests"]
    assert (mine["state"], mine["answers"][0]["by_name"]) == ("answered", "Dana")

    mara.mp("done", mine["id"])
    mara.mp("sync")
    soon(lambda: not day.get(lead, f"/v1/cohorts/{cohort}/requests")["items"])
    assert "no request waits" in lead.mp("answer").out


def test_a_session_is_in_the_calendar_then_held_or_cancelled(day):
    lead = opened(day)
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
    shown = {session["id"]: (session["state"], session["minutes"]) for session in mara.data("pod")["sessions"]}
    assert shown == {held: ("held", 55), off: ("cancelled", 60)}


def appointments(device: Here) -> dict[str, str]:
    """The sessions in the member's calendar file, by id, with their status."""
    calendar = Calendar.from_ical(device.mp("export", "ics", "-").out)
    events = [event for event in calendar.walk("VEVENT") if "session" in str(event["summary"])]
    return {str(event["uid"]).partition("@")[0]: str(event["status"]) for event in events}
