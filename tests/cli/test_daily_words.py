"""The daily words: what they record, what they say, what they refuse."""

import json

import pytest


def entries(mp, *line):
    """The entries in the log, the oldest first: type and values."""
    found = mp("log", "--limit", "1000", "--json", *line).data["entries"]
    return [(one["type"], {k: v for k, v in one["values"].items() if k != "with"}) for one in reversed(found)]


def test_the_first_entry_makes_the_log_and_says_what_it_did(mp, home):
    said = mp("goal", "Draft 3 user stories", "--due", "fri", "--test", "Sam reviews 3")
    assert said.code == 0
    assert "goal set" in said.out
    assert "Draft 3 user stories" in said.out
    assert "Fri 2026-03-06" in said.out
    assert "to sync" in said.out
    assert "undo: mp undo" in said.err
    assert (home / "log.db").exists()


def test_a_goal_holds_everything_that_was_typed(mp):
    mp("milestone", "start", "credential", "CSPO", "--for", "13w", "--buffer", "3d", "--measure", "certified")
    mp(
        "goal",
        "Draft 3 stories",
        "--due",
        "fri",
        "--test",
        "t",
        "--of",
        "cspo",
        "--estimate",
        "1h30",
        "--visible",
        "-d",
        "mon",
    )
    (milestone,) = mp("milestone", "list", "--json").data["milestones"]
    # Lists are in the order of the days, and the goal was set on Monday.
    type_, values = entries(mp)[0]
    assert type_ == "goal.set"
    goal = values.pop("goal")
    assert len(goal) == 16
    assert values == {
        "ref": [milestone["id"]],
        "due": "2026-03-06",
        "estimate_minutes": 90,
        "learning": False,
        "visible": True,
        "has_test": True,
        "text": "Draft 3 stories",
        "test": "t",
    }
    assert mp("log", "--json").data["entries"][-1]["on"] == "2026-03-02"


