"""Each nudge, on the first day it is due and not on the day before."""

import re
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from milepost import catalogue
from milepost.catalogue import samples
from milepost.checks.context import GoalState, InterviewState, MilestoneState
from milepost.checks.nudge import Nudge, nudges
from milepost.checks.rules import RULES
from tests.support.views import Views

TODAY = date(2026, 3, 2)


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def codes(**given: Any) -> list[str]:
    return [nudge.code for nudge in nudges(Views(today=TODAY, **given))]


def test_an_empty_log_nudges_nobody():
    assert nudges(Views()) == []


@pytest.mark.parametrize(
    ("code", "given", "days"),
    [
        ("review_due", "last_review", 8),
        ("audit_old", "last_audit", 8),
        ("mentor_due", "last_mentor_session", 45),
        ("between_goals", "between_goals_since", 28),
    ],
)
def test_what_has_not_been_done_for_so_many_days_is_due(code: str, given: str, days: int):
    assert codes(**{given: before(days)}) == [code]
    assert codes(**{given: before(days - 1)}) == []


def test_thanks_due():
    recent, old = (InterviewState(samples.CONTACT, "Dana R.", before(days)) for days in (1, 2))

    assert nudges(Views(today=TODAY, interviews=(recent, old))) == [
        Nudge(
            "thanks_due", "thank Dana R. for the interview of 2026-02-28", f"mp touch {samples.CONTACT} thanks --recap"
        )
    ]


@pytest.mark.parametrize(("days", "due"), [(7, []), (8, ["blocked_long"])])
def test_blocked_long(days: int, due: list[str]):
    blocked = MilestoneState("m", "CSPO", "credential", "blocked", before(30), blocked_since=before(days))

    assert codes(milestones={"m": blocked}) == due


def test_a_long_block_offers_the_four_remedies():
    blocked = MilestoneState("m", "CSPO", "credential", "blocked", before(30), blocked_since=before(9))
    [nudge] = nudges(Views(today=TODAY, milestones={"m": blocked}))

    assert nudge.message == (
        "CSPO has been blocked for 9 days: redo the audit, change the method, ask a peer, or ask a mentor"
    )


@pytest.mark.parametrize(("reviews", "due"), [(1, []), (2, ["goal_stuck"])])
def test_goal_stuck(reviews: int, due: list[str]):
    assert codes(goals={"g": GoalState("g", "Draft", reviews_without_progress=reviews)}) == due


def test_a_closed_goal_is_not_stuck():
    assert codes(goals={"g": GoalState("g", "Draft", "done", reviews_without_progress=5)}) == []


def test_every_code_that_the_checks_say_is_in_the_reference():
    sources = [
        Path(str(import_module(f"milepost.checks.{name}").__file__)) for name in ("refuse", "warn", "nudge", "names")
    ]
    quoted = re.compile(r"""(?:_refused|_warned|Nudge)\(\s*"(\w+)"|"refuse", "(\w+)\"""")
    said = {one or other for source in sources for one, other in quoted.findall(source.read_text(encoding="utf-8"))}
    declared = {rule.code for one in catalogue.types() for rule in (*one.rules, *one.across)}

    assert said | declared <= {rule.code for rule in RULES}
    assert len(said) > 25


def test_every_rule_of_the_reference_has_a_test_named_after_it():
    modules = [import_module(f"tests.catalogue.test_{name}") for name in ("refusals", "warnings", "nudges")]
    tests = {name for module in modules for name in dir(module) if name.startswith("test_")}
    by_days = {"review_due", "audit_old", "mentor_due", "between_goals"}

    assert {rule.code for rule in RULES if f"test_{rule.code}" not in tests} == by_days
    assert len({rule.code for rule in RULES}) == len(RULES)
