"""`ask`: a request for help in one sentence, and its end."""

import pytest

from tests.support.joined import take_place


@pytest.fixture
def mara(mp, home, world):
    """A member of a pod, at the keyboard."""
    take_place(home, world)
    return mp


def types(answer):
    return [entry["type"] for entry in answer.data["entries"]]


def logged(mp, type_):
    return [entry["values"] for entry in mp("log", "--type", type_, "--json").data["entries"]]


def test_asking_needs_a_pod_to_ask(mp):
    said = mp("ask", "lead", "Who can open a test account?")
    assert said.code == 4
    assert "mp join SERVER CODE" in said.err


def test_a_request_is_two_entries_and_says_who_will_read_it(mara):
    said = mara("ask", "lead", "Who can open a test account?", "--json")
    assert types(said) == ["help.asked", "words.said"]
    [asked], [words] = logged(mara, "help.asked"), logged(mara, "words.said")
    assert (asked["to"], asked["kind"]) == ("lead", "other")
    assert (words["to"], words["text"], words["ref"]) == ("lead", "Who can open a test account?", [asked["help"]])

    screen = mara("ask", "pod", "Who reads a case study?", "--kind", "feedback").out
    assert "in clear to Sam and Noor of Harbour, and Dana (leading); whoever runs the server can read it too" in screen


def test_a_request_about_a_blocked_milestone_is_there_to_unblock(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w")
    mara("milestone", "block", "CSPO", "--class", "access")
    mara("ask", "lead", "Who can open a test account?", "--of", "CSPO")
    [asked] = logged(mara, "help.asked")
    assert asked["kind"] == "unblock"
    assert len(asked["ref"]) == 1


def test_blocking_and_asking_are_one_line_and_one_undo(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w")
    said = mara("milestone", "block", "CSPO", "--ask", "lead", "Who can open a test account?", "--json")
    assert types(said) == ["milestone.blocked", "help.asked", "words.said"]
    [asked] = logged(mara, "help.asked")
    assert asked["ref"] == [said.data["subject"]["id"]]

    assert types(mara("undo", "--json")) == ["entry.retracted"] * 3
    [card] = mara("milestone", "list", "--json").data["milestones"]
    assert card["status"] == "started"


def test_a_request_without_somebody_to_read_it_is_refused(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w")
    said = mara("milestone", "block", "CSPO", "Who can open a test account?")
    assert said.code == 2
    assert "--ask lead" in said.err


def test_a_request_without_words_is_refused_where_nobody_can_be_asked(mara):
    said = mara("ask", "lead")
    assert said.code == 2
    assert "mp ask lead" in said.err


@pytest.mark.parametrize(
    ("line", "result"),
    [(("done",), "solved"), (("ask", "close"), "solved"), (("ask", "close", "--withdrawn"), "withdrawn")],
)
def test_a_request_is_ended_by_its_id(mara, line, result):
    help_id = mara("ask", "lead", "Who can open a test account?", "--json").data["subject"]["id"]
    said = mara(*line, help_id, "--json")
    assert types(said) == ["help.closed"]
    [closed] = logged(mara, "help.closed")
    assert closed["result"] == result
    # The same end again changes nothing.
    assert types(mara(*line, help_id, "--json")) == []


def test_a_solved_request_is_not_withdrawn_afterwards(mara):
    help_id = mara("ask", "lead", "Who can open a test account?", "--json").data["subject"]["id"]
    mara("done", help_id)
    assert mara("ask", "close", help_id, "--withdrawn").code == 5


def test_a_request_is_no_goal_that_could_be_missed(mara):
    help_id = mara("ask", "lead", "Who can open a test account?", "--json").data["subject"]["id"]
    said = mara("done", help_id, "--missed")
    assert said.code == 2
    assert "--withdrawn" in said.err


def test_a_win_that_is_shared_says_who_will_read_it(mara):
    said = mara("win", "Pilot approved", "--share", "pod")
    assert "in clear to Sam and Noor of Harbour" in said.out


def test_open_requests_are_listed_with_their_sentence_and_ended_ones_on_demand(mara):
    mara("milestone", "start", "credential", "CSPO", "--for", "13w")
    solved = mara("ask", "pod", "Who reads a case study?", "--json").data["subject"]["id"]
    mara("ask", "lead", "Who can open a test account?", "--of", "CSPO")
    mara("done", solved)

    [request] = mara("ask", "list", "--json").data["requests"]
    assert (request["name"], request["state"], request["answers"]) == ("Who can open a test account?", "open", [])
    assert [one["name"] for one in request["about"]] == ["CSPO"]
    every = mara("ask", "list", "--all", "--json").data["requests"]
    assert {one["name"]: one["state"] for one in every} == {
        "Who reads a case study?": "solved",
        "Who can open a test account?": "open",
    }
    assert "about CSPO" in mara("ask", "list").out


def test_what_was_taken_back_is_not_listed(mara):
    mara("ask", "lead", "Who can open a test account?")
    mara("undo")
    assert "no request is open" in mara("ask", "list", "--all").out


def test_a_request_has_a_card(mara):
    help_id = mara("ask", "lead", "Who can open a test account?", "--json").data["subject"]["id"]
    card = mara("show", help_id, "--json").data
    assert (card["kind"], card["name"], card["derived"]["state"]) == ("help", "Who can open a test account?", "open")
    assert [entry["type"] for entry in card["history"]] == ["words.said", "help.asked"]
