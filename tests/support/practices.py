"""The page of practices as rows: what each says, records, shows and is held by."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.repo.tree import ROOT

PAGE = (ROOT / "docs/practices.md").read_text(encoding="utf-8")
HEAD = "| practice | entries | command | view | test |"
CODE = re.compile(r"`([^`]+)`")


class Practice(NamedTuple):
    """A row of the page: what its cells name."""

    text: str
    says: str
    types: tuple[str, ...]
    commands: tuple[str, ...]
    views: tuple[str, ...]
    tests: tuple[str, ...]
    cells: tuple[str, ...]


def practices() -> Iterator[Practice]:
    """The rows of the page, in its order."""
    for section in PAGE.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        for line in body.partition(HEAD)[2].splitlines()[2:]:
            if line.startswith("|"):
                says, *cells = (cell.strip() for cell in line.strip("|").split("|"))
                types, commands, views, tests = (tuple(CODE.findall(cell)) for cell in cells)
                yield Practice(title, says, types, commands, views, tests, tuple(cells))


PRACTICES = list(practices())
TEXTS = list(dict.fromkeys(practice.text for practice in PRACTICES))
