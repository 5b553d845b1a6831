"""Bare `mp` and `status` say where the member is heading, once they said so themselves."""

from tests.cli.conftest import Mp


def test_where_nothing_was_said_nothing_of_direction_shows(mp: Mp) -> None:
    mp("goal", "Read")
    assert (mp("--json").data["focus"], mp("--json").data["role"]) == (None, None)
    assert "heading" not in mp().out + mp("status").out


def test_the_role_chosen_and_the_focus_stand_below_the_day(mp: Mp) -> None:
    # Given a focus and a role that was chosen
    mp("focus", "skill")
    mp("role", "brief", "Product Manager")
    mp("role", "choose", "Product Manager")
    # Then both pages say so in one line
    for line in ((), ("status",)):
        assert mp(*line).out.splitlines()[1] == "heading for Product Manager · focus: skill"
        data = mp(*line, "--json").data
        assert (data["focus"], data["role"]["name"]) == ("skill", "Product Manager")


def test_as_of_an_earlier_day_it_is_what_was_said_by_then(mp: Mp) -> None:
    mp("focus", "role", "--on", "2026-02-02")
    mp("focus", "skill", "--on", "2026-03-02")
    assert mp("status", "--as-of", "2026-02-10", "--json").data["focus"] == "role"
    assert mp("status", "--as-of", "2026-01-10", "--json").data["focus"] is None
