"""The reference, the help and the completion know every command and every flag, because they are made from them."""

from importlib.metadata import version

import pytest

from milepost_client.answer import FLAGS, Flags
from milepost_client.cli.app import root
from milepost_client.cli.completion import candidates
from milepost_client.cli.frame import Group, examples_of, options_of, sentence_of
from milepost_client.cli.index import MODULES
from milepost_client.cli.outputs import OUTPUTS, schema
from milepost_client.cli.reference import commands, man, markdown
from milepost_client.cli.topics import TOPICS
from milepost_client.device.world import SYSTEM
from milepost_client.terminal import Terminal

COMMANDS = list(commands())
PAGE = markdown("")
LEAVES = [entry for entry in COMMANDS if not isinstance(entry.command, Group)]


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.path)
def test_every_command_is_in_the_reference_and_the_man_page(entry):
    assert f"### {entry.path}\n" in PAGE
    assert sentence_of(entry.command).endswith((".", "else."))
    assert sentence_of(entry.command).replace("-", "\\-") in man()


@pytest.mark.parametrize("entry", LEAVES, ids=lambda entry: entry.path)
def test_every_command_has_examples_that_begin_with_its_name_and_every_flag_a_sentence(entry):
    assert examples_of(entry.command)
    for example in examples_of(entry.command):
        words = example.split()
        assert words[0] == "mp"
        assert entry.path.split()[1] in (*words, "today")
    for flag, text in options_of(entry.command):
        assert text, flag


@pytest.mark.parametrize("name", MODULES)
def test_help_of_every_command_is_a_page(mp, name):
    said = mp(name, "--help")
    assert said.code == 0
    assert said.out == mp("help", name).out
    assert "everywhere:" in said.out


@pytest.mark.parametrize("line", [("--help",), ("help",), ("help", "all")])
def test_the_overview_names_every_command(mp, line):
    named = {word for row in mp(*line).out.splitlines() for word in row.replace(",", " ").split()}
    assert named >= set(MODULES)


def test_the_first_page_fits_a_screen_or_two_and_tells_a_day_in_its_order(mp):
    page = mp("help").out
    assert len(page.splitlines()) <= 45
    assert page.index("  goal ") < page.index("  done ") < page.index("  review ") < page.index("verify")


def test_help_all_says_what_each_command_does(mp):
    page = " ".join(mp("help", "all").out.split())
    assert all(sentence_of(root().get_command(None, name)) in page for name in MODULES)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_release_is_said_in_one_line(mp, flag):
    assert mp(flag).out == f"milepost {version('milepost')}\n"
    assert mp(flag, "--json").data == {"version": version("milepost")}


def test_every_flag_of_every_command_is_a_field(mp):
    assert set(FLAGS.values()) == set(Flags._fields)


def test_every_topic_that_the_overview_promises_exists(mp):
    promised = mp("--help").out.rpartition("mp help ")[2].split()[0].split("|")
    assert set(promised) == set(TOPICS)


def test_the_schema_has_a_shape_for_every_answer():
    shapes = {one["properties"]["schema"]["const"] for one in schema()["oneOf"]}
    assert shapes == {f"milepost.{name}" for name in (*OUTPUTS, "error/1")}


def test_completion_offers_commands_flags_and_the_members_own_names(mp, home):
    mp("rate", "sprint planning", "3")
    where = Terminal(Flags(), {"MILEPOST_HOME": str(home)}, SYSTEM)

    def offered(*words):
        return [value for value, _ in candidates(root(), words, where)]

    assert offered("mil") == ["milestone"]
    assert offered("milestone", "st") == ["start", "stop"]
    assert offered("rate", "spr") == ["sprint planning"]
    assert offered("goal", "--lea") == ["--learning"]
    assert "--json" in offered("goal", "--j")
    assert mp("_complete", "rate", "spr").out == "sprint planning\tskill\n"
