from hypothesis import given
from hypothesis import strategies as st

from milepost.clock import HLC_MAX, LEAD, Order, from_ms, is_clock_off, stamp, tick, to_ms
from tests.support.authors import START_MS
from tests.support.drawn_events import bytes16, bytes32, milliseconds, u32, u63

ANY_CLOCK = st.integers(-(1 << 60), 1 << 60)
# Nobody's `at` comes near the end of the scale: a stamp is at most five minutes after a server's clock.
tops = st.integers(0, HLC_MAX - LEAD)
hlcs = st.integers(0, HLC_MAX)
YEAR_2099_MS = 4_070_908_800_000


@given(milliseconds)
def test_a_millisecond_always_survives_the_clock_value(ms):
    assert to_ms(from_ms(ms)) == min(ms, to_ms(HLC_MAX - LEAD))


@given(ANY_CLOCK, hlcs, tops)
def test_whatever_the_clocks_say_a_tick_is_a_clock_value_above_all_that_was_on_the_screen(now_ms, last, top):
    assert top < tick(now_ms, last, top) <= HLC_MAX


@given(ANY_CLOCK, hlcs, tops)
def test_a_tick_never_goes_back_while_the_last_one_is_within_the_lead(now_ms, last, top):
    last = min(last, max(from_ms(now_ms), top) + LEAD - 1)
    assert tick(now_ms, last, top) > last


@given(ANY_CLOCK, hlcs, tops)
def test_a_tick_never_leads_by_more_than_five_minutes(now_ms, last, top):
    assert tick(now_ms, last, top) <= max(from_ms(now_ms), top) + LEAD


@given(st.lists(st.integers(START_MS, START_MS + 1000), min_size=1, max_size=50))
def test_a_working_clock_that_stutters_still_gives_rising_ticks(walls):
    ticks, last = [], 0
    for now_ms in walls:
        last = tick(now_ms, last, 0)
        ticks.append(last)
    assert ticks == sorted(set(ticks))


def test_a_device_that_was_in_2099_for_a_day_heals_with_its_clock():
    wrong = tick(YEAR_2099_MS, 0, 0)
    healed = tick(START_MS, wrong, 0)
    assert to_ms(healed) - START_MS <= 5 * 60 * 1000
    assert tick(START_MS + 10 * 60 * 1000, healed, 0) == from_ms(START_MS + 10 * 60 * 1000)


def test_a_device_in_1970_writes_after_what_it_has_seen_and_heals_with_its_clock():
    seen = from_ms(START_MS)
    wrong = tick(0, 0, seen)
    assert wrong == seen + 1
    assert tick(START_MS + 1, wrong, seen) == from_ms(START_MS + 1)


@given(st.lists(st.tuples(hlcs, st.none() | milliseconds), min_size=1, max_size=30))
def test_at_never_falls_along_a_chain_whatever_clocks_and_servers_said(events):
    at, stamps = 0, []
    for hlc, received_at in events:
        at = stamp(hlc, at, received_at)
        stamps.append(at)
    assert stamps == sorted(stamps)


@given(hlcs, milliseconds)
def test_a_stamped_event_is_never_later_than_five_minutes_after_the_server_had_it(hlc, received_at):
    assert stamp(hlc, 0, received_at) <= from_ms(received_at) + LEAD
    assert is_clock_off(hlc, received_at) == (stamp(hlc, 0, received_at) < hlc)


@given(hlcs, tops)
def test_an_unsent_event_is_where_its_clock_says_or_after_its_predecessor(hlc, previous):
    assert stamp(hlc, previous, None) == max(hlc, previous)


orders = st.builds(Order, u63, bytes16, u32, u63, bytes32)


@given(st.lists(orders, unique=True, max_size=12), st.randoms(use_true_random=False))
def test_the_order_is_total_so_any_arrival_sorts_alike(keys, random):
    shuffled = keys.copy()
    random.shuffle(shuffled)
    assert sorted(shuffled) == sorted(keys)
    assert all((one < other) != (other < one) for one in keys for other in keys if one is not other)
