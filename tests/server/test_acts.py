"""What leads and the operator do: each act leaves its event, its actor and its row, or a sentence why not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from milepost.errors import Ambiguous, CheckRefused, NotFound, UserError
from milepost_server.cohort import audit, invites
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.reads.cohort import CohortInfo
from milepost_server.reads.reader import reader_of
from milepost_server.store import cohorts, events, members, streams
from tests.support.acting import act, joined, key, lead_of, newcomer
from tests.support.programme import DAY_MS, Person, Programme


@pytest.fixture
def programme() -> Programme:
    return Programme()


def written(programme: Programme) -> list[str]:
    """The types of the cohort's events."""
    connection, stream = programme.store.connection, programme.cohort.stream
    return [each.event.type for each in events.events_after(connection, streams.get(connection, stream), 0, 1000)]


def start(programme: Programme, days: float) -> str:
    """The instant so many days from now."""
    at = datetime.fromtimestamp((programme.store.now_ms + days * DAY_MS) // 1000, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def came(programme: Programme, code: str, person: Person) -> Any:
    """What an invite opens for somebody."""
    read = invites.read(code)
    assert read is not None
    now_ms = programme.store.now_ms
    enrolment = person.device.enrolment
    return programme.store.run(lambda connection: invites.redeem(connection, programme.hand, read, enrolment, now_ms))


def test_an_act_is_an_event_with_its_actor_and_a_row_of_the_audit_log(programme: Programme):
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 90)
    pod = act(programme, "pods/form", cleo, name="Harbour", cohort="Spring")
    assert (pod.name, pod.capacity, pod.members) == ("Harbour", 5, 0)
    assert written(programme)[-1] == "pod.formed"
    [row] = audit.rows(programme.store.connection, programme.cohort.stream, None, 10)
    assert (row.act, row.actor) == ("pods/form", key(cleo))


def test_a_refused_act_leaves_nothing(programme: Programme):
    before = written(programme)
    with pytest.raises(CheckRefused):
        act(programme, "pods/form", name="Harbour", cohort="Spring", capacity=0)
    assert written(programme) == before
    assert audit.rows(programme.store.connection, programme.cohort.stream, None, 10) == []


def test_who_leads_nothing_finds_nothing(programme: Programme):
    pod = programme.pod("Harbour")
    for nobody in (newcomer(programme, 1), joined(programme, pod, "Mara", 2)):
        for path, asked in {
            "pods/form": {"name": "Quay", "cohort": "Spring"},
            "pods/close": {"pod": "Harbour"},
        }.items():
            with pytest.raises(NotFound, match="you lead nothing that goes by that name"):
                act(programme, path, nobody, **asked)


def test_a_leads_last_day_is_a_day_in_the_cohorts_zone(programme: Programme):
    dana = newcomer(programme, 1)
    programme.pod("Harbour")
    act(programme, "leads/appoint", pod="Harbour", member=key(dana), end="2026-01-05")
    stream = streams.find(programme.store.connection, dana.user)
    assert stream is not None
    evening = int(datetime(2026, 1, 5, 22, 59, tzinfo=UTC).timestamp() * 1000)
    assert reader_of(programme.store.connection, stream, evening).leads
    assert not reader_of(programme.store.connection, stream, evening + 120_000).leads


def test_a_pod_lead_makes_members_and_no_leads(programme: Programme):
    dana = lead_of(programme, "pod", programme.pod("Harbour"), 1)
    assert act(programme, "invites/issue", dana, pod="Harbour").code.startswith("mp1-")
    with pytest.raises(NotFound):
        act(programme, "invites/issue", dana, pod="Harbour", role="lead")
    with pytest.raises(NotFound):
        act(programme, "leads/appoint", dana, pod="Harbour", member=key(dana))


def test_who_leads_a_cohort_appoints_others_of_it_who_then_lead_it_too(programme: Programme):
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    mara = joined(programme, programme.pod("Harbour"), "Mara", 2)
    done = act(programme, "leads/appoint", cleo, cohort="Spring", member="Mara")
    assert (done.scope, done.name) == ("cohort", "Mara")
    act(programme, "leads/remove", mara, cohort="Spring", member=key(cleo))
    with pytest.raises(NotFound):
        act(programme, "pods/form", cleo, name="Quay", cohort="Spring")


def test_who_is_not_of_the_cohort_is_appointed_to_it_by_the_operator_alone(programme: Programme):
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    stranger = key(newcomer(programme, 2))
    with pytest.raises(NotFound, match="nobody in Spring is called"):
        act(programme, "leads/appoint", cleo, cohort="Spring", member=stranger)
    assert act(programme, "leads/appoint", cohort="Spring", member=stranger).member == stranger


def test_a_pod_lead_says_nothing_about_who_leads_the_cohort(programme: Programme):
    dana = lead_of(programme, "pod", programme.pod("Harbour"), 1)
    for path in ("leads/appoint", "leads/remove"):
        with pytest.raises(NotFound, match="you lead nothing that goes by that name"):
            act(programme, path, dana, cohort="Spring", member=key(dana))


