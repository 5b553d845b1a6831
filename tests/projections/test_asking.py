"""Requests and words: what stands of them, whatever the order in which they came."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from milepost.projections.asking import Help, Words
from milepost.projections.kinds import decode_view
from milepost.projections.view import View
from tests.support.histories import Pen, name, some_id
from tests.support.memory_tables import MemoryTables, projected

HELP = some_id("help", 0)
ASKED: Mapping[str, object] = {"help": HELP, "to": "lead", "kind": "unblock", "ref": [some_id("milestone", 0)]}
SENTENCE: Mapping[str, object] = {"ref": [HELP], "to": "lead", "text": "Who can open a test account?"}


def views(tables: MemoryTables, kind: type[View]) -> list[View]:
    """The views of a kind that stand."""
    found = [decode_view(one.entity, one.view) for one in tables.views.values() if one.view is not None]
    return [view for view in found if isinstance(view, kind)]


def test_a_request_is_open_until_it_is_closed_and_keeps_its_sentence():
    pen = Pen()
    pen.write("help.asked", ASKED)
    pen.write("words.said", SENTENCE)
    [asked] = views(projected([pen.stamped()]), Help)
    assert isinstance(asked, Help)
    assert (asked.standing, asked.to, asked.kind, asked.ref) == ("open", "lead", "unblock", (some_id("milestone", 0),))

    pen.write("help.closed", {"help": HELP, "result": "solved"})
    tables = projected([pen.stamped()])
    [closed], [words] = views(tables, Help), views(tables, Words)
    assert isinstance(closed, Help)
    assert isinstance(words, Words)
    assert (closed.standing, closed.result, closed.closed_on) == ("closed", "solved", "2026-01-05")
    assert (words.text, words.to, words.ref) == (SENTENCE["text"], "lead", (HELP,))


def test_a_result_that_comes_before_its_request_waits_for_it():
    pen = Pen()
    pen.write("help.asked", ASKED)
    pen.write("help.closed", {"help": HELP, "result": "withdrawn"})
    asked, closed = pen.stamped()
    assert views(projected([[closed]]), Help) == []
    [found] = views(projected([[closed], [asked]]), Help)
    assert found.standing == "closed"


@given(st.permutations(range(4)))
def test_a_retraction_takes_words_and_request_away_in_any_order(order: list[int]):
    pen = Pen()
    for retracted in (pen.write("help.asked", ASKED), pen.write("words.said", SENTENCE)):
        pen.write("entry.retracted", {"target": name(retracted), "reason": "mistake"})
    history = pen.stamped()
    tables = projected([[history[number]] for number in order])
    assert views(tables, Help) == views(tables, Words) == []


def test_two_sentences_about_one_request_are_two_entries():
    pen = Pen()
    first = pen.write("words.said", SENTENCE)
    second = pen.write("words.said", {**SENTENCE, "text": "Or who knows who can?"})
    found = views(projected([pen.stamped()]), Words)
    assert {view.event for view in found if isinstance(view, Words)} == {name(first), name(second)}
