"""A cohort with everybody who may ask a server for something: members of two pods, leads of each kind, and others."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

from milepost.ids import base64url
from tests.support.clients import Client
from tests.support.devices import Device, Member
from tests.support.histories import some_id
from tests.support.servers import ServerProcess

NOBODY = "nobody"
REVOKED = "revoked device"
MEMBER = "member"
NEIGHBOUR = "member of another pod"
POD_LEAD = "pod lead"
OTHER_LEAD = "lead of another pod"
COHORT_LEAD = "cohort lead"
FORMER_LEAD = "former lead"
OPERATOR = "operator"
READERS = (NOBODY, REVOKED, MEMBER, NEIGHBOUR, POD_LEAD, OTHER_LEAD, COHORT_LEAD, FORMER_LEAD, OPERATOR)

HELP = some_id("help", 0)
SENTENCE = "Who can open a test account?"
POLLS_MAX = 500
POLL_SECONDS = 0.02


class Cast:
    """A server with two pods in a cohort, Harbour and Lantern. Mara of Harbour shares with her leads, and asks them."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self._seeds = iter(range(500, 900))
        admin = server.admin
        self.cohort: str = admin("cohorts/open", name="Summer", start="2026-01-05", end="2099-12-31")["id"]
        self.ending: str = admin("cohorts/open", name="Winter", start="2026-01-05", end="2099-12-31")["id"]
        self.pods = {
            name: str(admin("pods/form", name=name, cohort=self.cohort, capacity=100)["id"])
            for name in ("Harbour", "Lantern", "Spare")
        }
        self.clients: dict[str, Client] = {
            MEMBER: self.member("Harbour", "Mara"),
            NEIGHBOUR: self.member("Lantern", "Ben"),
            POD_LEAD: self.enter(pod=self.pods["Harbour"], role="lead", name="Dana"),
            OTHER_LEAD: self.enter(pod=self.pods["Lantern"], role="lead", name="Omar"),
            COHORT_LEAD: self.enter(cohort=self.cohort, role="lead", name="Cleo"),
            FORMER_LEAD: self.enter(cohort=self.cohort, role="lead", name="Finn"),
            REVOKED: self._revoked(),
        }
        admin("leads/appoint", cohort=self.ending, member=self.key(COHORT_LEAD))
        admin("leads/remove", cohort=self.cohort, member="Finn")
        self._mara_shares_and_asks()

    def enter(self, **invite: object) -> Client:
        """Somebody who came in by an invite, and has synced."""
        code = self.server.admin("invites/issue", **invite)["code"]
        device = Member(next(self._seeds)).device()
        answer = self.server.http.post("/v1/join", json={"code": code, "enrolment": device.enrolment_facts})
        assert answer.status_code == 200, answer.text
        return Client(device, self.server.key).sync(self.server.url)

    def member(self, pod: str, name: str) -> Client:
        """Somebody who took a place in a pod."""
        client = self.enter(pod=self.pods[pod], name=name)
        client.device.write("pod.joined", {"pod": self.pods[pod], "cohort": self.cohort, "name": name})
        return client.sync(self.server.url)

    def key(self, who: str) -> str:
        """A member's key, as requests have it."""
        return base64url(self.clients[who].device.member.user)

    def ask(self, who: str, method: str, path: str, body: Mapping[str, object] | None = None) -> httpx.Response:
        """A request by one of the readers."""
        tokens = {NOBODY: "", OPERATOR: self.server.operator_token}
        token = tokens[who] if who in tokens else self.clients[who].token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.server.http.request(method, path, json=body, headers=headers)

    def get(self, who: str, path: str) -> Any:
        """What a reader is given, who may read."""
        answer = self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, who: str, path: str, **asked: object) -> Any:
        """What an act comes to."""
        answer = self.ask(who, "POST", f"/v1/acts/{path}", asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, who: str, path: str, is_there: Any) -> Any:
        """What a reader is given once it is as a test wants it: the projector works beside it."""
        for _ in range(POLLS_MAX):
            found = self.get(who, path)
            if is_there(found):
                return found
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"{path} stayed {found}")

    def consent(self, who: str, pod: str, audience: str, *families: str) -> None:
        """A member shares families of theirs by name."""
        consent = {"scope": "pod", "id": self.pods[pod], "audience": audience, "families": list(families)}
        client = self.clients[who]
        client.device.write("consent.granted", {**consent, "until": "2099-01-01", "wording": 2, "withdrawals": []})
        client.sync(self.server.url)

    def _mara_shares_and_asks(self) -> None:
        device = self.clients[MEMBER].device
        device.write("help.asked", {"help": HELP, "to": "lead", "kind": "unblock"})
        device.write(
            "words.said", {"ref": [HELP], "to": "lead", "text": SENTENCE, "with": some_id("help", 0) + "0" * 10}
        )
        self.consent(MEMBER, "Harbour", "lead", "progress")
        self.until(COHORT_LEAD, f"/v1/cohorts/{self.cohort}/requests", lambda page: page["items"])

    def _revoked(self) -> Client:
        """A device with a token that another device of its account has revoked since."""
        laptop = self.member("Spare", "Rhea")
        member = laptop.device.member
        phone = Client(member.device(laptop.device), self.server.key, mark=b"installation 002")
        phone.enrolments = [*laptop.enrolments, *phone.enrolments]
        phone.sync(self.server.url)
        revoked: Device = phone.device
        laptop.device.write("device.revoked", {"device": base64url(revoked.id), "leaves": []})
        laptop.sync(self.server.url)
        return phone
