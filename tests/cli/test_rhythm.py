"""Rhythm: small goals week by week, reviewed, reframed, drawn as trends. The scenario of micro goals, S3."""

from datetime import UTC, datetime
from io import StringIO

import pytest

from milepost_client.terminal import Terminal
from tests.cli.conftest import Clock

WEEKS = ("2026-02-09", "2026-02-16", "2026-02-23")
"""The Mondays of weeks 7, 8 and 9; week 10, which today lies in, is a pause."""
UNLOGGED_WEEK = "2026-03-02"
PAUSE_WEEK = "2026-03-09"


def lines(answer):
    """The trend lines of an answer, by measure."""
    return {line["measure"]: line["values"] for line in answer["lines"]}


@pytest.fixture
def months(mp):
    """Three weeks of small goals, a fourth that nobody logged, a fifth that is a pause, typed from their middle."""
    mp("goal", "Read one case", "--repeat", "weekly", "--test", "a note", "-d", WEEKS[0])
    mp("capacity", "weekdays", "90m", "--from", WEEKS[0], "-d", WEEKS[0])
    mp("capacity", "weekend", "0", "--from", WEEKS[0], "-d", WEEKS[0])
    for day, goals, hours, words in zip(WEEKS, (4, 2, 0), (3, 2, 0), (2, 1, 0), strict=True):
        for number in range(goals):
            mp("goal", f"Query {number} of {day}", "--due", day, "--test", "it runs", "-d", day)
            mp("done", f"Query {number} of {day}", "-d", day)
        for _ in range(hours):
            mp("spend", "60m", "-d", day)
        for _ in range(words):
            mp("feedback", "peer", "clear", "-d", day)
    mp("done", "read one", "-d", WEEKS[0])
    mp("done", "read one", "-d", WEEKS[1])
    mp("done", "read one", "--missed", "-d", WEEKS[2])
    mp("capacity", "all", "0", "--from", PAUSE_WEEK, "--for", "1w", "-d", WEEKS[2])
    return mp


@pytest.fixture
def world(world):
    clock = Clock()
    clock.now_ms = int(datetime(2026, 3, 11, 12, tzinfo=UTC).timestamp() * 1000)
    return world._replace(now_ms=clock)


def test_a_vague_goal_is_warned_of_three_times_and_its_rewording_not_at_all(mp):
    vague = mp("goal", "get better at SQL", "--json")
    assert [warn["code"] for warn in vague.json["warnings"]] == [
        "goal_not_specific",
        "goal_not_time_bound",
        "goal_not_testable",
    ]
    better = mp("reframe", "get better", "Write 3 queries with a join", "--due", "fri", "--test", "they run", "--json")
    assert (better.code, better.json["warnings"]) == (0, [])


def test_three_weeks_make_three_trend_lines_and_zero_gap_and_pause_are_told_apart(months):
    months("review", "--worked", "mornings", "--adjust", "too big", "-d", "2026-03-01")
    found = months("status", "--trend", "all", "--weeks", "5", "--json").data
    assert lines(found) == {
        "minutes": [180, 120, 0, None, None],
        "goals": [5, 3, 0, None, None],
        "feedback": [2, 1, 0, None, None],
    }
    assert [week["state"] for week in found["weeks"]] == ["logged", "logged", "logged", "unlogged", "pause"]
    assert [week["has_review"] for week in found["weeks"]] == [False, False, True, False, False]


