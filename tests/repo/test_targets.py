"""The Makefile and .ci: each target is explained, and CI runs the gates."""

import re
import subprocess
import sys

import pytest

from tests.repo.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^\.PHONY: ([a-z-]+)$", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_explained_by_make_help_and_by_contributing(target):
    assert re.search(rf"^{target}:.* ## \w", MAKEFILE, re.MULTILINE)
    assert f"| `make {target}` |" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_explains_no_target_that_is_gone():
    explained = re.findall(
        r"^\| `make ([a-z-]+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(explained) == sorted(TARGETS)


def test_make_help_lists_every_target():
    listing = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^  make ([a-z-]+)", listing, re.MULTILINE) == TARGETS


def test_ci_runs_the_suite_the_gates_the_outside_judges_and_the_newest_python():
    stages = re.findall(r"^stage ([a-z-]+)$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    assert stages == ["setup", "check", "test", "test-outside", "test-newest-python"]


@pytest.mark.parametrize("script", ["run", "install", "pythons", "outside-programs"])
def test_a_ci_script_is_executable_and_reads_as_shell(script):
    path = ROOT / ".ci" / script
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").removeprefix("/usr/bin/env ")
    assert path.stat().st_mode & 0o100
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


def test_the_pythons_found_are_declared_ones_and_this_one_is_among_them():
    listing = subprocess.run([ROOT / ".ci/pythons"], check=True, capture_output=True, text=True).stdout
    found = dict(line.split(" ", 1) for line in listing.splitlines())
    classifiers = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f"Python :: {version}" in classifiers for version in found)
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in found
