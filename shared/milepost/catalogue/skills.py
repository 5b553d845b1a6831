"""Skills: named, rated 1 to 5, targeted, and enjoyed or avoided. Family skills; what one enjoys stays private."""

from milepost.catalogue import samples
from milepost.catalogue.declare import (
    DATE,
    NAME,
    NOTE,
    RATING,
    SEALED,
    AnyOf,
    EventType,
    entity,
    flag,
    may,
    needs,
)
from milepost.catalogue.kinds import ENTITY, Choice, Code

SKILL_CODE = Code(40)
METHOD = Choice("course", "workshop", "internal_project", "practice", "peer", "mentor")

TYPES = (
    EventType(
        "skill.named",
        "skills",
        "A skill gets a label of its member's own, and the code its cohort published if there is one.",
        facts=(
            entity("skill"),
            may("code", SKILL_CODE, "the cohort's code: only skills with a code enter cohort figures"),
        ),
        private=(
            needs("label", NAME, "the member's own name for it"),
            may("role", ENTITY, "the role that asks for it"),
        ),
        usage='mp skill code "sprint planning" sprint_planning',
        single=("code", "label", "role"),
        creates=("skill",),
        example={
            "skill": samples.SKILL,
            "code": "sprint_planning",
            "label": "agile sprint planning",
            "role": samples.ROLE,
        },
    ),
    EventType(
        "skill.rated",
        "skills",
        "A rating of a skill, 1 to 5. Every rating is kept.",
        facts=(
            entity("skill"),
            needs("rating", RATING, "1 weak, 5 strong"),
            needs("basis", Choice("self", "peer", "mentor"), "whose rating it is"),
        ),
        private=(may("note", NOTE, "what it rests on"),),
        usage="mp rate 'sprint planning' 4",
        example={"skill": samples.SKILL, "rating": 2, "basis": "self", "note": "never led one"},
    ),
    EventType(
        "skill.targeted",
        "skills",
        "The rating wanted, by when and how.",
        facts=(
            entity("skill"),
            needs("target", RATING, "the rating wanted"),
            may("by", DATE, "the day it should be reached"),
            may("method", METHOD, "how"),
        ),
        private=(may("resource", NOTE, "the course, workshop or project"),),
        usage="mp rate 'sprint planning' 3 --target 5 --by 6w --method course",
        single=("target", "by", "method", "resource"),
        example={
            "skill": samples.SKILL,
            "target": 4,
            "by": "2026-02-09",
            "method": "workshop",
            "resource": "two evenings at the library",
        },
    ),
    EventType(
        "skill.enjoyed",
        SEALED,
        "What a skill is like to use, and what to do about it.",
        private=(
            entity("skill"),
            may("enjoyment", RATING, "1 a chore, 5 a joy"),
            flag("avoided", "it is put off where it can be"),
            may("stance", Choice("grow", "keep", "lean_in", "let_go"), "what to do about it"),
        ),
        usage="mp rate 'public speaking' --enjoy 5",
        rules=(AnyOf("nothing_said", "enjoyment", "avoided", "stance"),),
        single=("enjoyment", "avoided", "stance"),
        example={"skill": samples.SKILL, "enjoyment": 2, "avoided": True, "stance": "lean_in"},
    ),
)
