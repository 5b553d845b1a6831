"""Objectives: set with numbers to tell by, served by milestones and goals, closed; wins as they add up."""

import pytest


def objectives(mp, *line):
    return {one["name"]: one for one in mp("objective", "list", "--json", *line).data["objectives"]}


def test_an_objective_for_a_quarter_has_two_key_results_with_numbers(mp):
    set_ = mp("objective", "Be known", "--result", "interviews=20", "--result", "case studies=2", "--json")
    assert (set_.code, set_.json["warnings"]) == (0, [])
    assert [entry["type"] for entry in set_.data["entries"]] == ["metric.defined", "metric.defined", "objective.set"]
    mp("metric", "interviews", "13")
    found = objectives(mp)["Be known"]
    assert (found["horizon"], found["start"], found["end"]) == ("quarter", "2026-03-04", "2026-06-04")
    results = {one["name"]: (one["value"], one["target"], one["share"]) for one in found["key_results"]}
    assert results == {"interviews": ("13", "20", "0.65"), "case studies": (None, "2", None)}


def test_a_key_result_without_a_number_is_warned_of(mp):
    said = mp("objective", "Be known", "--result", "talks", "--json")
    assert [warn["code"] for warn in said.json["warnings"]] == ["key_result_without_number"]
    mp("metric", "define", "articles", "--target", "3")
    assert mp("objective", "Write more", "--result", "articles", "--json").json["warnings"] == []


@pytest.mark.parametrize("own", ["--own", "--unit=money"])
def test_a_key_result_whose_values_stay_here_is_shown_here(mp, own):
    mp("metric", "define", "savings", own, "--target", "200")
    mp("metric", "savings", "50")
    mp("objective", "Afford a course", "--result", "savings")
    (result,) = objectives(mp)["Afford a course"]["key_results"]
    assert (result["value"], result["share"]) == ("50", "0.25")


def test_a_number_that_should_fall_is_reached_from_above(mp):
    mp("metric", "define", "bounce rate", "--unit", "percent", "--better", "down", "--baseline", "50", "--target", "40")
    mp("objective", "Keep visitors", "--result", "bounce rate")
    mp("metric", "bounce rate", "48%", "--absolute")
    (result,) = objectives(mp)["Keep visitors"]["key_results"]
    assert result["share"] == "0.2"


def test_goals_serve_an_objective_directly_and_through_milestones_and_their_children(mp):
    mp("objective", "Move to product", "--horizon", "half")
    mp("milestone", "start", "portfolio", "Three cases", "--for", "6w", "--objective", "move")
    mp("milestone", "start", "micro_project", "Blueprint", "--for", "10d", "--in", "three")
    for name, of in (("Mail 2 people", "move"), ("Draft 1 page", "blueprint")):
        mp("goal", name, "--due", "fri", "--test", "t", "--of", of)
    mp("done", "mail")
    found = objectives(mp)["Move to product"]
    # What is inside counts under it: one milestone, however many small projects it holds.
    assert (len(found["milestones"]), len(found["children"])) == (1, 1)
    assert (found["goals_done"], found["goals_open"]) == (1, 1)
    serves = mp("show", "draft 1", "--json").data["derived"]["serves"]
    assert [one["name"] for one in serves] == ["Blueprint", "Three cases", "Move to product"]


def test_closing_an_objective_keeps_what_it_says_and_undo_opens_it_again(mp):
    mp("objective", "Move to product", "--horizon", "half", "--result", "interviews=20")
    before = objectives(mp)["Move to product"]
    assert "objective closed" in mp("objective", "close", "move").out
    assert "nothing was written" in mp("objective", "close", "move").out
    assert objectives(mp) == {}
    assert objectives(mp, "--all")["Move to product"] == {**before, "status": "closed"}
    mp("undo")
    assert objectives(mp)["Move to product"] == before


def test_a_status_names_open_objectives(mp):
    mp("objective", "Move to product", "--horizon", "half")
    mp("objective", "Be known")
    mp("objective", "close", "be known")
    said = mp("status")
    assert "Move to product" in said.out
    assert "Be known" not in said.out
    assert [one["name"] for one in mp("status", "--json").data["objectives"]].count("Be known") == 1


def test_an_objective_may_be_called_close(mp):
    assert mp("objective", "--text", "close").code == 0
    assert list(objectives(mp)) == ["close"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("objective", "Sleep", "--horizon", "week"), 2),
        (("objective", "Sleep", "--end", "2026-01-01"), 5),
        (("objective", "Sleep", "--result", "hours=many"), 2),
        (("objective", "Sleep", "--result", "known=3"), 2),
        (("objective", "close", "nothing"), 3),
    ],
)
def test_an_objective_that_cannot_be_is_refused_and_nothing_is_written(mp, line, code):
    mp("metric", "define", "known")
    before = mp("log", "--json").data
    assert mp(*line, "--json").code == code
    assert mp("log", "--json").data == before


@pytest.mark.parametrize("width", ["60", "80", "200"])
def test_objectives_fit_their_terminal(mp, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    mp("objective", "Move to product", "--result", "interviews with people who do this work every day=20")
    mp("metric", "interviews", "13")
    said = mp("objective", "list").out
    assert "13 of 20" in said or width == "60"
    assert max(map(len, said.splitlines())) <= int(width)


def test_wins_add_up_and_one_taken_back_is_gone(mp):
    mp("milestone", "start", "project", "Redesign", "--for", "8w")
    mp("win", "Pilot approved", "-d", "2026-02-02")
    mp("win", "Case study out", "--of", "redesign")
    mp("win", "Typed twice")
    mp("undo")
    listed = mp("win", "list", "--json").data
    assert [(win["number"], win["text"], win["of"]) for win in listed["wins"]] == [
        (2, "Case study out", ["Redesign"]),
        (1, "Pilot approved", []),
    ]
    recent = mp("win", "list", "--since", "2w", "--json").data
    assert (recent["total"], len(recent["wins"])) == (2, 1)


def test_reviews_are_read_back_in_the_words_they_were_held_in(mp):
    mp("review", "--worked", "mornings", "--adjust", "too big", "--lesson", "smaller", "--next", "Draft 1 page")
    (held,) = mp("review", "list", "--json").data["reviews"]
    assert (held["week"], held["worked"], held["adjust"], held["lesson"]) == (
        "2026-W10",
        ["mornings"],
        ["too big"],
        "smaller",
    )
    assert held["next_goal"]["name"] == "Draft 1 page"
    assert "mornings" in mp("review", "list").out


def test_capacity_lists_what_holds_and_what_follows(mp):
    mp("capacity", "mon-fri", "90m", "--from", "2026-01-05")
    mp("capacity", "weekend", "0", "--from", "2026-01-05")
    mp("capacity", "all", "0", "--from", "2026-03-09", "--for", "1w")
    spans = mp("capacity", "list", "--json").data["spans"]
    assert [(span["from"], span["minutes"]["mon"], span["minutes"]["sun"]) for span in spans] == [
        ("2026-01-05", 90, 0),
        ("2026-03-09", 0, 0),
        ("2026-03-16", 90, 0),
    ]
    assert "pause" in mp("capacity", "list").out
