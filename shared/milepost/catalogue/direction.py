"""Direction: what to head for. Focus, reflections, values, roles weighed against each other, positions held.

Nothing here has facts: all of it is private and travels as `entry.sealed`.
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import (
    DATE,
    NAME,
    NAMES,
    NOTE,
    RATING,
    SEALED,
    EventType,
    InOrder,
    entity,
    may,
    needs,
)
from milepost.catalogue.kinds import ENTITY, Choice, Int, ListOf, Text

COMPETENCIES_MAX = 100
RANK_MAX = 100
WEIGHT_MAX = 10

TYPES = (
    EventType(
        "focus.set",
        SEALED,
        "What the way ahead is measured by: a role, a skill, or nothing yet.",
        private=(
            needs("mode", Choice("role", "skill", "undecided"), "what to head for"),
            may("why", NOTE, "why"),
        ),
        usage='mp focus skill --why "the next title is not the point"',
        single=("mode",),
        example={"mode": "skill", "why": "the next title is not the point"},
    ),
    EventType(
        "reflection.written",
        SEALED,
        "An answer to one of the questions that a direction is found by.",
        private=(
            needs("prompt", Choice("problems", "industries", "tasks", "employers", "free"), "the question"),
            needs("text", NOTE, "the answer"),
        ),
        usage='mp note --prompt problems "people leave at the second screen"',
        example={"prompt": "problems", "text": "people leave at the second screen"},
    ),
    EventType(
        "value.named",
        SEALED,
        "Something that matters at work, and how much beside the others.",
        private=(
            entity("value"),
            may("rank", Int(1, RANK_MAX), "1 matters most"),
            needs("name", NAME, "what it is called"),
        ),
        usage='mp value "autonomy" --rank 1',
        single=("rank", "name"),
        creates=("value",),
        example={"value": samples.VALUE, "rank": 1, "name": "autonomy"},
    ),
    EventType(
        "role.briefed",
        SEALED,
        "One page about a role: what it asks for, where it comes from, how it is judged.",
        private=(
            entity("role"),
            needs("kind", Choice("target", "specialisation"), "another role, or another side of this one"),
            needs("title", NAME, "its title"),
            may("competencies", ListOf(ENTITY, COMPETENCIES_MAX), "the skills it asks for"),
            may("paths", NOTE, "how people get there"),
            may("indicators", NOTE, "what people in it are judged by"),
            may("brief", NOTE, "the rest of the page"),
        ),
        usage='mp role brief "Product Manager"',
        single=("kind", "title", "competencies", "paths", "indicators", "brief"),
        creates=("role",),
        example={"role": samples.ROLE, "kind": "target", "title": "Product Manager", "competencies": [samples.SKILL]},
    ),
    EventType(
        "role.scored",
        SEALED,
        "How a role does on one factor of the comparison.",
        private=(
            entity("role"),
            needs("factor", Text(100), "a label, or the id of a value"),
            may("score", RATING, "1 poor, 5 good"),
            may("weight", Int(0, WEIGHT_MAX), "how much the factor counts; 1 if not given"),
            may("raw", NAME, "the figure or the words behind the score"),
        ),
        usage='mp role score "Product Manager" "decision authority" 4 --weight 2',
        single=("score", "weight", "raw"),
        example={"role": samples.ROLE, "factor": "decision authority", "score": 4, "weight": 2},
    ),
    EventType(
        "role.chosen",
        SEALED,
        "The role to head for.",
        private=(entity("role"), may("why", NOTE, "why this one")),
        usage='mp role choose "Product Manager"',
        single=("role",),
        example={"role": samples.ROLE, "why": "most say in what is built"},
    ),
    EventType(
        "position.recorded",
        SEALED,
        "A job or a course of study, past or present.",
        private=(
            entity("position"),
            needs("kind", Choice("job", "temporary", "study"), "what it is"),
            needs("start", DATE, "the first day"),
            may("end", DATE, "the last day; absent while it lasts"),
            may("employer", NAME, "where"),
            needs("title", NAME, "as what"),
            may("highlights", NAMES, "what is worth telling"),
        ),
        usage='mp position add "Customer Success" --start 2019-09-01 --end 2022-05-31',
        rules=(InOrder("end_before_start", "start", "end"),),
        single=("kind", "start", "end", "employer", "title", "highlights"),
        creates=("position",),
        example={
            "position": samples.POSITION,
            "kind": "job",
            "start": "2019-09-01",
            "end": "2022-05-31",
            "employer": "Acme",
            "title": "Customer Success",
        },
    ),
)
