"""What is too long for a terminal goes on below, and loses nothing; tables keep what says nothing once it is cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost_client.answer import WIDTH_MAX, WIDTH_MIN, Look, clean
from milepost_client.render.columns import broken, shortened, width
from milepost_client.render.table import table
from milepost_client.render.wrapped import parts, reflowed, with_command, wrapped

WIDTHS = st.integers(WIDTH_MIN, WIDTH_MAX)
# No word is wider than half of the narrowest terminal.
WORDS = st.lists(st.text("abcdefghiéß", min_size=1, max_size=25), min_size=1, max_size=40)

# What people write: scripts with wide signs, with marks above and below, pictures of several signs.
_SIGNS = (
    "a",
    "é",
    "ß",
    " ",
    "面",
    "接",
    "ー",
    "。",
    "ส",
    "ั",
    "ด",
    "한",
    "e\u0301",
    "🚀",
    "❤️",
    "👩‍💻",
    "👍🏽",
    "ن",
    "1",
    "-",
)
TEXTS = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=60).map("".join).map(str.strip).filter(bool)


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
def test_days_and_ids_stay_whole_while_words_go_on_below(columns: int):
    name, state = "A name that is far longer than there is room for", "completed, and its measure was met to the letter"
    _, *lines = table(
        ("id", "milestone", "due", "state"), [("k7f", name, "Mon 2026-06-29", state)], Look(width=columns)
    )
    assert lines[0].startswith("k7f  A name")
    assert "  Mon 2026-06-29  " in lines[0]
    said = " ".join(lines)
    assert all(word in said for word in (*name.split(), *state.split()[:-3]))
    assert all(width(line) <= columns for line in lines)


def test_a_history_is_scanned_so_each_of_its_rows_is_one_line():
    lines = table(("id", "entry"), [("k7f", "word " * 40)], Look(width=60), is_cut=True)
    assert len(lines) == 2
    assert lines[1].endswith("…")


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5), WIDTHS)
def test_no_table_is_wider_than_its_terminal_in_any_script(rows: list[tuple[str, str, str]], columns: int):
    assert all(width(line) <= columns for line in table(("a", "b", "c"), rows, Look(width=columns)))


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_the_columns_of_a_table_stand_under_each_other_in_any_script(names: list[str]):
    lines = table(("", ""), [(name, "here") for name in names], Look(width=WIDTH_MAX))
    assert len({width(line.removesuffix("here")) for line in lines if line.endswith("here")}) == 1


def test_figures_stand_right_and_words_left():
    lines = table(("week", "minutes", ""), [("W04", 0, "review"), ("W05", 480, ""), ("W06", "·", "not logged")], Look())
    assert lines == ["week  minutes", "W04         0  review", "W05       480", "W06         ·  not logged"]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), WIDTHS)
def test_colours_change_nothing_but_colours(rows: list[tuple[str, str]], columns: int):
    drawn = [table(("a", "b"), rows, Look(color, columns), styles=("bold",)) for color in (False, True)]
    assert drawn[0] == [re.sub(r"\x1b\[\d+m", "", line).rstrip() for line in drawn[1]]


def test_what_is_inside_goes_on_where_its_name_begins():
    lines = table(("", ""), [("k7f", "└ Retention dashboard for the regional shops of one small town")], Look(width=60))
    assert lines == ["k7f  └ Retention dashboard for the regional shops of one", "       small town"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("résumé", 6),
        ("re\u0301sume\u0301", 6),
        ("面接", 4),
        ("สวัสดี", 4),
        ("\u1112\u1161\u11ab", 2),
        ("🚀", 2),
        ("❤️", 2),
        ("👍🏽", 2),
        ("👩‍💻", 2),
        ("1️⃣", 2),
    ],
)
def test_a_text_takes_as_many_columns_as_are_drawn(text: str, columns: int):
    assert width(text) == columns


@given(TEXTS, st.integers(2, 40))
def test_a_text_that_is_cut_fits_and_keeps_its_beginning(text: str, room: int):
    short = shortened(text, room)
    assert width(short) <= room
    assert text.startswith(short.removesuffix("…")) or short == text


@given(TEXTS, st.integers(4, 40))
def test_a_text_that_is_broken_loses_nothing(text: str, room: int):
    lines = broken(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


def test_a_word_that_is_too_wide_is_broken_at_its_hyphen_first():
    assert broken("data-driven roadmapping", 12) == ["data-driven", "roadmapping"]
    assert broken("data-driven roadmapping", 8) == ["data-", "driven", "roadmapp", "ing"]


def test_joined_letters_and_pictures_are_shown_as_they_were_typed():
    assert clean("👩‍💻 می‌خواهم") == "👩‍💻 می‌خواهم"
    assert clean("a\u202eb\x1b[2J") == "a�b�[2J"
