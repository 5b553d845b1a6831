"""Micro goals: one sitting each, closed as done, missed or dropped, reframed when stuck. Family progress."""

from milepost.catalogue import samples
from milepost.catalogue.declare import DATE, MINUTES, NOTE, REASON, EventType, entity, may, needs, refs
from milepost.catalogue.kinds import ENTITY, Bool, Choice

REPEAT = Choice("daily", "weekdays", "weekly", "2_per_week", "3_per_week", "4_per_week", "5_per_week", "6_per_week")

TYPES = (
    EventType(
        "goal.set",
        "progress",
        "A small goal: one sitting, specific, with a day and a test.",
        facts=(
            entity("goal"),
            refs(),
            may("due", DATE, "the day it is due"),
            may("estimate_minutes", MINUTES, "how long it should take"),
            needs("learning", Bool(), "it teaches something"),
            needs("visible", Bool(), "somebody will see the result"),
            needs("has_test", Bool(), "the private part says how to tell that it is done"),
            may("repeat", REPEAT, "how often it comes back; each period is closed by itself"),
        ),
        private=(needs("text", NOTE, "the goal in words"), may("test", NOTE, "how to tell that it is done")),
        usage='mp goal "Draft 3 user stories" --due fri --test "Sam reviews 3"',
        single=("due", "estimate_minutes", "learning", "visible", "repeat", "text", "test"),
        creates=("goal",),
        example={
            "goal": samples.GOAL,
            "ref": [samples.MILESTONE],
            "due": "2026-03-06",
            "estimate_minutes": 60,
            "learning": True,
            "visible": True,
            "has_test": True,
            "text": "Draft 3 user stories",
            "test": "Sam reviews 3",
        },
    ),
    EventType(
        "goal.closed",
        "progress",
        "A goal, or one period of a repeating goal, ends.",
        facts=(
            entity("goal"),
            needs("result", Choice("done", "missed", "dropped"), "how it ended"),
            may("period", DATE, "the first day of the period that is closed, for a repeating goal"),
        ),
        private=(may("note", NOTE, "a word about it"),),
        usage="mp done k7f --missed",
        single=("result",),
        example={"goal": samples.GOAL, "result": "done", "note": "Sam took two of three"},
    ),
    EventType(
        "goal.reframed",
        "progress",
        "A goal that stopped working is replaced by another; the attempts form a line.",
        facts=(
            entity("goal", "the new goal"),
            needs("replaces_goal", ENTITY, "the goal it takes the place of"),
            needs("reason", REASON, "why the first wording did not work"),
        ),
        private=(may("text", NOTE, "the new goal in words"),),
        usage='mp reframe k7f "Draft 1 story" --due wed',
        creates=("goal",),
        example={
            "goal": samples.GOAL,
            "replaces_goal": samples.OLDER_GOAL,
            "reason": "time",
            "text": "Draft 1 story",
        },
    ),
)
