"""A phone is lost: it is revoked, hears nothing more, and what it had said stays."""

import json
from collections.abc import Iterator

import pytest

from tests.support.household import Household


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    with Household(tmp_path_factory.mktemp("household")) as household:
        yield household


def test_a_lost_phone_is_shut_out_and_what_it_had_said_stays(household):
    laptop, phone = household.laptop, household.phone
    household.write(phone, "spend", "45m", "--note", "before it was lost")
    household.settle()
    lost = next(one["id"] for one in laptop.data("device", "list")["devices"] if not one["this"])
    laptop.mp("device", "rename", lost.lstrip("-"), "phone")

    assert laptop.type("device", "revoke", "phone").code == 2
    revoked = laptop.mp("device", "revoke", "phone", "--why", "lost on the train", "--yes")
    assert "the server has not heard" not in revoked.err

    laptop.mp("win", "The budget holds")
    laptop.mp("sync")
    assert phone.type("sync").code != 0
    assert "The budget holds" not in phone.mp("win", "list").out
    assert [(one["this"], one["revoked"]) for one in laptop.data("device", "list")["devices"]] == [
        (True, False),
        (False, True),
    ]
    assert "before it was lost" in laptop.mp("spend", "list").out
    assert laptop.type("verify", "--deep", "--server").code == 0
    # New text is sealed under a key that the phone never had.
    keys = laptop.data("key", "status")["keys"]
    assert [key["is_sealing"] for key in keys].count(True) == 1
    assert len(keys) == 2


def test_a_device_is_revoked_once_and_never_by_itself(household):
    laptop = household.laptop
    own, lost = laptop.data("device", "list")["devices"]
    for device, code in ((own, "own_device"), (lost, "revoked")):
        said = laptop.type("device", "revoke", device["id"].lstrip("-"), "--yes", "--json")
        assert json.loads(said.out)["error"]["code"] == code
