"""ShellCheck on every shell script of the repository."""

import subprocess

import pytest

from tests.repo.tree import ROOT, texts

SCRIPTS = [path for path, text in texts() if text.startswith(("#!/bin/sh", "#!/usr/bin/env bash"))]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_shellcheck_finds_nothing_in(script):
    found = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 0
