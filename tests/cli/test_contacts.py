"""Contacts: added, listed, edited; who waits for a word; the funnel, each person once."""

import pytest

PRODUCT_MANAGERS = ("Dana R.", "Elif K.", "Goran P.", "Hanna S.", "Ines M.", "Jonas W.", "Kaya T.", "Lou B.")
RECRUITERS = ("Mika F.", "Noor A.")
ENGINEERS = ("Omar D.", "Pia L.", "Quinn V.")


def due(mp):
    return [(one["name"], one["what"]) for one in mp("contact", "list", "--due", "--json").data["due"]]


def test_a_contact_is_added_listed_changed_and_taken_back(mp):
    said = mp("contact", "add", "Dana R.", "--class", "recruiter", "--target", "--employer", "Acme")
    assert said.code == 0
    assert "on the target list" in said.out
    assert "outreach" in said.err
    assert mp("contact", "edit", "dana", "--class", "hiring_manager").code == 0
    (dana,) = mp("contact", "list", "--json").data["contacts"]
    assert (dana["name"], dana["class"], dana["employer"]) == ("Dana R.", "hiring_manager", "Acme")
    assert (dana["on_target_list"], dana["met"]) == (True, False)
    mp("undo")
    mp("undo", dana["id"])
    assert mp("contact", "list", "--json").data["contacts"] == []


def test_adding_somebody_twice_is_refused_unless_it_is_somebody_else_of_that_name(mp):
    mp("contact", "add", "Dana R.")
    again = mp("contact", "add", "Dana R.")
    assert again.code == 2
    assert "mp contact edit" in again.err
    mp("contact", "add", "Sam")
    assert mp("contact", "add", "Samm").code == 3
    assert mp("contact", "add", "Samm", "--new").code == 0


def test_a_share_of_thanks_is_rounded_as_a_share_of_postings_is(mp):
    for _ in range(3):
        mp("touch", "Dana R.", "interview", "15m")
    mp("touch", "dana", "thanks")
    mp("touch", "dana", "thanks")
    assert mp("contact", "funnel", "--json").data["thanked_percent"] == 67


def test_an_interview_waits_for_its_thanks_and_a_thanks_clears_it(mp):
    mp("touch", "Dana R.", "interview", "15m", "--asked", "3", "--on", "2026-03-01")
    (waits,) = mp("contact", "list", "--due", "--json").data["due"]
    assert (waits["what"], waits["since"], waits["due_on"], waits["days_over"]) == (
        "thanks",
        "2026-03-01",
        "2026-03-03",
        1,
    )
    assert mp(*waits["command"].split()[1:]).code == 0
    assert due(mp) == []
    mp("undo")
    assert due(mp) == [("Dana R.", "thanks")]


def test_an_outreach_without_an_answer_is_followed_up_after_a_week_and_the_follow_up_clears_it(mp):
    mp("touch", "Dana R.", "outreach", "--on", "2026-02-20")
    mp("touch", "Lee P.", "outreach", "--on", "2026-03-03")
    (waits,) = mp("contact", "list", "--due", "--json").data["due"]
    assert (waits["name"], waits["what"], waits["due_on"]) == ("Dana R.", "follow_up", "2026-02-27")
    assert "--personalised" in waits["command"]
    assert mp(*waits["command"].split()[1:]).code == 0
    assert due(mp) == []
    (dana,) = (one for one in mp("contact", "list", "--json").data["contacts"] if one["name"] == "Dana R.")
    assert dana["touches"][-1]["personalised"] is True


def test_a_mentor_who_was_not_seen_for_six_weeks_is_due_and_a_nudge_says_so_too(mp):
    mp("touch", "Rosa N.", "mentor_session", "30m", "--class", "mentor", "--agenda", "asks", "--on", "2026-01-12")
    assert due(mp) == [("Rosa N.", "mentor_session")]
    assert "mentor_due" in [one["code"] for one in mp("status", "--due", "--json").data["nudges"]]
    mp("touch", "rosa", "mentor_session", "30m", "--agenda", "a roadmap")
    assert due(mp) == []


