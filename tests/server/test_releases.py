"""Releases: published on Monday for the week that was received, once, and never again."""

import json

import msgspec
import pytest

from milepost.ids import base32
from milepost_server.cohort import audit
from milepost_server.operating.publishing import OfCohort, release_now
from milepost_server.reads.blockers import blockers_page
from milepost_server.reads.reader import Sight
from milepost_server.reads.releases import releases_page
from milepost_server.reads.skills import SkillRow, skills_page
from milepost_server.reads.week import cohort_week
from milepost_server.store import events, releases, streams
from milepost_server.store.cohorts import cohort
from tests.support.histories import some_id
from tests.support.programme import DAY_MS, Person, Programme, week_name

TUESDAY, WEDNESDAY, SUNDAY = 1, 2, 6
SIX = 6


def cohort_of(*pods: int, audiences: tuple[str, ...] = ("cohort_total",)) -> tuple[Programme, list[list[Person]]]:
    """A cohort whose members share with it, on the Monday of its second week: the first that can have figures."""
    programme = Programme()
    people = [programme.pod_of(size, *audiences) for size in pods]
    programme.at(1)
    return programme, people


def everybody(people: list[list[Person]]) -> list[Person]:
    return [person for pod in people for person in pod]


def release(programme: Programme, week: int) -> dict[str, int]:
    """The figures of a week, on the Monday after it."""
    programme.at(week + 1, hour=7)
    return programme.published(week_name(week))


def test_a_week_is_published_on_the_monday_after_it_at_six():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    programme.at(2, hour=5)
    assert releases.of_week(programme.store.connection, programme.cohort.stream, week_name(1)) is None
    programme.at(2, hour=SIX)
    assert programme.published(week_name(1))["goals_set"] == 12


def test_a_release_is_an_event_of_the_cohort_with_the_server_as_its_actor():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    figures = release(programme, 1)
    stream = streams.get(programme.store.connection, programme.cohort.stream)
    found = [each.event for each in events.events_after(programme.store.connection, stream, 0, 1000)]
    facts = [json.loads(each.facts.text) for each in found if each.type == "release.published" and each.facts]
    assert [each["week"] for each in facts] == [week_name(0), week_name(1)]
    assert facts[-1]["contents"] == {"version": 1, "week": week_name(1), "figures": figures}
    assert facts[-1]["actor"] == "server"


def test_a_week_is_published_once_whoever_asks_again():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    before = release(programme, 1)
    people[0][0].sets_goals(4)
    programme.settle()
    programme.store.run(lambda connection: release_now(connection, programme.server_desk, OfCohort()))
    assert programme.published(week_name(1)) == before
    assert len(releases.newest(programme.store.connection, programme.cohort.stream, 10)) == 2


def test_the_operator_may_publish_a_week_that_has_ended_before_the_morning():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    programme.at(2, hour=1)
    (published,) = programme.store.run(
        lambda connection: release_now(connection, programme.server_desk, OfCohort("Spring"))
    )
    assert (published.week, published.published_at) == (week_name(1), "2026-01-19T00:00:00Z")
    assert programme.published(week_name(1))["goals_set"] == 12
    noted = audit.rows(programme.store.connection, programme.cohort.stream, None, 10)
    assert [row.act for row in noted] == ["releases/now"]


def test_mondays_that_were_missed_are_made_up_for_week_by_week():
    programme, people = cohort_of(3, 3)
    for week in (1, 2, 3):
        for person in everybody(people):
            person.sets_goals(week)
        programme.store.now_ms += 7 * DAY_MS
    programme.settle()
    assert [programme.published(week_name(week))["goals_set"] for week in (1, 2, 3)] == [6, 12, 18]


def test_who_consented_on_tuesday_is_in_the_next_weeks_figures_not_in_this_ones():
    programme, people = cohort_of(3, 3, audiences=())
    first, *others = everybody(people)
    for person in others:
        person.grants("cohort_total")
    programme.at(2)
    first.grants("cohort_total")
    for person in everybody(people):
        person.sets_goals(2)
    assert release(programme, 2)["goals_set"] == 10
    for person in everybody(people):
        person.sets_goals(2)
    assert release(programme, 3)["goals_set"] == 12


def test_who_withdraws_in_the_week_is_left_out_and_nothing_published_changes():
    programme, people = cohort_of(4, 4)
    for person in everybody(people):
        person.sets_goals(2)
    before = release(programme, 1)
    people[0][0].sets_goals(2)
    programme.at(2, WEDNESDAY)
    people[0][0].withdraws("cohort_total")
    for person in everybody(people)[1:]:
        person.sets_goals(2)
    assert release(programme, 2)["goals_set"] == 14
    assert programme.published(week_name(1)) == before


