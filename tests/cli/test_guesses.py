"""A word that other programs have is answered with the line that does it here, and nothing is done."""

import pytest

from milepost_client.cli.guesses import GUESSES, LISTED, guess
from milepost_client.cli.index import LISTS, MODULES
from milepost_client.cli.reference import commands

PATHS = {entry.path for entry in commands()}


@pytest.mark.parametrize("typed", sorted(GUESSES))
def test_every_guess_is_a_command_that_exists_for_a_word_that_is_none(typed):
    assert typed not in MODULES
    words = GUESSES[typed].split()
    assert words == ["mp"] or words == ["mp", "--version"] or " ".join(words[:2]) in PATHS


@pytest.mark.parametrize("noun", sorted(LISTED))
def test_every_plural_asks_for_a_list_that_exists(noun):
    assert f"mp {noun} list" in PATHS
    assert guess(f"{noun}s") == f"mp {noun} list"


def test_every_list_of_a_noun_is_found_by_its_plural():
    mass_nouns = {"done", "touch", "spend", "feedback", "focus", "rate", "ask", "capacity"}
    nouns = {name.removesuffix(" list") for name in LISTS if name.endswith(" list")}
    assert nouns - mass_nouns <= LISTED


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (("goals",), "did you mean: mp goal list"),
        (("add", "Read one case study"), 'did you mean: mp goal "..." --due fri'),
        (("Start",), "did you mean: mp milestone start"),
        (("hlep",), "did you mean: mp help"),
        (("xyzzy",), "see: mp --help"),
    ],
)
def test_an_unknown_word_is_refused_with_what_was_probably_meant(mp, home, line, offered):
    said = mp(*line)
    assert (said.code, said.out) == (2, "")
    assert f"there is no command {line[0]!r}" in said.err
    assert offered in said.err
    assert not home.exists()
