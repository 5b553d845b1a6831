"""Pages of people: what is shared by name is shown to whom it was shared with, from the grant on, to nobody else."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from milepost.errors import NotFound
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.reads.calendar import calendar_page, icalendar
from milepost_server.reads.me import me_page
from milepost_server.reads.member import MemberPage, member_page
from milepost_server.reads.paging import cut_pods
from milepost_server.reads.pod import PodPage, pod_page
from milepost_server.reads.pods import PodsPage, pods_page
from milepost_server.reads.reader import reader_of
from milepost_server.reads.setup import SetupPage, setup_page
from milepost_server.store import cohorts, streams
from milepost_server.store.keyfile import ServerKey
from milepost_server.world import World
from tests.support.acting import act, joined, key, lead_of, newcomer, shown
from tests.support.cohort_of import fill
from tests.support.histories import GOAL, some_id
from tests.support.programme import DAY_MS, Person, Programme
from tests.support.stores import MemoryStore


class Pod:
    """Mara and Ben in Harbour; Dana leads it, Omar leads Lantern, Cleo leads the cohort."""

    def __init__(self) -> None:
        self.programme = Programme()
        self.cohort = self.programme.cohort.cohort
        self.id, self.other = self.programme.pod("Harbour"), self.programme.pod("Lantern")
        self.mara, self.ben = joined(self.programme, self.id, "Mara", 1), joined(self.programme, self.id, "Ben", 2)
        self.dana = lead_of(self.programme, "pod", self.id, 3)
        self.omar = lead_of(self.programme, "pod", self.other, 4)
        self.cleo = lead_of(self.programme, "cohort", self.cohort, 5)

    def plan(self, number: int = 0, due: str = "2026-02-02") -> str:
        """Mara plans a milestone; its id."""
        milestone = some_id("milestone", number)
        facts = {"milestone": milestone, "kind": "credential", "start": "2026-01-05", "due": due, "has_measure": True}
        self.mara.write("milestone.planned", {**facts, "outputs": [some_id("output", number)]})
        return milestone

    def close(self, milestone: str) -> None:
        """Mara completes it."""
        self.mara.write("milestone.completed", {"milestone": milestone, "measure_met": "yes"})

    def later(self, days: float = 1) -> None:
        """Time passes; the server counts what came."""
        self.programme.store.now_ms += int(days * DAY_MS)
        self.programme.settle()

    def card(self, reader: Person) -> MemberPage:
        member = key(self.mara)
        return shown(self.programme, reader, lambda c, r, now: member_page(c, r, self.id, member, now))

    def page(self, reader: Person) -> PodPage:
        return shown(self.programme, reader, lambda c, r, now: pod_page(c, r, self.id, now))

    def pods(self, reader: Person, after: str | None = None, limit: int = 50) -> PodsPage:
        return shown(
            self.programme, reader, lambda c, r, now: pods_page(c, r, self.cohort, now, after=after, limit=limit)
        )

    def setup(self, limit: int = 50, pods_after: str | None = None, named: str | None = None) -> SetupPage:
        return shown(
            self.programme,
            self.cleo,
            lambda c, r, now: setup_page(c, r, self.cohort, now, limit=limit, pods_after=pods_after, named=named),
        )


@pytest.fixture
def pod() -> Pod:
    return Pod()


# Named cards


def test_nothing_is_shown_by_name_without_a_consent(pod: Pod):
    pod.plan()
    pod.later()
    for reader in (pod.dana, pod.cleo, pod.ben, pod.omar, pod.mara):
        with pytest.raises(NotFound):
            pod.card(reader)
    assert pod.page(pod.dana).cards == []


def test_what_is_shared_with_leads_is_not_shared_with_the_pod(pod: Pod):
    pod.plan()
    pod.mara.grants("lead", "progress")
    pod.later()
    assert [each.name for each in pod.page(pod.dana).cards] == ["Mara"]
    assert pod.card(pod.cleo).card == pod.card(pod.dana).card
    for reader in (pod.ben, pod.omar):
        with pytest.raises(NotFound):
            pod.card(reader)
    assert pod.page(pod.ben).cards == []


def test_what_is_shared_with_the_pod_is_not_shared_with_a_lead_who_is_not_in_it(pod: Pod):
    pod.plan()
    pod.mara.grants("pod", "progress")
    pod.later()
    assert [each.name for each in pod.page(pod.ben).cards] == ["Mara"]
    assert pod.page(pod.dana).cards == []
    with pytest.raises(NotFound):
        pod.card(pod.cleo)


def test_open_milestones_are_shown_whole_and_older_ends_and_counts_are_not(pod: Pod):
    pod.close(pod.plan(1))
    pod.plan(2)
    pod.mara.write("goal.set", {"goal": some_id("goal", 0), **GOAL})
    pod.later()
    pod.mara.grants("lead", "progress")
    pod.later()
    card = pod.card(pod.dana).card
    assert [(one.id, one.status, one.outputs_named) for one in card.milestones] == [
        (some_id("milestone", 2), "planned", 1)
    ]
    assert card.counts["goals_set"] == card.counts["milestones_completed"] == 0
    pod.close(some_id("milestone", 2))
    pod.mara.write("goal.set", {"goal": some_id("goal", 1), **GOAL})
    pod.later()
    card = pod.card(pod.dana).card
    assert [(one.status, one.done_on is not None) for one in card.milestones] == [("completed", True)]
    assert (card.counts["goals_set"], card.counts["milestones_completed"]) == (1, 1)


def test_a_card_holds_the_families_that_were_granted_and_says_so_in_the_members_words(pod: Pod):
    pod.plan()
    pod.mara.write("outcome.recorded", {"kind": "referral", "count": 2})
    pod.mara.grants("lead", "rhythm")
    pod.mara.write("review.held", {"week": "2026-W02", "worked_count": 1, "adjust_count": 0})
    pod.mara.write("outcome.recorded", {"kind": "referral", "count": 3})
    pod.later()
    page = pod.card(pod.dana)
    assert page.card.milestones == ()
    assert set(page.card.counts) == {"feedback_received", "reviews_held"}
    assert page.card.counts["reviews_held"] == 1
    assert [line.partition(":")[0] for line in page.scope] == ["rhythm"]
    pod.mara.grants("lead", "outcomes")
    pod.mara.write("outcome.recorded", {"kind": "referral", "count": 4})
    pod.later()
    assert pod.card(pod.dana).card.counts["outcome_referral"] == 4


def test_a_withdrawal_is_felt_at_once_and_an_end_on_its_day(pod: Pod):
    pod.plan()
    pod.mara.grants("lead", "progress", until="2026-01-07")
    pod.later(2)
    assert pod.card(pod.dana).name == "Mara"
    pod.later(1)
    with pytest.raises(NotFound):
        pod.card(pod.dana)
    pod.mara.grants("lead", "progress")
    assert pod.card(pod.dana).name == "Mara"
    pod.mara.withdraws("lead", "progress")
    with pytest.raises(NotFound):
        pod.card(pod.dana)


def test_a_consent_for_one_pod_says_nothing_in_another(pod: Pod):
    pod.plan()
    pod.mara.grants("lead", "progress")
    pod.later()
    act(pod.programme, "members/move", pod="Lantern", member="Mara")
    pod.mara.write("pod.joined", {"pod": pod.other, "cohort": pod.cohort, "name": "Mara"})
    pod.later()
    member = key(pod.mara)
    for reader in (pod.omar, pod.cleo):
        with pytest.raises(NotFound):
            shown(pod.programme, reader, lambda c, r, now: member_page(c, r, pod.other, member, now))


def test_a_title_is_shown_where_its_member_said_it_to_this_reader(pod: Pod):
    milestone = pod.plan()
    pod.mara.grants("lead", "progress")
    pod.mara.grants("pod", "progress")
    pod.mara.write("words.said", {"ref": [milestone], "to": "lead", "text": "Certified product owner"})
    pod.later()
    assert [one.title for one in pod.card(pod.dana).card.milestones] == ["Certified product owner"]
    assert [one.title for one in pod.card(pod.ben).card.milestones] == [None]


def test_a_win_said_to_the_pod_is_on_its_page_and_one_said_to_the_lead_is_for_the_lead(pod: Pod):
    pod.mara.write("words.said", {"to": "pod", "text": "Pilot approved"})
    pod.mara.write("words.said", {"to": "lead", "text": "I passed"})
    pod.later()
    assert [(each.name, each.text) for each in pod.page(pod.ben).wins] == [("Mara", "Pilot approved")]
    assert {each.text for each in pod.page(pod.dana).wins} == {"Pilot approved", "I passed"}


# Pods


def test_a_pod_lead_sees_rows_of_her_pods_alone(pod: Pod):
    assert [row.name for row in pod.pods(pod.cleo).pods] == ["Harbour", "Lantern"]
    assert [row.name for row in pod.pods(pod.dana).pods] == ["Harbour"]
    with pytest.raises(NotFound):
        pod.pods(pod.mara)


def test_a_row_counts_who_joined_of_who_was_invited(pod: Pod):
    act(pod.programme, "invites/issue", pod="Harbour")
    revoked = act(pod.programme, "invites/issue", pod="Harbour")
    act(pod.programme, "invites/revoke", invite=revoked.id)
    [row, _] = pod.pods(pod.cleo).pods
    assert (row.joined, row.invited, row.capacity) == (2, 3, 5)


def test_a_pod_is_quiet_after_two_weeks_without_a_session_and_not_before(pod: Pod):
    assert [row.quiet for row in pod.pods(pod.cleo).pods] == [False, False]
    pod.later(15)
    assert [row.quiet for row in pod.pods(pod.cleo).pods] == [True, False]
    start = datetime.fromtimestamp(pod.programme.store.now_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    act(pod.programme, "sessions/hold", pod="Harbour", start=start)
    [row, _] = pod.pods(pod.cleo).pods
    assert (row.quiet, row.last_session and row.last_session.start) == (False, start)


def test_what_falls_due_is_listed_of_those_alone_who_share_it_by_name(pod: Pod):
    pod.plan(0, "2026-01-12")
    pod.plan(1, "2026-03-12")
    pod.later()
    assert pod.pods(pod.cleo).due == []
    pod.mara.grants("lead", "progress")
    [due] = pod.pods(pod.cleo).due
    assert (due.name, due.pod_name, due.kind, due.due) == ("Mara", "Harbour", "credential", "2026-01-12")
    assert pod.pods(pod.omar).due == []


def test_pages_of_pods_follow_each_other(pod: Pod):
    for number in range(5):
        pod.programme.pod(f"Pod {number}")
    first = pod.pods(pod.cleo, limit=4)
    second = pod.pods(pod.cleo, first.next, limit=4)
    names = [row.name for page in (first, second) for row in page.pods]
    assert names == ["Harbour", "Lantern", *(f"Pod {number}" for number in range(5))]
    assert second.next is None


@pytest.mark.parametrize("joined_count", [0, 1, 3])
def test_a_cohort_waits_until_a_pod_has_three_members(joined_count: int):
    programme = Programme()
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 90)
    cohort = programme.cohort.cohort
    assert shown(programme, cleo, lambda c, r, now: pods_page(c, r, cohort, now)).state == "empty"
    harbour = programme.pod("Harbour")
    for seed in range(joined_count):
        joined(programme, harbour, f"member {seed}", seed + 1)
    page = shown(programme, cleo, lambda c, r, now: pods_page(c, r, cohort, now))
    assert (page.state, page.joined) == ("running" if joined_count == 3 else "waiting", joined_count)


# Set-up


def test_the_checklist_is_done_step_by_step(pod: Pod):
    def done() -> set[str]:
        return {step.key for step in pod.setup().steps if step.done}

    assert "codes" not in done()
    act(pod.programme, "codes/list", cohort="Spring", code="sprint_planning", label="Sprint planning")
    for name in ("Harbour", "Lantern"):
        act(pod.programme, "sessions/schedule", pod=name, start="2026-01-16T16:00:00Z")
    assert {"cohort", "pods", "codes", "leads", "sessions"} <= done()


def test_who_has_no_pod_is_listed_and_so_is_a_place_that_is_not_taken(pod: Pod):
    eve = newcomer(pod.programme, 9)
    pod.programme.place(eve, pod.id)
    [person] = pod.setup().unplaced
    assert (person.member, person.state, person.pod_name) == (key(eve), "offered", "Harbour")


def test_an_invite_says_how_it_stands(pod: Pod):
    act(pod.programme, "invites/issue", pod="Harbour", name="Zoe", days=1)
    revoked = act(pod.programme, "invites/issue", pod="Lantern")
    act(pod.programme, "invites/revoke", invite=revoked.id)
    assert {(row.name, row.state) for row in pod.setup().invites} == {("Zoe", "open"), (None, "revoked")}
    pod.later(2)
    assert {row.state for row in pod.setup().invites} == {"expired", "revoked"}


def test_the_pods_of_a_cohort_are_set_up_page_by_page_with_who_leads_them(pod: Pod):
    for number in range(5):
        pod.programme.pod(f"Quay {number}")
    first = pod.setup(limit=4)
    second = pod.setup(limit=4, pods_after=first.pods_next)
    assert [each.name for each in first.pods] == ["Harbour", "Lantern", "Quay 0", "Quay 1"]
    assert [each.name for each in second.pods] == ["Quay 2", "Quay 3", "Quay 4"]
    assert (first.pods_count, second.pods_count, second.pods_next) == (7, 7, None)
    assert [lead.target_name for lead in first.leads] == ["Spring", "Harbour", "Lantern"]
    assert [lead.target_name for lead in second.leads] == ["Spring"]
    assert first.steps == second.steps


@given(st.integers(1, 6), st.sampled_from(["", "quay", "QUAY 1", "a", "none"]))
def test_every_pod_is_on_exactly_one_page_whatever_is_looked_for(limit: int, named: str):
    pods = [
        cohorts.Pod(1, f"id{number}", name, 5, False) for number, name in enumerate(["Ash", "Quay 1", "Quay 10", "Sea"])
    ]
    seen: list[str] = []
    after = None
    while True:
        cut = cut_pods(pods, limit, after, named)
        seen += [each.name for each in cut.shown]
        after = cut.next
        if after is None:
            break
    assert seen == [each.name for each in pods if named.lower() in each.name.lower()]
    assert cut.fitting == len(seen)


def test_a_place_among_pods_that_no_page_gave_begins_anew(pod: Pod):
    assert [each.name for each in pod.setup(pods_after="nowhere").pods] == ["Harbour", "Lantern"]
    assert [each.name for each in pod.pods(pod.cleo, after="nowhere").pods] == ["Harbour", "Lantern"]


def test_invites_that_wait_are_on_the_pods_page_for_its_leads_alone(pod: Pod):
    act(pod.programme, "invites/issue", pod="Harbour", name="Zoe")
    act(pod.programme, "invites/issue", pod="Harbour", role="lead")
    act(pod.programme, "invites/revoke", invite=act(pod.programme, "invites/issue", pod="Harbour").id)
    act(pod.programme, "invites/issue", pod="Lantern")
    eve = newcomer(pod.programme, 9)
    pod.programme.place(eve, pod.id)
    for lead in (pod.dana, pod.cleo):
        page = pod.page(lead)
        assert [(row.name, row.state) for row in page.invites] == [("Zoe", "open")]
        assert [row.member for row in page.offered] == [key(eve)]
    assert (pod.page(pod.mara).invites, pod.page(pod.mara).offered) == ([], [])


# Me, and the calendar


def test_me_is_told_what_i_lead_where_i_am_and_what_i_am_offered(pod: Pod):
    connection, now_ms = pod.programme.store.connection, pod.programme.store.now_ms

    def me(person: Person) -> object:
        stream = streams.find(connection, person.user)
        assert stream is not None
        page = me_page(connection, stream, now_ms)
        return (
            page.name,
            page.pod and page.pod.name,
            [place.name for place in page.places],
            [one.name for one in page.leads],
        )

    act(pod.programme, "members/move", pod="Lantern", member="Ben")
    assert me(pod.mara) == ("Mara", "Harbour", [], [])
    assert me(pod.ben) == (None, None, ["Lantern"], [])
    assert me(pod.cleo) == (None, None, [], ["Spring"])


def test_a_session_is_in_the_calendar_file_until_it_is_cancelled_and_then_says_so(pod: Pod):
    planned = act(pod.programme, "sessions/schedule", pod="Harbour", start="2026-01-16T16:00:00Z", minutes=50)

    def event() -> tuple[str, ...]:
        page = shown(pod.programme, pod.dana, lambda c, r, now: calendar_page(c, r, pod.cohort, now))
        [found] = Calendar.from_ical(icalendar(page, pod.programme.store.now_ms)).walk("VEVENT")
        return tuple(str(found[name]) for name in ("UID", "SUMMARY", "STATUS"))

    assert event() == (f"{planned.id}@milepost", "Harbour: pod session", "CONFIRMED")
    act(pod.programme, "sessions/cancel", session=planned.id)
    assert event()[2] == "CANCELLED"


# A large cohort


def test_the_pods_page_asks_the_store_no_more_for_ten_times_the_members():
    assert statements(400) == statements(40)


def statements(count: int) -> int:
    """How many statements a page of five pods takes in a cohort of so many."""
    store, dice = MemoryStore(), random.Random(1)
    world = World(lambda: store.now_ms, dice.randbytes)
    hand = Cohorts(ServerKey(b"s" * 32), world)
    filled = store.run(lambda connection: fill(connection, hand, count, store.now_ms))
    stream = streams.find(store.connection, filled.lead)
    assert stream is not None
    asked: list[str] = []
    store.connection.set_trace_callback(asked.append)
    reader = reader_of(store.connection, stream, store.now_ms)
    page = pods_page(store.connection, reader, filled.cohort.cohort, store.now_ms, limit=5)
    store.connection.set_trace_callback(None)
    assert (len(page.pods), page.joined) == (5, count)
    # A title is looked up for each milestone that is shown, and there are as many as people share.
    return len(asked) - len(page.due)
