"""Finding one's way: focus, values, roles, skills, positions, notes; the texts' own cases are typed and read back."""

import sqlite3

import pytest

from milepost_client.render.columns import width


@pytest.fixture
def roles(mp):
    """Three roles on three factors, as the marketer drew them up: one factor scored for one role only."""
    for title in ("Product Owner", "Product Manager", "Product Lead"):
        for factor in ("decision authority", "cross-functional exposure", "salary range"):
            assert mp("role", "score", title, factor).code == 0
    return mp


def compared(mp):
    data = mp("role", "compare", "--json").data
    return {role["name"]: role for role in data["roles"]}, data["factors"]


def test_roles_without_scores_have_totals_that_are_incomplete(roles):
    by_name, factors = compared(roles)
    assert set(by_name) == {"Product Owner", "Product Manager", "Product Lead"}
    assert {factor["factor"] for factor in factors} == {
        "decision authority",
        "cross-functional exposure",
        "salary range",
    }
    assert all(score["score"] is None for factor in factors for score in factor["scores"])
    totals = [(role["total"]["total"], role["total"]["is_complete"]) for role in by_name.values()]
    assert totals == [(None, False)] * 3
    shown = roles("role", "compare").out
    assert shown.count("incomplete") == 3
    assert "no total yet" in shown


def test_a_role_says_how_much_of_it_would_be_a_joy(mp):
    mp("role", "brief", "Growth PM", "--asks", "research", "--asks", "writing", "--asks", "meetings")
    assert "a joy" not in mp("role", "show", "growth").out
    mp("rate", "research", "3", "--enjoy", "5")
    mp("rate", "meetings", "4", "--enjoy", "2", "--avoid")
    shown = " ".join(mp("role", "show", "growth").out.split())
    assert "research, enjoyed 5" in shown
    assert "meetings, enjoyed 2, avoided" in shown
    assert "a joy 1 of 3 skills, 1 avoided" in shown
    known = mp("role", "show", "growth", "--json").data["derived"]["competencies"]
    assert {one["name"]: (one["enjoyment"], one["avoided"]) for one in known} == {
        "research": (5, False),
        "writing": (None, False),
        "meetings": (2, True),
    }


