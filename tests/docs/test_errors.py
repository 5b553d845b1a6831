"""errors.md has every code that the code can say, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from milepost import errors
from milepost.errors import MilepostError
from tests.repo.tree import ROOT

PAGE = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
SOURCES = sorted(path for part in ("shared", "client", "server") for path in (ROOT / part).glob("milepost*/**/*.py"))
# Calls whose first argument is a code: effects and messages of the protocol, and what verify finds.
SPEAKERS = {
    "end",
    "_end",
    "notice",
    "_fail",
    "refused",
    "Failed",
    "Declined",
    "Tell",
    "Notice",
    "Refusal",
    "Error",
    "Bye",
    "Finding",
}
CAPITALS = re.compile(r"[A-Z][A-Z_]+")


def codes_of(tree: ast.Module, kinds: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (text for each in node.keywords if each.arg == "code" for text in texts(each.value))
            spoken = [text for each in node.args[:1] for text in texts(each)]
            yield from (text for text in spoken if called(node) in SPEAKERS and CAPITALS.fullmatch(text))
        elif isinstance(node, ast.ClassDef) and node.name in kinds:
            yield from (
                text
                for each in node.body
                if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code"
                for text in texts(each.value)
            )


def texts(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else []


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def error_kinds(trees: list[ast.Module]) -> set[str]:
    """The names of the classes of the error tree, wherever they are declared."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    kinds = {MilepostError.__name__}
    while more := {name for name, above in bases.items() if above & kinds} - kinds:
        kinds |= more
    return kinds


def codes_in_the_code() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    kinds = error_kinds(trees)
    return {code for tree in trees for code in codes_of(tree, kinds)}


DOCUMENTED = set(re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE))


def test_every_code_that_the_code_can_say_is_on_the_page():
    assert sorted(codes_in_the_code() - DOCUMENTED) == []


def test_no_code_is_on_the_page_that_nobody_says():
    spelled = " ".join(Path(path).read_text(encoding="utf-8") for path in SOURCES)
    assert sorted(code for code in DOCUMENTED if f'"{code}"' not in spelled) == []


@pytest.mark.parametrize(
    "kind",
    [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, MilepostError)],
    ids=lambda kind: kind.__name__,
)
def test_the_exit_code_of_each_kind_is_on_the_page(kind):
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind.code}` |")]
    assert lines
    exits = {cell.strip() for line in lines for cell in line.split("|")[2:3]}
    assert str(kind.exit_code) in exits or kind.code.isupper()