def test_late_entries_count_in_the_week_they_are_received_in():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    before = release(programme, 1)
    late, *others = everybody(people)
    # Written three weeks ago, sent now.
    late.device.now_ms -= 21 * DAY_MS
    late.sets_goals(4, written_now=False)
    for person in others:
        person.sets_goals(1)
    assert release(programme, 2)["goals_set"] == 9
    assert programme.published(week_name(1)) == before


@pytest.mark.parametrize(("others", "published"), [(13, 25), (3, None)])
def test_twelve_late_entries_are_shown_beside_thirteen_and_suppressed_beside_three(others, published):
    programme, people = cohort_of(4, 4, 4, 4)
    fourth, *rest = everybody(people)
    for person in rest[:others]:
        person.sets_goals(1)
    fourth.sets_goals(12)
    assert release(programme, 1).get("goals_set") == published


def test_a_lead_of_the_cohort_is_not_counted_among_the_five():
    programme, people = cohort_of(3, 2)
    programme.lead(people[0][0], "cohort", programme.cohort.cohort)
    for person in everybody(people):
        person.sets_goals(2)
    assert "goals_set" not in release(programme, 1)
    programme.person(people[1][0].pod, "cohort_total")
    programme.at(3)
    for person in programme.people:
        person.sets_goals(2)
    assert release(programme, 3)["goals_set"] == 12


def test_who_is_seen_by_name_is_not_counted_among_the_five():
    programme, people = cohort_of(3, 2)
    people[0][0].grants("lead", "progress")
    for person in everybody(people):
        person.sets_goals(2)
    assert "goals_set" not in release(programme, 1)


def test_contributors_outside_every_shown_pod_total_are_left_out_of_the_release():
    programme, people = cohort_of(3, 3, 3, audiences=("cohort_total", "pod_total"))
    people[2][0].withdraws("pod_total")
    programme.at(2)
    for person in everybody(people):
        person.sets_goals(2)
    # Two pods are shown; of the third two alone share sums with it, so nothing is shown there.
    assert release(programme, 2)["goals_set"] == 12


def test_a_pod_that_was_shown_and_then_closed_is_left_out_of_the_release():
    programme, people = cohort_of(3, 3, 4, audiences=("cohort_total", "pod_total"))
    for person in everybody(people):
        person.sets_goals(2)
    programme.at(1, TUESDAY)
    programme.at(1, WEDNESDAY)
    people[2][0].withdraws("pod_total")
    assert release(programme, 1)["goals_set"] == 12


def test_skills_are_summed_by_published_code_only():
    programme, people = cohort_of(6, 6)
    programme.codes("sprint_planning")
    for number, person in enumerate(everybody(people)):
        rates(person, "sprint_planning", 2 + number % 2, 3 + number % 2)
        rates(person, "my_own_label", 1, 5)
    figures = release(programme, 1)
    assert (figures["skills_rerated"], figures["skills_rose"]) == (12, 12)
    assert not any("my_own_label" in name for name in figures)
    page = skills_page(programme.store.connection, programme.sight, programme.store.now_ms)
    assert page.codes == [SkillRow("sprint_planning", "Sprint_Planning", "value", 2.5, 3.5)]
    assert (page.rerated.value, page.rose.value) == (12, 12)


def test_one_skills_before_and_after_need_ten_where_rerated_needs_five():
    programme, people = cohort_of(5, 4)
    programme.codes("sprint_planning")
    for number, person in enumerate(everybody(people)):
        rates(person, "sprint_planning", 2 + number % 2, 3 + number % 2)
    figures = release(programme, 1)
    assert figures["skills_rerated"] == 9
    page = skills_page(programme.store.connection, programme.sight, programme.store.now_ms)
    assert page.codes == [SkillRow("sprint_planning", "Sprint_Planning", "hidden", None, None)]


def rates(person: Person, code: str, *ratings: int) -> None:
    skill = some_id("skill", sum(map(ord, code)) % 97)
    person.write("skill.named", {"skill": skill, "code": code})
    for rating in ratings:
        person.write("skill.rated", {"skill": skill, "rating": rating, "basis": "self"})