def test_many_roles_stand_under_each_other_factor_by_factor_and_none_is_cut(mp, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    titles = ["Product Owner", "Group Product Manager", "Head of Product Operations", "Product Lead", "面接する人"]
    for number, title in enumerate(titles, 1):
        mp("role", "score", title, "decision authority", str(number), "--new")
        mp("role", "score", title, "salary range", str(number), "--raw", f"{number}0k", "--new")
    lines = mp("role", "compare").out.splitlines()
    assert lines[0] == "decision authority  x1"
    assert all(sum(line.strip().startswith(title) for line in lines) == 4 for title in titles)
    bars = {line.index("█") for line in lines[1:6] if line.isascii() is False and "面" not in line}
    assert len(bars) == 1
    assert "30k" in next(line for line in lines if "3 ███··" in line and "30k" in line)
    assert all(width(line) <= 60 for line in lines)


def test_a_total_is_weighted_alike_for_every_role_and_a_gap_stays_a_gap(roles):
    roles("role", "score", "Product Manager", "decision authority", "4", "--weight", "2")
    roles("role", "score", "Product Manager", "cross-functional exposure", "5")
    roles("role", "score", "product lead", "Decision Authority", "5")
    by_name, _ = compared(roles)
    assert by_name["Product Manager"]["total"]["total"] is None
    roles("role", "score", "Product Manager", "salary range", "3", "--raw", "80-95k")
    by_name, factors = compared(roles)
    assert by_name["Product Manager"]["total"] == {
        "total": 16,
        "possible": 20,
        "scored": 3,
        "factors": 3,
        "is_complete": True,
    }
    assert (by_name["Product Lead"]["total"]["total"], by_name["Product Lead"]["total"]["scored"]) == (None, 1)
    assert factors[0]["factor"] in ("decision authority", "Decision Authority")
    assert factors[0]["weight"] == 2
    shown = roles("role", "compare").out
    assert "16 of 20" in shown
    assert "80-95k" in shown
    assert "—" in shown


def test_a_score_that_was_taken_back_is_a_gap_again(mp):
    mp("role", "score", "Product Manager", "salary range", "4")
    mp("role", "score", "Product Manager", "exposure", "2")
    assert compared(mp)[0]["Product Manager"]["total"]["total"] == 6
    mp("undo")
    assert compared(mp)[0]["Product Manager"]["total"]["total"] == 4
    mp("undo")
    assert compared(mp)[0]["Product Manager"]["total"]["total"] == 6


def test_a_factor_of_several_words_is_gone_with_its_only_score(mp):
    mp("role", "brief", "Product Manager")
    mp("role", "score", "Product Manager", "decision authority", "4", "--weight", "2")
    assert len(compared(mp)[1]) == 1
    mp("undo")
    assert compared(mp)[1] == []
    assert 'mp role score "Product Manager"' in mp("role", "compare").out


def test_a_role_is_held_against_ones_values(mp):
    mp("value", "autonomy", "--rank", "1")
    mp("value", "impact", "--rank", "2")
    mp("role", "score", "Product Manager", "Autonomy", "5")
    role = compared(mp)[0]["Product Manager"]
    assert (role["fit"]["total"], role["fit"]["scored"], role["fit"]["factors"]) == (None, 1, 2)
    mp("role", "score", "Product Manager", "impact", "4")
    role = compared(mp)[0]["Product Manager"]
    assert (role["fit"]["total"], role["fit"]["possible"]) == (9, 10)
    assert "value: autonomy" in mp("role", "compare").out
    assert "autonomy" in mp("role", "show", "product").out
    assert mp("log", "--type", "role.scored", "--limit", "1", "--json").data["entries"][0]["says"] == (
        "factor impact, score 4"
    )
    assert [value["name"] for value in mp("value", "list", "--json").data["values"]] == ["autonomy", "impact"]


def test_a_role_is_briefed_with_what_it_asks_for_and_the_page_grows(mp):
    mp("rate", "sprint planning", "2")
    mp("role", "brief", "Product Manager", "--asks", "sprint planning", "--asks", "roadmapping", "--paths", "marketing")
    mp("role", "brief", "Product Manager", "--indicators", "activation")
    card = mp("role", "show", "product", "--json").data
    assert (card["derived"]["has_brief"], card["derived"]["competencies_listed"]) == (True, 2)
    assert card["derived"]["competencies_rated"] == 1
    assert (card["view"]["paths"], card["view"]["indicators"]) == ("marketing", "activation")
    assert "1 of 2 skills rated" in mp("show", "Product Manager").out


def test_a_role_is_chosen_and_another_one_later(roles):
    roles("role", "choose", "Product Owner")
    roles("role", "choose", "Product Manager", "--why", "most say in what is built")
    assert [role["name"] for role in compared(roles)[0].values() if role["is_chosen"]] == ["Product Manager"]
    roles("undo")
    assert [role["name"] for role in compared(roles)[0].values() if role["is_chosen"]] == ["Product Owner"]


def test_a_specialisation_is_a_role_among_the_others(mp):
    mp("role", "brief", "Growth Product Manager", "--kind", "specialisation")
    (role,) = mp("role", "list", "--json").data["roles"]
    assert (role["name"], role["kind"]) == ("Growth Product Manager", "specialisation")


def test_roles_values_and_positions_are_edited_and_taken_back_by_name(mp):
    mp("role", "brief", "Product Manger")
    mp("edit", "Product Manger", "--title", "Product Manager")
    assert [role["name"] for role in mp("role", "list", "--json").data["roles"]] == ["Product Manager"]
    mp("position", "add", "Customer Success", "--start", "2019-09-01")
    mp("edit", "customer", "--end", "2022-05-31")
    (position,) = mp("position", "list", "--json").data["positions"]
    assert (position["end"], position["kind"]) == ("2022-05-31", "job")
    mp("value", "autonomy")
    mp("undo", "autonomy")
    assert mp("value", "list", "--json").data["values"] == []


def test_a_near_miss_of_a_role_stops_unless_it_is_new(mp):
    mp("role", "brief", "Product Manager")
    assert mp("role", "score", "Product Manger", "salary", "3").code == 3
    assert mp("role", "choose", "Astronaut").code == 3
    assert len(mp("role", "list", "--json").data["roles"]) == 1


def test_the_focus_moves_from_the_role_to_the_skill(mp):
    mp("focus", "role", "--on", "2026-03-01")
    said = mp("focus", "skill", "--why", "the next title is not the point")
    assert "focus role -> skill" in said.out
    data = mp("focus", "list", "--json").data
    assert (data["mode"], [change["mode"] for change in data["changes"]]) == ("skill", ["role", "skill"])


def test_the_map_places_what_is_rated_and_enjoyed_and_lists_what_is_not(mp):
    for skill, strength, enjoyment in (
        ("public speaking", "3", "4"),
        ("stakeholder management", "3", "3"),
        ("feature writing", "4", "5"),
        ("research", "2", "2"),
    ):
        mp("rate", skill, strength, "--enjoy", enjoyment)
    mp("rate", "research", "--avoid", "--stance", "lean_in")
    data = mp("skill", "map", "--json").data
    assert data["unplaced"] == []
    assert {one["name"]: (one["strength"], one["enjoyment"]) for one in data["placed"]} == {
        "public speaking": (3, 4),
        "stakeholder management": (3, 3),
        "feature writing": (4, 5),
        "research": (2, 2),
    }
    assert [(one["name"], one["stance"]) for one in data["placed"] if one["avoided"]] == [("research", "lean_in")]
    assert "unplaced" not in mp("skill", "map").out
    mp("rate", "sql", "2")
    mp("rate", "drawing", "--enjoy", "5")
    unplaced = mp("skill", "map", "--json").data["unplaced"]
    assert [(one["name"], one["missing"]) for one in unplaced] == [("drawing", ["rating"]), ("sql", ["enjoyment"])]
    assert "no enjoyment" in mp("skill", "map").out


def test_gaps_are_the_skills_below_their_target(mp):
    mp("rate", "sprint planning", "2", "--target", "4", "--by", "6w", "--method", "workshop")
    mp("rate", "market analysis", "5")
    assert mp("skill", "list", "--json").data["skills"][0]["name"] == "sprint planning"
    (gap,) = mp("skill", "list", "--gaps", "--json").data["skills"]
    assert (gap["name"], gap["gap"], gap["current"]) == ("sprint planning", 2, 2)
    assert "2 ██░░·" in mp("skill", "list", "--gaps").out


def test_a_skill_tells_how_it_moved_and_how_late_its_target_was_met(mp):
    mp("rate", "sprint planning", "2", "--target", "4", "--by", "2026-02-09", "--on", "2026-01-19")
    mp("rate", "sprint planning", "4", "--on", "2026-03-02")
    data = mp("skill", "history", "sprint", "--json").data
    assert [one["rating"] for one in data["ratings"]] == [2, 4]
    assert (data["change"], data["gap"], data["target_days_late"]) == (2, 0, 21)
    assert "met 3 weeks later than planned" in mp("skill", "history", "sprint").out
    mp("rate", "roadmapping", "3")
    assert "no change recorded" in mp("skill", "history", "roadmapping").out


def test_a_skill_gets_the_code_of_its_cohort(mp):
    mp("rate", "sprint planning", "2")
    assert mp("skill", "code", "sprint", "sprint_planning").code == 0
    assert mp("skill", "history", "sprint", "--json").data["code"] == "sprint_planning"
    assert mp("skill", "history", "sprint", "--json").data["name"] == "sprint planning"


def test_ten_years_are_drawn_as_a_timeline(mp):
    for title, kind, start, end in (
        ("Politics", "study", "2013-09-01", "2016-06-30"),
        ("Health service administrator", "temporary", "2016-07-01", "2017-01-31"),
        ("Customer Success", "job", "2017-02-01", "2020-05-31"),
    ):
        assert mp("position", "add", title, "--kind", kind, "--start", start, "--end", end).code == 0
    mp("position", "add", "Product Manager", "--start", "2020-06-01", "--end", "2023-08-31")
    data = mp("timeline", "--json").data
    assert data["years"] == 10
    assert [(one["name"], one["kind"]) for one in data["positions"]] == [
        ("Politics", "study"),
        ("Health service administrator", "temporary"),
        ("Customer Success", "job"),
        ("Product Manager", "job"),
    ]
    bars = [line for line in mp("timeline").out.splitlines() if line.startswith(("Polit", "Customer", "Product"))]
    starts = [min(line.index(mark) for mark in "█▒" if mark in line) for line in bars]
    assert starts == sorted(starts)


def test_milestones_that_overlap_are_seen_to_overlap(mp):
    mp("milestone", "start", "credential", "CSPO", "--start", "2026-01-26", "--due", "2026-04-27")
    mp("milestone", "start", "portfolio", "Site", "--start", "2026-02-16", "--due", "2026-03-30")
    mp("milestone", "plan", "impact", "Numbers", "--start", "2026-06-15", "--due", "2026-06-29")
    data = mp("timeline", "--json").data
    assert (len(data["milestones"]), data["milestones_at_once"]) == (3, 2)
    assert "3 milestones, up to 2 at once" in mp("timeline").out


def test_notes_stand_under_the_question_they_answer(mp):
    for prompt in ("problems", "industries", "tasks"):
        mp("note", "--prompt", prompt, f"about {prompt}")
    mp("note", "a free thought")
    mp("undo")
    data = mp("note", "list", "--json").data
    assert data["answered"] == {"problems": 1, "industries": 1, "tasks": 1, "employers": 0, "free": 0}
    assert len(data["notes"]) == 3
    (one,) = mp("note", "list", "--prompt", "tasks", "--json").data["notes"]
    assert (one["text"], one["on"]) == ("about tasks", "2026-03-04")
    assert "about problems" in mp("note", "list").out


def test_between_goals_is_a_neutral_state(mp, monkeypatch):
    mp("focus", "skill")
    said = mp("--json")
    assert (said.data["goals"], said.data["nudges"]) == ([], [])
    assert "between goals" in mp().out
    assert "\x1b[31m" not in mp().out


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_every_drawing_fits_its_terminal(roles, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    roles("role", "score", "Product Manager", "salary range", "3", "--raw", "as much as anybody in this town is paid")
    roles("value", "a value whose name is long enough to be cut wherever it stands")
    roles("rate", "a skill with a name that is longer than its cell could ever be", "3", "--enjoy", "2", "--avoid")
    roles("rate", "a second one beside it", "3", "--enjoy", "2", "--target", "5", "--by", "6w")
    roles("position", "add", "Customer Success of a department with a long name", "--start", "2019-09-01")
    roles("milestone", "start", "credential", "CSPO", "--for", "13w")
    roles("note", "--prompt", "problems", "people leave at the second screen " * 9)
    lines = ("role compare", "role list", "skill list", "skill map", "timeline", "note list", "value list")
    for line in lines:
        said = roles(*line.split())
        assert said.code == 0, said
        assert max(map(len, said.out.splitlines())) <= int(columns), line
        assert roles(*line.split(), "--plain").out


def test_nothing_recorded_yet_is_said_with_the_command_that_begins(mp):
    lines = "role compare|role list|skill list|skill map|timeline|position list|note list|focus list|value list"
    for line in lines.split("|"):
        said = mp(*line.split())
        assert (said.code, len(said.out.splitlines())) == (0, 1), line
        assert mp(*line.split(), "--json").json["error"] is None


def test_nothing_of_it_leaves_the_devices_readable(mp, home):
    mp("role", "score", "Product Manager", "salary range", "3")
    mp("value", "autonomy")
    mp("focus", "skill")
    mp("position", "add", "Customer Success", "--start", "2019-09-01")
    mp("rate", "sql", "--enjoy", "2")
    types = {entry["type"] for entry in mp("log", "--json").data["entries"]}
    assert types == {
        "role.briefed",
        "role.scored",
        "value.named",
        "focus.set",
        "position.recorded",
        "skill.named",
        "skill.enjoyed",
    }
    with sqlite3.connect(home / "log.db") as log:
        rows = log.execute("SELECT k.type, e.facts FROM event e JOIN kind k ON k.n = e.kind").fetchall()
    sealed = [facts for type_, facts in rows if type_ == "entry.sealed"]
    assert len(sealed) == 6
    assert sealed == [None] * 6


def test_after_a_focus_the_next_word_still_folds_nothing(mp, home):
    def folded() -> int:
        with sqlite3.connect(home / "views.db") as views:
            (checkpoint,) = views.execute("SELECT checkpoint FROM state").fetchone()
        return int(checkpoint)

    mp("rate", "sql", "3")
    mp("skill", "list")
    before = folded()
    mp("focus", "role")
    mp("win", "A reply")
    assert "focus role -> skill" in mp("focus", "skill").out
    assert folded() == before


def test_what_next_after_ten_years(mp):
    """S4: from the next role to the next skill; a map, a specialisation, and no goal is no fault."""
    mp("focus", "role", "--on", "2026-02-02")
    mp("focus", "skill")
    for skill, strength, enjoyment in (
        ("public speaking", "4", "4"),
        ("stakeholder management", "4", "3"),
        ("feature writing", "4", "5"),
        ("research", "3", "2"),
    ):
        mp("rate", skill, strength, "--enjoy", enjoyment)
    mp("rate", "research", "--avoid", "--stance", "lean_in")
    for line in (
        ("Politics", "--kind", "study", "--start", "2016-03-04", "--end", "2019-06-30"),
        ("Administrator", "--kind", "temporary", "--start", "2019-09-01", "--end", "2020-02-28"),
        ("Customer Success", "--start", "2020-03-01", "--end", "2023-02-28"),
        ("Product Manager", "--start", "2023-03-01"),
    ):
        mp("position", "add", *line)
    mp("role", "brief", "Growth Product Manager", "--kind", "specialisation")
    assert [one["mode"] for one in mp("focus", "list", "--json").data["changes"]] == ["role", "skill"]
    skills = mp("skill", "map", "--json").data
    assert (len(skills["placed"]), skills["unplaced"]) == (4, [])
    assert [(one["name"], one["stance"]) for one in skills["placed"] if one["avoided"]] == [("research", "lean_in")]
    story = mp("timeline", "--json").data
    assert (story["years"], [one["kind"] for one in story["positions"]]) == (10, ["study", "temporary", "job", "job"])
    assert [role["kind"] for role in mp("role", "list", "--json").data["roles"]] == ["specialisation"]
    today = mp("today", "--json").data
    assert today["goals"] == []
    assert "between_goals" not in {nudge["code"] for nudge in today["nudges"]}
    assert "between goals" in mp().out


def test_a_marketer_finds_a_direction_and_audits_skills(mp):
    """S1, Direction and Skills: nothing is made up where nothing was said."""
    for day, prompt in (("2026-01-05", "problems"), ("2026-01-12", "industries"), ("2026-01-19", "tasks")):
        mp("note", "--prompt", prompt, f"an answer about {prompt}", "--on", day)
    skills = ("market analysis", "agile sprint planning", "data-driven roadmapping", "presenting")
    asks = [part for skill in skills for part in ("--asks", skill)]
    mp("role", "brief", "Product Manager", *asks, "--paths", "from marketing", "--indicators", "activation")
    for title in ("Product Owner", "Product Manager", "Product Lead"):
        for factor in ("decision authority", "cross-functional exposure", "salary range"):
            mp("role", "score", title, factor, "--on", "2026-01-16")
    for skill, rating in zip(skills[:3], ("5", "2", "3"), strict=True):
        mp("rate", skill, rating, "--on", "2026-01-19")
    mp("rate", "agile sprint planning", "--target", "4", "--by", "2026-02-09", "--on", "2026-01-19")
    mp("rate", "agile sprint planning", "4", "--on", "2026-03-02")
    notes = mp("note", "list", "--json").data
    days = sorted(note["on"] for note in notes["notes"])
    assert (sum(notes["answered"].values()), days[0], days[-1]) == (3, "2026-01-05", "2026-01-19")
    by_name, factors = compared(mp)
    assert (len(by_name), len(factors)) == (3, 3)
    assert {role["total"]["total"] for role in by_name.values()} == {None}
    listed = {role["name"]: role for role in mp("role", "list", "--json").data["roles"]}["Product Manager"]
    assert (listed["has_brief"], listed["competencies_rated"], listed["competencies_listed"]) == (True, 3, 4)
    by_skill = {skill["name"]: skill for skill in mp("skill", "list", "--json").data["skills"]}
    assert by_skill["market analysis"]["current"] == 5
    assert (by_skill["agile sprint planning"]["change"], by_skill["agile sprint planning"]["target_days_late"]) == (
        2,
        21,
    )
    assert (by_skill["data-driven roadmapping"]["current"], by_skill["data-driven roadmapping"]["change"]) == (3, None)
    assert "4 met, 3 weeks late" in mp("skill", "list").out
    assert "met 3 weeks later than planned" in mp("skill", "history", "agile").out
    assert "no change recorded" in mp("skill", "history", "data-driven").out


def test_a_reflection_on_employers_is_kept_beside_the_fit(mp):
    """S2b: a role's fit against two values, and a note on employers."""
    mp("note", "--prompt", "employers", "small teams that ship")
    for value, score in (("autonomy", "4"), ("learning", "5")):
        mp("value", value)
        mp("role", "score", "Analyst", value, score)
    (role,) = mp("role", "list", "--json").data["roles"]
    assert (role["fit"]["total"], role["fit"]["possible"], role["fit"]["is_complete"]) == (9, 10, True)
    (note,) = mp("note", "list", "--prompt", "employers", "--json").data["notes"]
    assert note["text"] == "small teams that ship"
