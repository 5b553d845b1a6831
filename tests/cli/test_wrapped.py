"""What is too long for a terminal goes on below, and loses nothing; tables keep what says nothing once it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost_client.answer import WIDTH_MAX, WIDTH_MIN, Look
from milepost_client.render.table import table, width
from milepost_client.render.wrapped import parts, reflowed, with_command, wrapped

WIDTHS = st.integers(WIDTH_MIN, WIDTH_MAX)
# No word is wider than half of the narrowest terminal.
WORDS = st.lists(st.text("abcdefghiéß", min_size=1, max_size=25), min_size=1, max_size=40)


@given(WORDS, WIDTHS)
def test_a_sentence_keeps_every_word_and_the_width(words: list[str], columns: int):
    lines = wrapped(" ".join(words), Look(width=columns))
    assert " ".join(lines).split() == words
    assert all(width(line) <= columns for line in lines)


@given(WORDS, WIDTHS)
def test_a_command_is_never_broken(words: list[str], columns: int):
    command = "mp join SERVER CODE"
    assert any(command in line for line in wrapped(f"{' '.join(words)}: {command}", Look(width=columns)))
    assert any(command in line for line in with_command(" ".join(words), command, Look(width=columns)))


@given(st.lists(st.text("abc ", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=8), WIDTHS)
def test_statements_in_a_row_are_never_broken(said: list[str], columns: int):
    lines = parts(said, Look(width=columns))
    assert " · ".join(said).split() == [word for line in lines for word in line.split()] or len(lines) > 1
    assert all(any(one in line for line in lines) for one in said)
    assert all(width(line) <= columns for line in lines)


@given(WORDS, WIDTHS)
def test_the_help_of_a_flag_goes_on_below_its_own_column(words: list[str], columns: int):
    flag = "  --due DATE                "
    first, *rest = reflowed([flag + " ".join(words)], Look(width=columns))
    assert first.startswith(flag)
    assert all(line.startswith(" " * len(flag)) and line[len(flag)] != " " for line in rest)
    assert " ".join([first, *rest]).split()[2:] == words


@pytest.mark.parametrize("columns", [60, 80])
def test_days_and_ids_stay_whole_while_words_give_way(columns: int):
    name, state = "A name that is far longer than there is room for", "completed, and its measure was met to the letter"
    _, row = table(("id", "milestone", "due", "state"), [("k7f", name, "Mon 2026-06-29", state)], Look(width=columns))
    assert row.startswith("k7f  A name")
    assert "  Mon 2026-06-29  " in row
    assert row.count("…") == 2
    assert width(row) <= columns
