"""JavaScript programs that judge what we write: each in a folder of its own, with the versions it names."""

import shutil
import subprocess
from pathlib import Path

INSTALL_SECONDS = 300
RUN_SECONDS = 60


def installed(sources: Path, folder: Path) -> Path:
    """A copy of `sources` with what its package.json names; nothing of a package is run while it is installed."""
    made = Path(shutil.copytree(sources, folder / sources.name))
    line = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    subprocess.run(line, cwd=made, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    return made


def run(script: Path, *words: str) -> str:
    """What a script prints; it must end well."""
    done = subprocess.run(
        ["node", str(script), *words], capture_output=True, text=True, check=False, timeout=RUN_SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
