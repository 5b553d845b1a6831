"""The short campaign that every change must pass; `make simulate SEEDS=1000000` is the long one."""

import os

import pytest

from tests.simulation.schedule import FAULTS, Schedule, Step, draw
from tests.simulation.shrink import shrink
from tests.simulation.system import run, total

SEEDS = int(os.environ.get("SIMULATION_SEEDS", "400"))
PIECE = 100


@pytest.mark.parametrize("first", range(0, SEEDS, PIECE))
def test_every_invariant_holds_whatever_the_network_the_clocks_and_the_power_do(first: int):
    outcomes = {seed: run(draw(seed)) for seed in range(first, first + PIECE)}

    violated = {seed: outcome.violated for seed, outcome in outcomes.items() if outcome.violated}
    assert not violated, f"replay with: python -m tests.simulation --replay {min(violated)}"
    # A fault that never happens proves nothing.
    counts = total(outcomes.values())
    assert all(counts[fault] for fault in FAULTS), counts


@pytest.mark.parametrize("seed", [3, 377, 1097])
def test_the_same_seed_gives_the_same_trace(seed: int):
    assert run(draw(seed)).trace == run(draw(seed)).trace


def test_different_seeds_give_different_traces():
    assert len({run(draw(seed)).trace for seed in range(8)}) == 8


def test_a_run_without_faults_settles_at_once():
    schedule = Schedule(1, (2,), frozenset(), (Step("append", 0, 0), Step("connect", 0, 0)))

    assert run(schedule).violated is None


def test_shrinking_keeps_only_the_steps_that_matter():
    steps = [Step("wait", n, 0) for n in range(60)]

    kept = shrink(steps, lambda some: {7, 41} <= {step.a for step in some})

    assert [step.a for step in kept] == [7, 41]
