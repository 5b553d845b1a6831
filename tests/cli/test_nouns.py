"""Looking, correcting, milestones, settings, help: what the nouns answer."""

import re

import pytest


def plan(mp, *more):
    return mp(
        "milestone", "start", "project", "Redesign", "--for", "6w", "--measure", "live", "--output", "page", *more
    )


def the(mp, kind="milestone"):
    (one,) = mp(kind, "list", "--all", "--json").data[f"{kind}s"]
    return one


def test_bare_mp_shows_today_and_an_empty_home_says_how_to_begin(mp, home):
    assert "begin with" in mp().out
    assert mp("--json").data == {"today": "2026-03-04", "empty": True}
    assert not home.exists()


def test_today_shows_learning_and_visible_goals_first_and_what_is_due(mp):
    mp("goal", "Write 3 tests", "--due", "thu", "--test", "t")
    mp("goal", "Read 1 paper", "--due", "fri", "--test", "t", "--learning")
    plan(mp, "--start", "2026-02-02")
    today = mp("--json").data
    assert [goal["name"] for goal in today["goals"]] == ["Read 1 paper", "Write 3 tests"]
    assert today["milestones"] == []
    mp("milestone", "block", "redesign", "--class", "access", "--remedy", "mentor")
    assert [one["name"] for one in mp("--json").data["milestones"]] == ["Redesign"]


def test_a_milestone_goes_through_its_life(mp):
    assert "milestone planned" in mp("milestone", "plan", "credential", "CSPO", "--for", "13w", "--buffer", "1w").out
    assert the(mp)["status"] == "planned"
    for line, status in (
        (("start", "cspo"), "started"),
        (("block", "cspo", "--class", "time", "--remedy", "method"), "blocked"),
        (("resume", "cspo"), "started"),
        (("stop", "cspo", "--reason", "priority"), "stopped"),
        (("resume", "cspo"), "started"),
        (("complete", "cspo", "--measure", "partly"), "completed"),
    ):
        assert mp("milestone", *line).code == 0, line
        assert the(mp)["status"] == status, line
    assert the(mp)["measure_met"] == "partly"


def test_a_milestone_that_is_moved_keeps_its_first_due_date(mp):
    plan(mp)
    mp("milestone", "move", "redesign", "--due", "2026-05-01", "--reason", "time")
    one = the(mp)
    assert (one["first_due"], one["due_on"], one["moves"][0]["reason"]) == ("2026-04-15", "2026-05-01", "time")


def test_an_output_is_ticked_by_its_name_and_another_name_is_refused(mp):
    plan(mp)
    refused = mp("milestone", "complete", "redesign", "--measure", "yes", "--tick", "talk")
    assert refused.code == 2
    assert "page" in refused.err
    assert mp("milestone", "complete", "redesign", "--measure", "yes", "--tick", "page").code == 0
    assert (the(mp)["outputs_done"], the(mp)["outputs_named"]) == (1, 1)


def test_undo_takes_back_the_last_command_whole_and_undoing_it_restores(mp):
    mp("rate", "sql", "3", "--target", "5", "--by", "6w")
    assert mp("undo").code == 0
    assert mp("rate", "list", "--json").data["skills"] == []
    assert mp("undo").code == 0
    (skill,) = mp("rate", "list", "--json").data["skills"]
    assert (skill["name"], skill["target"]["target"]) == ("sql", 5)


def test_undoing_an_undo_says_what_stands_again_and_undoing_that_what_does_not(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "Sam reviews 3")
    mp("done", "draft")
    said = [mp("undo").out for _ in range(3)]
    assert [answer.split()[1] for answer in said] == ["taken", "restored", "taken"]
    assert all("Draft 3 stories" in answer and "goal.closed done" in answer for answer in said)


def test_a_thing_that_is_brought_back_is_said_by_its_name(mp):
    mp("contact", "add", "Dana R.")
    mp("undo")
    assert mp("undo").out.splitlines()[0].endswith(" Dana R.")


