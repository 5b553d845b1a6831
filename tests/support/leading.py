"""A lead at a browser without a browser: a session of the dashboard over HTTP, on a real server."""

import re
from html import unescape

import httpx

from milepost.ids import base64url
from tests.support.clients import Client
from tests.support.devices import Member
from tests.support.door import enter
from tests.support.servers import ServerProcess

COOKIE = "__Host-milepost"


class Leading:
    """Somebody who leads, signed in. Forms carry the token that the page they were on had."""

    def __init__(self, server: ServerProcess, cookie: str) -> None:
        self.server = server
        self.cookie = cookie
        self._token = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Load a page."""
        answer = self.server.http.get(path, headers={"Cookie": f"{COOKIE}={self.cookie}", **headers})
        found = re.search(r'name="token" value="([^"]+)"', answer.text)
        self._token = found[1] if found else self._token
        return answer

    def text(self, path: str) -> str:
        """The words of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form from the page at `path`."""
        self.get(path)
        return self.post(path, token=self._token, **fields)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as it is."""
        return self.server.http.post(path, data=fields, headers={"Cookie": f"{COOKIE}={self.cookie}"})


def words(html: str) -> str:
    """What a page says, without its marks."""
    body = html.partition("<main")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def link(server: ServerProcess, member: Member) -> str:
    """The path of a sign-in link, made by the operator."""
    path: str = server.admin("dashboard/link", member=base64url(member.user))["path"]
    return path


def sign_in(server: ServerProcess, member: Member) -> Leading:
    """Somebody signed in by a link of the operator's."""
    answer = enter(server.http, link(server, member))
    assert answer.status_code == 303, answer.text
    return Leading(server, answer.cookies[COOKIE])


def lead(
    server: ServerProcess, seed: int, *, cohort: str | None = None, pod: str | None = None
) -> tuple[Member, Client]:
    """Somebody new who leads a cohort or a pod, given by name or id."""
    code = server.admin("invites/issue", role="lead", **({"pod": pod} if pod else {"cohort": cohort}))["code"]
    return arrive(server, seed, code)


def arrive(server: ServerProcess, seed: int, code: str) -> tuple[Member, Client]:
    """Somebody new who uses an invite, with one device."""
    member = Member(seed)
    device = member.device()
    answer = server.http.post("/v1/join", json={"code": code, "enrolment": device.enrolment_facts})
    assert answer.status_code == 200, answer.text
    return member, Client(device, server.key)
