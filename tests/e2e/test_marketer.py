"""The marketer's six months (acceptance.md, S1), as far as this build's commands reach.

Typed through the command line on two devices that are offline, synced through a real server, read back with `--json`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from milepost_client import demo_story as story
from tests.support.cli import Device
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import pair

REFUSED = 5


class Half(NamedTuple):
    """The year that was typed: both devices in step, and by how many weeks the calendar of 2026 was moved."""

    laptop: Device
    phone: Device
    weeks: int

    def day(self, of_2026: str) -> str:
        """A day of the story, as it was typed."""
        return (date.fromisoformat(f"2026-{of_2026}") + timedelta(weeks=self.weeks)).isoformat()


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Half]:
    folder = tmp_path_factory.mktemp("marketer")
    # Exact days wherever the clock allows: nothing may be dated after tomorrow.
    weeks = min(0, story.weeks_until(date.today()))
    with ServerProcess(folder / "server") as server:
        yield _lived(folder, server, weeks)


def _lived(folder: Path, server: ServerProcess, weeks: int) -> Half:
    laptop, phone = Device(folder / "laptop"), Device(folder / "phone")
    for plan in story.PLANS:
        laptop.mp(*story.typed(plan, weeks))
    server.pod()
    laptop.mp("join", server.url, server.invite(), "--name", "Mara")
    pair(laptop, phone, server.url)
    server.stop()
    devices = {story.LAPTOP: laptop, story.PHONE: phone}
    for line in story.STORY:
        said = devices[line.device].type(*story.typed(line.text, weeks))
        assert said.code == 0, str(said)
    server.start()
    for device in (laptop, phone, laptop):
        device.mp("sync")
    return Half(laptop, phone, weeks)


@pytest.fixture(scope="module")
def milestones(half: Half) -> dict[str, Any]:
    found = half.laptop.data("milestone", "list", "--all")["milestones"]
    return {one["name"]: one for one in found}


def test_nine_of_nine_milestones_are_completed_and_the_small_projects_count_under_their_portfolio(half, milestones):
    counts = half.laptop.data("status")["milestone_counts"]
    assert (counts["completed"], counts["total"]) == (9, 9)
    portfolio = milestones["Three small projects"]
    assert len(portfolio["children"]) == 3
    assert (portfolio["outputs_done"], portfolio["outputs_named"]) == (3, 3)


def test_milestones_overlap_on_the_days_of_the_calendar(half, milestones):
    for planned in story.MILESTONES:
        found = milestones[planned.title]
        assert (found["start"], found["due_on"]) == (half.day(planned.start), half.day(planned.due))


@pytest.mark.parametrize(
    ("title", "length"),
    [
        ("CSPO", "longer than the usual 2-8 weeks"),
        ("Redesign of sign-up", "longer than the usual 2-8 weeks"),
        ("A mentor, monthly", "longer than the usual 2-8 weeks"),
        ("Feature blueprint", "shorter than the usual 2-8 weeks"),
        ("Skills audit", "within the usual 2-8 weeks"),
    ],
)
def test_a_card_compares_with_the_usual_length_as_information(half, title, length):
    assert half.laptop.data("show", title)["derived"]["usual_length"] == length


def test_hours_a_week_are_planned_not_spent(half):
    card = half.laptop.data("show", "CSPO")["derived"]
    assert card["hours_planned"] == 104
    assert half.laptop.data("show", "CSPO")["view"]["hours_per_week"] == 8


def test_sprint_planning_went_from_two_to_four_three_weeks_later_than_planned(half):
    skills = {one["name"]: one for one in half.laptop.data("rate", "list")["skills"]}
    planning = skills["agile sprint planning"]
    assert [one["rating"] for one in planning["ratings"]] == [2, 4]
    assert planning["target"]["met_on"] == half.day("03-02")
    assert half.laptop.data("show", "agile sprint planning")["derived"]["target_days_late"] == 21
    assert "3 weeks later than planned" in half.laptop.mp("show", "agile sprint planning").out
    assert "no change recorded" in half.laptop.mp("show", "data-driven roadmapping").out


def test_people_are_relationships_each_once(half):
    people = half.laptop.data("status")["people"]
    assert people["by_class"] == {"engineer": 3, "mentor": 1, "recruiter": 2, "target_role": 8}
    assert people["unthanked"] == 0


def test_a_fall_is_an_improvement_where_down_is_better(half):
    metrics = {one["name"]: one for one in half.laptop.data("metric", "list")["metrics"]}
    assert metrics["bounce rate"]["better"] == metrics["time to sign up"]["better"] == "down"
    assert metrics["monthly active users"]["readings"][0]["value"] == "12"
    assert metrics["bounce rate"]["readings"][0]["value"] == "-8"
    assert metrics["bounce rate"]["readings"][0]["basis"] == "unknown"


def test_status_as_of_an_earlier_day_shows_what_had_happened_by_then(half):
    before = half.laptop.data("status", "--as-of", half.day("03-01"))
    assert before["milestone_counts"]["completed"] == 1
    assert before["people"]["relationships"] == 0


def test_both_devices_show_one_digest_and_verify_finds_nothing(half):
    laptop, phone = (device.data("status", "-v") for device in (half.laptop, half.phone))
    assert laptop["digests"] == phone["digests"]
    for device in (half.laptop, half.phone):
        assert device.data("verify", "--deep", "--server")["clean"]


def test_what_the_phone_wrote_is_read_on_the_laptop_in_words(half):
    notes = half.laptop.data("note", "list")["notes"]
    assert {one["prompt"] for one in notes} == {"problems", "industries", "tasks"}


def test_three_roles_are_compared_and_what_was_not_scored_stays_a_gap_on_both_devices(half):
    for device in (half.laptop, half.phone):
        compared = device.data("role", "compare")
        assert [one["name"] for one in compared["roles"]] == ["Product Lead", "Product Manager", "Product Owner"]
        assert {one["factor"] for one in compared["factors"]} == set(story.FACTORS)
        assert {one["total"]["total"] for one in compared["roles"]} == {None}
    (role,) = [one for one in half.phone.data("role", "list")["roles"] if one["is_chosen"]]
    assert (role["name"], role["has_brief"]) == ("Product Manager", True)
    assert (role["competencies_rated"], role["competencies_listed"]) == (3, 3)


def test_closing_a_completed_milestone_otherwise_is_refused(half):
    said = half.laptop.type("milestone", "complete", "CSPO", "--measure", "no")
    assert said.code == REFUSED
    assert "already" in said.err or "closed" in said.err
