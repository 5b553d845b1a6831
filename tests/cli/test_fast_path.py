"""The fast path: parses as the full command line does, and imports nothing heavy."""

import shlex
import subprocess
import sys

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost_client import fast, words
from milepost_client.cli import recording
from milepost_client.cli.app import root, verb
from milepost_client.recording.declare import Args

HEAVY = (
    "msgspec",
    "typer",
    "cryptography",
    "websockets",
    "zstandard",
    "sqlite_utils",
    "asyncio",
    "platformdirs",
    "rich",
    # Of the standard library: `milepost.light` and its neighbours have what the append path needs of them.
    "typing",
    "re",
    "enum",
    "json",
    "hashlib",
    "datetime",
    "sqlite3",
    "dataclasses",
    "inspect",
)

LINES = (
    ("goal", "Draft 3 stories", "--due", "fri", "--test", "t"),
    ("done", "draft"),
    ("rate", "sql", "3", "--target", "5"),
    ("touch", "dana", "interview", "15m", "--asked", "3"),
    ("spend", "45m", "draft"),
    ("metric", "bounce rate", "-8%", "--better", "down"),
    ("win", "Pilot approved"),
    ("note", "people give up"),
    ("feedback", "mentor", "tighten the ask"),
    ("milestone", "start", "credential", "CSPO", "--for", "13w"),
)

_NAMES = [*words.MODULES, "milestone start", "milestone complete", "milestone move"]
_TEXTS = st.one_of(
    st.sampled_from(
        ["x", "-8%", "-3d", "+12%", "--", "-", "list", "show", "fri", "=", "a=b", "--due", "-d", "k7f", ""]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
)


def named(name):
    """The declaration of a word, and how a line begins with it."""
    if " " in name:
        return next(word for word in words.milestone_words() if word.name == name), name.split()
    return words.find(name), [name]


@st.composite
def lines(draw):
    """Lines that are nearly right: a word, its flags with and without values, positionals, things out of place."""
    word, begin = named(draw(st.sampled_from(_NAMES)))
    flags = [param.long for param in word.params] + [param.short for param in word.params if param.short]
    tokens = st.one_of(_TEXTS, st.sampled_from(flags), st.builds("{}={}".format, st.sampled_from(flags), _TEXTS))
    return [*begin, *draw(st.lists(tokens, max_size=7))]


def parsed_by_the_full_command_line(line):
    """What typer makes of a line: bound arguments, or None where it refuses."""
    seen: list[Args] = []

    def note(args, _):
        seen.append(args)
        raise Found

    class Found(Exception):
        pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "complete", note)
        patch.setattr(recording, "terminal", lambda ctx: None)
        try:
            root().main(verb(list(line)), prog_name="mp", standalone_mode=False)
        except Found:
            return seen[0]
        except (MilepostError, typer.TyperException, ValueError):
            return None
    return None


@given(lines())
@settings(max_examples=400)
def test_whatever_the_fast_path_answers_the_full_command_line_parses_alike(line):
    parsed = fast.parsed(line)
    if parsed is not None:
        assert parsed == parsed_by_the_full_command_line(line)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_the_common_form_of_every_word_takes_the_fast_path(line):
    assert fast.parsed(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        ("goal", "--help"),
        ("goal", "list"),
        ("goal", "x", "--due"),
        ("goal", "x", "--no-such-flag", "y"),
        ("goal",),
        ("goal", "x", "y"),
        ("goal", "x", "-dfri"),
        ("milestone", "list"),
        ("status", "--weeks", "3"),
    ],
    ids=" ".join,
)
def test_anything_but_the_common_form_is_left_to_the_full_command_line(line):
    assert fast.parsed(line) is None


def test_a_flag_may_fill_any_positional_and_the_others_move_up():
    assert fast.parsed(("touch", "--contact", "dana", "interview", "15m")) == fast.parsed(
        ("touch", "dana", "interview", "15m")
    )


def test_no_argument_of_a_dash_and_a_digit_is_ever_a_flag(mp):
    assert mp("metric", "bounce rate", "-8%", "--better", "down").code == 0
    assert mp("win", "x", "--on", "-3d", "--json").data["on"] == "2026-03-01"
    assert mp("metric", "define", "drop", "--baseline", "-8").code == 0


def test_a_daily_word_imports_no_heavy_library(tmp_path):
    """Once the account exists: making it needs the cryptography, and happens once."""
    begin = "from milepost_client.main import run\n"
    script = begin + "import sys\nassert not run(sys.argv[1:])\nprint(*(name for name in sys.modules))"
    environ = {"MILEPOST_HOME": str(tmp_path), "PATH": ""}
    subprocess.run([sys.executable, "-c", f"{begin}run(['win', 'first'])"], env=environ, check=True)
    for line in LINES:
        done = subprocess.run(
            [sys.executable, "-c", script, *line], env=environ, check=True, capture_output=True, text=True
        )
        imported = set(done.stdout.splitlines()[-1].split())
        assert not imported.intersection(HEAVY), line


@pytest.mark.parametrize("line", sorted(fast.LOOKS), ids=" ".join)
def test_a_look_says_the_same_on_either_path(mp, line):
    for said in ('goal "Draft 3 stories" --due fri --test t', "touch dana interview 15m", "rate sql 3 --target 5"):
        mp(*shlex.split(said))
    looked = mp(*line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "LOOKS", frozenset())
        assert mp(*line) == looked
    assert looked.code == 0


@pytest.mark.parametrize("line", sorted(fast.LOOKS), ids=" ".join)
def test_a_look_imports_no_command_line_and_no_cryptography(tmp_path, line):
    """A shell's prompt may ask what is due before every line."""
    begin = "from milepost_client.main import run\n"
    script = begin + "import sys\nassert not run(sys.argv[1:])\nprint(*(name for name in sys.modules))"
    environ = {"MILEPOST_HOME": str(tmp_path), "PATH": ""}
    for said in (["goal", "Draft 3 stories"], ["status"]):
        subprocess.run([sys.executable, "-c", script, *said], env=environ, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", script, *line], env=environ, check=True, capture_output=True, text=True
    )
    assert not {"typer", "cryptography", "mnemonic", "websockets", "asyncio"}.intersection(
        done.stdout.splitlines()[-1].split()
    )
