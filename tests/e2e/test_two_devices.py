"""A laptop and a phone, offline and interleaved, synced in every order and through restarts (acceptance.md, S6).

Real processes throughout: the member types, the server is killed and comes back, and in the end both devices and the
server hold the same entries and show the same.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Device
from tests.support.household import Household, entries

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
TO_2099_MS = 73 * 365 * DAY_MS
DAY = "2026-11-02"

ORDERS = (
    ("laptop", "phone"),
    ("phone", "laptop"),
    ("laptop", "restart", "phone", "laptop"),
    ("phone", "phone", "restart", "laptop", "restart", "phone"),
)


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    with Household(tmp_path) as household:
        yield household


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_two_devices_that_wrote_offline_end_alike_whichever_syncs_first(household, order):
    laptop, phone = household.laptop, household.phone
    household.write(laptop, "rate", "sprint planning", "2", "--on", "2026-10-01")
    household.write(laptop, "touch", "Dana R.", "thanks", "--on", "2026-10-02")
    mistaken = household.write(laptop, "spend", "45m", "--on", DAY).data["entries"][0]["id"]
    household.settle()
    household.server.kill()

    write_offline(household, mistaken)
    household.server.start()
    for name in order:
        if name == "restart":
            household.server.restart()
        else:
            {"laptop": laptop, "phone": phone}[name].mp("sync")

    household.settle()
    household.check_entries()
    household.check_agreement()
    for device in household.devices:
        check_what_is_shown(device, mistaken)
        verified = device.type("verify", "--deep", "--server", "--json")
        # A clock that was wrong is worth a notice, and nothing worse.
        assert (verified.code, verified.data["codes"]) == (1, ["CLOCK"]), str(verified)


def write_offline(household: Household, mistaken: str) -> None:
    """Both devices in turns; the phone's clock is 10 minutes fast, then a day, then in 2099, then right again."""
    laptop, phone = household.laptop, household.phone
    phone.ahead_ms = 10 * MINUTE_MS
    must(household, phone, "undo", mistaken)
    must(household, laptop, "rate", "sprint planning", "3", "--on", DAY)
    must(household, phone, "rate", "sprint planning", "4", "--on", DAY)
    must(household, laptop, "touch", "dana", "interview", "15m", "--on", DAY)
    phone.ahead_ms = DAY_MS
    must(household, phone, "touch", "dana", "interview", "20m", "--on", DAY)
    phone.ahead_ms = TO_2099_MS
    must(household, phone, "spend", "20m", "--on", DAY)
    must(household, laptop, "spend", "10m", "--on", DAY)
    phone.ahead_ms = 0
    must(household, phone, "spend", "5m", "--on", DAY)


def must(household: Household, device: Device, *line: str) -> None:
    typed = household.write(device, *line)
    assert typed.code == 0, str(typed)


def check_what_is_shown(device: Device, mistaken: str) -> None:
    """The retraction holds, both ratings and both interviews are kept, and the minutes are counted once."""
    shown = entries(device)
    by_id = {entry["id"]: entry for entry in shown}
    assert by_id[mistaken]["taken_back"]
    assert sorted(entry["values"]["rating"] for entry in shown if entry["type"] == "skill.rated") == [2, 3, 4]
    interviews = [entry for entry in shown if entry["type"] == "touchpoint.logged" and entry["on"] == DAY]
    assert sorted(entry["values"]["minutes"] for entry in interviews) == [15, 20]
    minutes = [
        entry["values"]["minutes"] for entry in shown if entry["type"] == "time.spent" and not entry["taken_back"]
    ]
    assert sorted(minutes) == [5, 10, 20]
