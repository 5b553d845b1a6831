"""What `status --due` reminds of, each nudge brought about by what was typed, and ended by the command it offers."""

import shlex

import pytest


def due(mp):
    return {nudge["code"]: nudge for nudge in mp("status", "--due", "--json").data["nudges"]}


def answer(mp, nudge, **words):
    """Type what a nudge offers, with its placeholders filled in."""
    line = [words.get(word, word) for word in shlex.split(nudge["command"])[1:]]
    assert mp(*line).code == 0, nudge


def test_nothing_is_due_in_an_empty_log_nor_after_the_first_day(mp):
    assert due(mp) == {}
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    assert due(mp) == {}


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("review_due", [("win", "a", "-d", "2026-02-24")]),
        ("thanks_due", [("touch", "Dana", "interview", "15m", "-d", "2026-03-02")]),
        (
            "mentor_due",
            [
                ("touch", "Rana", "mentor_session", "30m", "--class", "mentor", "-d", "2026-01-18"),
                ("review", "--worked", "a"),
            ],
        ),
        (
            "blocked_long",
            [
                ("milestone", "start", "project", "Redesign", "--for", "8w", "-d", "2026-02-02"),
                ("milestone", "block", "redesign", "--why", "no data", "-d", "2026-02-24"),
                ("review", "--worked", "a"),
            ],
        ),
    ],
)
def test_what_waits_is_named_with_the_command_that_ends_it(mp, code, lines):
    for line in lines:
        assert mp(*line).code == 0, line
    found = due(mp)
    assert list(found) == [code]
    if code == "review_due":
        mp("review", "--worked", "b")
    else:
        answer(mp, found[code], NAME="rana")
    assert due(mp) == {}


def test_two_reviews_without_progress_offer_to_reframe_and_a_smaller_step_ends_it(mp):
    mp("goal", "Write 9 queries", "--due", "fri", "--test", "t", "-d", "2026-02-16")
    mp("review", "--worked", "a", "-d", "2026-02-22")
    assert due(mp).keys() == {"review_due"}
    mp("review", "--worked", "a", "-d", "2026-03-01")
    stuck = due(mp)["goal_stuck"]
    assert "2 reviews without progress on Write 9 queries" in stuck["message"]
    answer(mp, stuck)
    assert due(mp) == {}


def test_progress_on_a_goal_is_time_spent_on_it_too(mp):
    mp("goal", "Write 9 queries", "--due", "fri", "--test", "t", "-d", "2026-02-16")
    mp("review", "--worked", "a", "-d", "2026-02-22")
    mp("spend", "30m", "write 9", "-d", "2026-02-25")
    mp("review", "--worked", "a", "-d", "2026-03-01")
    assert due(mp) == {}


def test_an_audit_is_old_after_a_week_only_while_there_is_a_gap(mp):
    mp("rate", "sql", "2", "--target", "4", "-d", "2026-02-23")
    mp("review", "--worked", "a")
    assert due(mp).keys() == {"audit_old"}
    mp("rate", "sql", "4")
    assert due(mp) == {}


def test_between_goals_is_said_only_to_those_who_asked_for_it(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t", "-d", "2026-01-19")
    mp("done", "draft", "-d", "2026-01-20")
    mp("review", "--worked", "a")
    assert due(mp) == {}
    mp("config", "set", "nudge.between_goals", "yes")
    assert due(mp)["between_goals"]["command"] == "mp skill map"
    assert mp(*shlex.split(due(mp)["between_goals"]["command"])[1:]).code == 0
    mp("goal", "Draft 1 story", "--due", "fri", "--test", "t")
    assert due(mp) == {}
