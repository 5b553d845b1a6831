"""Each rule that refuses: nothing is written, and the message names the value and ends in a correct example."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from milepost import catalogue
from milepost.catalogue import EventType, samples
from milepost.checks import Finding, check, is_repeat
from milepost.checks.context import GoalState, HelpState, MetricState, MilestoneState
from milepost.checks.names import Known, identify
from tests.support.strategies import damaged_values, typed_values
from tests.support.views import Views

GOAL, MILESTONE, SKILL, METRIC, HELP = samples.GOAL, samples.MILESTONE, samples.SKILL, samples.METRIC, samples.HELP


def findings(name: str, views: Views | None = None, *, on: date | None = None, **changes: Any) -> list[Finding]:
    """What the checks say about the example of a type with some values changed; None leaves one out."""
    declared = catalogue.get(name)
    assert declared is not None
    entry = catalogue.draft(name, {**declared.example, **changes})
    return check(entry, views or Views(), on=on)


def refusal(name: str, views: Views | None = None, *, on: date | None = None, **changes: Any) -> Finding:
    [found] = findings(name, views, on=on, **changes)
    assert found.level == "refuse"
    return found


@pytest.mark.parametrize("rating", [0, 6, 7, -1, 3.5, True])
def test_rating_range(rating: object):
    assert refusal("skill.rated", rating=rating).code == "rating_range"


def test_a_refusal_names_the_value_the_rule_and_a_correct_example():
    assert refusal("skill.rated", rating=7).sentence == "rating 7 is not 1..5; try: mp rate 'sprint planning' 4"


def test_target_range():
    assert refusal("skill.targeted", target=6).code == "target_range"


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_minutes_range(minutes: int):
    assert refusal("time.spent", minutes=minutes).code == "minutes_range"
    assert refusal("touchpoint.logged", minutes=minutes).code == "minutes_range"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("milestone.planned", {"start": "2026-04-27", "due": "2026-01-26"}),
        ("objective.set", {"start": "2026-07-05", "end": "2026-07-04"}),
        ("position.recorded", {"start": "2022-05-31", "end": "2019-09-01"}),
        ("cohort.opened", {"start": "2026-07-05", "end": "2026-01-05"}),
    ],
)
def test_end_before_start(name: str, changes: dict[str, Any]):
    assert refusal(name, **changes).code == "end_before_start"


def test_matches_over_postings():
    found = refusal("demand.sampled", matches=51, postings=50)

    assert (found.code, found.message) == ("matches_over_postings", "matches 51 is over postings 50")


def test_postings_range():
    assert refusal("demand.sampled", matches=0, postings=0).code == "postings_range"


@pytest.mark.parametrize("part", ["action", "context", "result"])
def test_impact_incomplete(part: str):
    found = refusal("impact.stated", **{part: None})

    assert (found.code, found.field) == ("impact_incomplete", part)


def test_nothing_said():
    assert refusal("skill.enjoyed", enjoyment=None, avoided=None, stance=None).code == "nothing_said"


@pytest.mark.parametrize("values", [{"value": None}, {"value": "12", "private_value": "12"}])
def test_one_value(values: dict[str, Any]):
    assert refusal("metric.recorded", **values).code == "one_value"


@pytest.mark.parametrize(("unit", "own"), [("money", False), ("count", True)])
def test_metric_value_private(unit: str, own: bool):
    views = Views(metrics={METRIC: MetricState(METRIC, "uptake", "count", unit, own)})

    assert refusal("metric.recorded", views, value="12").code == "metric_value_private"
    assert findings("metric.recorded", views, value=None, private_value="12") == []


def test_metric_value_fact():
    views = Views(metrics={METRIC: MetricState(METRIC, "uptake", "count", "count", own=False)})

    assert refusal("metric.recorded", views, value=None, private_value="12").code == "metric_value_fact"


@pytest.mark.parametrize(
    ("name", "stranger"),
    [
        ("goal.closed", GOAL),
        ("goal.set", MILESTONE),
        ("skill.rated", SKILL),
        ("touchpoint.logged", samples.CONTACT),
        ("outcome.recorded", samples.CONTACT),
        ("entry.retracted", samples.ENTRY),
        ("impact.stated", samples.ENTRY),
        ("milestone.started", MILESTONE),
    ],
)
def test_id_unknown(name: str, stranger: str):
    found = refusal(name, Views(strange=frozenset({stranger})))

    assert found.code == "id_unknown"
    assert stranger in found.message


@pytest.mark.parametrize("name", ["goal.set", "milestone.planned", "contact.added", "metric.defined"])
def test_an_id_that_the_entry_itself_brings_into_being_is_not_unknown(name: str):
    declared = catalogue.get(name)
    assert declared is not None
    created: list[Any] = [declared.example[field] for field in declared.creates]
    strange: set[str] = {id_ for value in created for id_ in (value if isinstance(value, list) else [value])}

    assert all(found.code != "id_unknown" for found in findings(name, Views(strange=frozenset(strange))))


KNOWN = [Known("k7f3m2p9q4r8s1t6", "Draft 3 user stories"), Known("k7f9zzzzzzzzzzzz", "Draft"), Known(SKILL, "SQL")]


@pytest.mark.parametrize(
    ("word", "id_"),
    [
        ("k7f3m2p9q4r8s1t6", "k7f3m2p9q4r8s1t6"),
        ("K7F3", "k7f3m2p9q4r8s1t6"),
        ("draft", "k7f9zzzzzzzzzzzz"),
        ("draft 3", "k7f3m2p9q4r8s1t6"),
        ("sq", SKILL),
    ],
)
def test_a_word_means_the_id_or_name_it_fits_alone(word: str, id_: str):
    assert identify(word, KNOWN) == id_


def test_id_ambiguous():
    found = identify("k7f", KNOWN)

    assert isinstance(found, Finding)
    assert found.code == "id_ambiguous"
    assert "k7f3m2p9q4r8s1t6 (Draft 3 user stories), k7f9zzzzzzzzzzzz (Draft)" in found.message


@pytest.mark.parametrize("word", ["", "jm", "moon"])
def test_a_word_that_fits_nothing_is_unknown(word: str):
    found = identify(word, KNOWN)

    assert isinstance(found, Finding)
    assert found.code == "id_unknown"


def test_dated_after_tomorrow():
    found = refusal("time.spent", on=date(2026, 3, 4))

    assert (found.code, found.field) == ("dated_after_tomorrow", "on")
    assert findings("time.spent", on=date(2026, 3, 3)) == []
    assert findings("time.spent", on=date(1999, 1, 1)) == []


def goal(result: str | None, **more: Any) -> Views:
    return Views(goals={GOAL: GoalState(GOAL, "Draft", result, **more)})


def milestone(status: Any, measure_met: str | None = None) -> Views:
    state = MilestoneState(MILESTONE, "CSPO", "credential", status, date(2026, 1, 26), measure_met=measure_met)
    return Views(milestones={MILESTONE: state})


@pytest.mark.parametrize(
    ("name", "views", "changes"),
    [
        ("goal.closed", goal("missed"), {"result": "done"}),
        ("goal.closed", goal(None, periods={"2026-03-02": "missed"}), {"result": "done", "period": "2026-03-02"}),
        ("milestone.completed", milestone("completed", "no"), {"measure_met": "yes"}),
        ("milestone.completed", milestone("stopped"), {}),
        ("milestone.stopped", milestone("completed", "yes"), {}),
        ("help.closed", Views(requests={HELP: HelpState(HELP, "withdrawn")}), {"result": "solved"}),
    ],
)
def test_already_closed(name: str, views: Views, changes: dict[str, Any]):
    found = refusal(name, views, **changes)

    assert found.code == "already_closed"
    assert "mp undo" in found.remedy


@pytest.mark.parametrize(
    ("name", "views", "changes"),
    [
        ("goal.closed", goal("done"), {"result": "done"}),
        ("goal.closed", goal(None, periods={"2026-03-02": "done"}), {"result": "done", "period": "2026-03-02"}),
        ("milestone.completed", milestone("completed", "yes"), {"measure_met": "yes"}),
        ("milestone.stopped", milestone("stopped"), {}),
        ("help.closed", Views(requests={HELP: HelpState(HELP, "solved")}), {"result": "solved"}),
    ],
)
def test_closing_again_with_the_same_result_is_no_op(name: str, views: Views, changes: dict[str, Any]):
    declared = catalogue.get(name)
    assert declared is not None

    assert findings(name, views, **changes) == []
    assert is_repeat(catalogue.draft(name, {**declared.example, **changes}), views)


@pytest.mark.parametrize(
    ("name", "views", "changes"),
    [
        ("goal.closed", goal(None), {}),
        ("goal.closed", goal(None, periods={"2026-02-23": "missed"}), {"period": "2026-03-02"}),
        ("goal.closed", Views(), {}),
        ("milestone.completed", milestone("blocked"), {}),
        ("help.closed", Views(requests={HELP: HelpState(HELP)}), {}),
        ("time.spent", Views(), {}),
    ],
)
def test_what_is_open_may_be_closed(name: str, views: Views, changes: dict[str, Any]):
    declared = catalogue.get(name)
    assert declared is not None
    entry = catalogue.draft(name, {**declared.example, **changes})

    assert not [found for found in check(entry, views) if found.level == "refuse"]
    assert not is_repeat(entry, views)


def test_facts_size():
    known = [f"0{place:025}" for place in range(256)]
    replaced = [f"1{place:025}" for place in range(64)]

    assert refusal("consent.granted", withdrawals=known, over=replaced).code == "facts_size"


def test_private_size():
    found = refusal(
        "milestone.planned", measure="é" * 8000, hypothesis="é" * 8000, title="é" * 200, output_labels=["é" * 200]
    )

    assert (found.code, found.field) == ("private_size", "private")


def test_type_size():
    [found] = catalogue.oversize(catalogue.Encoded("t" * 65, 1, None, None))

    assert found.code == "type_size"


def test_type_unknown():
    [found] = catalogue.violations("moon.landed", 1, {}, {})
    [newer] = catalogue.violations("skill.rated", 2, {}, {})

    assert (found.code, newer.code) == ("type_unknown", "type_unknown")


@given(damaged_values())
def test_anything_of_the_wrong_kind_is_refused_in_one_lower_case_sentence(
    drawn: tuple[EventType, str, dict[str, Any]],
):
    declared, field, values = drawn

    [found] = check(catalogue.draft(declared.name, values), Views())

    assert (found.level, found.field) == ("refuse", field)
    assert "\n" not in found.sentence
    assert found.sentence[0].islower()
    assert declared.usage in found.sentence


@given(typed_values())
def test_checking_never_raises_and_never_refuses_what_is_right(drawn: tuple[EventType, dict[str, Any]]):
    declared, values = drawn

    assert all(found.level == "warn" for found in check(catalogue.draft(declared.name, values), Views()))


def test_text_that_a_terminal_would_obey_is_refused_and_not_repeated():
    found = refusal("win.celebrated", text="\x1b[2Jdone")

    assert found.code == "text_text"
    assert "\x1b" not in found.sentence


def test_text_that_is_no_unicode_is_refused():
    assert refusal("win.celebrated", text="caf\udce9").code == "text_text"


def test_text_of_several_lines_is_taken_where_notes_are():
    assert findings("win.celebrated", text="one\ntwo\tthree") == []
    assert refusal("credential.earned", issuer="one\ntwo").message == "issuer one?two is more than one line"
