"""A member with a server, a laptop and a phone: real processes, and a book of everything that was acknowledged.

Whatever is done to the processes in between, `check` must hold afterwards: what a command called saved is there once,
`verify` finds nothing, and both devices and the server hold the same and show the same.
"""

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from milepost.ids import base64url
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_client.sync.sync import sync_once
from milepost_client.views.views import Views
from tests.support.cli import Device, Typed
from tests.support.here import Here
from tests.support.processes import ServerProcess
from tests.support.server_views import View, server_view
from tests.support.typed_pairing import pair


class Household:
    """The processes of one member. `acknowledged` are the ids of the entries that a command called saved."""

    def __init__(self, folder: Path) -> None:
        self.server = ServerProcess(folder / "server")
        self.laptop = Device(folder / "laptop")
        self.phone = Device(folder / "phone")
        self.acknowledged: list[str] = []

    def __enter__(self) -> "Household":
        self.server.start()
        try:
            self._settle_in()
        except BaseException:
            # Nobody else ends it: a context that was not entered is not left.
            self.server.kill()
            raise
        return self

    def _settle_in(self) -> None:
        """A first entry on the laptop, an account on the server, the phone let in."""
        self.server.pod()
        self.write(self.laptop, "goal", "Draft 3 user stories", "--due", "2027-01-08", "--test", "Sam reviews 3")
        self.laptop.mp("join", self.server.url, self.server.invite(), "--name", "Mara", "--no-input")
        pair(self.laptop, self.phone, self.server.url)

    def __exit__(self, *_: object) -> None:
        self.server.kill()

    @property
    def devices(self) -> tuple[Device, Device]:
        return self.laptop, self.phone

    def write(self, device: Device, *line: str, failpoint: str = "") -> Typed:
        """Type a daily word; when it says so, its entries must never be lost again."""
        typed = device.type(*line, "--json", failpoint=failpoint)
        if typed.code == 0:
            self.acknowledge(typed)
        return typed

    def acknowledge(self, typed: Typed) -> None:
        """Note the entries that a `--json` answer calls saved."""
        self.acknowledged += [entry["id"] for entry in typed.data["entries"]]

    def settle(self) -> None:
        """Sync until no device has anything left to say or to hear."""
        # The phone hears what the laptop says, and then the laptop what the phone says.
        for device in (self.laptop, self.phone, self.laptop):
            device.mp("sync")

    def check(self) -> None:
        """Nothing acknowledged is lost, nothing is doubled, everybody agrees, `verify` is clean."""
        self.settle()
        self.check_entries()
        for device in self.devices:
            verified = device.type("verify", "--deep", "--server", "--json")
            assert verified.code == 0, str(verified)
        self.check_agreement()

    def check_entries(self) -> None:
        """Every device shows what was acknowledged, and nothing twice."""
        for device in self.devices:
            held = Counter(entry["id"] for entry in entries(device))
            assert [id_ for id_ in self.acknowledged if id_ not in held] == []
            assert [id_ for id_, count in held.items() if count > 1] == []

    def check_agreement(self) -> None:
        """Both devices and the server report one set digest and one view digest."""
        seen = [standing(device) for device in self.devices]
        assert seen[0] == seen[1], seen
        assert seen[0].set_agrees, seen
        assert seen[0].own_view == seen[0].server_view, seen


class Standing(NamedTuple):
    """What a device shows, and what the server says of the account: equal where all is well."""

    position: int
    set_agrees: bool | None
    own_view: View
    server_view: View


def standing(device: Device | Here) -> Standing:
    """One more round of sync, then the digests of both ends, once the server's read models have caught up."""
    home = Home(str(device.home))
    report = sync_once(home, SYSTEM)
    with Log.open(home, SYSTEM) as log, Views.open(home, log) as views:
        views.refresh()
        label, digest = views.digest()
    own = View(label.projection, label.version, label.catalogue, label.position, base64url(digest))
    return Standing(report.position, report.set_agrees, own, server_view(report))


def entries(device: Device) -> list[dict[str, Any]]:
    """Every entry that a device shows, those taken back included."""
    listed: list[dict[str, Any]] = device.data("log", "--since", "2000-01-01")["entries"]
    return listed
