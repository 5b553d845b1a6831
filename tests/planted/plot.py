"""A copy of the tree to plant bugs in: the tree itself is never touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.planted.bugs import Bug

ROOT = Path(__file__).parents[2]
PARTS = ("shared", "client", "server", "tests", "docs", "pyproject.toml", "Makefile", ".gitignore", ".ci")
PACKAGES = ("shared", "client", "server")
UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", ".hypothesis")
TIMEOUT_SECONDS = 600
GREEN, RED = 0, 1


class Verdict(NamedTuple):
    """How a test run ended: pytest's exit code, and the first test that failed."""

    exit_code: int
    first_failure: str


class Plot:
    """A copy of the tree in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=UNWANTED)
            else:
                shutil.copy2(source, folder / part)

    @contextmanager
    def planted(self, bug: Bug) -> Iterator[None]:
        """The copy with the bug in it; taken out again afterwards."""
        path = self.folder / bug.path
        sound = path.read_text(encoding="utf-8")
        path.write_text(with_bug(sound, bug), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(sound, encoding="utf-8")

    def test(self, tests: Sequence[str]) -> Verdict:
        """Run tests in the copy, up to the first failure."""
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *tests],
            cwd=self.folder,
            # Before the environment's own packages, which are the tree that is not planted in.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(str(self.folder / package) for package in PACKAGES)},
            check=False,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )
        failures = [line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        return Verdict(done.returncode, failures[0] if failures else "")


def with_bug(text: str, bug: Bug) -> str:
    """`text` with the bug in it. Raises ValueError unless `bug.old` occurs exactly once."""
    count = text.count(bug.old)
    if count != 1:
        raise ValueError(f"{bug.name}: {bug.old!r} occurs {count} times in {bug.path}")
    return text.replace(bug.old, bug.new)
