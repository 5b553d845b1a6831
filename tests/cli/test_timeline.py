"""The timeline since a day, and as it stood on one."""

import pytest

from tests.cli.conftest import Mp


@pytest.fixture
def told(mp: Mp) -> Mp:
    """Two jobs and two milestones; today is 4 March 2026."""
    for line in (
        ("position", "add", "Politics", "--kind", "study", "--start", "2012-09-01", "--end", "2015-06-30"),
        ("position", "add", "Customer Success", "--start", "2019-09-01", "--on", "2026-01-05"),
        (
            "milestone",
            "plan",
            "direction",
            "Choose",
            "--start",
            "2026-01-05",
            "--due",
            "2026-01-19",
            "--on",
            "2026-01-05",
        ),
        ("milestone", "start", "Choose", "--on", "2026-01-05"),
        ("milestone", "complete", "Choose", "--measure", "yes", "--on", "2026-01-19"),
        (
            "milestone",
            "plan",
            "credential",
            "CSPO",
            "--start",
            "2026-01-26",
            "--due",
            "2026-04-27",
            "--on",
            "2026-02-01",
        ),
    ):
        assert mp(*line).code == 0
    return mp


def names(data: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["name"] for one in (*data["positions"], *data["milestones"])]


def test_since_a_day_leaves_out_what_had_ended_and_nothing_that_reaches_it(told: Mp) -> None:
    data = told("timeline", "--since", "2026-02-01", "--json").data
    assert names(data) == ["Customer Success", "CSPO"]
    # A job that reaches into the time shown has its own first day, and its years are whole.
    assert (data["positions"][0]["start"], data["years"]) == ("2019-09-01", 7)


def test_as_of_a_day_shows_what_was_known_and_stood_then(told: Mp) -> None:
    data = told("timeline", "--as-of", "2026-01-10", "--json").data
    assert names(data) == ["Customer Success", "Choose"]
    assert [one["status"] for one in data["milestones"]] == ["started"]
    assert "│ 2026-01-10" in told("timeline", "--as-of", "2026-01-10").out


def test_without_either_everything_is_drawn_up_to_today(told: Mp) -> None:
    data = told("timeline", "--json").data
    assert (data["since"], data["as_of"]) == (None, None)
    assert names(data) == ["Politics", "Customer Success", "Choose", "CSPO"]
