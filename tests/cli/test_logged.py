"""Touches, time and feedback as lists: with whom, on what and from whom; what was taken back is in the log alone."""

import pytest

from milepost_client.render.columns import width


@pytest.fixture
def week(mp):
    mp("milestone", "start", "stretch", "Redesign of sign-up", "--for", "8w")
    mp("touch", "Dana R.", "interview", "15m", "--asked", "3", "--of", "redesign", "--on", "2026-03-02")
    mp("touch", "Rosa N.", "mentor_session", "30m", "--agenda", "saying no", "--class", "mentor", "--on", "2026-03-03")
    mp("spend", "45m", "redesign", "--on", "2026-03-03")
    mp("spend", "1h10")
    mp("feedback", "mentor", "lead with the decision", "--of", "redesign")
    return mp


def test_a_touch_says_with_whom_what_and_for_what(week, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    _, rosa, dana, count = week("touch", "list").out.splitlines()
    assert rosa.split("  ")[-3:] == ["Rosa N.", "mentor session 30 min", "saying no"]
    assert dana.endswith("Dana R.  interview 15 min       3 questions  Redesign of sign-up")
    assert count == "2 touches"


def test_time_says_on_what_and_adds_up(week):
    _, today, tuesday, total = week("spend", "list").out.splitlines()
    assert today.endswith("1 h 10")
    assert tuesday.endswith("45 min  Redesign of sign-up")
    assert total == "1 h 55 in all"


def test_feedback_says_from_whom_and_of_what(week):
    _, line, _ = week("feedback", "list").out.splitlines()
    assert line.endswith("mentor  lead with the decision  Redesign of sign-up")


@pytest.mark.parametrize("typed", [("touch", "Dana R.", "thanks"), ("spend", "2h"), ("feedback", "peer", "too long")])
def test_what_was_taken_back_is_listed_no_more_and_counts_no_more(week, typed):
    word = typed[0]
    before = week(word, "list").out
    week(*typed)
    assert week(word, "list").out != before
    week("undo")
    assert week(word, "list").out == before
    assert not any(one["taken_back"] for one in week(word, "list", "--json").data["entries"])
    # The log still has it, and says so.
    assert "taken back" in week("log").out


def test_since_a_day_leaves_out_what_was_before_it(week):
    assert week("spend", "list", "--since", "today").out.splitlines()[-1] == "1 h 10 in all"
    assert week("touch", "list", "--since", "today").out.startswith("nothing since 2026-")


@pytest.mark.parametrize("word", ["touch", "spend", "feedback"])
def test_a_list_of_a_daily_word_fits_the_narrowest_terminal(week, monkeypatch, word):
    monkeypatch.setenv("COLUMNS", "60")
    assert all(width(line) <= 60 for line in week(word, "list").out.splitlines())
