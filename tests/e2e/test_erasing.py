"""An erasure reaches everybody: the server and the other device, whether the entry had been sent or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Device
from tests.support.household import Household

# Facts are stored in clear on the server, so these would be found in its files.
MINUTES = '"minutes":739'
WORDS = "plughword"


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """One for all: each test leaves it settled, with nothing of its own in clear."""
    with Household(tmp_path_factory.mktemp("household")) as household:
        yield household


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def spent(device: Device) -> str:
    return str(device.data("spend", "739m", "--note", WORDS)["entries"][0]["id"])


def test_what_was_sent_is_erased_on_the_server_and_on_the_other_device(household):
    laptop, phone = household.laptop, household.phone
    entry = spent(laptop)
    household.settle()
    assert holds(household.server.data, MINUTES)
    assert holds(phone.home, MINUTES)
    assert WORDS in phone.mp("spend", "list").out

    laptop.mp("erase", entry, "--yes")
    household.settle()
    phone.mp("status")

    for device in household.devices:
        assert not holds(device.home, MINUTES)
        assert not holds(device.home, WORDS)
        verified = device.type("verify", "--deep", "--server", "--json")
        assert (verified.code, verified.data["codes"]) == (1, ["ERASED"]), str(verified)
    household.check_agreement()
    # What is emptied in the database stands in its log until the server folds that in.
    household.server.stop()
    assert not holds(household.server.data, MINUTES)
    household.server.start()


def test_what_was_never_sent_travels_without_its_parts(household):
    household.settle()
    entry = spent(household.laptop)
    household.laptop.mp("erase", entry, "--yes")
    household.settle()
    assert not holds(household.server.data, MINUTES)
    assert not holds(household.phone.home, MINUTES)
    for device in household.devices:
        assert device.type("verify", "--server", "--json").data["codes"] == ["ERASED"]
    household.check_agreement()


def test_both_devices_may_erase_the_same_entry_before_they_meet(household):
    entry = spent(household.laptop)
    household.settle()
    for device in household.devices:
        device.mp("erase", entry, "--yes")
    household.settle()
    household.check_agreement()
