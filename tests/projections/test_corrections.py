"""Undo is an entry: retractions, redo, settlements, erasures, copies."""

from hypothesis import given
from hypothesis import strategies as st

from milepost.event import Event
from milepost.projections.aside import Aside
from milepost.projections.days import Day
from milepost.projections.goals import Goal
from milepost.projections.kinds import decode_view
from milepost.projections.rows import key
from tests.support.histories import GOAL, Pen, in_order, name, some_id
from tests.support.memory_tables import MemoryTables, projected

GOAL_ID = some_id("goal", 0)


def goal_of(tables: MemoryTables) -> Goal | None:
    held = tables.views.get(key("goal", GOAL_ID))
    if held is None or held.view is None:
        return None
    view = decode_view(held.entity, held.view)
    assert isinstance(view, Goal)
    return view


def set_goal(pen: Pen, **values: object) -> Event:
    return pen.write("goal.set", {"goal": GOAL_ID, **GOAL, "text": "Draft", **values})


def retract(pen: Pen, target: Event) -> Event:
    return pen.write("entry.retracted", {"target": name(target), "reason": "mistake"})


def seen(*pens: Pen) -> MemoryTables:
    return projected([[one for pen in pens for one in pen.stamped()]])


def test_a_retraction_hides_its_target_even_when_it_arrives_first():
    pen = Pen()
    retract(pen, set_goal(pen))
    target, retraction = pen.stamped()
    assert goal_of(projected([[retraction], [target]])) is None


def test_undoing_an_undo_restores_and_undoing_that_hides_again():
    pen = Pen()
    target = set_goal(pen)
    undo = retract(pen, target)
    redo = retract(pen, undo)
    assert goal_of(seen(pen)) is not None
    retract(pen, redo)
    assert goal_of(seen(pen)) is None


def test_a_retraction_from_another_device_counts_like_ones_own():
    laptop, phone = Pen(1), Pen(2)
    retract(phone, set_goal(laptop))
    assert goal_of(seen(laptop, phone)) is None


def test_a_retracted_edit_gives_the_field_back_to_the_write_before_it():
    pen = Pen()
    set_goal(pen, due="2026-01-10")
    retract(pen, set_goal(pen, due="2026-02-10"))
    goal = goal_of(seen(pen))
    assert goal is not None
    assert goal.due_on == "2026-01-10"


@given(st.integers(1, 5), st.data())
def test_a_chain_of_retractions_that_returns_to_itself_is_void_and_one_that_hangs_off_it_changes_nothing(length, data):
    pen = Pen()
    target = set_goal(pen)
    # Ids are random, so a ring can only be forged: each names the next by an id chosen before.
    nonces = [bytes([number]) * 10 for number in range(1, length + 1)]
    ring = [Event(*target)._replace(nonce=nonce) for nonce in nonces]
    for number in range(length):
        aim = name(ring[(number + 1) % length])
        facts = f'{{"target":"{aim}","reason":"mistake"}}'.encode()
        pen.raw("entry.retracted", facts, nonce=nonces[number], hlc=target.hlc)
    # An entry retracted by a member of the ring would need that member to name two targets; one beside it may try.
    retract(pen, pen.written[1])
    shuffled = data.draw(st.permutations(pen.stamped()))
    tables = projected([[one] for one in shuffled])
    assert goal_of(tables) is not None
    assert tables.content() == projected([in_order(shuffled)]).content()


def test_a_control_entry_cannot_be_taken_back():
    pen = Pen()
    facts = {"pod": some_id("pod", 0), "cohort": some_id("cohort", 0), "name": "Mara"}
    retract(pen, pen.write("pod.joined", facts))
    assert "membership:pod" in seen(pen).views


def test_of_two_writes_that_had_not_seen_each_other_the_later_stands_and_both_are_shown():
    laptop, phone = Pen(1), Pen(2)
    first = set_goal(laptop, due="2026-01-10")
    phone.now_ms += 1
    second = set_goal(phone, due="2026-02-10")
    goal = goal_of(seen(laptop, phone))
    assert goal is not None
    assert goal.due_on == "2026-02-10"
    assert [heads.events for heads in goal.conflicts] == [(name(second), name(first))]


def test_a_write_over_both_ends_the_conflict():
    laptop, phone = Pen(1), Pen(2)
    writes = [name(set_goal(laptop, due="2026-01-10")), name(set_goal(phone, due="2026-02-10"))]
    phone.now_ms += 60_000
    set_goal(phone, due="2026-03-10", over=writes)
    goal = goal_of(seen(laptop, phone))
    assert goal is not None
    assert (goal.due_on, goal.conflicts) == ("2026-03-10", ())


def test_a_retracted_write_hands_on_what_it_had_replaced():
    laptop, phone = Pen(1), Pen(2)
    first = set_goal(laptop, due="2026-01-10")
    phone.now_ms += 1
    middle = set_goal(phone, due="2026-02-10", over=[name(first)])
    third = Pen(3)
    third.now_ms += 120_000
    set_goal(third, due="2026-03-10", over=[name(middle)])
    retract(phone, middle)
    goal = goal_of(seen(laptop, phone, third))
    assert goal is not None
    assert goal.conflicts == ()


def test_a_member_can_keep_the_earlier_write_of_a_conflict():
    laptop, phone = Pen(1), Pen(2)
    first = set_goal(laptop, due="2026-01-10")
    phone.now_ms += 1
    second = set_goal(phone, due="2026-02-10")
    laptop.write("entry.settled", {"targets": [name(first), name(second)], "as": "keep"})
    goal = goal_of(seen(laptop, phone))
    assert goal is not None
    assert (goal.due_on, goal.conflicts) == ("2026-01-10", ())