def test_the_card_of_a_mentor_shows_the_rhythm_of_the_sessions_and_what_came_of_them(mp):
    mp("milestone", "start", "stretch", "Redesign", "--for", "13w", "--measure", "live")
    for day, agenda in (("2026-01-05", "saying no"), ("2026-02-02", "which figure"), ("2026-03-02", "a roadmap")):
        more = ("--class", "mentor") if day == "2026-01-05" else ()
        mp("touch", "Rosa N.", "mentor_session", "30m", "--agenda", agenda, "--of", "redesign", "--on", day, *more)
    mp("evidence", "outcome", "introduction", "--contact", "rosa", "--details", "a community")
    mp("evidence", "outcome", "invitation", "--contact", "rosa", "--details", "a roundtable")
    card = mp("contact", "show", "rosa", "--json").data["derived"]
    assert card["sessions"] == {
        "held": ["2026-01-05", "2026-02-02", "2026-03-02"],
        "days_between": [28, 28],
        "with_agenda": 3,
        "minutes": 90,
    }
    assert [(one["kind"], one["count"]) for one in card["outcomes"]] == [("introduction", 1), ("invitation", 1)]
    assert "28, 28 days apart" in mp("contact", "show", "rosa").out


def test_the_card_of_a_contact_counts_the_thanked_interviews(mp):
    for day in ("2026-02-01", "2026-02-10", "2026-03-01"):
        mp("touch", "Dana R.", "interview", "15m", "--on", day)
    mp("touch", "dana", "thanks", "--on", "2026-02-11")
    card = mp("show", "dana", "--json").data["derived"]
    assert (card["interviews"], card["thanked"], card["unthanked"]) == (3, 1, 2)
    assert "1 of 3 interviews" in mp("show", "dana").out


@pytest.fixture
def network(mp):
    """Six weeks: 20 people set out to be reached, 13 met, of whom eight are among the twenty."""
    for name in (*PRODUCT_MANAGERS, *(f"Somebody no. {number}" for number in range(12))):
        mp("contact", "add", name, "--class", "target_role", "--target", "--new", "--on", "2026-01-05")
    for name in PRODUCT_MANAGERS:
        mp("touch", name, "outreach", "--personalised", "--on", "2026-01-10")
        mp("touch", name, "interview", "15m", "--asked", "3", "--on", "2026-01-20")
        mp("touch", name, "thanks", "--recap", "--on", "2026-01-21")
    for kind, names in (("recruiter", RECRUITERS), ("engineer", ENGINEERS)):
        for name in names:
            mp("touch", name, "outreach", "--class", kind, "--on", "2026-01-25")
            mp("touch", name, "follow_up", "--on", "2026-02-03")
    mp("evidence", "outcome", "referral", "--contact", "dana", "--contact", "mika", "--on", "2026-02-10")
    mp("evidence", "outcome", "invitation", "--details", "product review panel", "--on", "2026-02-12")


def test_thirteen_are_relationships_and_eight_of_twenty_were_targeted(mp, network):
    funnel = mp("contact", "funnel", "--json").data
    assert (funnel["targeted"], funnel["targeted_met"]) == (20, 8)
    assert funnel["relationships"] == 13
    assert funnel["by_class"] == {"engineer": 3, "recruiter": 2, "target_role": 8}
    assert (funnel["interviews"], funnel["thanked"], funnel["thanked_percent"]) == (8, 8, 100)
    assert funnel["outcomes"] == {"invitation": 1, "referral": 2}


def test_a_relationship_that_was_recorded_and_touched_is_one(mp, network):
    mp("evidence", "outcome", "relationship", "--contact", "dana", "--contact", "mika")
    assert mp("contact", "funnel", "--json").data["relationships"] == 13
    mp("evidence", "outcome", "relationship", "--count", "2", "--class", "peer")
    assert mp("contact", "funnel", "--json").data["by_class"]["peer"] == 2


def test_the_funnel_of_an_earlier_day_leaves_out_what_came_later(mp, network):
    mp("touch", "Vera H.", "other", "--class", "hiring_manager", "--on", "2026-03-03")
    early = mp("contact", "funnel", "--as-of", "2026-02-11", "--json").data
    assert (early["relationships"], early["outcomes"]) == (13, {"referral": 2})
    assert mp("contact", "funnel", "--json").data["relationships"] == 14


@pytest.mark.parametrize("columns", ["60", "80", "200"])
@pytest.mark.parametrize("line", [("contact", "list"), ("contact", "list", "--due"), ("contact", "funnel")])
def test_the_screens_of_people_fit(mp, network, monkeypatch, columns, line):
    monkeypatch.setenv("COLUMNS", columns)
    mp("touch", "Dana R.", "interview", "15m")
    said = mp(*line)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= int(columns)
    assert len(mp(*line, "--plain").out.splitlines()) >= 1