def test_a_goal_is_closed_by_the_beginning_of_its_name_or_its_id(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    short = mp("goal", "Mail 2 people", "--due", "fri", "--test", "t", "--json").data["subject"]["short_id"]
    assert mp("done", "draft").code == 0
    assert mp("done", short, "--missed").code == 0
    goals = mp("goal", "list", "--all", "--json").data["goals"]
    assert {goal["name"]: goal["result"] for goal in goals} == {"Draft 3 stories": "done", "Mail 2 people": "missed"}


def test_closing_again_alike_writes_nothing_and_otherwise_is_refused(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "t")
    mp("done", "draft")
    before = entries(mp)
    assert "nothing was written" in mp("done", "draft").out
    refused = mp("done", "draft", "--missed", "--json")
    assert refused.code == 5
    assert refused.json["error"]["code"] == "already_closed"
    assert entries(mp) == before


def test_a_skill_is_named_rated_targeted_and_enjoyed_in_one_line(mp):
    mp(
        "rate",
        "sprint planning",
        "2",
        "--target",
        "4",
        "--by",
        "6w",
        "--method",
        "course",
        "--enjoy",
        "5",
        "--stance",
        "lean-in",
    )
    assert [type_ for type_, _ in entries(mp)] == ["skill.named", "skill.rated", "skill.targeted", "skill.enjoyed"]
    (skill,) = mp("rate", "list", "--json").data["skills"]
    assert (skill["name"], skill["target"]["by"], skill["ratings"][0]["rating"]) == ("sprint planning", "2026-04-15", 2)


def test_a_near_miss_stops_with_the_name_that_was_meant_unless_new_is_said(mp):
    mp("touch", "Dana R.", "outreach")
    near = mp("touch", "Dana T.", "outreach", "--json")
    assert near.code == 3
    assert "Dana R." in near.json["error"]["remedy"]
    assert mp("touch", "Dana T.", "outreach", "--new").code == 0
    both = mp("touch", "dana", "thanks", "--json")
    assert both.code == 3
    assert both.json["error"]["code"] == "ambiguous"
    assert mp("touch", "dana t", "thanks").code == 0


@pytest.mark.parametrize(
    ("typed", "value", "kind", "unit", "basis"),
    [
        ("+12%", "12", "change", "percent", "unknown"),
        ("-8%", "-8", "change", "percent", "unknown"),
        ("-15m", "-15", "change", "minutes", "absolute"),
        ("1,200", "1200", "level", "count", "absolute"),
        ("0.50", "0.50", "level", "count", "absolute"),
        ("007", "7", "level", "count", "absolute"),
    ],
)
def test_a_new_metric_is_defined_by_what_its_first_reading_looks_like(mp, typed, value, kind, unit, basis):
    assert mp("metric", "some figure", typed).code == 0
    (defined, first), (recorded, second) = entries(mp)
    assert (defined, first["kind"], first["unit"], first["better"]) == ("metric.defined", kind, unit, "up")
    assert (recorded, second["value"], second["basis"]) == ("metric.recorded", value, basis)


def test_the_value_of_ones_own_metric_stays_private(mp, home):
    mp("metric", "savings", "5000", "--unit", "money")
    assert "value" not in entries(mp)[-1][1]
    assert entries(mp)[-1][1]["private_value"] == "5000"


def test_what_only_the_member_reads_has_no_facts(mp):
    mp("win", "Pilot approved")
    mp("note", "--prompt", "problems", "people give up")
    assert entries(mp) == [
        ("win.celebrated", {"text": "Pilot approved"}),
        ("reflection.written", {"prompt": "problems", "text": "people give up"}),
    ]


def test_after_a_daily_word_a_lone_verb_is_a_verb_and_a_flag_logs_the_word(mp):
    assert mp("win", "list").out.startswith("no win is kept yet")
    mp("win", "--text", "list")
    assert entries(mp) == [("win.celebrated", {"text": "list"})]
    assert mp("win", "define").code == 2


@pytest.mark.parametrize(
    ("line", "code", "error"),
    [
        (("rate", "sql", "7"), 5, "rating_range"),
        (("rate", "sql", "many"), 2, "number"),
        (("rate", "sql"), 2, None),
        (("rate", "sql", "3", "--by", "6w"), 2, None),
        (("spend", "0m"), 5, "minutes_range"),
        (("spend", "25h"), 5, "minutes_range"),
        (("spend", "soon"), 2, "duration"),
        (("spend", "15m", "nothing"), 3, "not_found"),
        (("goal", ""), 5, "text_text"),
        (("goal", "x", "--due", "someday"), 2, "date"),
        (("goal", "x", "--on", "2026-03-06"), 5, "dated_after_tomorrow"),
        (("goal", "x", "--of", "zzz"), 3, "not_found"),
        (("goal", "a\x07b"), 5, "text_text"),
        (("goal", "x", "y"), 2, "extra"),
        (("goal", "x", "--repeat", "hourly"), 2, "choice"),
        (("done", "zzz"), 3, "not_found"),
        (("done",), 2, "missing"),
        (("touch", "dana", "lunch"), 2, "choice"),
        (("touch", "dana", "interview", "--asked", "-1"), 5, "questions_range"),
        (("metric", "x", "lots"), 2, "number"),
        (("metric", "x", "1", "--relative", "--points"), 2, None),
        (("feedback", "nobody", "x"), 2, "choice"),
        (("win", "x", "--share", "pod"), 4, "pairing_needed"),
        (("note", "x" * 40_000), 5, "text_text"),
        (("milestone", "start", "credential", "X", "--due", "2026-03-01"), 5, "end_before_start"),
        (("milestone", "start", "credential", "X"), 2, "missing"),
        (("milestone", "plan", "nonsense", "X", "--for", "6w"), 2, "choice"),
        (("milestone", "block", "zzz"), 3, "not_found"),
        (("goal", "x", "--no-such-flag"), 2, "usage"),
        (("goall", "x"), 2, "unknown_command"),
        (("frobnicate",), 2, "unknown_command"),
        (("undo",), 3, "nothing_to_undo"),
        (("undo", "zzz"), 3, "not_found"),
        (("edit", "zzz", "--due", "fri"), 3, "not_found"),
        (("show", "zzz"), 3, "not_found"),
        (("sync",), 3, "no_log"),
        (("config", "set", "colour", "never"), 3, "not_found"),
        (("config", "set", "color", "pink"), 2, "usage"),
        (("completion", "tcsh"), 2, "choice"),
    ],
)
def test_every_refusal_is_one_sentence_with_its_exit_code_and_writes_nothing(mp, home, line, code, error):
    said = mp(*line, "--json", "--no-input")
    assert said.code == code, said
    assert said.json["data"] is None
    assert said.json["error"]["message"]
    assert error is None or said.json["error"]["code"] == error
    assert not (home / "log.db").exists()
    plain = mp(*line, "--no-input")
    assert (plain.code, plain.out) == (code, "")
    assert len(plain.err.strip().splitlines()) == 1
    assert "Traceback" not in plain.err


def test_a_warning_is_said_and_the_entry_is_written(mp):
    said = mp("goal", "get better at SQL", "--json")
    assert said.code == 0
    assert [one["code"] for one in said.json["warnings"]] == [
        "goal_not_specific",
        "goal_not_time_bound",
        "goal_not_testable",
    ]
    assert len(entries(mp)) == 1


def test_a_repeating_goal_is_closed_for_the_week_that_it_was_done_in(mp):
    mp("goal", "Read one case", "--repeat", "weekly", "--test", "a note")
    mp("done", "read", "--on", "2026-02-27")
    mp("done", "read", "--missed")
    (goal,) = mp("goal", "list", "--json").data["goals"]
    assert goal["periods"] == [
        {"first_day": "2026-02-23", "result": "done"},
        {"first_day": "2026-03-02", "result": "missed"},
    ]


def test_an_alias_stands_for_what_the_member_said_and_never_for_a_command(mp):
    mp("config", "set", "alias.w", "win --of cspo")
    mp("config", "set", "alias.goal", "win")
    assert mp("w", "x").code == 3
    mp("config", "set", "alias.w", "win")
    assert mp("w", "x").code == 0
    assert mp("goal", "x").code == 0
    assert [type_ for type_, _ in entries(mp)] == ["win.celebrated", "goal.set"]


def test_an_alias_that_leads_back_to_itself_is_refused(mp):
    mp("config", "set", "alias.a", "b")
    mp("config", "set", "alias.b", "a")
    assert mp("a", "--json").json["error"]["code"] == "alias"


def test_plain_is_a_record_a_line_and_quiet_has_no_talk(mp):
    said = mp("goal", "Draft 3", "--due", "fri", "--test", "t", "--plain", "-q")
    assert said.err == ""
    type_, id_, on, goal = said.out.rstrip("\n").split("\t")
    assert (type_, len(id_), on, len(goal)) == ("goal.set", 26, "2026-03-04", 16)


def test_nothing_is_coloured_where_nobody_looks(mp):
    assert "\x1b" not in mp("goal", "Draft 3").out


def test_json_is_one_object_with_whole_ids(mp):
    said = mp("goal", "Draft 3", "--json")
    document = json.loads(said.out)
    assert set(document) == {"schema", "data", "warnings", "error"}
    assert document["schema"] == "milepost.entry/1"
    assert len(document["data"]["subject"]["id"]) == 16
    assert document["data"]["unsent"] == 3


def test_of_several_goals_that_fit_done_means_the_one_that_is_open(mp):
    for part in (1, 2):
        mp("goal", f"Sketch one chart, part {part}", "--due", "fri", "--test", "somebody saw it")
        if part == 1:
            assert mp("done", "sketch").code == 0
    assert mp("done", "sketch").code == 0
    assert [goal["result"] for goal in mp("goal", "list", "--all", "--json").data["goals"]] == ["done", "done"]


def test_of_several_open_goals_that_fit_none_is_guessed(mp):
    for part in (1, 2):
        mp("goal", f"Sketch one chart, part {part}", "--due", "fri", "--test", "somebody saw it")
    refused = mp("done", "sketch")
    assert refused.code == 3
    assert "part 1" in refused.err
    assert "part 2" in refused.err


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        (("goal", "Draft", "3", "stories"), 'put texts of several words in quotes: mp goal "Draft 3 stories"'),
        (("goal", "Draft", "stories", "by", "fri"), 'did you mean: mp goal "Draft stories" --due fri'),
        (("goal", 'say "hi"', "twice"), "put texts of several words in quotes: mp goal 'say \"hi\" twice'"),
        (("note", "by", "fri"), 'put texts of several words in quotes: mp note "by fri"'),
        (("rate", "sprint", "planning", "3"), 'put texts of several words in quotes: mp rate "sprint planning" 3'),
        (("spend", "45m", "draft", "3"), 'put texts of several words in quotes: mp spend 45m "draft 3"'),
        (("spend", "45", "minutes", "draft"), "did you mean: mp spend 45m draft"),
        (("review", "x"), "see: mp review --help"),
        (("touch", "dana", "lunch"), "try: other"),
        (("feedback", "boss", "well done"), "try: other"),
    ],
)
def test_a_line_that_does_not_parse_is_answered_with_one_that_does(mp, line, remedy):
    assert mp(*line, "--json", "--no-input").json["error"]["remedy"].startswith(remedy)


