"""The files of this repository, for tests about the repository itself."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Text written by others, kept byte for byte: its addresses are not ours to edit.
_FOREIGN = ("vendor",)


def tracked() -> list[Path]:
    """Every file under version control that is still there, relative to the root."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """Every tracked text of ours with its content; files that are not UTF-8 are left out."""
    for path in tracked():
        if set(path.parts) & set(_FOREIGN):
            continue
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
