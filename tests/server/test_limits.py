"""Rates and places: bounded for each key, and bounded in memory."""

from hypothesis import given
from hypothesis import strategies as st

from milepost_server.limits import KEYS_MAX, Occupancy, Rate


class Clock:
    def __init__(self) -> None:
        self.now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


def test_a_burst_is_let_through_and_then_the_rate_holds():
    clock = Clock()
    rate = Rate(3, 60, clock)
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 2]
    clock.now_ms += 2000
    assert [rate.take("a") for _ in range(3)] == [0, 0, 2]


def test_one_key_does_not_cost_another():
    rate = Rate(1, 60, Clock())
    assert [rate.take("a"), rate.take("b")] == [0, 0]


def test_the_table_does_not_grow_without_end():
    rate = Rate(1, 60, Clock())
    for key in range(KEYS_MAX + 100):
        rate.take(key)
    assert len(rate._buckets) == KEYS_MAX


@given(st.lists(st.integers(0, 5_000), max_size=60))
def test_no_pattern_of_attempts_beats_the_rate(pauses: list[int]):
    clock = Clock()
    rate = Rate(5, 60, clock)
    taken = 0
    for pause in pauses:
        clock.now_ms += pause
        taken += rate.take("a") == 0
    assert taken <= 5 + clock.now_ms / 1000 + 1


def test_places_are_given_back():
    places = Occupancy(2)
    assert [places.enter("a"), places.enter("a"), places.enter("a")] == [True, True, False]
    places.leave("a")
    assert places.enter("a")
    places.leave("a")
    places.leave("a")
    assert places._held == {}