def test_a_dismissed_conflict_is_no_longer_shown_and_the_later_write_stands():
    laptop, phone = Pen(1), Pen(2)
    first = set_goal(laptop, due="2026-01-10")
    phone.now_ms += 1
    second = set_goal(phone, due="2026-02-10")
    laptop.write("entry.settled", {"targets": [name(first), name(second)], "as": "dismiss"})
    goal = goal_of(seen(laptop, phone))
    assert goal is not None
    assert (goal.due_on, goal.conflicts) == ("2026-02-10", ())


def test_two_devices_that_say_the_same_are_no_conflict():
    laptop, phone = Pen(1), Pen(2)
    set_goal(laptop)
    for pen in (laptop, phone):
        pen.write("goal.closed", {"goal": GOAL_ID, "result": "done"})
    goal = goal_of(seen(laptop, phone))
    assert goal is not None
    assert (goal.result, goal.conflicts) == ("done", ())


def test_an_entry_of_a_device_that_does_not_count_is_out_until_the_member_accepts_it():
    laptop, stranger = Pen(1), Pen(2)
    target = set_goal(stranger)
    left_out = [one._replace(is_left_out=True) for one in stranger.stamped()]
    assert goal_of(projected([left_out])) is None
    laptop.write("entry.settled", {"targets": [name(target)], "as": "accept"})
    assert goal_of(projected([left_out, laptop.stamped()])) is not None


def test_a_device_that_does_not_count_can_take_nothing_back():
    laptop, stranger = Pen(1), Pen(2)
    retract(stranger, set_goal(laptop))
    left_out = [one._replace(is_left_out=True) for one in stranger.stamped()]
    assert goal_of(projected([laptop.stamped(), left_out])) is not None


def test_an_erased_entry_leaves_no_row_behind_whichever_came_first():
    pen = Pen()
    pen.write("entry.erased", {"target": name(set_goal(pen))})
    for order in (pen.stamped(), pen.stamped()[::-1]):
        tables = projected([[one] for one in order])
        assert not any(b"Draft" in row.data for held in tables.rows.values() for row in held.values())
        assert goal_of(tables) is None


def test_a_second_event_with_an_id_already_used_is_left_out_and_listed():
    pen = Pen()
    first = pen.write("time.spent", {"minutes": 5})
    pen.raw("time.spent", b'{"minutes":7}', nonce=first.nonce, hlc=first.hlc)
    tables = seen(pen)
    doubles = [entity for entity in tables.views if entity.startswith("double:")]
    assert len(doubles) == 1
    day = _view(tables, "day:2026-01-05")
    assert isinstance(day, Day)
    assert day.entries == 1


def test_a_copy_of_an_entry_counts_once_however_often_it_was_made():
    pen = Pen()
    origin = name(Pen(9).write("time.spent", {"minutes": 30}))
    for _ in range(2):
        pen.write("time.spent", {"minutes": 30, "from": origin})
    day = _view(seen(pen), "day:2026-01-05")
    assert isinstance(day, Day)
    assert day.minutes_spent == 30


def test_a_copy_that_is_taken_back_takes_the_others_with_it_and_restored_restores_one():
    # Given one entry that two devices copied
    pen, other = Pen(), Pen(2)
    origin = name(Pen(9).write("time.spent", {"minutes": 30}))
    copies = [one.write("time.spent", {"minutes": 30, "from": origin}) for one in (pen, other)]
    for copy in copies:
        # When either is taken back
        taken = retract(pen, copy)
        assert "day:2026-01-05" not in seen(pen, other).views
        # And that is undone
        retract(pen, taken)
        # Then it counts once again
        day = _view(seen(pen, other), "day:2026-01-05")
        assert isinstance(day, Day)
        assert day.minutes_spent == 30


def test_a_copy_of_a_device_that_does_not_count_stands_in_no_others_way():
    pen, other = Pen(), Pen(2)
    origin = name(Pen(9).write("time.spent", {"minutes": 30}))
    pens = (pen, other)
    for one in pens:
        one.write("time.spent", {"minutes": 30, "from": origin})
    for left_out in pens:
        stamped = [[one._replace(is_left_out=pen is left_out) for one in pen.stamped()] for pen in pens]
        day = _view(projected(stamped), "day:2026-01-05")
        assert isinstance(day, Day)
        assert day.minutes_spent == 30


def test_facts_that_break_a_rule_are_set_aside_with_the_reason():
    pen = Pen()
    pen.raw("time.spent", b'{"minutes":0}')
    (aside,) = [_view(seen(pen), entity) for entity in seen(pen).views]
    assert isinstance(aside, Aside)
    assert (aside.reason, aside.field) == ("broken", "minutes")


def test_a_dismissed_entry_leaves_the_inbox():
    pen = Pen()
    broken = pen.raw("time.spent", b'{"minutes":0}')
    pen.write("entry.settled", {"targets": [name(broken)], "as": "dismiss"})
    (held,) = seen(pen).views.values()
    assert held.standing == "dismissed"


def test_a_day_that_no_calendar_has_sets_the_entry_aside():
    pen = Pen()
    event = pen.raw("time.spent", b'{"minutes":5}')
    stamped = pen.stamped()[0]._replace(event=event._replace(on=2**31 - 1))
    (held,) = projected([[stamped]]).views.values()
    assert held.standing == "broken"


def _view(tables: MemoryTables, entity: str) -> object:
    view = tables.views[entity].view
    assert view is not None
    return decode_view(entity, view)
