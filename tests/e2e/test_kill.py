"""A process that dies at any named point leaves nothing lost, doubled or damaged, on either side.

Once each here; `python -m tests.e2e.kill` does it as often as you like, and at random moments too.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from milepost_server import failpoint
from tests.e2e import kill
from tests.support.cli import Device
from tests.support.household import Household

RANDOM_KILLS = 6


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    # One for all points: pairing costs more than dying, and a history of deaths is what a long life leaves.
    with Household(tmp_path_factory.mktemp("household")) as household:
        yield household


@pytest.mark.parametrize("point", kill.client_points())
def test_a_client_that_dies_at_a_failpoint_keeps_what_it_acknowledged(point: str, household: Household, tmp_path: Path):
    kill.die_in_client(household, point, tmp_path)
    household.check()


@pytest.mark.parametrize("point", kill.server_points())
def test_a_server_that_dies_at_a_failpoint_keeps_what_it_receipted(point: str, household: Household):
    kill.die_in_server(household, point)
    household.check()


@pytest.mark.parametrize("point", failpoint.ERASING_NAMES)
def test_a_server_that_dies_erasing_an_account_has_done_it_or_not_begun(
    point: str, household: Household, tmp_path: Path
):
    kill.die_erasing(household.server, Device(tmp_path / "kim"), point)
    household.check()


def test_processes_killed_at_any_moment_leave_a_whole_account(household: Household):
    chance = random.Random(20_260_105)
    for _ in range(RANDOM_KILLS):
        kill.kill_at_random(household, chance)
    household.check()
