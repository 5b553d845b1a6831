"""Pod totals on the server: added up each morning, closed by whatever would make two of them subtract to somebody."""

from collections.abc import Callable

import pytest

from milepost.disclosure import HIDDEN, VALUE
from milepost.ids import base32
from milepost_server.cohort import audit
from milepost_server.operating.publishing import OfCohort, totals_now
from milepost_server.reads.figures import FigureInfo
from tests.support.histories import GOAL, some_id
from tests.support.programme import Person, Programme, week_name

TUESDAY, WEDNESDAY, THURSDAY, SUNDAY = 1, 2, 3, 6
MILESTONE = {"kind": "micro_project", "start": "2026-01-05", "due": "2026-01-16", "outputs": [], "has_measure": False}


def test_a_pod_that_formed_this_week_is_added_up_next_week():
    programme = Programme()
    mara, sam, dana = programme.pod_of(3, "pod_total")
    for person in (mara, sam, dana):
        person.sets_goals(2)
    programme.at(0, THURSDAY)
    assert programme.totals(mara.pod, mara).state == "closed"

    programme.at(1, hour=12)
    for person in (mara, sam, dana):
        person.sets_goals(3)
    programme.at(1, TUESDAY)

    found = programme.totals(mara.pod, mara)
    assert (found.state, found.week) == ("shown", week_name(1))
    assert found.figures["goals_set"] == FigureInfo(VALUE, 9)
    assert found.as_of == "2026-01-13T11:00:00Z"
    assert found.next_at == "2026-01-14T05:00:00Z"


def running_pod(*named: str) -> tuple[Programme, list[Person]]:
    """A pod of four whose totals are shown on the Tuesday of its second week: each set two goals."""
    programme = Programme()
    people = programme.pod_of(4, "pod_total", *named)
    programme.at(1)
    for person in people:
        person.sets_goals(2)
    programme.at(1, TUESDAY)
    return programme, people


def test_the_total_is_over_those_who_share_and_shown_from_three():
    programme = Programme()
    mara, sam = programme.pod_of(2, "pod_total")
    dana = programme.person(mara.pod)
    programme.at(1)
    for person in (mara, sam, dana):
        person.sets_goals(2)
    programme.at(1, TUESDAY)
    assert programme.total(mara.pod, mara) == FigureInfo(HIDDEN)

    dana.grants("pod_total")
    programme.at(2)
    for person in (mara, sam, dana):
        person.sets_goals(1)
    programme.at(2, TUESDAY)
    assert programme.total(mara.pod, mara) == FigureInfo(VALUE, 3)


def test_the_operator_can_have_them_added_up_now():
    programme, people = running_pod()
    people[0].sets_goals(5)
    programme.settle()
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 8)
    programme.store.run(lambda connection: totals_now(connection, programme.server_desk, OfCohort()))
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 13)
    last, *_ = audit.rows(programme.store.connection, programme.cohort.stream, None, 10)
    assert (last.actor, last.act) == ("operator", "totals/now")


def test_one_who_has_consented_since_tuesday_counts_from_next_week_on():
    programme, people = running_pod()
    for person in people:
        person.withdraws("pod_total")
        person.grants("pod_total")
    programme.at(1, WEDNESDAY)
    assert programme.totals(people[0].pod, people[0]).state == "closed"
    programme.at(2)
    for person in people:
        person.sets_goals(1)
    programme.at(2, TUESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 4)


def test_a_week_counts_what_was_received_in_it_whenever_it_was_written():
    programme, people = running_pod()
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 8)
    # Nobody wrote anything on the days of the second week that is not received in the third.
    programme.at(2)
    people[0].sets_goals(6)
    programme.at(2, TUESDAY)
    found = programme.totals(people[0].pod, people[0])
    assert (found.week, found.figures["goals_set"]) == (week_name(2), FigureInfo(VALUE, 6))
    assert found.earlier[0].figures["goals_set"] == FigureInfo(VALUE, 8)


