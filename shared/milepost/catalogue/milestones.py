"""Milestones and objectives: weeks of work with a measure, and the half year they add up to. Family progress."""

from milepost.catalogue import samples
from milepost.catalogue.declare import (
    DATE,
    NAME,
    NAMES,
    NOTE,
    OUTPUTS_MAX,
    REASON,
    EventType,
    InOrder,
    entity,
    may,
    needs,
)
from milepost.catalogue.kinds import ENTITY, Bool, Choice, Int, ListOf

BUFFER_DAYS_MAX = 365
HOURS_PER_WEEK_MAX = 168
KEY_RESULTS_MAX = 10

KIND = Choice(
    "direction",
    "skills_audit",
    "credential",
    "portfolio",
    "networking",
    "stretch",
    "mentoring",
    "impact",
    "narrative",
    "micro_project",
    "project",
    "cohort",
    "experiment",
    "sprint",
    "other",
)
TERMS = Choice("paid", "credited", "pro_bono", "secondment")
OUTPUTS = ListOf(ENTITY, OUTPUTS_MAX)


def _noted(name: str, help: str, usage: str) -> EventType:
    """A change of status that says nothing but which milestone, and a word about it."""
    return EventType(
        name,
        "progress",
        help,
        facts=(entity("milestone"),),
        private=(may("note", NOTE, "a word about it"),),
        usage=usage,
        example={"milestone": samples.MILESTONE},
    )


TYPES = (
    EventType(
        "objective.set",
        "progress",
        "Where the next quarter, half year or year should lead, with key results to tell by.",
        facts=(
            entity("objective"),
            needs("horizon", Choice("quarter", "half", "year"), "how far it looks"),
            needs("start", DATE, "its first day"),
            needs("end", DATE, "its last day"),
            needs("status", Choice("open", "closed"), "whether it still stands"),
            may("skill", ENTITY, "the skill it is about"),
        ),
        private=(
            needs("statement", NOTE, "the objective in words"),
            may("key_results", ListOf(ENTITY, KEY_RESULTS_MAX), "the metrics that tell whether it was reached"),
        ),
        usage='mp objective "Move to product" --horizon half',
        rules=(InOrder("end_before_start", "start", "end"),),
        single=("horizon", "start", "end", "status", "skill", "statement", "key_results"),
        creates=("objective",),
        example={
            "objective": samples.OBJECTIVE,
            "horizon": "half",
            "start": "2026-01-05",
            "end": "2026-07-05",
            "status": "open",
            "statement": "Move to product",
            "key_results": [samples.METRIC],
        },
    ),
    EventType(
        "milestone.planned",
        "progress",
        "A few weeks of work with a success measure, its dates, hours and outputs.",
        facts=(
            entity("milestone"),
            needs("kind", KIND, "what it is; the usual length depends on it"),
            needs("start", DATE, "the first day"),
            needs("due", DATE, "the last day"),
            may("buffer_days", Int(0, BUFFER_DAYS_MAX), "days kept free before the last"),
            may("hours_per_week", Int(0, HOURS_PER_WEEK_MAX), "hours planned for it"),
            may("outputs", OUTPUTS, "one id for each named output"),
            needs("has_measure", Bool(), "the private part says what success is"),
            may("objective", ENTITY, "the objective it serves"),
            may("parent", ENTITY, "the milestone it is counted under"),
            may("terms", TERMS, "paid, credited, for free, or lent to another team"),
            may("skill", ENTITY, "the skill it builds"),
        ),
        private=(
            needs("title", NAME, "what it is called"),
            may("measure", NOTE, "what success is"),
            may("output_labels", NAMES, "the outputs in words, in the order of their ids"),
            may("hypothesis", NOTE, "what an experiment is to find out"),
        ),
        usage='mp milestone start credential CSPO --for 13w --hours 8 --measure "certified"',
        rules=(InOrder("end_before_start", "start", "due"),),
        single=(
            "kind",
            "start",
            "due",
            "buffer_days",
            "hours_per_week",
            "outputs",
            "has_measure",
            "objective",
            "parent",
            "terms",
            "skill",
            "title",
            "measure",
            "output_labels",
            "hypothesis",
        ),
        creates=(
            "milestone",
            "outputs",
        ),
        example={
            "milestone": samples.MILESTONE,
            "kind": "credential",
            "start": "2026-01-26",
            "due": "2026-04-27",
            "buffer_days": 7,
            "hours_per_week": 8,
            "outputs": [samples.OUTPUT],
            "has_measure": True,
            "objective": samples.OBJECTIVE,
            "title": "CSPO",
            "measure": "certified",
            "output_labels": ["certificate"],
        },
    ),
    _noted("milestone.started", "Work on a milestone begins.", "mp milestone start m2p"),
    _noted("milestone.resumed", "A blocked or stopped milestone goes on.", "mp milestone resume m2p"),
    EventType(
        "milestone.rescheduled",
        "progress",
        "A milestone gets another last day. The first one stays what lateness is counted from.",
        facts=(
            entity("milestone"),
            needs("due", DATE, "the new last day"),
            needs("reason", REASON, "why"),
        ),
        private=(may("words", NOTE, "why, in words"),),
        usage="mp milestone move m2p --due 2026-05-11 --reason time",
        single=("due",),
        example={"milestone": samples.MILESTONE, "due": "2026-05-11", "reason": "time"},
    ),
    EventType(
        "milestone.blocked",
        "progress",
        "Something is in the way of a milestone, and what is to be tried about it.",
        facts=(
            entity("milestone"),
            needs("class", Choice("time", "skill", "access", "people", "other"), "what kind of thing is in the way"),
            needs("remedy", Choice("audit", "method", "peer", "mentor", "none"), "what is to be tried"),
        ),
        private=(may("obstacle", NOTE, "what is in the way"),),
        usage="mp milestone block m2p --class access --remedy mentor",
        example={"milestone": samples.MILESTONE, "class": "access", "remedy": "mentor", "obstacle": "no test account"},
    ),
    EventType(
        "milestone.completed",
        "progress",
        "A milestone ends, and whether its measure was met.",
        facts=(
            entity("milestone"),
            needs("measure_met", Choice("yes", "partly", "no"), "whether success was reached"),
            may("outputs_ticked", OUTPUTS, "outputs that are done without an artifact"),
            may("hypothesis_upheld", Bool(), "what the experiment found"),
        ),
        private=(may("result", NOTE, "what came of it"), may("lesson", NOTE, "what was learned")),
        usage="mp milestone complete m2p --measure yes",
        single=("measure_met", "outputs_ticked", "hypothesis_upheld", "result", "lesson"),
        example={"milestone": samples.MILESTONE, "measure_met": "yes", "outputs_ticked": [samples.OUTPUT]},
    ),
    EventType(
        "milestone.stopped",
        "progress",
        "A milestone ends without being completed.",
        facts=(entity("milestone"), needs("reason", REASON, "why")),
        private=(may("why", NOTE, "why, in words"),),
        usage="mp milestone stop m2p --reason priority",
        example={"milestone": samples.MILESTONE, "reason": "priority"},
    ),
)
