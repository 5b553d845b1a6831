"""The files of this repository, for tests about the repository itself."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Text written by others, kept byte for byte: its addresses are not ours to edit.
FOREIGN = {"vendor"}


def files() -> list[Path]:
    """Every file that is, or could be, under version control, relative to the root.

    Read from the folders, not from git: a copy of this tree is tested where no git is. So a file is looked at
    before it is committed, too.
    """
    unwanted = _ignored_folders() | {".git"}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in unwanted and not name.endswith(".egg-info"))
        found += [(Path(folder) / name).relative_to(ROOT) for name in sorted(names)]
    return found


def texts() -> Iterator[tuple[Path, str]]:
    """Every text of ours with its content; files that are not UTF-8 are left out."""
    for path in files():
        if FOREIGN & set(path.parts):
            continue
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _ignored_folders() -> set[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {line.rstrip("/") for line in lines if line.endswith("/")}
