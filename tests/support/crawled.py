"""All that a server answers somebody: every route that takes no body, and every page that links lead to."""

import re
from collections.abc import Mapping

import httpx

from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.sync.sync import sync_once
from tests.support.cli import Device
from tests.support.door import enter
from tests.support.leading import COOKIE
from tests.support.processes import ServerProcess

OPENAPI = "/schema/openapi.json"


def token_of(device: Device) -> str:
    """A token for HTTP, by a round of sync."""
    return sync_once(Home(str(device.home)), SYSTEM).token


def interface(http: httpx.Client, device: Device, names: Mapping[str, str]) -> dict[str, str]:
    """Every answer of the interface that takes no body."""
    headers = {"Authorization": f"Bearer {token_of(device)}"}
    paths = [path for path, item in http.get(OPENAPI).json()["paths"].items() if "get" in item]
    assert len(paths) > 20
    return {path: http.get(filled(path, names), headers=headers).text for path in paths}


def dashboard(http: httpx.Client, server: ServerProcess, name: str) -> dict[str, str]:
    """Every page, table and file of the dashboard that links lead to, for somebody signed in."""
    entered = enter(http, str(server.ask("dashboard/link", member=name)["path"]))
    headers = {"Cookie": f"{COOKIE}={entered.cookies[COOKIE]}"}
    found: dict[str, str] = {}
    left = ["/dashboard"]
    while left:
        path = left.pop()
        answer = http.get(path, headers=headers)
        assert answer.status_code in (200, 303), f"{name} {path}"
        found[path] = answer.text
        links = [*re.findall(r'href="(/dashboard[^"#]*)', answer.text), *answer.headers.get_list("location")]
        left += sorted({link for link in links if link not in found and link not in left})
    return found


def filled(path: str, names: Mapping[str, str]) -> str:
    """A path with the names of things in the places for them."""
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path
