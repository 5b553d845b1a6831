"""`python -m tests.simulation`: run seeds, count faults, shrink what fails.

--seeds N     how many (5000)            --first S    the first seed (0)
--replay S    one seed, and its shortest failing steps
--repeat P    run every P-th seed twice and compare traces (100)
"""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.schedule import FAULTS, draw
from tests.simulation.shrink import shrink
from tests.simulation.system import Outcome, run

FAILURES_MAX = 10


def main() -> int:
    """Run what the command line asks for; 1 when an invariant was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--replay", type=int)
    parser.add_argument("--repeat", type=int, default=100)
    asked = parser.parse_args()
    if asked.replay is not None:
        return replay(asked.replay)
    return campaign(range(asked.first, asked.first + asked.seeds), asked.repeat)


def campaign(seeds: range, repeat: int) -> int:
    """Run seeds one after the other, and report."""
    counts: Counter[str] = Counter()
    failures: list[tuple[int, str]] = []
    events, began = 0, time.monotonic()
    for seed in seeds:
        outcome = run(draw(seed))
        if seed % repeat == 0 and run(draw(seed)).trace != outcome.trace:
            outcome = outcome._replace(violated="I11: the same seed gave another trace")
        counts.update(outcome.counts)
        events += outcome.events
        if outcome.violated:
            failures.append((seed, outcome.violated))
            print(f"seed {seed}: {outcome.violated}", flush=True)
            if len(failures) == FAILURES_MAX:
                break
    seconds = time.monotonic() - began
    print(f"{len(seeds)} seeds, {events} events, {60 * len(seeds) / seconds:.0f} seeds a minute")
    for kind in sorted(counts):
        print(f"  {kind:22}{counts[kind]:>10}{'   NEVER HAPPENED' if kind in FAULTS and not counts[kind] else ''}")
    print(
        f"{len(failures)} failed" + "".join(f"\n  python -m tests.simulation --replay {seed}" for seed, _ in failures)
    )
    return 1 if failures else 0


def replay(seed: int) -> int:
    """Run one seed; where it fails, print the shortest steps that fail alike."""
    schedule = draw(seed)
    outcome = run(schedule)
    if outcome.violated is None:
        print(f"seed {seed}: every invariant held over {len(schedule.steps)} steps; trace {outcome.trace[:16]}")
        return 0
    kind = _kind(outcome)
    steps = shrink(schedule.steps, lambda candidate: _kind(run(schedule, candidate)) == kind)
    print(f"seed {seed}: {outcome.violated}")
    print(f"devices {schedule.devices}, {len(steps)} of {len(schedule.steps)} steps:")
    for step in steps:
        print(f"  {step}")
    print(f"which gives: {run(schedule, steps).violated}")
    return 1


def _kind(outcome: Outcome) -> str | None:
    return outcome.violated.split(":")[0] if outcome.violated else None


if __name__ == "__main__":
    sys.exit(main())
