"""Notes on top of the views say what folding would have said, in every field that names and checks read."""

from contextlib import suppress
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import CheckRefused
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.seen import Seen
from milepost_client.store.log import Log
from milepost_client.views.views import Views

TODAY = date(2026, 3, 4)
NOON_MS = int(datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp() * 1000)
WORLD = SYSTEM._replace(now_ms=lambda: NOON_MS, offset_minutes=lambda: 0)
DAYS = st.dates(date(2026, 2, 1), TODAY)
GOAL_IDS = ("gp1xf3a7qyfr6f0d", "8m2c5tq0v7ynz4ka")
MILESTONE_IDS = ("thbra48w8800ddaa", "9v34eh541nv4sz37")
SKILL_IDS = ("jmcdbcrk1qta9g4n", "k0n4kpkymbyyb3g1")
ROLE_IDS = ("ps1tqr0w2bc7fxpp", "ryc85p0r6m9mrvve")
PAGE = {"kind": "target", "title": "", "paths": None, "brief": None}

GOALS = st.fixed_dictionaries(
    {
        "goal": st.sampled_from(GOAL_IDS),
        "text": st.sampled_from(["Draft 3", "Mail 2"]),
        "has_test": st.just(False),
        "learning": st.booleans(),
    },
    optional={"due": DAYS.map(str), "estimate_minutes": st.integers(1, 90), "repeat": st.just("weekly")},
).map(lambda values: Intent("goal.set", {"visible": False, **values}))
CLOSED = st.fixed_dictionaries(
    {"goal": st.sampled_from(GOAL_IDS), "result": st.sampled_from(["done", "missed"])},
    optional={"period": st.sampled_from(["2026-02-23"])},
).map(lambda values: Intent("goal.closed", values))
PLANNED = st.fixed_dictionaries(
    {"milestone": st.sampled_from(MILESTONE_IDS), "title": st.just("Redesign"), "has_measure": st.booleans()}
).map(
    lambda values: Intent(
        "milestone.planned", {"kind": "project", "start": "2026-02-01", "due": "2026-04-01", **values}
    )
)
STATUS = st.tuples(st.sampled_from(["started", "resumed", "stopped"]), st.sampled_from(MILESTONE_IDS)).map(
    lambda said: Intent(
        f"milestone.{said[0]}", {"milestone": said[1], **({"reason": "time"} if said[0] == "stopped" else {})}
    )
)
RATED = st.tuples(st.sampled_from(SKILL_IDS), st.integers(1, 5)).map(
    lambda said: Intent("skill.rated", {"skill": said[0], "rating": said[1], "basis": "self"})
)
NAMED = st.tuples(st.sampled_from(SKILL_IDS), st.sampled_from(["sql", "talks"])).map(
    lambda said: Intent("skill.named", {"skill": said[0], "label": said[1]})
)
BRIEFED = st.fixed_dictionaries(
    {
        "role": st.sampled_from(ROLE_IDS),
        "kind": st.sampled_from(["target", "specialisation"]),
        "title": st.sampled_from(["Product Manager", "Product Lead"]),
    },
    optional={"paths": st.just("from marketing"), "brief": st.just("a page")},
).map(lambda values: Intent("role.briefed", values))
FOCUS = st.sampled_from(["role", "skill", "undecided"]).map(lambda mode: Intent("focus.set", {"mode": mode}))
ANY = st.one_of(GOALS, CLOSED, PLANNED, STATUS, RATED, NAMED, BRIEFED, FOCUS)
ENTRIES = st.lists(st.tuples(ANY, DAYS), min_size=1, max_size=12)


@given(ENTRIES, st.integers(0, 12))
@settings(max_examples=40)
def test_noting_the_tail_of_any_history_reads_as_folding_it_does(tmp_path_factory, entries, folded):
    home = Home(str(tmp_path_factory.mktemp("home")))
    with Log.open(home, WORLD, create=True) as log:
        for number, (intent, on) in enumerate(entries):
            if number == folded and log.is_born:
                with Views.open(home, log) as views:
                    views.refresh()
            _append(home, log, intent, on)
        with Seen.open(home, log, TODAY) as noted:
            before = _seen(noted)
        with Seen.open(home, log, TODAY, fresh=True) as fresh:
            assert before == _seen(fresh)


def _append(home, log, intent, on):
    """Record, as far as the checks allow: a device notes its own entries, and it wrote no other."""
    with Seen.open(home, log, TODAY) as seen, suppress(CheckRefused):
        Desk(home, WORLD, log, seen, None, str).record(Plan((intent,), "", None, on, (), ""))


def _seen(seen):
    """All that names and checks ask; a thing that was never set on its own is nothing to the fold."""
    states = [
        *map(seen.goal, GOAL_IDS),
        *map(seen.milestone, MILESTONE_IDS),
        *map(seen.skill, SKILL_IDS),
    ]
    states += [{field: _view(seen, "role", id).get(field, usual) for field, usual in PAGE.items()} for id in ROLE_IDS]
    states += [change["mode"] for change in _view(seen, "focus", "now").get("changes", ())]
    kinds = {"goal": GOAL_IDS, "milestone": MILESTONE_IDS, "skill": SKILL_IDS, "role": ROLE_IDS}
    names = {(kind, id): seen.name(kind, id) for kind, ids in kinds.items() for id in ids}
    typed = ("draft", "sql", "mail 2", GOAL_IDS[0][:4])
    found = {text: sorted(seen.find(("goal", "skill"), text)) for text in typed}
    return states, names, found, seen.open_goals(), seen.planned_minutes(TODAY, without="")


def _view(seen, kind, id):
    return seen.view(kind, id) or {}