def test_outcomes_need_ten_contributors_and_their_own_consent():
    programme, people = cohort_of(5, 5, 5)
    for person in everybody(people)[:10]:
        person.write("outcome.recorded", {"kind": "referral", "count": 2})
    for person in everybody(people)[10:]:
        person.withdraws("cohort_total", "progress")
    assert release(programme, 1)["outcome:referral"] == 20
    for person in everybody(people):
        person.write("outcome.recorded", {"kind": "offer", "count": 1})
    for person in everybody(people)[:6]:
        person.withdraws("cohort_total", "outcomes")
    assert "outcome:offer" not in release(programme, 2)


def test_blockers_are_published_by_class_and_remedy():
    programme, people = cohort_of(3, 3)
    for number, person in enumerate(everybody(people)):
        milestone = some_id("milestone", number)
        planned = {"milestone": milestone, "kind": "project", "start": "2026-01-12", "due": "2026-03-12"}
        person.write("milestone.planned", {**planned, "outputs": [], "has_measure": False})
        person.write("milestone.started", {"milestone": milestone})
        for _ in range(2):
            person.write("milestone.blocked", {"milestone": milestone, "class": "access", "remedy": "peer"})
            person.write("milestone.resumed", {"milestone": milestone})
    programme.at(2, hour=7)
    page = blockers_page(programme.store.connection, programme.sight, programme.store.now_ms)
    assert (page.classes[0].name, page.classes[0].figure.value) == ("access", 12)
    assert (page.remedies[0].name, page.remedies[0].figure.value) == ("peer", 12)
    assert {row.figure.state for row in page.classes[1:]} == {"hidden"}


def test_participation_is_a_class_and_never_a_number():
    programme, people = cohort_of(5, 5)
    for person in everybody(people)[:7]:
        person.sets_goals(1)
    programme.at(2, hour=7)
    page = cohort_week(programme.store.connection, programme.sight, programme.store.now_ms)
    assert (page.participation.state, page.participation.share) == ("value", "most")
    assert b"participation_count" not in msgspec.json.encode(page)


def test_the_cohorts_week_says_which_state_it_is_in():
    programme = Programme()
    people = [programme.pod_of(3, "cohort_total") for _ in range(2)]

    def page():
        return cohort_week(programme.store.connection, programme.sight, programme.store.now_ms)

    assert (page().state, page().first_release, page().release) == ("first_release", "2026-01-12", None)
    programme.at(1)
    for person in everybody(people):
        person.sets_goals(1)
    programme.at(2, hour=7)
    assert (page().state, page().next_release) == ("published", "2026-01-26T05:00:00Z")
    assert page().figures["goals_set"].value == 6
    assert page().release.week == week_name(1)
    assert [each.week for each in page().weeks] == [week_name(0)]
    programme.store.now_ms += 8 * DAY_MS
    assert (page().state, page().release.age_days) == ("stale", 8)
    programme.close()
    programme.cohort = programme.cohort._replace(closed=True)
    assert (page().state, page().release.age_days, page().next_release) == ("ended", 8, None)


def test_a_cohort_whose_last_week_is_out_has_ended_and_is_never_stale():
    programme, _ = cohort_of(3, 3)
    last = programme.cohort._replace(end="2026-01-15")
    programme.at(2, hour=7)
    programme.store.now_ms += 30 * DAY_MS
    page = cohort_week(programme.store.connection, Sight(last, None), programme.store.now_ms)
    assert page.release is not None
    assert (page.state, page.release.week, page.next_release) == ("ended", week_name(1), None)


def test_releases_are_listed_newest_first_a_page_at_a_time():
    programme, _ = cohort_of(3, 3)
    programme.at(4)
    connection, now_ms = programme.store.connection, programme.store.now_ms
    first = releases_page(connection, programme.sight, now_ms, limit=2)
    assert [each.week for each in first.releases] == [week_name(3), week_name(2)]
    second = releases_page(connection, programme.sight, now_ms, after=first.next, limit=2)
    assert [each.week for each in second.releases] == [week_name(1), week_name(0)]
    assert second.next is None


def test_a_closed_cohort_publishes_no_more():
    programme, _ = cohort_of(3, 3)
    programme.close()
    programme.at(3)
    found = cohort(programme.store.connection, programme.cohort.cohort)
    assert found is not None
    assert found.closed
    assert len(releases.newest(programme.store.connection, programme.cohort.stream, 10)) == 1


def test_an_entry_that_is_retracted_after_its_week_changes_no_release():
    programme, people = cohort_of(3, 3)
    for person in everybody(people):
        person.sets_goals(2)
    before = release(programme, 1)
    target = base32(people[0][0].device.events[-1].id)
    people[0][0].write("entry.retracted", {"target": target, "reason": "mistake"})
    release(programme, 2)
    assert programme.published(week_name(1)) == before
