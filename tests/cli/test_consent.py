"""Consent as it is typed: granted for families and a day, withdrawn at once, ended by leaving."""

import pytest

from milepost.wording import CURRENT
from tests.support.joined import COHORT, PLACE, POD, take_place


@pytest.fixture
def mara(mp, home, world):
    take_place(home, world)
    return mp


def grants(mp):
    return mp("share", "show", "--json").data["grants"]


def test_a_grant_lasts_to_the_end_of_the_cohort_unless_a_day_is_named(mara):
    mara("share", "grant", "progress", "rhythm", "--to", "pod_total")
    mara("share", "grant", "progress", "--to", "lead", "--until", "2026-04-01")
    by_name, summed = grants(mara)
    assert by_name == {
        "audience": "lead",
        "scope": "pod",
        "id": POD,
        "families": ["progress"],
        "since": "2026-03-04",
        "until": "2026-04-01",
        "wording": CURRENT,
    }
    assert (summed["audience"], summed["families"], summed["until"]) == ("pod_total", ["progress", "rhythm"], PLACE.end)


def test_outcomes_are_shared_only_when_they_are_named(mara):
    assert mara("share", "grant", "--to", "lead").code == 2
    mara("share", "grant", "outcomes", "--to", "cohort_total")
    [grant] = grants(mara)
    assert (grant["scope"], grant["id"], grant["families"]) == ("cohort", COHORT, ["outcomes"])


def test_what_was_agreed_to_stands_in_the_answer(mara):
    said = mara("share", "grant", "progress", "--to", "pod_total").err
    assert "can point at you" in said
    assert "totals that were shown before stay" in said


def test_a_withdrawal_takes_back_what_it_names_and_a_grant_after_it_stands(mara):
    mara("share", "grant", "progress", "rhythm", "--to", "pod")
    mara("share", "withdraw", "rhythm", "--to", "pod")
    assert [grant["families"] for grant in grants(mara)] == [["progress"]]
    mara("share", "withdraw", "--to", "pod")
    assert grants(mara) == []
    mara("share", "grant", "rhythm", "--to", "pod")
    assert [grant["families"] for grant in grants(mara)] == [["rhythm"]]


def test_share_alone_shows_what_stands_where_nobody_can_be_asked(mara):
    assert "nobody sees anything of yours" in mara("share").out
    mara("share", "grant", "progress", "--to", "pod")
    assert mara("share", "--json").data == mara("share", "show", "--json").data


def test_leaving_the_pod_ends_every_consent_for_it_and_its_cohort(mara):
    mara("share", "grant", "progress", "--to", "pod")
    mara("share", "grant", "progress", "--to", "cohort_total")
    assert mara("pod", "leave").code == 2
    said = mara("pod", "leave", "--yes", "--json")
    assert [entry["type"] for entry in said.data["entries"]] == ["pod.left", "consent.withdrawn", "consent.withdrawn"]
    assert grants(mara) == []


def test_leaving_may_take_along_what_was_said(mara):
    mara("pod", "leave", "--erase", "--yes")
    [left] = mara("log", "--type", "pod.left", "--json").data["entries"]
    assert left["values"]["erase"] is True


def test_who_left_is_asked_for_nothing_and_can_ask_for_nothing(mara):
    mara("pod", "leave", "--yes")
    for line in (("ask", "pod", "Who?"), ("win", "Pilot approved", "--share", "pod"), ("pod", "leave", "--yes")):
        said = mara(*line)
        assert said.code == 4
        assert "you left Harbour" in said.err
    assert "the inbox is empty" in mara("inbox").out


def test_a_place_that_is_only_offered_shares_nothing(mp, home, world):
    take_place(home, world, name="")
    said = mp("share", "grant", "progress", "--to", "pod")
    assert said.code == 2
    assert "mp pod --name NAME" in said.err


def test_a_preview_by_name_has_open_milestones_and_counts_and_no_text(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w", "--output", "certificate")
    assert mara("share", "show", "--as", "lead", "--json").data["seen"] == {
        "audience": "lead",
        "card": None,
        "added": None,
    }
    mara("share", "grant", "progress", "--to", "lead")
    mara("goal", "Draft 3 user stories", "--due", "fri", "--test", "Sam reviews 3")
    mara("feedback", "mentor", "tighten the ask")
    card = mara("share", "show", "--as", "lead", "--json").data["seen"]["card"]

    [milestone] = card["milestones"]
    assert (milestone["kind"], milestone["status"], milestone["title"]) == ("credential", "started", None)
    assert (milestone["outputs_done"], milestone["outputs_named"]) == (0, 1)
    assert card["counts"]["goals_set"] == 1
    assert "feedback_received" not in card["counts"]
    assert "CSPO" not in str(card)
    assert mara("share", "show", "--as", "pod", "--json").data["seen"]["card"] is None


def test_a_preview_of_a_total_says_from_which_week_on_it_counts(mara):
    mara("share", "grant", "progress", "--to", "pod_total")
    mara("goal", "Draft 3 user stories", "--due", "fri", "--test", "Sam reviews 3")
    added = mara("share", "show", "--as", "pod_total", "--json").data["seen"]["added"]
    # Consent has to be there as a Monday begins, and it is Wednesday: nothing of this week is ever counted.
    assert (added["week"], added["from_week"]) == ("2026-W10", "2026-W11")
    assert (added["counts"], added["later"]) == ({}, ["progress"])
    said = mara("share", "show", "--as", "pod_total").out
    assert "counted from week 2026-W11 on: progress" in said
    assert "so far" not in said


def test_a_title_is_shown_only_where_it_was_said_and_until_that_is_taken_back(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w")
    mara("share", "grant", "progress", "--to", "lead")
    mara("share", "grant", "progress", "--to", "pod")

    def title(audience):
        [milestone] = mara("share", "show", "--as", audience, "--json").data["seen"]["card"]["milestones"]
        return milestone["title"]

    said = mara("share", "title", "CSPO", "--to", "lead", "--text", "A scrum certificate")
    assert "in clear to Dana (leading)" in said.out
    assert (title("lead"), title("pod")) == ("A scrum certificate", None)
    mara("share", "title", "CSPO", "--to", "pod")
    assert (title("lead"), title("pod")) == ("CSPO", "CSPO")
    mara("undo")
    assert (title("lead"), title("pod")) == ("A scrum certificate", None)
