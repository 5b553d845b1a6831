"""The member's views: a cache of the log, folded bit by bit, asked by commands."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue import Catalogue
from milepost.ids import base32
from milepost.projections.calendar import day_number
from milepost.projections.goals import Goal
from milepost.projections.milestones import Milestone
from milepost.projections.progress import Progress
from milepost.projections.skills import Skill
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.views.lookup import lookup
from milepost_client.views.views import Views
from tests.support.histories import GOAL, KINDS, some_id
from tests.support.histories import entry as entry_about

TODAY = date(2026, 1, 5)
ENTRIES = st.tuples(st.sampled_from(KINDS), st.integers(0, 1), st.integers(0, 3))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(str(tmp_path / "home"))


@pytest.fixture
def log(home: Home) -> Iterator[Log]:
    with Log.open(home, SYSTEM, create=True) as log:
        yield log


def draft(type: str, values: Mapping[str, object], on: date = TODAY) -> Draft:
    encoded = catalogue.encode(type, values)
    return Draft(encoded.type, encoded.version, day_number(on), 60, encoded.facts, encoded.private)


def write(log: Log, type: str, values: Mapping[str, object], on: date = TODAY) -> str:
    """Append an entry and return its id."""
    return base32(log.append([draft(type, values, on)])[-1].id)


def set_goal(log: Log, number: int = 0, text: str = "Draft 3 user stories", **values: object) -> str:
    return write(log, "goal.set", {"goal": some_id("goal", number), **GOAL, "text": text, **values})


def fresh(home: Home, log: Log) -> Views:
    views = Views.open(home, log)
    views.refresh()
    return views


def test_an_empty_home_has_empty_views_and_nothing_is_made_on_the_disk(home, log):
    with fresh(home, log) as views:
        assert views.progress(TODAY).goals.open == 0
        assert views.inbox().count == 0
    assert not Path(home.views).exists()


def test_what_was_logged_is_shown_with_its_name(home, log):
    set_goal(log)
    with fresh(home, log) as views:
        (goal,) = views.all(Goal, "open")
        assert views.name("goal", goal.id) == "Draft 3 user stories"
        assert views.progress(TODAY).goals.open == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 1), st.integers(0, 3)), max_size=4), max_size=4)
)
def test_incremental_equals_rebuilt_byte_for_byte(tmp_path_factory, rounds):
    home = Home(str(tmp_path_factory.mktemp("home") / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        set_goal(log)
        with Views.open(home, log) as views:
            for batch in rounds:
                log.append([draft(*entry_about(kind, one, other, [], "2026-01-05")) for kind, one, other in batch])
                views.refresh()
            assert views.drift() == []
            before, digest = dict(views.tables.digests()), views.digest()
            views.rebuild()
            assert dict(views.tables.digests()) == before
            assert views.digest() == digest


def test_views_that_were_deleted_or_damaged_are_folded_anew(home, log):
    set_goal(log)
    with fresh(home, log) as views:
        digest = views.digest()
    for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"no database " * 1000)):
        for leftover in Path(home.path).glob("views.db-*"):
            leftover.unlink()
        damage(Path(home.views))
        with fresh(home, log) as views:
            assert views.digest() == digest


def test_views_folded_from_another_log_are_folded_anew(home, log, tmp_path):
    set_goal(log)
    with fresh(home, log):
        pass
    other_home = Home(str(tmp_path / "other"))
    with Log.open(other_home, SYSTEM, create=True) as other:
        write(other, "skill.rated", {"skill": some_id("skill", 0), "rating": 3, "basis": "self"})
        Path(other_home.views).write_bytes(Path(home.views).read_bytes())
        with fresh(other_home, other) as views:
            assert views.all(Goal) == []
            assert len(views.all(Skill)) == 1


def test_two_processes_that_fold_at_once_fold_each_event_once(home, log):
    set_goal(log)
    with Log.open(home, SYSTEM) as same, Views.open(home, log) as one, Views.open(home, same) as two:
        assert one.refresh() + two.refresh() == log.count
        assert one.drift() == []


def test_drift_is_said_of_each_view_that_differs(home, log):
    set_goal(log)
    with fresh(home, log) as views:
        views._connection.execute("UPDATE view SET digest = x'00' WHERE kind = 'goal'")
        (sentence,) = views.drift()
        assert sentence.startswith(f"goal:{some_id('goal', 0)} differs")


def test_entries_of_a_newer_milepost_are_counted_and_folded_after_the_upgrade(home, log):
    older = Catalogue([one for one in catalogue.types() if one.name != "milestone.planned"])
    milestone = {"milestone": some_id("milestone", 0), "kind": "project", "start": "2026-01-05", "due": "2026-03-02"}
    write(log, "milestone.planned", {**milestone, "has_measure": False, "title": "CSPO"})
    set_goal(log)
    with Views.open(home, log, older, "older") as views:
        views.refresh()
        assert views.progress(TODAY).unknown == 1
        assert views.all(Milestone) == []
        assert len(views.all(Goal)) == 1
    with fresh(home, log) as views:
        assert views.progress(TODAY).unknown == 0
        assert [views.name("milestone", one.id) for one in views.all(Milestone)] == ["CSPO"]
        assert views.drift() == []


def test_progress_as_of_a_day_leaves_later_entries_out(home, log):
    set_goal(log)
    write(log, "goal.closed", {"goal": some_id("goal", 0), "result": "done"}, on=date(2026, 2, 1))
    with fresh(home, log) as views:
        assert views.progress(date(2026, 3, 1)).goals.done == 1
        assert views.progress(date(2026, 3, 1), as_of=date(2026, 1, 20)).goals.open == 1


def test_the_inbox_lists_what_breaks_a_rule(home, log):
    set_goal(log)
    log.append([Draft("time.spent", 1, day_number(TODAY), 0, b'{"minutes":0}', None)])
    with fresh(home, log) as views:
        inbox = views.inbox()
        assert [aside.field for aside in inbox.set_aside] == ["minutes"]
        assert inbox.count == 1


def test_a_text_that_breaks_a_rule_leaves_its_entry_standing_without_a_name(home, log):
    encoded = catalogue.encode("goal.set", {"goal": some_id("goal", 0), **GOAL, "text": "x"})
    log.append([Draft(encoded.type, 1, day_number(TODAY), 0, encoded.facts, b'{"text":7}')])
    with fresh(home, log) as views:
        assert len(views.all(Goal)) == 1
        assert views.name("goal", some_id("goal", 0)) == ""
        assert [one.reason for one in views.inbox().unread] == ["broken"]


def test_the_fast_path_finds_things_by_name_and_id_without_folding(home, log):
    set_goal(log)
    set_goal(log, 1, "Draft   a ROADMAP", due="2026-01-09")
    retracted = set_goal(log, 2, "Drafted by mistake")
    write(log, "entry.retracted", {"target": retracted, "reason": "mistake"})
    with fresh(home, log), lookup(home) as index:
        assert index.checkpoint == log.count
        first, second = some_id("goal", 0), some_id("goal", 1)
        assert {found.id for found in index.named(("goal",), "draft", exact=False)} == {first, second}
        assert [found.id for found in index.named(("goal",), "draft a roadmap", exact=True)] == [second]
        assert [found.name for found in index.beginning((), first[:5])] == ["Draft 3 user stories"]
        assert [found.id for found in index.alike("goal", "draft a roadmp")] >= [second]
        assert index.open_goals() == 2
        assert [view["id"] for view in index.due_on("2026-01-09")] == [second]
        assert set(index.neighbours("0" * 16)) == {min(first, second)}
        assert index.view("goal", some_id("goal", 2)) is None
        assert index.is_struck(_event(log, retracted))


def _event(log: Log, name: str) -> bytes:
    return log.by_prefix(name).event.id


def test_the_fast_path_takes_views_of_other_code_for_none(home, log):
    set_goal(log)
    with fresh(home, log) as views:
        views._connection.execute("UPDATE state SET catalogue = 'another'")
    with lookup(home) as index:
        assert index.checkpoint == 0


def test_progress_takes_as_many_steps_after_years_of_days_as_after_a_week(tmp_path: Path):
    """A status is flat in history: what grows with it is summed while it is folded."""

    def steps_after(days: int) -> int:
        home = Home(str(tmp_path / f"{days} days"))
        minutes = catalogue.encode("time.spent", {"minutes": 10})
        first = day_number(TODAY)
        with Log.open(home, SYSTEM, create=True) as log:
            log.append(
                [
                    Draft(minutes.type, minutes.version, day, 60, minutes.facts, minutes.private)
                    for day in range(first - days, first)
                ]
            )
            with fresh(home, log) as views:
                shown, steps = steps_of(views, lambda: views.progress(TODAY))
        assert shown.minutes == 10 * days
        return steps

    assert steps_after(1000) < 1.5 * steps_after(7)


def steps_of(views: Views, ask: Callable[[], Progress]) -> tuple[Progress, int]:
    """What `ask` answers, and the instructions of SQLite's machine that it takes."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    views._connection.set_progress_handler(step, 1)
    return ask(), steps
