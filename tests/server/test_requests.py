"""Requests for help: seen by whom they were put to, answered in a sentence, gone when closed or taken back."""

import pytest

from milepost.errors import NotFound
from milepost_server.projection import generations
from milepost_server.reads.me import my_pod_page
from milepost_server.reads.pod import pod_page
from milepost_server.reads.requests import RequestInfo, RequestsPage, requests_page, waiting
from milepost_server.store import streams
from tests.support.acting import act, joined, lead_of, shown
from tests.support.histories import some_id
from tests.support.programme import Person, Programme

HELP = some_id("help", 0)


class Pod:
    """Mara and Ben in Harbour; Dana leads it, Omar leads Lantern, Cleo leads the cohort."""

    def __init__(self) -> None:
        self.programme = Programme()
        self.id, lantern = self.programme.pod("Harbour"), self.programme.pod("Lantern")
        self.mara, self.ben = joined(self.programme, self.id, "Mara", 1), joined(self.programme, self.id, "Ben", 2)
        self.dana = lead_of(self.programme, "pod", self.id, 3)
        self.omar = lead_of(self.programme, "pod", lantern, 4)
        self.cleo = lead_of(self.programme, "cohort", self.programme.cohort.cohort, 5)

    def ask(self, to: str, text: str = "Who can open a test account?", help: str = HELP) -> tuple[str, str]:
        """Mara asks; the ids of the two entries."""
        asked = self.mara.write("help.asked", {"help": help, "to": to, "kind": "unblock"})
        said = self.mara.write("words.said", {"ref": [help], "to": to, "text": text})
        self.programme.settle()
        return asked, said

    def of_cohort(self, reader: Person, standing: str = "open") -> list[RequestInfo]:
        cohort = self.programme.cohort.cohort
        page = shown(self.programme, reader, lambda c, r, _: requests_page(c, r, cohort, standing=standing))
        return page.items

    def page(self, after: str | None) -> RequestsPage:
        cohort = self.programme.cohort.cohort
        return shown(self.programme, self.cleo, lambda c, r, _: requests_page(c, r, cohort, after=after, limit=2))

    def of_pod(self, reader: Person) -> list[RequestInfo]:
        return shown(self.programme, reader, lambda c, r, now: pod_page(c, r, self.id, now)).requests

    def own(self, member: Person) -> list[RequestInfo]:
        connection = self.programme.store.connection
        stream = streams.find(connection, member.user)
        assert stream is not None
        return my_pod_page(connection, stream, self.programme.store.now_ms).requests


@pytest.fixture
def pod() -> Pod:
    return Pod()


def test_a_request_to_the_lead_is_seen_by_leads_and_its_member_alone(pod: Pod):
    pod.ask("lead")
    for lead in (pod.dana, pod.cleo):
        [request] = pod.of_cohort(lead)
        assert (request.name, request.text, request.state) == ("Mara", "Who can open a test account?", "open")
        assert [each.id for each in pod.of_pod(lead)] == [HELP]
    assert pod.of_cohort(pod.omar) == []
    assert pod.of_pod(pod.ben) == pod.own(pod.ben) == []
    assert [(each.id, each.is_mine) for each in pod.own(pod.mara)] == [(HELP, True)]


def test_a_request_to_the_pod_is_seen_by_its_members_too(pod: Pod):
    pod.ask("pod")
    assert [each.text for each in pod.of_pod(pod.ben)] == ["Who can open a test account?"]
    assert [(each.name, each.is_mine) for each in pod.own(pod.ben)] == [("Mara", False)]
    assert [each.id for each in pod.of_cohort(pod.cleo)] == [HELP]


def test_an_answer_reaches_who_asked_and_counts_the_request_as_answered(pod: Pod):
    pod.ask("lead")
    connection = pod.programme.store.connection
    assert waiting(connection, [pod.id])[pod.id].requests == 1
    act(pod.programme, "requests/answer", pod.dana, help=HELP, text="I ask the platform team today")
    [request] = pod.own(pod.mara)
    assert request.state == "answered"
    assert [(answer.text, answer.by_name) for answer in request.answers] == [
        ("I ask the platform team today", "a lead")
    ]
    assert waiting(connection, [pod.id]) == {}
    assert [each.state for each in pod.of_cohort(pod.cleo)] == ["answered"]


def test_nobody_answers_what_is_not_put_to_their_pod(pod: Pod):
    pod.ask("lead")
    for nobody in (pod.omar, pod.ben, pod.mara):
        with pytest.raises(NotFound):
            act(pod.programme, "requests/answer", nobody, help=HELP, text="Me")


def test_a_closed_request_leaves_the_list_and_cannot_be_answered(pod: Pod):
    pod.ask("lead")
    pod.mara.write("help.closed", {"help": HELP, "result": "solved"})
    pod.programme.settle()
    assert pod.of_cohort(pod.cleo) == pod.of_pod(pod.dana) == []
    assert [each.state for each in pod.of_cohort(pod.cleo, "closed")] == ["closed"]
    with pytest.raises(NotFound):
        act(pod.programme, "requests/answer", pod.dana, help=HELP, text="Too late")


def test_what_is_retracted_is_gone_request_and_sentence_alike(pod: Pod):
    asked, said = pod.ask("lead")
    pod.mara.write("entry.retracted", {"target": said, "reason": "mistake"})
    pod.programme.settle()
    assert [each.text for each in pod.of_cohort(pod.cleo)] == [None]
    pod.mara.write("entry.retracted", {"target": asked, "reason": "mistake"})
    pod.programme.settle()
    assert pod.of_cohort(pod.cleo) == pod.own(pod.mara) == []


def test_a_sentence_said_to_the_lead_is_not_read_out_to_the_pod(pod: Pod):
    pod.mara.write("help.asked", {"help": HELP, "to": "pod", "kind": "peer"})
    pod.mara.write("words.said", {"ref": [HELP], "to": "lead", "text": "for leads alone"})
    pod.programme.settle()
    assert [each.text for each in pod.of_pod(pod.ben)] == [None]
    assert [each.text for each in pod.of_pod(pod.dana)] == ["for leads alone"]


def test_who_leaves_the_pod_takes_their_requests_along(pod: Pod):
    pod.ask("pod")
    act(pod.programme, "members/remove", pod.cleo, pod="Harbour", member="Mara")
    assert [each.id for each in pod.of_pod(pod.ben)] == []
    assert pod.of_cohort(pod.cleo) == []


def test_a_rebuild_finds_the_same_requests(pod: Pod):
    pod.ask("lead")
    before = pod.of_cohort(pod.cleo)
    pod.programme.store.run(lambda connection: generations.begin(connection))
    pod.programme.settle()
    assert pod.of_cohort(pod.cleo) == before


def test_the_end_of_a_page_tells_nothing_of_other_pods(pod: Pod):
    for number in range(3):
        pod.ask("lead", f"request {number}", some_id("help", number))
    cohort = pod.programme.cohort.cohort
    page = shown(pod.programme, pod.omar, lambda c, r, _: requests_page(c, r, cohort, limit=1))
    assert (page.items, page.next) == ([], None)


def test_pages_of_requests_follow_each_other(pod: Pod):
    for number in range(5):
        pod.ask("lead", f"request {number}", some_id("help", number))
    first = pod.page(None)
    second = pod.page(first.next)
    third = pod.page(second.next)
    found = [each.text for page in (first, second, third) for each in page.items]
    assert found == [f"request {number}" for number in range(5)]
    assert third.next is None
