"""Each rule that warns: the entry is written, and one line is said."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue import samples
from milepost.catalogue.milestones import KIND
from milepost.checks import Finding, check
from milepost.checks.context import GoalState, MetricState, MilestoneState, SkillState
from milepost.checks.warn import LENGTH_DAYS, is_usual_length
from tests.support.views import Views

GOAL, MILESTONE, SKILL, METRIC = samples.GOAL, samples.MILESTONE, samples.SKILL, samples.METRIC


def said(name: str, views: Views | None = None, **changes: Any) -> list[Finding]:
    declared = catalogue.get(name)
    assert declared is not None
    found = check(catalogue.draft(name, {**declared.example, **changes}), views or Views())
    assert all(finding.level == "warn" for finding in found)
    return found


def codes(name: str, views: Views | None = None, **changes: Any) -> list[str]:
    return [finding.code for finding in said(name, views, **changes)]


def milestone(**more: Any) -> Views:
    given = {"id": MILESTONE, "label": "CSPO", "kind": "credential", "status": "planned", "start": date(2026, 1, 26)}
    return Views(milestones={MILESTONE: MilestoneState(**{**given, **more})})


def metric(**more: Any) -> Views:
    given = {"id": METRIC, "label": "bounce rate", "kind": "change", "unit": "percent", "own": False}
    return Views(metrics={METRIC: MetricState(**{**given, **more})})


def test_a_good_goal_draws_no_warning():
    assert codes("goal.set") == []


@pytest.mark.parametrize(
    "text",
    ["get better at SQL", "Improve my writing", "learn Figma", "work on stories", "Try, again", "be bolder"],
)
def test_goal_not_specific(text: str):
    [found] = said("goal.set", text=text)

    assert found.code == "goal_not_specific"
    assert found.remedy.startswith("try: mp goal ")


@pytest.mark.parametrize(
    "text", ["learn 3 joins", "benchmark the search", "Draft the brief", "tryout for Sam", "getting"]
)
def test_a_goal_with_a_number_or_another_opening_is_specific(text: str):
    assert codes("goal.set", text=text) == []


def test_goal_not_time_bound():
    assert codes("goal.set", due=None) == ["goal_not_time_bound"]
    assert codes("goal.set", due=None, repeat="weekly") == []


def test_goal_not_testable():
    assert codes("goal.set", has_test=False, test=None) == ["goal_not_testable"]


def test_a_vague_goal_draws_three_separate_warnings():
    assert codes("goal.set", text="get better at SQL", due=None, has_test=False, test=None) == [
        "goal_not_specific",
        "goal_not_time_bound",
        "goal_not_testable",
    ]


def test_estimate_over_sitting():
    assert codes("goal.set", estimate_minutes=121) == ["estimate_over_sitting"]
    assert codes("goal.set", estimate_minutes=120) == []


def test_over_capacity():
    [found] = said("goal.set", Views(capacity=90, planned=31), estimate_minutes=60)

    assert (found.code, found.message) == (
        "over_capacity",
        "91 minutes are planned for 2026-03-06, over the 90 you have",
    )
    assert found.remedy == "move one; try: --due 2026-03-07"
    assert codes("goal.set", Views(capacity=90, planned=30), estimate_minutes=60) == []
    assert codes("goal.set", Views(capacity=None, planned=900), estimate_minutes=60) == []


def test_too_many_open_goals():
    standing = {GOAL: GoalState(GOAL, "Draft")}

    assert codes("goal.set", Views(open_count=5)) == ["too_many_open_goals"]
    assert codes("goal.set", Views(open_count=4)) == []
    assert codes("goal.set", Views(open_count=5, goals=standing)) == []


@pytest.mark.parametrize(
    ("kind", "shortest", "longest"),
    [
        ("direction", 14, 56),
        ("skills_audit", 14, 56),
        ("credential", 14, 98),
        ("portfolio", 14, 98),
        ("networking", 14, 98),
        ("stretch", 14, 98),
        ("mentoring", 14, 98),
        ("impact", 14, 56),
        ("narrative", 14, 56),
        ("micro_project", 0, 13),
        ("project", 42, 84),
        ("cohort", 14, 56),
        ("experiment", 14, 56),
        ("sprint", 14, 84),
        ("other", 14, 56),
    ],
)
def test_milestone_length(kind: str, shortest: int, longest: int):
    for days, usual in ((shortest, True), (longest, True), (longest + 1, False), (shortest - 1, shortest == 0)):
        if days >= 0:
            due = date.fromordinal(date(2026, 1, 26).toordinal() + days).isoformat()
            found = codes(
                "milestone.planned", kind=kind, start="2026-01-26", due=due, outputs=["0" * 16, "1" * 16, "2" * 16]
            )
            assert ("milestone_length" not in found) is usual, days


def test_every_kind_of_milestone_has_a_length():
    assert set(LENGTH_DAYS) <= set(KIND.options)
    assert all(is_usual_length(kind, 14) or kind in ("micro_project", "project") for kind in KIND.options)


def test_a_long_sprint_is_told_to_have_children():
    [found] = [
        one for one in said("milestone.planned", kind="sprint", due="2026-06-30") if one.code == "milestone_length"
    ]

    assert "inside it" in found.remedy


def test_a_long_micro_project_is_told_to_be_a_project():
    plan = said("milestone.planned", kind="micro_project", start="2026-01-05", due="2026-02-16")
    [found] = [one for one in plan if one.code == "milestone_length"]

    assert "plan project" in found.remedy


def test_a_moved_milestone_is_measured_from_its_start():
    assert codes("milestone.rescheduled", milestone(), due="2026-05-05") == ["milestone_length"]
    assert codes("milestone.rescheduled", milestone(), due="2026-05-04") == []
    assert codes("milestone.rescheduled", Views(), due="2036-05-04") == []


def test_no_success_measure():
    assert codes("milestone.started", milestone(has_measure=False)) == ["no_success_measure"]
    assert codes("milestone.started", milestone()) == []


def test_no_buffer():
    assert codes("milestone.planned", buffer_days=0) == ["no_buffer"]
    assert codes("milestone.planned", buffer_days=None) == ["no_buffer"]


@pytest.mark.parametrize("kind", ["sprint", "project"])
def test_few_outputs(kind: str):
    ids = ["0" * 16, "1" * 16, "2" * 16]

    assert "few_outputs" in codes("milestone.planned", kind=kind, outputs=ids[:2])
    assert "few_outputs" in codes("milestone.planned", kind=kind, outputs=None)
    assert "few_outputs" not in codes("milestone.planned", kind=kind, outputs=ids)


def test_few_artifacts():
    assert codes("milestone.completed", milestone(kind="sprint", artifacts=1)) == ["few_artifacts"]
    assert codes("milestone.completed", milestone(kind="sprint", artifacts=2)) == []
    assert codes("milestone.completed", milestone(kind="project", artifacts=0)) == []


def test_outputs_missing():
    ids = ("0" * 16, "1" * 16)

    some = milestone(outputs=ids, outputs_open=ids[1:])
    [found] = said("milestone.completed", some, outputs_ticked=None)
    assert (found.code, found.message) == ("outputs_missing", "CSPO ends with 1 of 2 outputs")
    assert codes("milestone.completed", some, outputs_ticked=[ids[1]]) == []
    assert codes("milestone.completed", milestone(outputs=ids), outputs_ticked=None) == []


def test_experiment_without_hypothesis():
    plan: dict[str, Any] = {"kind": "experiment", "due": "2026-02-23"}

    assert codes("milestone.planned", **plan) == ["experiment_without_hypothesis"]
    assert codes("milestone.planned", **plan, hypothesis="shelters will use it") == []


@pytest.mark.parametrize(("rating", "target", "low"), [(2, 4, False), (3, 4, True), (5, 5, True), (4, 2, True)])
def test_target_lift(rating: int, target: int, low: bool):
    views = Views(skills={SKILL: SkillState(SKILL, "sprint planning", rating)})

    assert codes("skill.targeted", views, target=target) == (["target_lift"] if low else [])


def test_a_target_without_a_rating_lifts_from_nothing_known():
    assert codes("skill.targeted", Views(skills={SKILL: SkillState(SKILL, "SQL")}), target=1) == []


@pytest.mark.parametrize(
    ("kind", "basis", "open_"),
    [
        ("change", "unknown", True),
        ("change", "absolute", True),
        ("level", "unknown", True),
        ("level", "absolute", False),
        ("change", "relative", False),
        ("change", "points", False),
    ],
)
def test_basis_unstated(kind: str, basis: str, open_: bool):
    assert codes("metric.recorded", metric(kind=kind), basis=basis) == (["basis_unstated"] if open_ else [])
    assert codes("metric.recorded", metric(kind=kind, unit="count"), basis=basis) == []


def test_key_result_without_number():
    assert codes("objective.set", metric()) == ["key_result_without_number"]
    assert codes("objective.set", metric(has_target=True)) == []


@pytest.mark.parametrize(("capacity", "odd"), [(2, True), (3, False), (5, False), (6, True)])
def test_pod_size(capacity: int, odd: bool):
    assert codes("pod.formed", capacity=capacity) == (["pod_size"] if odd else [])


@given(st.text(max_size=60).filter(str.strip))
def test_no_text_of_a_goal_makes_a_check_raise(text: str):
    declared = catalogue.get("goal.set")
    assert declared is not None

    check(catalogue.draft("goal.set", {**declared.example, "text": text}), Views())
