"""The counting rules of the event catalogue, as far as these views count; each test is named after its rule."""

from datetime import date

from milepost.projections.asof import AsOf
from milepost.projections.attached import Attached
from milepost.projections.calendar import day_number
from milepost.projections.goals import Goal
from milepost.projections.people import Contact
from milepost.projections.progress import Progress, cards_of, progress, weeks
from milepost.projections.skills import Skill
from tests.support.histories import GOAL, Pen, name, some_id
from tests.support.memory_tables import projected

TODAY = date(2026, 7, 5)


def shelf(*pens: Pen, day: date = TODAY) -> AsOf:
    tables = projected([[one for pen in pens for one in pen.stamped()]])
    return AsOf(((entity, tables.writes(entity)) for entity in tables.rows), day_number(day))


def shown(*pens: Pen, day: date = TODAY) -> Progress:
    return progress(shelf(*pens, day=day), day)


def plan(
    pen: Pen, number: int, kind: str = "project", *, start: str = "2026-01-05", due: str = "2026-02-16", **more: object
) -> str:
    milestone = some_id("milestone", number)
    values = {"milestone": milestone, "kind": kind, "start": start, "due": due, "has_measure": True, "title": "A"}
    pen.write("milestone.planned", {**values, **more})
    return milestone


def test_children_count_under_their_parent():
    pen = Pen()
    portfolio = plan(pen, 0, "portfolio")
    for number in range(1, 9):
        plan(pen, number)
    for number in range(20, 23):
        plan(pen, number, "micro_project", parent=portfolio)
    assert shown(pen).milestones.total == 9
    (card,) = [card for card in cards_of(shelf(pen)) if card.children]
    assert len(card.children) == 3


def test_a_skill_with_no_second_rating_has_no_change_recorded():
    pen = Pen()
    pen.write("skill.rated", {"skill": some_id("skill", 0), "rating": 3, "basis": "self"})
    (skill,) = shelf(pen).all(Skill)
    assert skill.change is None
    pen.write("skill.rated", {"skill": some_id("skill", 0), "rating": 3, "basis": "self"}, on=date(2026, 3, 2))
    (skill,) = shelf(pen).all(Skill)
    assert skill.change == 0


def test_a_target_met_after_its_day_says_by_how_much():
    pen, skill = Pen(on=date(2026, 1, 19)), some_id("skill", 0)
    pen.write("skill.rated", {"skill": skill, "rating": 2, "basis": "self"})
    pen.write("skill.targeted", {"skill": skill, "target": 4, "by": "2026-02-09"})
    pen.write("skill.rated", {"skill": skill, "rating": 4, "basis": "self"}, on=date(2026, 3, 2))
    (found,) = shelf(pen).all(Skill)
    assert found.target is not None
    assert (found.target.met_on, found.target.days_late) == ("2026-03-02", 21)


def test_two_ratings_on_one_day_from_two_devices_are_both_in_the_trend_and_the_later_clock_is_current():
    laptop, phone = Pen(1), Pen(2)
    laptop.now_ms += 60_000
    laptop.write("skill.rated", {"skill": some_id("skill", 0), "rating": 4, "basis": "self"})
    phone.write("skill.rated", {"skill": some_id("skill", 0), "rating": 3, "basis": "self"})
    (skill,) = shelf(laptop, phone).all(Skill)
    assert [rating.rating for rating in skill.ratings] == [3, 4]
    assert skill.current == 4


def test_lateness_is_against_the_first_due_and_later_moves_are_listed():
    pen = Pen()
    milestone = plan(pen, 0, due="2026-02-16")
    for due in ("2026-03-02", "2026-03-09"):
        pen.write("milestone.rescheduled", {"milestone": milestone, "due": due, "reason": "time"})
    pen.write("milestone.completed", {"milestone": milestone, "measure_met": "yes"}, on=date(2026, 3, 9))
    (card,) = cards_of(shelf(pen))
    assert card.milestone.days_late == 21
    assert [move.due for move in card.milestone.moves] == ["2026-03-02", "2026-03-09"]


def test_planned_hours_and_spent_hours_are_different_figures():
    pen = Pen()
    milestone = plan(pen, 0, "credential", start="2026-01-26", due="2026-04-27", hours_per_week=8)
    pen.write("time.spent", {"minutes": 90, "ref": [milestone]})
    (card,) = cards_of(shelf(pen))
    assert (card.milestone.hours_planned, card.minutes) == (104, 90)
    assert card.usual_length == "longer"


def test_a_week_with_any_entry_is_logged_and_its_measures_are_zero_and_a_week_with_neither_is_unlogged():
    pen = Pen()
    pen.write("win.celebrated", {"text": "a win"})
    pen.write("review.held", {"week": "2026-W03", "worked_count": 1, "adjust_count": 0}, on=date(2026, 1, 20))
    found = {week.week: week for week in weeks(shelf(pen), date(2026, 1, 25), 3)}
    assert (found["2026-W02"].is_logged, found["2026-W02"].minutes) == (True, 0)
    assert (found["2026-W03"].is_logged, found["2026-W03"].goals_done) == (True, 0)
    # The review was held in the week after, which is logged by it; a week further there is nothing.
    assert found["2026-W04"].is_logged
    (empty,) = weeks(shelf(pen), date(2026, 2, 1), 1)
    assert (empty.is_logged, empty.minutes) == (False, None)


