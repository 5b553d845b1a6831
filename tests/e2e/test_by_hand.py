"""A member whose server is gone carries the log by hand, keeps a copy of it, and loses nothing when it returns."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Device
from tests.support.household import Household, entries


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    with Household(tmp_path) as household:
        household.settle()
        yield household


def carry(source: Device, target: Device, path: Path) -> None:
    """Export a bundle on one device, and take it in on the other."""
    source.mp("export", "bundle", str(path), "--yes")
    target.mp("import", "bundle", str(path), "--apply")


def test_devices_without_a_server_agree_by_bundles_and_with_it_when_it_returns(household, tmp_path):
    # Given a laptop and a phone that write while the server is away
    household.server.kill()
    household.write(household.laptop, "spend", "45m")
    household.write(household.phone, "rate", "sprint planning", "3")
    # When each carries a bundle to the other, one of them twice
    carry(household.laptop, household.phone, tmp_path / "to-phone.bundle")
    carry(household.phone, household.laptop, tmp_path / "to-laptop.bundle")
    carry(household.phone, household.laptop, tmp_path / "to-laptop.bundle")
    # Then both show everything once
    household.check_entries()
    assert household.laptop.data("rate", "list")["skills"] == household.phone.data("rate", "list")["skills"]
    # And the server, when it is back, takes it all, and everybody agrees
    household.server.start()
    household.check()


def test_a_log_that_was_lost_is_read_back_and_goes_on(household, tmp_path):
    # Given an export, entries after it that only the server has, and a laptop that lost its log but not its keys
    laptop = household.laptop
    laptop.mp("export", "jsonl", str(tmp_path / "log.jsonl"))
    household.write(laptop, "spend", "45m")
    household.settle()
    for name in ("log.db", "views.db", "views.db-wal", "views.db-shm"):
        (laptop.home / name).unlink(missing_ok=True)
    # When the export is read back there, and the member goes on
    laptop.mp("import", "jsonl", str(tmp_path / "log.jsonl"), "--apply")
    household.write(laptop, "win", "It is all here")
    # Then nothing that was ever acknowledged is lost, on either device
    household.check()


def test_a_copy_elsewhere_can_be_read_and_changes_nothing(household, tmp_path):
    # Given an export that is read back on a machine without keys
    household.laptop.mp("export", "jsonl", str(tmp_path / "log.jsonl"))
    archive = Device(tmp_path / "archive")
    archive.mp("import", "jsonl", str(tmp_path / "log.jsonl"), "--apply")
    # Then it shows the same entries
    assert [entry["id"] for entry in entries(archive)] == [entry["id"] for entry in entries(household.laptop)]
    # And is sent nowhere
    assert archive.type("sync", "--json").code != 0
    household.check()
    shutil.rmtree(archive.home)