@pytest.mark.parametrize("width", ["60", "80", "200"])
def test_a_trend_fits_its_terminal_and_says_in_figures_what_it_draws(months, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    said = months("status", "--trend", "minutes", "--weeks", "26").out.splitlines()
    assert max(map(len, said)) <= int(width)
    figures = next(line.split() for line in said if "180" in line)
    assert figures[-5:] == ["180", "120", "0", "·", "‖"]
    (meanings,) = [line for line in said if line.startswith("0 logged")]
    assert "· not logged" in meanings
    assert "‖ pause" in meanings


def test_a_trend_is_a_record_a_week_in_plain(months):
    said = months("status", "--trend", "minutes", "--trend", "feedback", "--weeks", "4", "--plain").out
    assert said.splitlines()[0] == "2026-W08\tlogged\t120\t1"
    assert said.splitlines()[-1] == "2026-W11\tpause\t\t"


def test_a_review_alone_makes_a_week_logged_and_its_zeros_zeros(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    mp("review", "--worked", "rest", "--week", "2026-W09")
    weeks = mp("status", "--trend", "minutes", "--weeks", "3", "--json").data["weeks"]
    assert [(week["week"], week["state"], week["minutes"]) for week in weeks] == [
        ("2026-W09", "logged", 0),
        ("2026-W10", "unlogged", None),
        ("2026-W11", "logged", 0),
    ]


def test_a_review_ends_in_the_next_goal_as_another_attempt_and_undo_takes_it_all_back(mp):
    mp("goal", "get better at SQL", "--learning")
    before = mp("goal", "list", "--all", "--json").data["goals"]
    review = ("review", "--worked", "mornings", "--adjust", "too big", "--lesson", "smaller")
    ends = ("--reframe", "get better", "--next", "Write 3 queries", "--due", "fri", "--test", "they run")
    held = mp(*review, *ends, "--reason", "skill", "--json").data
    assert [entry["type"] for entry in held["entries"]] == ["goal.set", "goal.reframed", "review.held"]
    shown = mp("show", "Write 3", "--json").data
    assert shown["derived"]["attempt"] == 2
    assert [one["name"] for one in shown["derived"]["attempts_before"]] == ["get better at SQL"]
    # What the old goal was for is what the new one is for.
    assert shown["view"]["learning"] is True
    mp("undo")
    assert mp("goal", "list", "--all", "--json").data["goals"] == before


def test_a_line_of_attempts_goes_on_from_its_end(mp):
    mp("goal", "get better at SQL")
    mp("reframe", "get better", "Write 9 queries", "--due", "fri", "--test", "t")
    refused = mp("reframe", "get better", "Write 1 query", "--due", "fri", "--test", "t", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "reframed")
    assert "Write 9 queries" in refused.json["error"]["remedy"]
    mp("reframe", "write 9", "Write 1 query", "--due", "fri", "--test", "t")
    goals = {goal["name"]: goal["attempt"] for goal in mp("goal", "list", "--all", "--json").data["goals"]}
    assert goals == {"get better at SQL": 1, "Write 9 queries": 2, "Write 1 query": 3}


def test_a_done_goal_is_not_reframed(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    mp("done", "draft")
    refused = mp("reframe", "draft", "Draft 1 story", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "goal_done")


def test_a_review_on_monday_looks_back_on_the_week_before(mp):
    assert "review of 2026-W10 held" in mp("review", "--worked", "a", "-d", "mon").out
    assert "review of 2026-W11 held" in mp("review", "--worked", "a", "-d", "tue").out


@pytest.mark.parametrize(
    "line",
    [
        ("review",),
        ("review", "--worked", "a", "--due", "fri"),
        ("review", "--worked", "a", "--reframe", "draft"),
        ("status", "--trend", "moods"),
        ("status", "--trend", "minutes", "--weeks", "0"),
        ("capacity", "mon-xyz", "90m"),
        ("capacity", "all", "0", "--for", "1w"),
        ("reframe", "draft"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(mp, line):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    before = mp("log", "--json").data
    assert mp(*line, "--json").code == 2
    assert mp("log", "--json").data == before


def test_a_weekly_goal_is_kept_two_weeks_of_three(months):
    found = months("status", "--as-of", "2026-03-01", "--json").data["goals_open"]
    (goal,) = [goal for goal in found if goal["name"] == "Read one case"]
    assert (goal["kept"]["kept"], goal["kept"]["due"], goal["kept"]["unit"]) == (2, 3, "week")
    assert [period["state"] for period in goal["kept"]["periods"]] == ["kept", "kept", "missed"]


def test_a_pause_is_not_due_and_a_week_that_nobody_logged_is_neither_kept_nor_missed(months):
    kept = months("show", "Read one case", "--json").data["derived"]["kept"]
    assert [period["state"] for period in kept["periods"]] == ["kept", "kept", "missed", "unlogged", "pause"]
    assert (kept["kept"], kept["due"]) == (2, 3)
    (listed,) = [one for one in months("goal", "list", "--json").data["goals"] if one["repeat"]]
    assert listed["kept"] == {name: kept[name] for name in ("unit", "kept", "due", "periods")}
    assert "weekly ●●○-‖ 2 of 3" in months("goal", "list").out


def test_a_review_for_a_week_without_entries_makes_it_a_logged_one(months):
    months("review", "--adjust", "it was too much", "--week", UNLOGGED_WEEK, "-d", PAUSE_WEEK)
    kept = months("show", "Read one case", "--json").data["derived"]["kept"]
    assert [period["state"] for period in kept["periods"]][3:] == ["missed", "pause"]


def test_the_card_of_a_goal_that_repeats_says_what_its_marks_mean(months):
    shown = months("show", "read one").out
    assert "●●○-‖ 2 of 3 weeks" in shown
    assert "● kept, ○ not kept, ‖ pause, - not logged" in shown


def test_a_pause_that_is_said_in_the_middle_of_its_week_is_a_pause_until_something_is_logged(months):
    months("capacity", "all", "0", "--from", PAUSE_WEEK, "--for", "1w")
    *_, week = months("status", "--json").data["weeks"]
    assert (week["state"], week["minutes"], week["is_logged"]) == ("pause", None, False)
    assert "pause" in months("status").out
    months("win", "A letter from a reader")
    *_, week = months("status", "--json").data["weeks"]
    assert (week["state"], week["minutes"]) == ("logged", 0)


def test_nobody_is_reminded_of_a_review_during_a_pause_nor_of_the_weeks_it_took(months):
    def is_reminded():
        return "review_due" in [one["code"] for one in months("status", "--due", "--json").data["nudges"]]

    assert not is_reminded()
    months("undo")
    assert is_reminded()
    months("capacity", "all", "0", "--from", UNLOGGED_WEEK, "--for", "1w")
    assert not is_reminded()


def test_three_times_a_week_is_kept_by_three_days_of_the_week(mp):
    mp("goal", "Write a query", "--repeat", "3", "--test", "t", "-d", "2026-03-02")
    for day in ("2026-03-02", "2026-03-03", "2026-03-05", "2026-03-09"):
        assert mp("done", "write a", "-d", day).code == 0
    kept = mp("show", "write a", "--json").data["derived"]["kept"]
    assert [period["state"] for period in kept["periods"]] == ["kept", "waiting"]


def test_a_daily_goal_counts_days_and_on_weekdays_no_weekends(mp):
    mp("goal", "Read daily", "--repeat", "daily", "--test", "t", "-d", "2026-03-06")
    mp("goal", "Read on weekdays", "--repeat", "weekdays", "--test", "t", "-d", "2026-03-06")
    for name in ("read daily", "read on"):
        mp("done", name, "-d", "2026-03-06")
        mp("done", name, "-d", "2026-03-09")
    goals = {goal["name"]: goal["kept"] for goal in mp("goal", "list", "--json").data["goals"]}
    assert (goals["Read daily"]["kept"], goals["Read daily"]["due"]) == (2, 5)
    assert (goals["Read on weekdays"]["kept"], goals["Read on weekdays"]["due"]) == (2, 3)


def test_after_a_pause_the_week_is_as_it_was(months):
    minutes = {week["week"]: week["capacity_minutes"] for week in months("status", "--json").data["weeks"]}
    assert (minutes["2026-W09"], minutes["2026-W11"]) == (450, 0)
    over = months("goal", "Too long", "--due", "2026-03-16", "--test", "t", "--estimate", "100m", "--json")
    assert "over the 90 you have" in over.json["warnings"][0]["message"]


def test_on_a_terminal_a_review_asks_its_questions_and_ends_in_the_next_goal(mp, monkeypatch):
    monkeypatch.setattr(Terminal, "can_ask", property(lambda _: True))
    mp("spend", "90m")
    mp("feedback", "peer", "name the source")
    mp("goal", "Ask 3 people", "--due", "fri", "--test", "three answers")
    mp("goal", "Read 2 pages", "--due", "fri", "--test", "a note")
    mp("done", "read 2")
    monkeypatch.setattr("sys.stdin", StringIO("mornings; short notes\ntoo big\n\nDraft 1 page\nfri\nSam nods\n"))
    held = mp("review")
    # Before it asks, it says what the week was, as `mp status` has it.
    week, still, *_ = held.err.splitlines()
    assert week == "2026-W11: 1 goal done, 1 h 30 spent, 0 touches, 1 piece of feedback"
    assert still.startswith("still open: Ask 3 people (")
    assert held.err.index("What worked?") < held.err.index("What needs adjusting?") < held.err.index("next goal?")
    assert "2 worked, 1 to adjust" in held.out
    goal = next(one for one in mp("goal", "list", "--json").data["goals"] if one["name"] == "Draft 1 page")
    assert (goal["due_on"], goal["has_test"]) == ("2026-03-13", True)
    (review,) = mp("review", "list", "--json").data["reviews"]
    assert (review["worked"], review["lesson"]) == (["mornings", "short notes"], None)


def test_a_week_in_which_nothing_is_logged_is_said_in_two_words_before_a_review(mp, monkeypatch):
    monkeypatch.setattr(Terminal, "can_ask", property(lambda _: True))
    monkeypatch.setattr("sys.stdin", StringIO("a rest\n\n\n\n"))
    assert mp("review", "--week", "2026-W08").err.splitlines()[0] == "2026-W08: nothing is logged"


def test_with_no_input_only_what_was_typed_is_recorded(mp, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("never read\n"))
    assert mp("review", "--worked", "mornings", "--no-input").code == 0
    (review,) = mp("review", "list", "--json").data["reviews"]
    assert (review["worked"], review["adjust"], review["next_goal"]) == (["mornings"], [], None)
