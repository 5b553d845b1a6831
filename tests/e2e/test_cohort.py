"""S5, a pod and its cohort (acceptance.md): a pod of four at their keyboards, three other pods, a lead, seven weeks.

A real server process on a rehearsal clock; the four are real homes whose clocks go with it, the others are devices that
speak the protocol. What the lead is shown is read over HTTP and on the dashboard's pages, which say the same.
"""

import csv
import io
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import pytest

from milepost.ids import from_base64url
from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.here import Here
from tests.support.histories import GOAL, some_id
from tests.support.processes import ServerProcess
from tests.support.soon import soon
from tests.support.visiting import Visit

ZONE = ZoneInfo("Europe/Berlin")
POD = "Harbour"
OTHER_PODS = ("Lantern", "Meadow", "Quarry")
POD_SIZE = 4
NAMES = ("Mara", "Sam", "Dana", "Noor")
MONDAY, TUESDAY, WEDNESDAY = range(3)
HIDDEN = {"state": "hidden", "value": None}


class Other:
    """Somebody of another pod, or the lead: a device that speaks the protocol."""

    def __init__(self, spring: "Spring", seed: int) -> None:
        self._spring = spring
        self._device = Member(seed).device()
        self._client: Client | None = None
        self._goals = 0

    def joins(self, code: str) -> dict[str, Any]:
        enrolment = self._device.enrolment_facts
        answer = self._spring.http.post("/v1/join", json={"code": code, "enrolment": enrolment})
        assert answer.status_code == 200, answer.text
        self._client = Client(self._device, from_base64url(answer.json()["server"]["public"]))
        joined: dict[str, Any] = answer.json()
        return joined

    def writes(self, type: str, **facts: object) -> None:
        self._device.now_ms = self._spring.now_ms
        self._device.write(type, facts)

    def sets_goals(self, count: int) -> None:
        for _ in range(count):
            self._goals += 1
            self.writes("goal.set", goal=some_id("goal", self._goals), **GOAL)
        self.syncs()

    def syncs(self) -> None:
        assert self._client is not None
        self._client.sync(self._spring.server.url)

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def visits(self) -> Visit:
        """At the dashboard, by the link of one's own device; sessions do not last for weeks."""
        return Visit(self._spring.http, self._ask("POST", "/v1/dashboard/link").json()["url"])

    def _ask(self, method: str, path: str) -> httpx.Response:
        self.syncs()
        assert self._client is not None
        return self._spring.http.request(method, path, headers={"Authorization": f"Bearer {self._client.token}"})


