"""S3, micro goals, in the order in which they are lived: five weeks, typed as they pass, read back as JSON."""

from datetime import UTC, date, datetime, timedelta

import pytest

MONDAY = date(2026, 2, 2)
WEEKS = [MONDAY + timedelta(weeks=number) for number in range(5)]


@pytest.fixture
def world(world):
    """The Friday of the fifth week."""
    now_ms = int(datetime(2026, 3, 6, 12, tzinfo=UTC).timestamp() * 1000)
    return world._replace(now_ms=lambda: now_ms)


@pytest.fixture
def mp(mp):
    """Every line of the story succeeds."""

    def typed(*line, on=None):
        said = mp(*line, *(("--on", on.isoformat()) if on else ()), "--json")
        assert said.code == 0, said
        return said

    return typed


@pytest.fixture
def story(mp):
    """What each line of the story said that a claim is about."""
    first, second, third, _, fifth = WEEKS
    mp("capacity", "mon-fri", "90m", "--from", first.isoformat(), on=first)
    mp("capacity", "weekend", "0", "--from", first.isoformat(), on=first)
    mp("goal", "Read one case study", "--repeat", "weekly", "--learning", "--test", "a note on it", on=first)
    vague = mp("goal", "get better at SQL", "--learning", on=first)
    week(mp, first, goals=4, minutes=(90, 90), feedback=2)
    week(mp, second, goals=2, minutes=(60, 60), feedback=1)
    for monday in (first, second):
        mp("done", "read one", on=monday + timedelta(days=3))
    mp("win", "The team lead used my query", on=second + timedelta(days=4))
    mp("done", "read one", "--missed", on=third + timedelta(days=6))
    mp("capacity", "all", "0", "--from", fifth.isoformat(), "--for", "1w", on=third)
    review = mp(
        "review",
        *("--worked", "two sittings in the morning", "--adjust", "SQL is no goal for one sitting"),
        *("--lesson", "name the query"),
        *("--reframe", "get better", "--reason", "skill", "--next", "Write 3 queries with a join"),
        *("--due", (third + timedelta(days=11)).isoformat(), "--test", "they run on the copy"),
        on=third + timedelta(days=6),
    )
    return {"vague": vague, "review": review}


def week(mp, monday, *, goals, minutes, feedback):
    """A week of small goals: set on Monday, done on Wednesday."""
    for number in range(goals):
        name = f"Query {number + 1} of the week of {monday}"
        mp("goal", name, "--due", (monday + timedelta(days=4)).isoformat(), "--test", "it runs", on=monday)
        mp("done", name, on=monday + timedelta(days=2))
    for spent in minutes:
        mp("spend", f"{spent}m", on=monday + timedelta(days=1))
    for _ in range(feedback):
        mp("feedback", "peer", "clearer than last week", on=monday + timedelta(days=4))


def test_the_story_of_micro_goals_holds_to_its_numbers(mp, story):
    warned = [warn["code"] for warn in story["vague"].json["warnings"]]
    assert warned == ["goal_not_specific", "goal_not_time_bound", "goal_not_testable"]
    assert story["review"].json["warnings"] == []

    trend = mp("status", "--trend", "goals", "--trend", "minutes", "--trend", "feedback", "--weeks", "5").data
    assert {line["measure"]: line["values"] for line in trend["lines"]} == {
        "goals": [5, 3, 0, None, None],
        "minutes": [180, 120, 0, None, None],
        "feedback": [2, 1, 0, None, None],
    }
    assert [one["state"] for one in trend["weeks"]] == ["logged", "logged", "logged", "unlogged", "pause"]
    assert [one["has_review"] for one in trend["weeks"]] == [False, False, True, False, False]

    better = mp("show", "write 3").data
    assert better["derived"]["attempt"] == 2
    assert [one["name"] for one in better["derived"]["attempts_before"]] == ["get better at SQL"]
    (review,) = mp("review", "list").data["reviews"]
    assert review["next_goal"] == {"id": better["id"], "name": "Write 3 queries with a join"}

    feed = mp("log", "--since", MONDAY.isoformat()).data["entries"]
    assert [one["says"] for one in feed if one["type"] == "win.celebrated"] == ["The team lead used my query"]

    sunday = WEEKS[2] + timedelta(days=6)
    weekly = next(
        one for one in mp("status", "--as-of", sunday.isoformat()).data["goals_open"] if one["repeat"] == "weekly"
    )
    assert (weekly["kept"]["kept"], weekly["kept"]["due"], weekly["kept"]["unit"]) == (2, 3, "week")
