"""What others did reaches the inbox: answers, new readers, a place that is offered."""

import msgspec
import pytest

from milepost_client.device.home import Home
from milepost_client.pod.notices import know_readers
from milepost_client.pod.pods import Answered, Cohort, Page, Person, Reader, Request, keep_page
from milepost_client.store.log import Log
from tests.support.joined import COHORT, PLACE, POD, take_place

HELP = "h4k7m2q9x3z5w8b1"
ANSWER = Answered("I will ask the platform team today", "Dana", "2026-03-04T12:00:00Z")
REQUEST = Request(HELP, "Mara", "unblock", "lead", "2026-03-04T11:00:00Z", "answered", "Who?", None, (ANSWER,), True)
PAGE = Page(
    POD,
    "Harbour",
    Cohort(COHORT, "Spring", "2026-01-05", "2026-07-05", "Europe/Berlin"),
    (Person("Mara", True), Person("Sam")),
    (Reader("Dana", "pod", "2026-01-05"),),
)


@pytest.fixture
def mara(mp, home, world):
    take_place(home, world)
    return mp


@pytest.fixture
def say(home, world):
    """What the server says about the pod, after a round of sync."""

    def said(page: Page, *shared: str) -> None:
        with Log.open(Home(str(home)), world) as log:
            know_readers(log, keep_page(log, msgspec.to_builtins(page), None), shared)

    return said


def test_an_answer_is_in_the_inbox_until_it_was_shown_and_in_json_while_the_request_is_open(mara, say):
    say(msgspec.structs.replace(PAGE, requests=(REQUEST,)))
    assert "1 new answer: mp inbox" in mara().out
    [answer] = mara("inbox", "--json").data["answers"]
    assert (answer["text"], answer["by_name"], answer["is_new"]) == (ANSWER.text, "Dana", True)

    [answer] = mara("inbox", "--json").data["answers"]
    assert not answer["is_new"]
    assert "the inbox is empty" in mara("inbox").out
    assert "inbox" not in mara().out

    say(msgspec.structs.replace(PAGE, requests=(msgspec.structs.replace(REQUEST, state="closed"),)))
    assert mara("inbox", "--json").data["answers"] == []


def test_the_answer_to_somebody_else_is_not_announced(mara, say):
    say(msgspec.structs.replace(PAGE, requests=(msgspec.structs.replace(REQUEST, is_mine=False),)))
    assert mara("inbox", "--json").data["answers"] == []


def test_who_leads_when_consent_is_given_is_no_news_and_who_comes_later_is_announced_once(mara, say):
    say(PAGE)
    mara("share", "grant", "progress", "--to", "lead")
    say(PAGE, "lead")
    assert mara("inbox", "--json").data["readers"] == []

    say(msgspec.structs.replace(PAGE, readers=(*PAGE.readers, Reader("Omar", "cohort", "2026-03-02"))), "lead")
    [reader] = mara("inbox", "--json").data["readers"]
    assert reader == {"name": "Omar", "audience": "lead", "scope": "cohort", "since": "2026-03-02"}
    assert mara("inbox", "--json").data["readers"] == []


def test_nobody_is_announced_to_who_shares_nothing_by_name(mara, say):
    mara("share", "grant", "progress", "--to", "pod_total")
    say(PAGE, "pod_total")
    assert mara("inbox", "--json").data["readers"] == []


def test_who_comes_into_the_pod_is_announced_to_who_shares_with_it(mara, say):
    say(PAGE)
    mara("share", "grant", "progress", "--to", "pod")
    say(msgspec.structs.replace(PAGE, members=(*PAGE.members, Person("Noor"))), "pod")
    assert [reader["name"] for reader in mara("inbox", "--json").data["readers"]] == ["Noor"]


def test_a_place_that_is_offered_waits_until_it_is_taken(mp, home, world):
    take_place(home, world)
    take_place(home, world, PLACE._replace(pod="k7f3m2q9x3z5w8b1", pod_name="Lantern"), name="")
    said = mp("inbox")
    assert "Lantern of Spring" in said.out
    assert "mp pod --name NAME" in said.out
    assert "a place in Lantern to take: mp inbox" in mp().out
