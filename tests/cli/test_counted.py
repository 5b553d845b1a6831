"""Numbers agree with their nouns."""

import pytest

from milepost_client.render.counted import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 goals"), (1, "1 goal"), (2, "2 goals")])
def test_one_is_singular_and_any_other_number_is_not(number, said):
    assert counted(number, "goal") == said


def test_a_noun_may_bring_its_own_plural():
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]


def test_a_status_speaks_of_one_goal_and_one_person(mp):
    mp("goal", "Read one chapter")
    mp("touch", "Dana R.", "interview", "15m")
    assert "0 goals done, 1 open · 1 person met" in mp("status").out
    mp("done", "Read")
    assert "1 goal done, 0 open" in mp("status").out
