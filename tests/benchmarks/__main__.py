"""Measure each speed and size figure beside its floor: `python -m tests.benchmarks`, which is `make bench`.

A whole run writes docs/reference/benchmarks.json and .md. With `--only` or `--events` it only prints, for a quick look.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figures import EVENTS, NAMES, ROUNDS, chosen
from tests.benchmarks.measure import Result
from tests.benchmarks.report import Machine, publish, report, to_json
from tests.benchmarks.workshop import Workshop


def main(argv: Sequence[str]) -> int:
    """Run what was asked for; 0 whether or not the goals are met: a busy machine is no failure."""
    options = _options(argv)
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(prefix="milepost-bench-") as folder,
        Workshop(Path(folder), options.events, options.rounds) as shop,
    ):
        for bench in chosen(options.only):
            results.append(bench.run(shop))
            print(_line(results[-1]), flush=True)
    written = report(results, Machine.here())
    if options.json:
        options.json.write_text(to_json(written), encoding="utf-8")
    if not options.only and options.events == EVENTS:
        publish(written)
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", default=[], choices=NAMES, help="this figure alone; may be repeated")
    parser.add_argument("--events", type=int, default=EVENTS, help="events in a history (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each measurement (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the machine-readable results here as well")
    return parser.parse_args(argv)


def _line(result: Result) -> str:
    verdict = "met" if result.is_met else "MISSED"
    numbers = f"{result.ours:>12,.2f} / {result.floor:>12,.2f} {result.unit:<9}"
    return f"{result.name:<18}{numbers}{result.ratio:>7.2f}x  goal {result.goal!s:<9}{verdict}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