def test_undo_by_id_takes_back_that_entry_alone(mp):
    mp("spend", "15m")
    first = mp("log", "--json").data["entries"][0]
    mp("spend", "30m")
    assert mp("undo", first["short_id"]).code == 0
    assert mp("status", "--json").data["minutes"] == 30
    assert [one["taken_back"] for one in mp("log", "--type", "time", "--json").data["entries"]] == [False, True]


def test_a_name_that_was_taken_back_can_be_given_again(mp):
    mp("metric", "define", "views", "--unit", "count")
    mp("undo")
    assert "new metric" in mp("metric", "views", "12").out


def test_edit_changes_one_field_of_a_thing_and_keeps_the_rest(mp):
    mp("goal", "Draft 3 stories", "--due", "fri", "--test", "Sam reviews 3", "--estimate", "1h", "--visible")
    assert mp("edit", "draft", "--due", "mon", "--text", "Draft 2 stories").code == 0
    goal = the(mp, "goal")
    assert (goal["name"], goal["due_on"], goal["first_due"]) == ("Draft 2 stories", "2026-03-09", "2026-03-06")
    assert (goal["estimate_minutes"], goal["visible"], goal["has_test"]) == (60, True, True)
    mp("edit", "draft", "--test", "")
    assert the(mp, "goal")["has_test"] is False


def test_edit_takes_a_thing_by_its_name_and_an_unknown_one_is_named(mp):
    plan(mp)
    mp("rate", "sql", "3")
    mp("milestone", "plan", "portfolio", "Three projects", "--for", "12w")
    assert mp("edit", "redesign", "--parent", "three", "--skill", "sql").code == 0
    found = {one["name"]: one for one in mp("milestone", "list", "--json").data["milestones"]}
    assert found["Redesign"]["parent"] == found["Three projects"]["id"]
    assert found["Redesign"]["skill"] == mp("skill", "list", "--json").data["skills"][0]["id"]
    said = mp("edit", "redesign", "--parent", "nobody")
    assert (said.code, "no milestone is called 'nobody'" in said.err) == (3, True)


def test_what_is_called_nothing_is_said_by_the_name_that_was_typed(mp):
    plan(mp)
    for line in (("show", "outer"), ("edit", "outer", "--due", "fri"), ("undo", "outer")):
        said = mp(*line)
        assert (said.code, "nothing is called 'outer'" in said.err) == (3, True), said.err


def test_milestones_stand_under_each_other_to_any_depth_and_a_circle_loses_none(mp):
    for name, inside in (("Outer", ()), ("Middle", ("--in", "outer")), ("Inner", ("--in", "middle"))):
        mp("milestone", "plan", "portfolio", name, "--for", "6w", *inside)
    names = [line.split()[1:3] for line in mp("milestone", "list").out.splitlines()[1:]]
    assert names == [["Outer", "portfolio"], ["└", "Middle"], ["└", "Inner"]]
    mp("edit", "outer", "--parent", "inner")
    found = mp("milestone", "list", "--json").data["milestones"]
    assert sorted(one["name"] for one in found) == ["Inner", "Middle", "Outer"]


def test_edit_of_an_entry_replaces_it(mp):
    mp("spend", "15m")
    entry = mp("log", "--json").data["entries"][0]
    assert mp("edit", entry["short_id"], "--minutes", "45m", "--on", "yesterday").code == 0
    (standing,) = [one for one in mp("log", "--type", "time", "--json").data["entries"] if not one["taken_back"]]
    assert (standing["values"]["minutes"], standing["values"]["replaces"], standing["on"]) == (
        45,
        entry["id"],
        "2026-03-03",
    )


def test_a_field_that_is_not_there_is_refused_with_those_that_are(mp):
    mp("goal", "Draft 3 stories")
    refused = mp("edit", "draft", "--colour", "red", "--json")
    assert refused.code == 2
    assert "--due" in refused.json["error"]["remedy"]


