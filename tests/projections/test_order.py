"""A projection is a function of the set of events: not of their order, batching or repetition."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.projections.apply import Projection
from milepost.projections.digest import total, view_digest
from milepost.projections.fold import Fold, Stamped
from milepost.projections.label import Label
from tests.support.histories import histories
from tests.support.memory_tables import MemoryTables, catch_up, projected

LABEL = Label("progress", 1, "0", 0)


@st.composite
def ways(draw: st.DrawFn) -> tuple[list[Stamped], list[list[Stamped]]]:
    """A history, and the same events shuffled, cut into batches, some of them twice."""
    history = draw(histories())
    again = draw(st.lists(st.sampled_from(history), max_size=5))
    shuffled = draw(st.permutations([*history, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(shuffled)), max_size=6)))
    edges = [0, *cuts, len(shuffled)]
    return history, [shuffled[start:end] for start, end in pairwise(edges)]


@settings(max_examples=100)
@given(ways())
def test_any_order_batching_and_repetition_gives_the_same_rows_views_and_digest(way):
    history, batches = way
    at_once, bit_by_bit = projected([history]), projected(batches)
    assert bit_by_bit.content() == at_once.content()
    assert digest(bit_by_bit) == digest(at_once)


@settings(max_examples=40)
@given(histories())
def test_a_server_that_reads_no_text_reaches_the_digest_of_the_device(history):
    blind = [one._replace(event=one.event._replace(private=None)) for one in history]
    assert digest(projected([blind], Fold())) == digest(projected([history], Fold(is_own=True)))


@settings(max_examples=40)
@given(histories(), st.data())
def test_a_stamp_that_moves_gives_what_a_rebuild_gives(history, data):
    moved = {one.event.id: one.at + data.draw(st.integers(0, 1 << 40)) for one in history}
    tables = projected([history])
    Projection(tables).move(moved)
    Projection(tables).resolve(10_000)
    rebuilt = projected([[one._replace(at=moved[one.event.id]) for one in history]])
    assert tables.content() == rebuilt.content()


@settings(max_examples=40)
@given(histories(), st.data())
def test_devices_that_begin_or_cease_to_count_give_what_a_rebuild_gives(history, data):
    other = [one._replace(is_left_out=data.draw(st.booleans())) for one in history]
    tables = projected([history])
    fold = Fold(is_own=True)
    folded = [fold(one) for one in other]
    catch_up(tables, folded, {one.order.hash: one for one in folded}, again=True)
    assert tables.content() == projected([other]).content()


def digest(tables: MemoryTables) -> bytes:
    """The view digest of tables."""
    of_views = ((one.entity, one.digest) for one in tables.views.values() if one.digest)
    return view_digest(LABEL, total(of_views)).digest
