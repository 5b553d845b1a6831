"""Direction on the member's own devices: what stands, what was taken back, and that a server has none of it."""

from typing import TypeVar

from milepost.projections.direction import Choice, Enjoyed, Focus, Position, Role, Value, Weight
from milepost.projections.fold import Fold
from milepost.projections.kinds import decode_view
from milepost.projections.view import View
from tests.support.histories import Pen, name, some_id
from tests.support.memory_tables import MemoryTables, projected

AnyView = TypeVar("AnyView", bound=View)
ROLE, SKILL = some_id("role", 0), some_id("skill", 0)


def seen(*pens: Pen) -> MemoryTables:
    return projected([[one for pen in pens for one in pen.stamped()]])


def found(tables: MemoryTables, type: type[AnyView]) -> AnyView:
    """The one view of a type."""
    views = [decode_view(one.entity, one.view) for one in tables.views.values() if one.view is not None]
    (view,) = [view for view in views if isinstance(view, type)]
    return view


def score(pen: Pen, factor: str = "say", **values: object) -> str:
    return name(pen.write("role.scored", {"role": ROLE, "factor": factor, **values}))


def brief(pen: Pen, **values: object) -> None:
    pen.write("role.briefed", {"role": ROLE, "kind": "target", "title": "Product Manager", **values})


def test_a_figure_noted_later_does_not_take_the_score_away():
    pen = Pen()
    brief(pen)
    score(pen, score=4)
    score(pen, raw="roadmap and budget")
    assert [(one.score, one.raw) for one in found(seen(pen), Role).scores] == [(4, "roadmap and budget")]


def test_a_factor_is_one_however_it_is_spelled_and_weighs_the_same_for_every_role():
    pen = Pen()
    score(pen, "Decision  authority", score=4, weight=2)
    pen.write("role.scored", {"role": some_id("role", 1), "factor": "decision AUTHORITY", "score": 2, "weight": 3})
    assert found(seen(pen), Weight).weight == 3


def test_a_score_that_was_taken_back_leaves_a_gap_and_not_a_nought():
    pen = Pen()
    brief(pen)
    score(pen, score=4)
    taken_back = score(pen, "exposure", score=2)
    pen.write("entry.retracted", {"target": taken_back, "reason": "mistake"})
    role = found(seen(pen), Role)
    assert role.score("exposure") is None
    assert role.score("say") is not None


def test_two_devices_that_scored_without_having_seen_each_other_are_a_conflict():
    laptop, phone = Pen(1), Pen(2)
    brief(laptop)
    score(laptop, score=4)
    score(phone, score=2)
    assert [heads.field for heads in found(seen(laptop, phone), Role).conflicts] == ["score/say"]


def test_a_page_of_a_title_alone_is_no_page_yet():
    pen = Pen()
    brief(pen)
    assert not found(seen(pen), Role).is_briefed
    brief(pen, competencies=[SKILL])
    assert found(seen(pen), Role).is_briefed


def test_the_focus_keeps_its_story():
    pen = Pen()
    pen.write("focus.set", {"mode": "role"})
    pen.write("focus.set", {"mode": "skill", "why": "the title is not the point"})
    assert [change.mode for change in found(seen(pen), Focus).changes] == ["role", "skill"]


def test_the_last_choice_stands():
    pen = Pen()
    for number in (0, 1):
        pen.write("role.chosen", {"role": some_id("role", number)})
    assert found(seen(pen), Choice).role == some_id("role", 1)


def test_what_was_said_of_a_skill_keeps_what_a_later_entry_leaves_out():
    pen = Pen()
    pen.write("skill.enjoyed", {"skill": SKILL, "enjoyment": 2, "avoided": True})
    pen.write("skill.enjoyed", {"skill": SKILL, "stance": "lean_in"})
    enjoyed = found(seen(pen), Enjoyed)
    assert (enjoyed.enjoyment, enjoyed.avoided, enjoyed.stance) == (2, True, "lean_in")


def test_a_position_is_present_until_it_has_an_end():
    pen, position = Pen(), some_id("position", 0)
    values = {"position": position, "kind": "job", "start": "2019-09-01", "title": "Customer Success"}
    pen.write("position.recorded", values)
    assert found(seen(pen), Position).standing == "present"
    pen.write("position.recorded", {**values, "end": "2022-05-31"})
    assert found(seen(pen), Position).standing == "past"


def test_a_server_has_no_row_of_any_of_it():
    pen = Pen()
    brief(pen)
    score(pen, score=4)
    pen.write("value.named", {"value": some_id("value", 0), "name": "autonomy", "rank": 1})
    pen.write("focus.set", {"mode": "role"})
    assert found(seen(pen), Value).rank == 1
    blind = [one._replace(event=one.event._replace(private=None)) for one in pen.stamped()]
    assert {entity.partition(":")[0] for entity in projected([blind], Fold()).rows} == {"day"}