def _closing_acts() -> dict[str, Callable[[Programme, list[Person]], object]]:
    return {
        "grant": lambda programme, people: people[0].grants("lead", "people"),
        "withdrawal": lambda programme, people: people[0].withdraws("pod_total", "progress"),
        "leave": lambda programme, people: people[0].write("pod.left", _membership(people[0])),
        "move away": lambda programme, people: people[0].joins(_another_pod(programme, people[0])),
        "join": lambda programme, people: programme.person(people[0].pod),
        "removal": lambda programme, people: programme.remove(people[0], people[0].pod),
        "erasure": lambda programme, people: people[0].write("entry.erased", {"target": base32(b"x" * 16)}),
    }


def _membership(person: Person) -> dict[str, object]:
    return {"pod": person.pod, "cohort": person.programme.cohort.cohort, "erase": False}


def _another_pod(programme: Programme, person: Person) -> str:
    pod = programme.pod("Elsewhere")
    programme.place(person, pod)
    return pod


@pytest.mark.parametrize("act", _closing_acts())
def test_whatever_changes_who_is_in_a_pods_total_closes_its_week_unshown(act):
    programme, people = running_pod()
    pod, reader = people[0].pod, people[3]
    assert programme.total(pod, reader) == FigureInfo(VALUE, 8)
    programme.at(1, WEDNESDAY)
    _closing_acts()[act](programme, people)

    # At once, and for the rest of the week.
    assert programme.totals(pod, reader).state == "closed"
    assert programme.total(pod, reader) == FigureInfo(HIDDEN)
    people[1].sets_goals(1)
    programme.at(1, THURSDAY)
    assert programme.total(pod, reader) == FigureInfo(HIDDEN)
    programme.at(2, TUESDAY)
    closed = next(each for each in programme.totals(pod, reader).earlier if each.week == week_name(1))
    assert closed.figures["goals_set"] == FigureInfo(HIDDEN)