def test_the_last_lead_of_a_cohort_leaves_only_by_the_operators_word(programme: Programme):
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    finn = newcomer(programme, 2)
    act(programme, "leads/appoint", cohort="Spring", member=key(finn), start="2099-01-01")
    with pytest.raises(CheckRefused, match="nobody else leads Spring"):
        act(programme, "leads/remove", cleo, cohort="Spring", member=key(cleo))
    act(programme, "leads/remove", cleo, cohort="Spring", member=key(finn))
    act(programme, "leads/remove", cohort="Spring", member=key(cleo))
    with pytest.raises(NotFound):
        act(programme, "pods/form", cleo, name="Quay", cohort="Spring")


def test_who_leads_a_cohort_invites_nobody_to_lead_it(programme: Programme):
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    with pytest.raises(NotFound):
        act(programme, "invites/issue", cleo, cohort="Spring", role="lead")


def test_the_beginning_of_an_id_means_one_of_ones_own_whatever_else_begins_so(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    harbour, lantern = programme.pod("Harbour"), programme.pod("Lantern")
    dana, omar = lead_of(programme, "pod", harbour, 1), lead_of(programme, "pod", lantern, 2)
    ids = iter(f"abcd{number:012}" for number in range(6))
    monkeypatch.setattr(Cohorts, "new_id", lambda self: next(ids))
    session = act(programme, "sessions/schedule", dana, pod="Harbour", start=start(programme, 3)).id
    invite = act(programme, "invites/issue", dana, pod="Harbour").id
    for _ in range(2):
        act(programme, "sessions/schedule", omar, pod="Lantern", start=start(programme, 3))
        act(programme, "invites/issue", omar, pod="Lantern")

    assert act(programme, "sessions/cancel", dana, session="abcd").id == session
    assert act(programme, "invites/revoke", dana, invite="abcd").id == invite
    for path, name in (("sessions/cancel", "session"), ("invites/revoke", "invite")):
        with pytest.raises(Ambiguous):
            act(programme, path, omar, **{name: "abcd"})
        with pytest.raises(NotFound, match="you lead nothing that goes by that name"):
            act(programme, path, dana, **{name: f"abcd{4:012}"})


# Invites


def test_a_pod_promises_no_more_places_than_it_has(programme: Programme):
    act(programme, "pods/form", name="Harbour", cohort="Spring", capacity=2)
    first = act(programme, "invites/issue", pod="Harbour")
    act(programme, "invites/issue", pod="Harbour")
    with pytest.raises(CheckRefused, match="room for 2, and 2 are promised"):
        act(programme, "invites/issue", pod="Harbour")
    act(programme, "invites/revoke", invite=first.id[:5])
    act(programme, "invites/issue", pod="Harbour")


def test_an_invite_sent_again_ends_the_one_before_and_keeps_its_name(programme: Programme):
    programme.pod("Harbour")
    first = act(programme, "invites/issue", pod="Harbour", name="Mara")
    second = act(programme, "invites/resend", invite=first.id)
    assert (second.name, second.scope, second.target) == ("Mara", first.scope, first.target)
    mara = newcomer(programme, 1)
    with pytest.raises(NotFound):
        came(programme, first.code, mara)
    assert came(programme, second.code, mara).pod.name == "Harbour"
    with pytest.raises(CheckRefused, match="was used"):
        act(programme, "invites/resend", invite=second.id)
    assert cohorts.placed_name(programme.store.connection, programme.cohort.stream, mara.user) == "Mara"


def test_who_comes_into_a_second_pod_of_a_cohort_gives_up_the_first_place(programme: Programme):
    harbour, lantern = programme.pod("Harbour"), programme.pod("Lantern")
    mara = joined(programme, harbour, "Mara", 1)
    came(programme, act(programme, "invites/issue", pod="Lantern").code, mara)
    assert cohorts.placements(programme.store.connection, mara.user) == {lantern}
    assert members.find(programme.store.connection, mara.user) is None


@pytest.mark.parametrize("closing", [("pods/close", {"pod": "Harbour"}), ("cohorts/close", {"cohort": "Spring"})])
def test_what_is_closed_takes_nobody_in(programme: Programme, closing: tuple[str, dict[str, object]]):
    programme.pod("Harbour")
    code = act(programme, "invites/issue", pod="Harbour").code
    path, asked = closing
    assert act(programme, path, None, **asked).closed
    with pytest.raises(NotFound):
        came(programme, code, newcomer(programme, 1))
    refused: tuple[tuple[str, dict[str, object]], ...] = (
        ("invites/issue", {"pod": "Harbour"}),
        ("sessions/schedule", {"pod": "Harbour", "start": start(programme, 1)}),
        (path, asked),
    )
    for again, what in refused:
        with pytest.raises(CheckRefused, match="is closed"):
            act(programme, again, None, **what)


# People


def test_a_move_offers_one_place_and_takes_the_other_in_one_go(programme: Programme):
    harbour, lantern = programme.pod("Harbour"), programme.pod("Lantern")
    mara = joined(programme, harbour, "Mara", 1)
    moved = act(programme, "members/move", pod="Lantern", member="mar")
    assert (moved.pod_name, moved.left) == ("Lantern", "Harbour")
    assert written(programme)[-2:] == ["member.removed", "member.placed"]
    assert cohorts.placements(programme.store.connection, mara.user) == {lantern}


def test_a_place_needs_room_and_somebody_without_one(programme: Programme):
    act(programme, "pods/form", name="Harbour", cohort="Spring", capacity=1)
    programme.pod("Lantern")
    mara = newcomer(programme, 1)
    came(programme, act(programme, "invites/issue", cohort="Spring", name="Mara").code, mara)
    act(programme, "members/place", pod="Harbour", member="Mara")
    for path, pod, said in (
        ("members/place", "Harbour", "has a place in Harbour already"),
        ("members/place", "Lantern", "has a place in Harbour; move them instead"),
        ("members/move", "Harbour", "has a place in Harbour already"),
    ):
        with pytest.raises(CheckRefused, match=said):
            act(programme, path, pod=pod, member="Mara")
    ben = newcomer(programme, 2)
    came(programme, act(programme, "invites/issue", cohort="Spring", name="Ben").code, ben)
    with pytest.raises(CheckRefused, match="room for 1, and 1 places are given"):
        act(programme, "members/place", pod="Harbour", member="Ben")
    with pytest.raises(CheckRefused, match="has no place to leave; place them instead"):
        act(programme, "members/move", pod="Lantern", member="Ben")


def test_a_name_that_fits_several_lists_them_and_one_that_fits_none_says_so(programme: Programme):
    pod = programme.pod("Harbour")
    for seed, name in ((1, "Mara"), (2, "Marek")):
        joined(programme, pod, name, seed)
    with pytest.raises(Ambiguous, match=r"Mara \(.{6}\), Marek"):
        act(programme, "members/remove", pod="Harbour", member="mar")
    with pytest.raises(NotFound, match="nobody in Harbour is called 'Zoe'"):
        act(programme, "members/remove", pod="Harbour", member="Zoe")


# Sessions


def test_a_session_is_planned_then_held_or_cancelled(programme: Programme):
    dana = lead_of(programme, "pod", programme.pod("Harbour"), 1)
    planned = act(programme, "sessions/schedule", dana, pod="Harbour", start=start(programme, 0.5), minutes=50)
    assert planned.state == "scheduled"
    assert act(programme, "sessions/hold", dana, session=planned.id[:6]).minutes == 50
    with pytest.raises(CheckRefused, match="was held"):
        act(programme, "sessions/cancel", dana, session=planned.id)
    other = act(programme, "sessions/schedule", dana, pod="Harbour", start=start(programme, 2))
    assert act(programme, "sessions/cancel", dana, session=other.id).state == "cancelled"
    before = written(programme)
    act(programme, "sessions/cancel", dana, session=other.id)
    assert written(programme) == before
    with pytest.raises(CheckRefused, match="was cancelled"):
        act(programme, "sessions/hold", dana, session=other.id)


def test_a_session_that_nobody_planned_can_be_held(programme: Programme):
    programme.pod("Harbour")
    assert act(programme, "sessions/hold", pod="Harbour", start=start(programme, -3)).state == "held"


@pytest.mark.parametrize(
    ("path", "days", "said"),
    [("sessions/schedule", -2, "in the past"), ("sessions/hold", 2, "still to come")],
)
def test_a_session_is_planned_ahead_and_held_afterwards(programme: Programme, path: str, days: int, said: str):
    programme.pod("Harbour")
    with pytest.raises(CheckRefused, match=said):
        act(programme, path, pod="Harbour", start=start(programme, days))


@pytest.mark.parametrize("text", ["friday", "2026-03-02", "2026-03-02T17:00:00"])
def test_a_start_without_a_zone_is_refused_with_an_example(programme: Programme, text: str):
    programme.pod("Harbour")
    with pytest.raises(UserError, match="try: 2026-01-16T16:00:00Z"):
        act(programme, "sessions/schedule", pod="Harbour", start=text)


# The cohort


def test_a_code_published_again_changes_its_label(programme: Programme):
    act(programme, "codes/list", cohort="Spring", code="sprint_planning", label="Planning")
    act(programme, "codes/list", cohort="Spring", code="sprint_planning", label="Sprint planning")
    found = cohorts.skill_codes(programme.store.connection, programme.cohort.stream)
    assert found == [("sprint_planning", "Sprint planning")]


def test_a_cohort_is_closed_once(programme: Programme):
    closed = act(programme, "cohorts/close", cohort="Spring")
    assert isinstance(closed, CohortInfo)
    with pytest.raises(CheckRefused, match="Spring is closed"):
        act(programme, "cohorts/close", cohort="Spring")


def test_two_open_pods_of_a_cohort_have_two_names(programme: Programme):
    act(programme, "pods/form", name="Harbour", cohort="Spring")
    with pytest.raises(CheckRefused, match="Spring has a pod called Harbour"):
        act(programme, "pods/form", name="Harbour", cohort="Spring")
    act(programme, "pods/close", pod="Harbour")
    assert act(programme, "pods/form", name="Harbour", cohort="Spring").closed is False
