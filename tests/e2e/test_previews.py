"""What `mp share show --as` prints is what the server does: compared with its own rows, through weeks and a move.

A real server on a rehearsal clock, and members whose clocks go with it. What a member's preview says they add is
compared with what the server's contribution rows hold of them under their consents, and the previews of a pod's members
with the total that is shown; the card by name with the page that the lead is answered.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from milepost.disclosure.parts import in_pod_total, in_release
from milepost.ids import base64url
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM, World
from milepost_client.store.log import Log
from milepost_client.sync.sync import sync_once
from milepost_client.sync.web import Web, address
from milepost_server.cohort import weeks
from milepost_server.figures import contributors
from milepost_server.store import cohorts
from tests.support.here import Here
from tests.support.processes import ServerProcess
from tests.support.soon import soon

ZONE = ZoneInfo("Europe/Berlin")
SUMS = ("pod_total", "cohort_total")
MONDAY, TUESDAY, WEDNESDAY, SUNDAY = 0, 1, 2, 6


class Programme:
    """A cohort of two pods and a lead; every clock goes by the same hand."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self._folder = folder
        self.server = server
        today = datetime.now(ZONE)
        monday = (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        self._begin = monday + timedelta(weeks=1)
        self._ahead_ms = 0
        self.at(0, WEDNESDAY)
        server.start()
        days = {"start": self._begin.date().isoformat(), "end": (self._begin + timedelta(weeks=26)).date().isoformat()}
        server.ask("cohorts/open", name="Spring", zone=ZONE.key, **days)
        for pod in ("Harbour", "Lantern"):
            server.ask("pods/form", name=pod, cohort="Spring")
        server.ask("codes/list", cohort="Spring", code="sql", label="SQL")
        self.dana = self.joins("Dana", str(server.ask("invites/issue", cohort="Spring", role="lead")["code"]))

    def at(self, week: int, day: int, hour: int = 12) -> None:
        """Move every clock to an hour of a day of a week, in the cohort's zone."""
        then = (self._begin + timedelta(weeks=week, days=day)).replace(hour=hour)
        self._ahead_ms = int(then.timestamp() * 1000) - SYSTEM.now_ms()
        self.server.lead(self._ahead_ms)

    @property
    def world(self) -> World:
        """The world of everybody's device. They live in a zone that is behind the cohort's."""
        return SYSTEM._replace(now_ms=self.now_ms, offset_minutes=lambda: -300, offset_at=lambda _: -300)

    def now_ms(self) -> int:
        return SYSTEM.now_ms() + self._ahead_ms

    def joins(self, name: str, code: str | None = None) -> Here:
        """Somebody comes in by an invite, into Harbour if there is no other."""
        device = Here(self._folder / name, self.world)
        device.mp("join", self.server.url, code or self.server.invite("Harbour"), "--name", name, "--no-input")
        return device

    def get(self, device: Here, path: str) -> Any:
        """What the API answers whoever sits at a device."""
        token = sync_once(Home(str(device.home)), self.world).token
        return Web(address(self.server.url), token).get(path)

    def user(self, device: Here) -> bytes:
        """The key of whoever sits at a device."""
        with Log.open(Home(str(device.home)), self.world) as log:
            return log.user

    def rows(self, device: Here, audience: str) -> dict[str, int]:
        """What the server's own rows add for a member in the week that runs, under the consents it holds of them."""
        user, now_ms = self.user(device), self.now_ms()
        with self._store() as connection:
            [cohort] = cohorts.cohorts(connection)
            week = weeks.week_of(now_ms, ZONE)
            placed = contributors.of_week(connection, cohort, audience, week, now_ms)
            [me] = [each for each in placed if each.user == user]
            if audience == "pod_total":
                in_pod = contributors.pod_counts(connection, cohort, week)
                return in_pod_total(in_pod.get((me.stream, me.pod), Counter()), me.summed)
            codes = [code for code, _ in cohorts.skill_codes(connection, cohort.stream)]
            return in_release(contributors.counts(connection, cohort, week).get(me.stream, {}), me.summed, codes)

    def _store(self) -> sqlite3.Connection:
        [path] = self.server.data.glob("*.db")
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def preview(device: Here, audience: str) -> dict[str, Any]:
    """What a member is shown of what an audience gets of them."""
    seen: dict[str, Any] = device.data("share", "show", "--as", audience)["seen"]
    return seen


def added(device: Here, audience: str) -> dict[str, int]:
    what = preview(device, audience)["added"]
    return what["counts"] if what else {}


def goal(device: Here, count: int = 1) -> None:
    for number in range(count):
        device.mp("goal", f"Draft story {number}", "--due", "+7d", "--test", "somebody read it")


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    server = ServerProcess(tmp_path / "server")
    try:
        yield Programme(tmp_path / "homes", server)
    finally:
        server.kill()


def agree(programme: Programme, device: Here) -> dict[str, dict[str, int]]:
    """What a member is shown of both sums: before it is sent, after, and in the server's rows it is the same."""
    shown = {audience: added(device, audience) for audience in SUMS}
    device.mp("sync")
    assert {audience: added(device, audience) for audience in SUMS} == shown
    soon(lambda: {audience: programme.rows(device, audience) for audience in SUMS} == shown)
    return shown


def test_what_a_preview_says_is_added_is_what_the_servers_rows_add(programme):
    mara = programme.joins("Mara")
    mara.mp("share", "grant", "progress", "skills", "--to", "pod_total")
    mara.mp("share", "grant", "progress", "skills", "outcomes", "--to", "cohort_total")
    goal(mara)
    assert agree(programme, mara) == {"pod_total": {}, "cohort_total": {}}

    # From Monday on it counts, another family from the Monday after its own consent; what was written offline counts
    # in the week in which it comes.
    goal(mara, 2)
    programme.at(1, MONDAY, 1)
    mara.mp("share", "grant", "rhythm", "--to", "pod_total")
    mara.mp("feedback", "mentor", "tighten the ask")
    mara.mp("milestone", "start", "credential", "CSPO", "--for", "13w", "--output", "certificate")
    mara.mp("milestone", "block", "CSPO", "--class", "access")
    for rating in ("2", "4"):
        mara.mp("rate", "databases", rating)
    mara.mp("skill", "code", "databases", "sql")
    mara.mp("evidence", "outcome", "referral", "--count", "2")
    found = agree(programme, mara)
    assert found["pod_total"] == {
        "goals_set": 2, "milestones_planned": 1, "milestones_started": 1, "milestones_blocked": 1, "outputs_named": 1,
        "skills_rerated": 1, "skills_rose": 1,
    }  # fmt: skip
    assert found["cohort_total"] == {
        **found["pod_total"], "blocked:access": 1, "remedy:none": 1, "outcome:referral": 2,
        "rated_before:sql": 2, "rated_after:sql": 4, "participation": 1,
    }  # fmt: skip

    # It is Sunday still where she lives, and Monday in the cohort's zone.
    programme.at(2, MONDAY, 2)
    mara.mp("feedback", "mentor", "shorter")
    assert agree(programme, mara)["pod_total"] == {"feedback_received": 1}

    # What came while she was in another pod is the cohort's, and not this pod's; the new one's consent begins later.
    goal(mara)
    mara.mp("sync")
    programme.at(2, WEDNESDAY)
    programme.server.ask("members/move", pod="Lantern", member="Mara")
    mara.mp("sync")
    mara.mp("pod", "--name", "Mara")
    mara.mp("share", "grant", "progress", "--to", "pod_total")
    goal(mara)
    found = agree(programme, mara)
    assert (found["pod_total"], found["cohort_total"]["goals_set"]) == ({}, 2)
    programme.at(3, TUESDAY)
    goal(mara)
    assert agree(programme, mara)["pod_total"] == {"goals_set": 1}

    mara.mp("share", "withdraw", "--to", "cohort_total")
    assert agree(programme, mara)["cohort_total"] == {}


def test_the_previews_of_a_pods_members_come_to_the_total_that_it_is_shown(programme):
    people = [programme.joins(name) for name in ("Mara", "Sam", "Noor")]
    for device in people:
        device.mp("share", "grant", "progress", "--to", "pod_total")
        device.mp("sync")
    programme.at(1, MONDAY)
    for count, device in enumerate(people, 1):
        goal(device, count)
        device.mp("sync")
    said = [added(device, "pod_total")["goals_set"] for device in people]

    def is_counted() -> bool:
        programme.server.ask("totals/now", cohort="Spring")
        people[0].mp("sync")
        summary = people[0].data("pod")["summary"]
        return bool(summary["figures"]["goals_set"] == {"state": "value", "value": sum(said)})

    assert said == [1, 2, 3]
    soon(is_counted)


def test_the_card_that_is_previewed_is_the_page_that_the_lead_is_answered(programme):
    mara = programme.joins("Mara")
    mara.mp("milestone", "start", "credential", "CSPO", "--for", "13w", "--output", "certificate")
    mara.mp("sync")
    mara.mp("share", "grant", "progress", "rhythm", "outcomes", "--to", "lead", "--until", "+30d")
    mara.mp("share", "title", "CSPO", "--to", "lead")
    mara.mp("feedback", "mentor", "tighten the ask")
    mara.mp("evidence", "outcome", "referral", "--count", "2")
    goal(mara)
    shown = preview(mara, "lead")["card"]
    mara.mp("sync")
    pod = mara.data("pod")["pod"]["id"]
    path = f"/v1/pods/{pod}/members/{base64url(programme.user(mara))}"
    assert soon(lambda: programme.get(programme.dana, path)["card"] == shown)
    assert shown["milestones"][0]["title"] == "CSPO"
    assert preview(mara, "lead")["card"] == shown