def test_done_alone_names_what_is_open(mp):
    assert "nothing is open; set a goal" in mp("done", "--no-input").err
    mp("goal", "Draft 3 stories")
    mp("goal", "Read a case")
    mp("done", "read")
    said = mp("done", "--no-input")
    assert said.code == 2
    assert "open: Draft 3 stories (" in said.err
    assert "Read a case" not in said.err


def test_the_first_entry_says_where_the_log_is_and_no_other_does(mp, home):
    assert f"this began your log: {home / 'log.db'}" in mp("win", "Pilot approved").err
    assert "began" not in mp("win", "Another").err


def test_an_answer_repeats_the_beginning_of_a_long_text(mp):
    said = mp("goal", "x" * 1500)
    assert "x" * 199 + "…" in said.out
    assert "x" * 200 not in said.out
    assert entries(mp)[0][1]["text"] == "x" * 1500


@pytest.mark.parametrize("line", [("goal", "Draft 3 stories\r"), ("goal", "Draft 3 stories", "--due", "fri\r")])
def test_a_line_that_a_windows_script_ends_is_the_same_line(mp, line):
    assert mp(*line).code == 0
    assert entries(mp)[0][1]["text"] == "Draft 3 stories"


def test_a_blank_text_is_refused_so_that_the_blank_is_seen(mp):
    assert "text '' is empty" in mp("goal", "").err
    assert "text '  ' is empty" in mp("goal", "  ").err
