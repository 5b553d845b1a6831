"""Rhythm: time, capacity, feedback, the weekly review and wins. Family rhythm; capacity and wins stay private."""

from milepost.catalogue import samples
from milepost.catalogue.declare import (
    DATE,
    MINUTES,
    MINUTES_OF_A_DAY,
    NAME,
    NOTE,
    SEALED,
    EventType,
    may,
    needs,
    refs,
)
from milepost.catalogue.kinds import ENTITY, Choice, Int, ListOf, Record, Text, Week

POINTS_MAX = 50
POINTS = ListOf(Text(1000, lines=True), POINTS_MAX)
_DAY = Int(0, MINUTES_OF_A_DAY)
WEEKDAYS = Record(partial=True, mon=_DAY, tue=_DAY, wed=_DAY, thu=_DAY, fri=_DAY, sat=_DAY, sun=_DAY)

TYPES = (
    EventType(
        "time.spent",
        "rhythm",
        "Minutes spent, on something or on nothing in particular. Every entry is kept.",
        facts=(needs("minutes", MINUTES, "how long"), refs()),
        private=(may("note", NOTE, "on what"),),
        usage="mp spend 45m k7f --on yesterday",
        example={"minutes": 45, "ref": [samples.GOAL]},
    ),
    EventType(
        "capacity.set",
        SEALED,
        "Minutes a day from a date on; a week of zeros is a pause.",
        private=(
            needs("from_date", DATE, "the first day it holds"),
            needs("minutes", WEEKDAYS, "minutes per weekday; a day left out keeps what it had, 0 is none"),
        ),
        usage="mp capacity mon-fri 90m --from mon",
        single=("minutes",),
        example={"from_date": "2026-01-19", "minutes": {"mon": 90, "tue": 90, "wed": 0, "thu": 90, "fri": 60}},
    ),
    EventType(
        "feedback.received",
        "rhythm",
        "What somebody said about the work. Every entry is kept.",
        facts=(
            needs("giver", Choice("peer", "mentor", "manager", "recruiter", "pod", "panel", "other"), "who gave it"),
            refs(),
        ),
        private=(
            may("words", NOTE, "what was said"),
            may("tone", NAME, "how it was said"),
            may("who", NAME, "the person's name"),
        ),
        usage='mp feedback mentor "tighten the ask" --of k7f',
        example={"giver": "mentor", "ref": [samples.GOAL], "words": "tighten the ask"},
    ),
    EventType(
        "review.held",
        "rhythm",
        "The weekly review: what worked, what to adjust, the next goal.",
        facts=(
            needs("week", Week(), "the week looked back on"),
            needs("worked_count", Int(0, POINTS_MAX), "how many things worked"),
            needs("adjust_count", Int(0, POINTS_MAX), "how many need adjusting"),
            may("next_goal", ENTITY, "the goal set at its end"),
        ),
        private=(
            may("worked", POINTS, "what worked"),
            may("adjust", POINTS, "what needs adjusting"),
            may("lesson", NOTE, "what the next goal should heed"),
        ),
        usage="mp review",
        example={
            "week": "2026-W10",
            "worked_count": 1,
            "adjust_count": 1,
            "next_goal": samples.GOAL,
            "worked": ["drafting before mail"],
            "adjust": ["two goals a day, not four"],
        },
    ),
    EventType(
        "win.celebrated",
        SEALED,
        "A small win, kept for oneself; sharing one says the words in an entry of its own.",
        private=(needs("text", NOTE, "the win"), refs()),
        usage='mp win "Pilot approved"',
        example={"text": "Pilot approved", "ref": [samples.MILESTONE]},
    ),
)
