"""A cohort on a real server whose weeks pass when told to: two pods of three who share sums, and Dana, who leads it."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from milepost.ids import from_base64url
from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.histories import GOAL, some_id
from tests.support.processes import ServerProcess

ZONE = ZoneInfo("Europe/Berlin")
PODS = ("Harbour", "Lantern")
POD_SIZE = 3
MONDAY, TUESDAY, WEDNESDAY = range(3)


class Participant:
    """Somebody of the cohort: a device that speaks the protocol, on the cohort's clock."""

    def __init__(self, season: "Season", seed: int, code: str) -> None:
        self._season = season
        self._device = Member(seed).device()
        answer = season.http.post("/v1/join", json={"code": code, "enrolment": self._device.enrolment_facts})
        assert answer.status_code == 200, answer.text
        self._client = Client(self._device, from_base64url(answer.json()["server"]["public"]))
        self._goals = 0

    def writes(self, type: str, **facts: object) -> None:
        """Write an event, and sync."""
        self._device.now_ms = self._season.now_ms
        self._device.write(type, facts)
        self._client.sync(self._season.server.url)

    def sets_goals(self, count: int) -> None:
        """So many goals."""
        for _ in range(count):
            self._goals += 1
            self.writes("goal.set", goal=some_id("goal", self._goals), **GOAL)

    def link(self) -> str:
        """A link into the dashboard, for who leads."""
        self._client.sync(self._season.server.url)
        headers = {"Authorization": f"Bearer {self._client.token}"}
        return str(self._season.http.post("/v1/dashboard/link", headers=headers).json()["url"])


class Season:
    """The cohort and its clock, from a Wednesday on. What members grant that day counts from the Monday after.

    It starts the server, which has to be new; who made it ends it.
    """

    def __init__(self, server: ServerProcess) -> None:
        today = datetime.now(ZONE)
        monday = (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        self._begin = monday + timedelta(weeks=1)
        self._ahead_ms = 0
        self.server = server
        self.at(0, WEDNESDAY)
        self.server.start()
        self.http = httpx.Client(base_url=self.server.url, trust_env=False, timeout=10)
        first, last = (str((self._begin + timedelta(weeks=weeks)).date()) for weeks in (0, 26))
        opened = self.server.ask("cohorts/open", name="Spring", start=first, end=last, zone=ZONE.key)
        self.cohort = str(opened["id"])
        code = self.server.ask("invites/issue", cohort="Spring", role="lead", name="Dana")["code"]
        self.dana = Participant(self, 999, str(code))
        self.people = [self._joined(pod, number, last) for pod in PODS for number in range(POD_SIZE)]

    def __enter__(self) -> "Season":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def at(self, week: int, day: int, hour: int = 12) -> None:
        """Move every clock to an hour of a day of a week."""
        then = (self._begin + timedelta(weeks=week, days=day)).replace(hour=hour)
        self._ahead_ms = int(then.timestamp() * 1000) - time.time_ns() // 1_000_000
        self.server.lead(self._ahead_ms)

    def week(self, number: int) -> int:
        """The number of a week in its year."""
        return (self._begin + timedelta(weeks=number)).isocalendar().week

    def _joined(self, pod: str, number: int, until: str) -> Participant:
        if not number:
            self.server.ask("pods/form", name=pod, cohort="Spring")
        found = self.server.ask("invites/issue", pod=pod)
        person = Participant(self, 10 * PODS.index(pod) + number + 1, str(found["code"]))
        person.writes("pod.joined", pod=found["target"], cohort=self.cohort, name=f"{pod} {number}")
        consent = {"scope": "cohort", "id": self.cohort, "audience": "cohort_total", "families": ["progress"]}
        person.writes("consent.granted", **consent, until=until, wording=1, withdrawals=[])
        return person