def test_show_knows_things_by_name_and_id_and_entries_by_id(mp):
    plan(mp, "--hours", "8")
    mp("spend", "2h", "redesign")
    card = mp("show", "redesign", "--json").data
    assert (card["name"], card["derived"]["hours_planned"], card["derived"]["outputs_done"]) == ("Redesign", 48, 0)
    assert card == mp("show", card["short_id"], "--json").data
    entry = mp("log", "--json").data["entries"][0]
    assert mp("show", entry["id"], "--json").data["values"]["minutes"] == 120
    text = mp("show", "redesign").out
    assert "48 h in all; planned, not spent" in text
    assert "2 h of 48 h planned (4 %)" in text


def test_an_entry_is_said_with_the_names_of_what_it_names(mp):
    mp("review", "--worked", "mornings", "--next", "Draft 1 story", "--due", "fri", "--test", "Sam reviews it")
    mp("metric", "users", "+12%", "--relative")
    mp("evidence", "impact", "--action", "a", "--context", "c", "--result", "r", "--reading", "users")
    said = {one["type"]: one["says"] for one in mp("log", "--json").data["entries"]}
    assert "next goal Draft 1 story" in said["review.held"]
    assert "readings 1" in said["impact.stated"]


def test_a_list_of_milestones_says_which_measure_was_not_met_and_names_stay_readable_when_it_is_narrow(mp, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for title, met in (("Meet the people who do it", "yes"), ("Say it in numbers", "partly"), ("CSPO", "no")):
        mp("milestone", "start", "networking", title, "--for", "6w", "--measure", "it is so")
        mp("milestone", "complete", title, "--measure", met)
    shown = mp("milestone", "list", "--all").out
    assert "Meet the people" in shown
    states = sorted(line.split("  ")[-1].strip() for line in shown.splitlines()[1:] if not line.startswith(" "))
    assert states == ["completed", "completed, not met", "completed, partly"]
    assert max(map(len, shown.splitlines())) <= 60


def test_the_card_of_a_milestone_says_what_success_is(mp):
    mp("milestone", "plan", "stretch", "Redesign", "--for", "8w", "--measure", "engagement up")
    assert mp("show", "redesign", "--json").data["derived"]["measure"] == "engagement up"
    assert "engagement up" in mp("show", "redesign").out


def test_history_shows_what_was_taken_back(mp):
    mp("goal", "Draft 3 stories")
    mp("done", "draft")
    mp("undo")
    assert "taken back" not in mp("show", "draft").out
    assert "taken back" in mp("show", "draft", "--history").out


def test_status_as_of_leaves_out_what_happened_later(mp):
    mp("rate", "sql", "2", "--on", "2026-02-02")
    mp("rate", "sql", "4", "--on", "2026-03-02")
    (then,) = mp("status", "--as-of", "2026-02-20", "--json").data["skills"]
    (now,) = mp("status", "--json").data["skills"]
    assert [len(one["ratings"]) for one in (then, now)] == [1, 2]


def test_log_is_chosen_by_day_and_type(mp):
    mp("touch", "Dana", "outreach", "--on", "2026-02-02")
    mp("touch", "Dana", "interview", "15m")
    mp("win", "A reply")
    assert len(mp("log", "--json").data["entries"]) == 4
    since = mp("log", "--since", "2w", "--type", "touchpoint", "--json").data["entries"]
    assert [one["values"]["kind"] for one in since] == ["interview"]
    assert [one["type"] for one in mp("log", "--type", "win", "--json").data["entries"]] == ["win.celebrated"]
    assert mp("touch", "list", "--plain").out.count("\n") == 2


def test_thanks_are_due_two_days_after_an_interview(mp):
    mp("touch", "Dana R.", "interview", "15m", "--on", "2026-03-02")
    (nudge,) = [one for one in mp("status", "--due", "--json").data["nudges"] if one["code"] == "thanks_due"]
    assert "Dana R." in nudge["message"]
    assert mp(*nudge["command"].split()[1:]).code == 0
    assert not [one for one in mp("status", "--due", "--json").data["nudges"] if one["code"] == "thanks_due"]


def test_init_makes_a_log_once(mp, home):
    assert mp("init", "--json").data == {"path": str(home / "log.db"), "made": True}
    assert mp("init", "--json").data["made"] is False
    assert mp("log").out.startswith("no entry is here yet: mp goal")


def test_verify_is_clean_after_ordinary_use_and_its_usage_code_is_its_own(mp):
    plan(mp)
    mp("undo")
    verdict = mp("verify", "--deep", "--json")
    assert (verdict.code, verdict.data["clean"], verdict.data["codes"]) == (0, True, [])
    assert mp("verify", "--no-such-flag").code == 64


def test_verify_finds_a_byte_that_was_changed(mp, home):
    mp("win", "A reply")
    raw = (home / "log.db").read_bytes()
    (home / "log.db").write_bytes(raw.replace(b"A reply", b"B reply"))
    verdict = mp("verify", "--json")
    assert (verdict.code, verdict.data["codes"]) == (2, ["CORRUPT"])


def test_doctor_is_strict_only_when_asked(mp):
    mp("win", "A reply")
    assert mp("doctor", "--json").code == 0
    assert mp("doctor", "--strict").code == (7 if mp("doctor", "--json").data["findings"] else 0)


def test_devices_and_keys_of_a_log_that_nobody_joined(mp):
    mp("win", "A reply")
    (device,) = mp("device", "list", "--json").data["devices"]
    assert (device["this"], device["entries"], device["unsent"]) == (True, 3, 3)
    assert mp("device", "rename", device["name"], "work laptop").code == 0
    assert mp("device", "list", "--json").data["devices"][0]["name"] == "work laptop"
    keys = mp("key", "status", "--json").data
    assert (keys["words_saved"], [key["is_sealing"] for key in keys["keys"]]) == (False, [True])


@pytest.mark.parametrize(
    "line", [("pod",), ("sync",), ("share", "grant", "progress", "--to", "pod"), ("share", "withdraw", "--to", "pod")]
)
def test_what_needs_a_server_says_that_it_does(mp, line):
    mp("win", "A reply")
    refused = mp(*line, "--json")
    assert refused.code == 4
    assert "join" in refused.json["error"]["remedy"]


def test_nobody_sees_anything_by_default(mp):
    mp("win", "A reply")
    assert mp("share", "show", "--json").data["grants"] == []
    assert "pod sees nothing" in mp("share", "show", "--as", "pod").out


def test_settings_are_set_shown_with_their_origin_and_unset(mp, home):
    mp("config", "set", "color", "never")
    path = str(home / "config.toml")
    assert mp("config", "get", "color", "--json").data["settings"] == [
        {"name": "color", "value": "never", "origin": path}
    ]
    assert "MILEPOST_COLOR" in mp("config", "list", "--origin", MILEPOST_COLOR="always").out
    mp("config", "unset", "color")
    assert mp("config", "get", "color").out == "auto\n"
    assert mp("config", "path").out == path + "\n"


@pytest.mark.parametrize("topic", ["dates", "ids", "privacy", "exit-codes", "events"])
def test_every_topic_is_explained_within_the_width_of_a_terminal(mp, topic):
    assert mp("help", topic, "--json").data["text"]
    if topic != "events":
        assert max(map(len, mp("help", topic).out.splitlines())) <= 120


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_a_script_that_asks_the_program(mp, shell):
    assert "milepost _complete" in mp("completion", shell).out


@pytest.mark.parametrize("columns", ["60", "200"])
def test_no_line_of_a_table_is_wider_than_the_terminal(mp, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    mp("goal", "A goal with a name that is far longer than any sixty columns could ever hold at once", "--due", "fri")
    plan(mp)
    for line in ((), ("status",), ("log",), ("goal", "list"), ("milestone", "list"), ("show", "redesign")):
        said = mp(*line)
        assert all(len(re.sub("\x1b.*?m", "", text)) <= int(columns) for text in said.out.splitlines() if "  " in text)


def test_what_was_taken_back_is_named_as_the_log_names_it(mp):
    mp("goal", "Draft 3 stories")
    mp("done", "draft")
    mp("undo")
    retracted, closed, _ = mp("log", "--json").data["entries"]
    assert (retracted["type"], closed["type"]) == ("entry.retracted", "goal.closed")
    assert retracted["says"].startswith(f"target {closed['short_id']}")
    assert retracted["values"]["target"] == closed["id"]
