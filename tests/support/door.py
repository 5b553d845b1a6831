"""The way into the dashboard without a browser: a link's page, its cookie, its one button."""

import re
from typing import NamedTuple

import httpx

DOOR_COOKIE = "__Host-milepost-door"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Door(NamedTuple):
    """A link's page as a browser has it: what it sends when the button is pressed."""

    path: str
    cookie: str
    token: str

    def press(self, http: httpx.Client, *, cookie: str = "", **headers: str) -> httpx.Response:
        """Press the button, with another cookie beside the door's if there is one."""
        cookies = "; ".join(each for each in (f"{DOOR_COOKIE}={self.cookie}", cookie) if each)
        sent = httpx.Headers({"Cookie": cookies, **headers}, encoding="utf-8")
        return http.post(self.path, data={"token": self.token}, headers=sent)


def door(http: httpx.Client, path: str) -> Door:
    """The page of a link that works."""
    shown = http.get(path)
    token = _TOKEN.search(shown.text)
    assert token is not None, shown.text
    # The cookie is a Secure one, which no jar gives to a server without TLS; browsers take loopback for secure.
    return Door(path, shown.headers["set-cookie"].partition(";")[0].partition("=")[2], token[1])


def enter(http: httpx.Client, path: str, *, cookie: str = "") -> httpx.Response:
    """Open a link and press its button."""
    return door(http, path).press(http, cookie=cookie)
