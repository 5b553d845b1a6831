"""Demand, outcomes, traces: the counting rules of evidence, as views."""

import pytest

from milepost.projections.demand import Sample
from milepost.projections.evidence import Impact
from milepost.projections.funnel import relationships
from milepost.projections.measures import Metric, Reading
from milepost.projections.outcomes import Came, Outcome
from milepost.projections.people import Contact
from milepost.projections.traces import readings_counted, trace

DAY = "2026-03-02"


@pytest.mark.parametrize(
    ("matches", "postings", "percent"), [(19, 50, 38), (0, 3, 0), (1, 8, 13), (2, 3, 67), (5, 5, 100)]
)
def test_a_share_is_in_whole_percent_with_a_half_rounded_up(matches, postings, percent):
    sample = Sample(DAY, "e", postings, matches)
    assert sample.percent == percent
    assert sample.says == f"{percent} % of {postings} postings ({matches})"


def metric(kind, better, *values):
    readings = tuple(Reading(DAY, f"r{number}", value) for number, value in enumerate(values))
    return Metric(id="m", kind=kind, better=better, readings=readings)


@pytest.mark.parametrize(
    ("kind", "better", "values", "verdicts"),
    [
        ("change", "down", ("-8", "3", "0"), [True, False, None]),
        ("change", "up", ("12", "-1", None), [True, False, None]),
        ("level", "down", ("10", "8", "9"), [None, True, False]),
        ("level", "up", ("10", None, "12"), [None, None, None]),
    ],
)
def test_a_fall_is_an_improvement_where_down_is_better(kind, better, values, verdicts):
    impact = Impact(id="i", stated_on=DAY, readings=("r0", "r1", "r2"))
    assert [one.is_improvement for one in trace(impact, [metric(kind, better, *values)]).traces] == verdicts


def test_a_reading_that_two_impacts_name_counts_once_and_one_taken_back_is_missing():
    metrics = [metric("change", "up", "12")]
    every = [
        trace(Impact(id=id, stated_on=DAY, readings=named), metrics)
        for id, named in (("i", ("r0",)), ("j", ("r0", "x")))
    ]
    assert readings_counted(every) == 1
    assert [one.missing for one in every] == [0, 1]


def test_a_person_touched_and_recorded_is_one_relationship_and_those_without_a_name_are_counted_beside():
    contacts = [Contact(id="a", role="engineer", counts={"interview": 3}), Contact(id="b", role="recruiter")]
    recorded = (Came(DAY, "e", 2, ("a", "b")), Came(DAY, "f", 3, ("a",), "peer"))
    known = relationships(contacts, [Outcome(id="relationship", count=5, recorded=recorded)])
    assert known == {"engineer": 1, "peer": 2, "recruiter": 1}
