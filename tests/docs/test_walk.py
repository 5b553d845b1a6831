"""Whoever walks the code finds every name that people meet in docs/reference."""

import ast
import re
import shlex
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from docs import generate
from docs.screens import Member
from milepost import catalogue
from milepost.checks.rules import RULES
from milepost_client.answer import FLAGS, take_flags
from milepost_client.cli.app import root, verb
from milepost_client.cli.frame import Group, examples_of, options_of
from milepost_client.cli.outputs import OUTPUTS
from milepost_client.cli.reference import commands, markdown
from milepost_client.device.config import SETTINGS
from milepost_client.main import INTERRUPTED
from tests.repo.tree import ROOT

REFERENCE = ROOT / "docs/reference"
COMMANDS = list(commands())
EXAMPLES = [example for entry in COMMANDS for example in examples_of(entry.command)]
CLIENT = sorted((ROOT / "client/milepost_client").glob("**/*.py"))
ALL = [*CLIENT, *sorted((ROOT / "server/milepost_server").glob("**/*.py")), *sorted((ROOT / "shared").glob("**/*.py"))]
OF_OTHERS = "NO_COLOR|TERM|COLUMNS|VISUAL|EDITOR|XDG_[A-Z_]+|LOCALAPPDATA|COMPUTERNAME"
VARIABLE = re.compile(rf"MILEPOST_(?!SERVER_)[A-Z_]*[A-Z]|{OF_OTHERS}")
# They talk to a server or to files that are not here, run on, or end the log.
ELSEWHERE = {"init", "join", "sync", "device", "key", "pod", "dashboard", "demo", "import", "export", "ask", "share"}

# Their questions are put on a terminal.
ASKING = {"mp review", "mp erase --local", "mp erase --account --recover https://milepost.example"}


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def trees(paths: list[Path]) -> Iterator[ast.AST]:
    """Every node of some files."""
    for path in paths:
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def section(path: str) -> str:
    """What the reference says about one command."""
    return markdown("").partition(f"### {path}\n")[2].partition("\n### ")[0]


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.path)
def test_every_option_of_every_command_is_in_its_section(entry: Any):
    said = section(entry.path)
    assert [flag for flag, _ in options_of(entry.command) if f"| `{flag}` |" not in said] == []


def test_every_flag_of_all_commands_is_in_the_reference():
    assert [flag for flag in FLAGS if f"{flag}`" not in markdown("") and f"`{flag}," not in markdown("")] == []


def test_every_type_of_event_is_in_the_reference_with_its_fields():
    said = generate.events_page()
    for declared in catalogue.types():
        assert f"### {declared.name}\n" in said
        its = said.partition(f"### {declared.name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
        own = [field for field in declared.fields() if field.name not in ("over", "replaces", "from", "with")]
        assert [field.name for field in own if f"`{field.name}`" not in its] == [], declared.name


def test_every_rule_is_in_the_reference():
    assert [code for code in (rule.code for rule in RULES) if f"`{code}`" not in generate.checks_page()] == []


def test_every_exit_code_that_the_code_gives_is_in_the_reference():
    given: set[int] = {0, INTERRUPTED}
    for node in trees(ALL):
        name = ""
        if isinstance(node, ast.Assign | ast.AnnAssign):
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        elif isinstance(node, ast.keyword):
            name = node.arg or ""
        value = getattr(node, "value", None)
        if "exit" in name.lower() and isinstance(value, ast.Constant) and type(value.value) is int:
            given.add(value.value)
    said = page("exit-codes.md")
    assert {2, 3, 4, 5, 6, 7, 64, 137} < given
    assert sorted(code for code in given if not re.search(rf"\b{code}\b", said)) == []


def test_every_setting_is_in_the_reference_with_its_variable_choices_and_default():
    said = page("config.md")
    for setting in SETTINGS:
        row = next(line for line in said.splitlines() if line.startswith(f"| `{setting.name}` |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1] == f"`{setting.variable}`"
        assert not setting.choices or cells[2] == ", ".join(setting.choices)
        assert cells[3:] == [setting.default, setting.help]


def test_every_variable_that_the_command_line_reads_is_in_the_reference():
    read: set[str] = {
        node.value
        for node in trees(CLIENT)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value)
    }
    assert {"MILEPOST_HOME", "NO_COLOR"} < read
    assert sorted(name for name in read if f"`{name}`" not in page("config.md")) == []


def test_every_answer_that_a_command_gives_has_a_schema():
    named = {
        str(node.args[0].value)
        for node in trees(CLIENT)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("Answer", "listed")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(named) > 20
    assert sorted(named - OUTPUTS.keys()) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_reference_parses(example: str):
    parent: Any = None
    command: Any = root()
    args = verb(typed(example))
    while isinstance(command, Group):
        context = command.make_context(command.name, list(args), parent=parent, resilient_parsing=not args)
        rest = [*context._protected_args, *context.args]
        if not rest:
            return
        _, found, args = command.resolve_command(context, verb(rest) if parent is None else rest)
        parent, command = context, found
    command.make_context(command.name, list(args), parent=parent)


def test_no_example_of_the_reference_is_misunderstood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What they name may not be there (3) or be closed already (5); none of them is a wrong line, or a bug."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", StringIO("a thought"))
    begun = Member(tmp_path / "begun")
    for line in ("mp win begun", "mp capacity mon-fri 90m --from mon", "mp capacity weekend 0 --from mon"):
        begun.type(line)
    wrong = {}
    for number, example in enumerate(EXAMPLES):
        words = typed(example)
        if words and words[0] not in ELSEWHERE and example not in ASKING:
            home = shutil.copytree(tmp_path / "begun", tmp_path / str(number))
            code, said = Member(home).try_(shlex.join(["mp", *words, "--no-input"]))
            if code in (1, 2, 64):
                wrong[example] = said
    assert wrong == {}


def typed(example: str) -> list[str]:
    """The words of an example after `mp`, without what is the shell's."""
    _, words = take_flags(shlex.split(example)[1:])
    shells = [place for place, word in enumerate(words) if word in ("<", ">", ">>", "|")]
    return words[: shells[0]] if shells else words