def test_a_goal_done_on_friday_and_logged_on_monday_counts_in_fridays_week():
    pen = Pen(on=date(2026, 1, 12))
    pen.write("goal.set", {"goal": some_id("goal", 0), **GOAL, "text": "a"}, on=date(2026, 1, 5))
    pen.write("goal.closed", {"goal": some_id("goal", 0), "result": "done"}, on=date(2026, 1, 9))
    first, second = weeks(shelf(pen), date(2026, 1, 18), 2)
    assert (first.goals_done, second.goals_done) == (1, None)


def test_a_repeating_goal_closes_per_period_and_stays_open():
    pen = Pen()
    goal = some_id("goal", 0)
    pen.write("goal.set", {"goal": goal, **GOAL, "repeat": "weekly", "text": "a"})
    for first_day, result in (("2026-01-05", "done"), ("2026-01-12", "missed"), ("2026-01-19", "done")):
        pen.write("goal.closed", {"goal": goal, "result": result, "period": first_day})
    (found,) = shelf(pen).all(Goal)
    assert (found.periods_kept, len(found.periods), found.is_open) == (2, 3, True)


def test_an_output_is_done_when_an_artifact_names_it_or_completion_ticks_it():
    pen = Pen()
    outputs = [some_id("output", number) for number in range(3)]
    milestone = plan(pen, 0, "sprint", outputs=outputs)
    artifact = {"artifact": some_id("artifact", 0), "kind": "dashboard", "public": False, "title": "d"}
    pen.write("artifact.added", {**artifact, "output": outputs[0]})
    pen.write("milestone.completed", {"milestone": milestone, "measure_met": "partly", "outputs_ticked": [outputs[1]]})
    (card,) = cards_of(shelf(pen))
    assert (card.outputs_done, card.outputs_named) == (2, 3)


def test_a_contact_is_one_relationship_however_often_recorded_and_only_the_target_list_counts_against_it():
    pen = Pen()
    classes = ["target_role"] * 8 + ["recruiter"] * 2 + ["engineer"] * 3
    for number, role in enumerate(classes):
        contact = {"contact": some_id("contact", number), "class": role, "on_target_list": number < 5, "name": "x"}
        pen.write("contact.added", contact)
        for _ in range(2):
            pen.write("touchpoint.logged", {"contact": some_id("contact", number), "kind": "outreach"})
    people = shown(pen).people
    assert people.relationships == 13
    assert people.by_class == {"engineer": 3, "recruiter": 2, "target_role": 8}
    assert (people.targeted, people.targeted_met) == (5, 5)


def test_a_thanks_answers_the_latest_unthanked_interview_with_that_contact():
    pen, contact = Pen(), some_id("contact", 0)
    for kind, day in (("interview", 5), ("interview", 6), ("thanks", 7)):
        pen.write("touchpoint.logged", {"contact": contact, "kind": kind}, on=date(2026, 1, day))
    (found,) = shelf(pen).all(Contact)
    assert [touch.on for touch in found.unthanked] == ["2026-01-05"]


def test_a_likely_double_is_pointed_out_and_never_merged():
    laptop, phone = Pen(1), Pen(2)
    for pen in (laptop, phone):
        pen.write("touchpoint.logged", {"contact": some_id("contact", 0), "kind": "interview"})
    (found,) = shelf(laptop, phone).all(Contact)
    assert (len(found.likely_doubles), found.count("interview")) == (1, 2)


def test_a_reading_linked_to_two_entries_counts_once():
    pen = Pen()
    goal, milestone = some_id("goal", 0), plan(pen, 0)
    pen.write("time.spent", {"minutes": 45, "ref": [goal, milestone]})
    assert shown(pen).minutes == 45
    assert [one.minutes for one in shelf(pen).all(Attached)] == [45, 45]


def test_as_of_a_day_shows_what_had_happened_by_then_as_corrected_since():
    pen = Pen()
    milestone = plan(pen, 0)
    pen.write("milestone.started", {"milestone": milestone}, on=date(2026, 1, 19))
    pen.write("milestone.completed", {"milestone": milestone, "measure_met": "yes"}, on=date(2026, 3, 1))
    assert shown(pen, day=date(2026, 1, 18)).milestones.planned == 1
    assert shown(pen, day=date(2026, 2, 1)).milestones.started == 1
    assert shown(pen, day=date(2026, 3, 1)).milestones.completed == 1
    # Taken back much later, and dated then: it had not happened on any day.
    taken_back = {"target": name(pen.written[1]), "reason": "mistake"}
    pen.write("entry.retracted", taken_back, on=date(2026, 6, 1))
    assert shown(pen, day=date(2026, 2, 1)).milestones.started == 0


def test_between_goals_is_a_neutral_state():
    assert shown(Pen()).goals.open == 0
