"""Plant each known bug in a copy of the tree and see if the tests find it: `python -m tests.planted`, `make plant`.

First the named tests run without a bug: one that is red anyway finds nothing.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.planted.bugs import BUGS, Bug
from tests.planted.plot import GREEN, RED, Plot


def main(argv: Sequence[str]) -> int:
    """Plant what was asked for; 0 when every bug was found."""
    bugs = _chosen(_options(argv).only)
    with tempfile.TemporaryDirectory(prefix="milepost-planted-") as folder:
        plot = Plot(Path(folder) / "milepost")
        tests = sorted({test for bug in bugs for test in bug.tests})
        sound = plot.test(tests)
        if sound.exit_code != GREEN:
            print(f"without a bug the tests are not green: {sound.first_failure or sound.exit_code}")
            return 2
        found = sum(_plant(plot, bug) for bug in bugs)
    print(f"{found} of {len(bugs)} planted bugs found")
    return 0 if found == len(bugs) else 1


def _plant(plot: Plot, bug: Bug) -> bool:
    with plot.planted(bug):
        verdict = plot.test(bug.tests)
    is_found = verdict.exit_code == RED
    outcome = verdict.first_failure if is_found else f"MISSED (pytest exit {verdict.exit_code}): {bug.sentence}"
    print(f"{bug.name:<26}{outcome}", flush=True)
    return is_found


def _chosen(names: Iterable[str]) -> list[Bug]:
    wanted = set(names)
    return [bug for bug in BUGS if not wanted or bug.name in wanted]


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    names = [bug.name for bug in BUGS]
    parser.add_argument("--only", action="append", default=[], choices=names, help="this bug alone; may be repeated")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
