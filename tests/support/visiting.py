"""Somebody who leads, at a browser without a browser: the link of their own device, its one button, then pages."""

import re

import httpx

from tests.support.door import enter
from tests.support.leading import COOKIE, words

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Visit:
    """A session of the dashboard, begun by a sign-in link."""

    def __init__(self, http: httpx.Client, link: str) -> None:
        entered = enter(http, link)
        assert entered.status_code == 303, entered.text
        self._http = http
        self._headers = {"Cookie": f"{COOKIE}={entered.cookies[COOKIE]}"}

    def get(self, path: str) -> httpx.Response:
        """A page, whatever it is."""
        return self._http.get(path, headers=self._headers)

    def text(self, path: str) -> str:
        """The words of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    def send(self, path: str, act: str, **fields: str) -> str:
        """Send a form of the page at `path`; the words of what comes of it."""
        token = _TOKEN.search(self.get(path).text)
        assert token is not None, path
        sent = self._http.post(path, data={"token": token[1], "act": act, **fields}, headers=self._headers)
        assert sent.status_code in (200, 303), sent.text
        return words(sent.text) if sent.status_code == 200 else self.text(sent.headers["location"])
