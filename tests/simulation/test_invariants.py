"""Each invariant of sync.md as a property of any history: Hypothesis draws devices and steps, faults among them.

The runs are those of the simulation, with the real client and server code; here the steps are Hypothesis's own, so it
looks for the shortest history that breaks an invariant, and each invariant has a test that carries its name.
"""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation import invariants
from tests.simulation.power import grid
from tests.simulation.schedule import FAULTS, WORK, Schedule, Step
from tests.simulation.signatures import remembered
from tests.simulation.system import System, run

numbers = st.integers(0, 0xFFFF)
steps = st.builds(Step, st.sampled_from([*WORK, *WORK, *FAULTS]), numbers, numbers)
histories = st.builds(
    Schedule,
    seed=st.integers(0, 1 << 32),
    devices=st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple),
    faults=st.just(frozenset(FAULTS)),
    steps=st.lists(steps, max_size=50).map(tuple),
)
some = settings(max_examples=25)


def at_rest(history: Schedule, invariant: Callable[[System], None]) -> None:
    """Live through a history, let everything settle, and hold the invariant against it."""
    with grid(), remembered():
        system = System(history)
        for step in history.steps:
            system.step(step)
        system.heal()
        invariant(system)


def throughout(history: Schedule, invariant: Callable[[System], None]) -> None:
    """Live through a history, and hold the invariant against it after every step."""
    with grid(), remembered():
        system = System(history)
        for step in history.steps:
            system.step(step)
            invariant(system)


@some
@given(histories)
def test_i1_an_append_that_reported_success_survives_at_every_moment(history):
    throughout(history, invariants.i1_an_append_that_reported_success_survives)


@some
@given(histories)
def test_i2_what_was_receipted_is_on_the_server_after_any_fault(history):
    throughout(history, invariants.i2_what_was_receipted_is_on_the_server)


@some
@given(histories)
def test_i2_what_was_receipted_reaches_every_sibling_even_after_a_wipe(history):
    at_rest(history, invariants.i2_what_was_receipted_reaches_every_sibling)


@some
@given(histories)
def test_i3_each_event_counts_once_in_rows_positions_and_views(history):
    at_rest(history, invariants.i3_each_event_counts_once)


@some
@given(histories)
def test_i4_every_prev_is_stored_and_every_foreign_event_stands_under_a_valid_head(history):
    throughout(history, invariants.i4_every_prev_is_stored_and_every_foreign_event_stands_under_a_valid_head)


@some
@given(histories)
def test_i5_after_quiet_all_replicas_and_the_server_have_equal_digests(history):
    at_rest(history, invariants.i5_at_rest_all_replicas_and_the_server_agree)


@some
@given(histories)
def test_i6_after_faults_stop_queues_drain_in_bounded_steps_without_a_new_write(history):
    at_rest(history, invariants.i6_queues_drain_without_a_new_write)


@some
@given(histories)
def test_i7_private_text_is_nowhere_but_on_the_members_devices(history):
    throughout(history, invariants.i7_private_text_is_nowhere_on_the_server)


@some
@given(histories)
def test_i9_queues_are_bounded_at_every_moment(history):
    throughout(history, invariants.i9_queues_are_bounded)


@some
@given(histories)
def test_i12_what_was_erased_comes_back_by_no_device_no_crash_and_no_backup(history):
    throughout(history, invariants.i12_what_was_erased_does_not_come_back)


@some
@given(histories)
def test_i12_a_sweep_leaves_nothing_of_an_erased_account_in_the_file(history):
    at_rest(history, invariants.i12_a_sweep_leaves_nothing_of_it_in_the_file)


@settings(max_examples=10)
@given(histories)
def test_i11_the_same_seed_and_steps_give_the_same_trace(history):
    assert run(history).trace == run(history).trace
