"""Aims: key results and the numbers to reach, on the member's own devices."""

from milepost.projections.aims import Aim
from milepost.projections.asof import AsOf
from milepost.projections.calendar import day_number
from milepost.projections.fold import Fold
from tests.support.histories import MONDAY, Pen, name, some_id
from tests.support.memory_tables import projected

METRIC = some_id("metric", 0)
DEFINED = {"metric": METRIC, "kind": "level", "unit": "count", "better": "up", "own": False, "name": "Interviews"}


def aims(*pens: Pen, is_own: bool = True) -> list[Aim]:
    tables = projected([[one for pen in pens for one in pen.stamped()]], Fold(is_own=is_own))
    shelf = AsOf(((entity, tables.writes(entity)) for entity in tables.rows), day_number(MONDAY))
    return shelf.all(Aim)


def test_the_last_number_said_is_the_one_to_reach_and_undo_brings_back_the_one_before():
    pen = Pen()
    pen.write("metric.defined", {**DEFINED, "target": "20", "baseline": "5"})
    later = pen.write("metric.defined", {**DEFINED, "target": "30"})
    (aim,) = aims(pen)
    assert (aim.target, aim.baseline) == ("30", None)
    pen.write("entry.retracted", {"target": name(later), "reason": "mistake"})
    (aim,) = aims(pen)
    assert (aim.target, aim.baseline) == ("20", "5")


def test_a_private_value_is_known_here_and_a_public_one_is_not_kept_twice():
    pen = Pen()
    pen.write("metric.recorded", {"metric": METRIC, "value": "7", "basis": "absolute", "source": "other"})
    assert aims(pen) == []
    pen.write("metric.recorded", {"metric": METRIC, "private_value": "9", "basis": "absolute", "source": "other"})
    (aim,) = aims(pen)
    assert aim.value == "9"


def test_a_server_knows_no_aim():
    pen = Pen()
    pen.write("metric.defined", {**DEFINED, "target": "20"})
    assert aims(pen, is_own=False) == []