class Spring:
    """The cohort, and the clock that everybody in it goes by."""

    def __init__(self, folder: Path, server: ServerProcess, begin: datetime) -> None:
        self.server = server
        self._begin = begin
        self._ahead_ms = 0
        self.four = [Here(folder / name) for name in NAMES]
        self.at(0, WEDNESDAY)
        server.start()
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=10)
        end = begin + timedelta(weeks=26)
        opened = server.ask("cohorts/open", name="Spring", start=str(begin.date()), end=str(end.date()), zone=ZONE.key)
        self.cohort = str(opened["id"])
        self.pods = [server.ask("pods/form", name=name, cohort="Spring") for name in (POD, *OTHER_PODS)]
        self.lead = Other(self, 999)
        self.lead.joins(str(server.ask("invites/issue", cohort="Spring", role="lead")["code"]))
        for name, device in zip(NAMES, self.four, strict=True):
            device.mp("join", server.url, server.invite(POD), "--name", name, "--no-input")
        self.others = [self._other(place) for place in range(len(OTHER_PODS) * POD_SIZE)]

    def __enter__(self) -> "Spring":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def _other(self, place: int) -> Other:
        other, pod = Other(self, place + 1), self.pods[1 + place // POD_SIZE]
        other.joins(self.server.invite(str(pod["name"])))
        other.writes("pod.joined", pod=pod["id"], cohort=self.cohort, name=f"number {place}")
        consent = {"scope": "cohort", "id": self.cohort, "audience": "cohort_total", "families": ["progress"]}
        until = str((self._begin + timedelta(weeks=26)).date())
        other.writes("consent.granted", **consent, until=until, wording=1, withdrawals=[])
        other.syncs()
        return other

    @property
    def today(self) -> str:
        """The day, as YYYY-MM-DD."""
        return datetime.fromtimestamp(self.now_ms / 1000, ZONE).date().isoformat()

    @property
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def at(self, week: int, day: int, hour: int = 12) -> None:
        """Move every clock to an hour of a day of a week."""
        self._ahead_ms = self.ahead_of(week, day, hour)
        self.server.lead(self._ahead_ms)
        for device in self.four:
            device.ahead_ms = self._ahead_ms

    def ahead_of(self, week: int, day: int, hour: int = 12) -> int:
        """How far a clock leads that stands at an hour of a day of a week."""
        then = (self._begin + timedelta(weeks=week, days=day)).replace(hour=hour)
        return int(then.timestamp() * 1000) - time.time_ns() // 1_000_000

    def week(self, number: int) -> str:
        year, week, _ = (self._begin + timedelta(weeks=number)).isocalendar()
        return f"{year}-W{week:02}"

    def others_set(self, count: int) -> None:
        """So many goals among the other pods, dealt out."""
        for place, other in enumerate(self.others):
            other.sets_goals(count // len(self.others) + (place < count % len(self.others)))

    def release(self, number: int) -> dict[str, Any]:
        """What the lead is shown of a week, once its Monday has come."""
        self.at(number + 1, MONDAY, 7)

        def look() -> dict[str, Any] | None:
            page = self.lead.get(f"/v1/cohorts/{self.cohort}/week").json()
            is_there = page["release"] and page["release"]["week"] == self.week(number)
            return page if is_there else None

        return soon(look)

    def totals(self, week: int) -> dict[str, Any]:
        """The totals of the pod as the lead is shown them, once those of a week are added up."""

        def look() -> dict[str, Any] | None:
            found = self.lead.get(f"/v1/pods/{self.pods[0]['id']}/summary").json()
            is_of_today = found["state"] == "closed" or str(found["as_of"]).startswith(self.today)
            return found if found["week"] == self.week(week) and is_of_today else None

        return soon(look)

    @property
    def page(self) -> str:
        """The dashboard's address of the pod."""
        return f"/dashboard/{self.cohort}/pod/{self.pods[0]['id']}"


class Seen(NamedTuple):
    """What was shown along the way, to whom. `pages` are the words of the lead's pages, by what they show."""

    spring: Spring
    pages: dict[str, str]
    opted_out: dict[str, Any]
    opted_out_text: str
    second_out: list[dict[str, Any]]
    second_out_text: str
    exposed: dict[str, Any]
    third: dict[str, Any]
    closed: dict[str, Any]
    releases: dict[int, dict[str, Any]]
    first_again: dict[str, Any]
    own_weeks: list[dict[str, Any]]


def goals(device: Here, count: int, *, sync: bool = True) -> None:
    for number in range(count):
        device.mp("goal", f"Draft story {number}", "--due", "+7d", "--test", "somebody read it")
    if sync:
        device.mp("sync")


def shown(device: Here) -> dict[str, Any]:
    """The pod's totals as `mp pod` shows them."""
    device.mp("sync")
    summary: dict[str, Any] = device.data("pod")["summary"]
    return summary


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("cohort")
    today = datetime.now(ZONE)
    monday = (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    server = ServerProcess(folder / "server")
    try:
        with Spring(folder, server, monday + timedelta(weeks=1)) as spring:
            yield _lived(spring)
    finally:
        server.kill()


def _lived(spring: Spring) -> Seen:
    mara, sam, dana, noor = spring.four
    pages: dict[str, str] = {}
    for device in (mara, sam, dana):
        device.mp("share", "grant", "progress", "--to", "pod_total")
    for device in spring.four:
        device.mp("share", "grant", "progress", "--to", "cohort_total")
        device.mp("sync")

    # (a) Three of four share with the pod.
    spring.at(1, MONDAY)
    for device in spring.four:
        goals(device, 1)
    spring.others_set(12)
    spring.at(1, TUESDAY)
    opted_out = spring.totals(1)
    pages["opted out"] = spring.lead.visits().text(spring.page)
    mara.mp("sync")
    opted_out_text = mara.mp("pod").out
    # (b) A second opts out.
    spring.at(1, WEDNESDAY)
    dana.mp("share", "withdraw", "progress", "--to", "pod_total")
    dana.mp("sync")
    releases = {1: spring.release(1)}
    spring.at(2, MONDAY)
    for device in (mara, sam, dana):
        goals(device, 1)
    spring.at(2, TUESDAY)
    second_out = [spring.totals(2), shown(mara), shown(dana)]
    pages["second out"] = spring.lead.visits().text(spring.page)
    second_out_text = dana.mp("pod").out

    # (c) Three share sums again, two of them by name too; one withdraws in mid-week.
    spring.at(2, WEDNESDAY)
    dana.mp("share", "grant", "progress", "--to", "pod_total")
    for device in (mara, sam):
        device.mp("share", "grant", "progress", "--to", "lead")
    for device in (mara, sam, dana):
        device.mp("sync")
    releases[2] = spring.release(2)
    spring.at(3, MONDAY)
    for device in (mara, sam, dana):
        goals(device, 1)
    spring.others_set(12)
    spring.at(3, TUESDAY)
    exposed, third = spring.totals(3), shown(dana)
    spring.at(3, WEDNESDAY)
    sam.mp("share", "withdraw", "progress", "--to", "cohort_total")
    sam.mp("sync")
    closed = spring.totals(3)
    pages["closed"] = spring.lead.visits().text(spring.page)
    releases[3] = spring.release(3)

    # (d) The fourth has been away for three weeks, and comes back with twelve entries.
    for week in (2, 3, 4):
        noor.ahead_ms = spring.ahead_of(week, TUESDAY)
        goals(noor, 4, sync=False)
    spring.at(4, WEDNESDAY)
    own_weeks = noor.data("status", "--weeks", "4")["weeks"]
    noor.mp("sync")
    spring.others_set(13)
    releases[4] = spring.release(4)
    pages["thirteen"] = spring.lead.visits().get(f"/dashboard/{spring.cohort}/week/csv/week").text
    goals(noor, 12)
    spring.others_set(3)
    releases[5] = spring.release(5)
    pages["three"] = spring.lead.visits().get(f"/dashboard/{spring.cohort}/week/csv/week").text
    first_again = next(each for each in releases[5]["weeks"] if each["week"] == spring.week(1))
    return Seen(
        spring, pages, opted_out, opted_out_text, second_out, second_out_text, exposed, third, closed, releases,
        first_again, own_weeks,
    )  # fmt: skip


def figure(page: dict[str, Any], measure: str = "goals_set") -> dict[str, Any]:
    found: dict[str, Any] = page["figures"][measure]
    return found


def test_with_one_opted_out_the_total_of_three_is_shown_as_three_or_more(seen):
    assert figure(seen.opted_out) == {"state": "value", "value": 3}
    assert "three or more who share" in " ".join(seen.opted_out_text.split())
    assert "goals set" in seen.opted_out_text
    assert "3 or more share." in seen.pages["opted out"]
    assert "Goals set 3" in seen.pages["opted out"]


def test_with_two_opted_out_not_enough_people_share_this_for_every_reader_alike(seen):
    assert [figure(each) for each in seen.second_out] == [HIDDEN] * 3
    assert "not enough people share this" in seen.second_out_text
    assert "Goals set ◌ not shown" in seen.pages["second out"]


def test_two_who_share_by_name_too_do_not_expose_the_third(seen):
    assert figure(seen.exposed) == HIDDEN
    # To the third himself two are unknown.
    assert figure(seen.third) == {"state": "value", "value": 3}


def test_a_withdrawal_in_mid_week_closes_the_pods_week_unshown(seen):
    assert (seen.closed["state"], figure(seen.closed)) == ("closed", HIDDEN)
    assert "This week is closed and not shown." in seen.pages["closed"]


def test_the_next_release_omits_who_withdrew_and_no_two_figures_subtract_to_them(seen):
    # The pod was shown and then closed: it is left out whole, or its last total would tell what one of it did.
    assert figure(seen.releases[3]) == {"state": "value", "value": 12}


def test_nothing_that_was_published_changes(seen):
    assert figure(seen.releases[1]) == figure(seen.first_again)
    assert [each["week"] for each in seen.releases[5]["weeks"]] == [seen.spring.week(n) for n in (4, 3, 2, 1)]


def test_own_past_weeks_fill_at_once_while_offline(seen):
    assert sum(week["is_logged"] for week in seen.own_weeks) >= 3


def test_twelve_that_come_late_count_in_the_week_they_are_received_beside_thirteen(seen):
    assert figure(seen.releases[4]) == {"state": "value", "value": 25}
    assert row(seen.pages["thirteen"])[0] == "25"


def test_and_are_suppressed_beside_three(seen):
    assert figure(seen.releases[5]) == HIDDEN
    # What was published stands beside it, as it was.
    assert row(seen.pages["three"])[:2] == ["not shown", "25"]


def row(text: str, measure: str = "goals_set") -> list[str]:
    """The weeks of a measure in the table of the cohort's week, newest first."""
    return next(cells for name, *cells in csv.reader(io.StringIO(text)) if name == measure)


def test_a_member_who_shares_nothing_by_name_cannot_be_told_from_one_who_is_not_there(seen):
    lead, pod = seen.spring.lead, seen.spring.pods[0]["id"]
    noor = next(each for each in _roster(seen) if each["name"] == "Noor")["member"]
    not_shared = lead.get(f"/v1/pods/{pod}/members/{noor}")
    not_there = lead.get(f"/v1/pods/{pod}/members/AAAAAAAAAAAAAAAAAAAAAA")
    not_yours = seen.spring.others[0].get(f"/v1/pods/{pod}/members/{noor}")
    assert {answer.status_code for answer in (not_shared, not_there, not_yours)} == {404}
    assert len({_without_request_id(answer) for answer in (not_shared, not_there, not_yours)}) == 1


def test_nor_on_the_page_where_she_is_in_the_roster_and_nothing_leads_on_from_her_name(seen):
    visit, page = seen.spring.lead.visits(), seen.spring.page
    assert "Noor" in visit.text(page)
    keys = {each["name"]: each["member"] for each in _roster(seen)}
    assert f"{page}/members/{keys['Mara']}" in visit.get(page).text
    assert f"{page}/members/{keys['Noor']}" not in visit.get(page).text
    answers = [visit.get(f"{page}/members/{member}") for member in (keys["Noor"], "AAAAAAAAAAAAAAAAAAAAAA")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(answer.headers["x-request-id"], "ID") for answer in answers}) == 1


def _roster(seen: Seen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = seen.spring.lead.get(f"/v1/pods/{seen.spring.pods[0]['id']}").json()["roster"]
    return found


def _without_request_id(answer: httpx.Response) -> Sequence[tuple[str, Any]]:
    return tuple(sorted((name, value) for name, value in answer.json().items() if name != "request_id"))