def test_a_consent_that_runs_out_in_the_week_closes_it():
    programme = Programme()
    people = programme.pod_of(4)
    for person in people[:3]:
        person.grants("pod_total")
    people[3].grants("pod_total", until="2026-01-13")
    programme.at(1)
    for person in people:
        person.sets_goals(2)
    programme.at(1, TUESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 8)
    programme.at(1, WEDNESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(HIDDEN)


def test_an_earlier_week_stays_as_it_was_shown_and_is_never_added_up_anew():
    programme, people = running_pod()
    programme.at(2, hour=12)
    retracted = people[0].device.events[-1].id
    people[0].write("entry.retracted", {"target": base32(retracted), "reason": "mistake"})
    programme.at(2, TUESDAY)
    earlier = programme.totals(people[2].pod, people[2]).earlier
    assert [(each.week, each.figures["goals_set"].value) for each in earlier] == [(week_name(1), 8)]


def test_what_came_on_the_last_evening_is_in_the_week_as_it_ends():
    programme, people = running_pod()
    programme.at(1, SUNDAY, 20)
    people[0].sets_goals(3)
    programme.at(2, hour=7)
    found = programme.totals(people[0].pod, people[0])
    earlier = next(each for each in found.earlier if each.week == week_name(1))
    assert earlier.figures["goals_set"] == FigureInfo(VALUE, 11)


def test_a_withdrawal_on_monday_before_six_leaves_the_week_before_as_it_was_last_shown():
    programme, people = running_pod()
    programme.at(1, SUNDAY, 20)
    people[0].sets_goals(3)
    programme.at(2, hour=3)
    people[1].withdraws("pod_total")
    programme.at(2, hour=7)
    found = programme.totals(people[0].pod, people[0])
    assert [(each.week, each.figures["goals_set"].value) for each in found.earlier] == [(week_name(1), 8)]


@pytest.mark.parametrize("how", ["an entry", "the place in the pod"])
def test_after_an_erasure_earlier_weeks_are_hidden(how):
    programme, people = running_pod()
    programme.at(2)
    if how == "an entry":
        people[0].write("entry.erased", {"target": base32(people[0].device.events[-1].id)})
    else:
        people[0].write("pod.left", {**_membership(people[0]), "erase": True})
    programme.at(2, TUESDAY)
    earlier = programme.totals(people[1].pod, people[1]).earlier
    assert {each.figures["goals_set"].state for each in earlier} == {HIDDEN}


def test_two_who_share_by_name_too_do_not_expose_the_third():
    programme = Programme()
    mara, sam, dana = programme.pod_of(3, "pod_total")
    lead = programme.person(programme.pod("Elsewhere"))
    programme.lead(lead, "cohort", programme.cohort.cohort)
    mara.grants("lead")
    sam.grants("lead")
    programme.at(1)
    for person in (mara, sam, dana):
        person.sets_goals(2)
    programme.at(1, TUESDAY)
    assert programme.total(mara.pod, lead) == FigureInfo(HIDDEN)
    assert programme.total(mara.pod, dana) == FigureInfo(VALUE, 6)


def test_nobody_closes_the_week_of_a_pod_that_offers_them_no_place():
    programme, people = running_pod()
    stranger = programme.person(programme.pod("Elsewhere"))
    stranger.joins(people[0].pod)
    programme.at(1, WEDNESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 8)


def test_an_edited_goal_is_counted_once_and_a_retracted_one_not():
    programme, people = running_pod()
    goal = {"goal": some_id("goal", 1), **GOAL, "due": "2026-02-01"}
    people[0].write("goal.set", goal)
    programme.at(1, WEDNESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 8)
    people[1].write("entry.retracted", {"target": base32(people[1].device.events[-1].id), "reason": "mistake"})
    programme.at(1, THURSDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 7)


def test_children_count_under_their_parent_in_the_pods_total_too():
    programme, people = running_pod()
    for person in people[:3]:
        person.write("milestone.planned", {**MILESTONE, "milestone": some_id("milestone", 1)})
        child = {"milestone": some_id("milestone", 2), "parent": some_id("milestone", 1)}
        person.write("milestone.planned", {**MILESTONE, **child})
    programme.at(1, WEDNESDAY)
    assert programme.total(people[0].pod, people[0], "milestones_planned") == FigureInfo(VALUE, 3)


def test_what_was_received_before_the_member_was_in_the_pod_is_not_the_pods():
    programme = Programme()
    people = programme.pod_of(3, "pod_total")
    late = Person(programme, 99)
    programme.at(1)
    late.sets_goals(30)
    programme.place(late, people[0].pod)
    late.joins(people[0].pod)
    late.grants("pod_total")
    programme.at(2)
    for person in (*people, late):
        person.sets_goals(1)
    programme.at(2, TUESDAY)
    assert programme.total(people[0].pod, people[0]) == FigureInfo(VALUE, 4)
    assert programme.totals(people[0].pod, people[0]).state == "shown"


def test_a_withdrawal_acts_before_any_projection():
    programme, people = running_pod()
    people[0].withdraws("pod_total", "progress")
    # Neither folded nor added up: the row that it left is asked.
    assert programme.total(people[0].pod, people[1]) == FigureInfo(HIDDEN)


def test_leaving_the_old_pod_that_comes_late_takes_nothing_from_the_new_one():
    programme, people = running_pod()
    lantern = programme.pod_of(3, "pod_total", name="lantern")
    mara, harbour = people[0], people[0].pod
    programme.place(mara, lantern[0].pod)
    mara.joins(lantern[0].pod)
    mara.grants("pod_total")
    # The other device left while it was offline, and is heard only now.
    mara.write("pod.left", {"pod": harbour, "cohort": programme.cohort.cohort, "erase": False})
    programme.at(2)
    for person in (mara, *lantern):
        person.sets_goals(2)
    programme.at(2, TUESDAY)
    assert programme.total(mara.pod, mara) == FigureInfo(VALUE, 8)
