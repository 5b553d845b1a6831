"""A pod total: from three who share, and never where the reader could subtract what he knows."""

from hypothesis import given
from hypothesis import strategies as st

from milepost.catalogue.declare import FAMILIES
from milepost.disclosure import HIDDEN, NO_DATA, PENDING, VALUE, Figure, Share, pod_total
from milepost.projections.tallies import FAMILY_OF

ME, LEAD = b"member 0", b"lead"


def share(number: int, count: int = 1, *, summed: bool = True, named: bool = False, is_pending: bool = False) -> Share:
    families = ["progress"]
    return Share(
        b"member %d" % number, {"goals_set": count}, families if summed else (), families if named else (), is_pending
    )


def total(shares: list[Share], reader: bytes = LEAD) -> Figure:
    return pod_total("goals_set", "progress", shares, reader)


def test_a_total_is_shown_from_three_who_share():
    assert total([share(0, 2), share(1, 3)]) == Figure(HIDDEN)
    assert total([share(0, 2), share(1, 3), share(2, 4)]) == Figure(VALUE, 9)


def test_who_does_not_share_is_in_no_total():
    assert total([share(0), share(1), share(2), share(3, 50, summed=False)]) == Figure(VALUE, 3)


def test_a_total_with_one_member_unknown_to_the_reader_is_hidden():
    by_name = [share(1, named=True), share(2, named=True)]
    assert total([share(0), *by_name]) == Figure(HIDDEN)
    # The same figure tells the member himself nothing: nobody is unknown to him.
    assert total([share(0), *by_name], reader=ME) == Figure(VALUE, 3)


def test_a_total_of_nothing_is_not_shown():
    assert total([share(0, 0), share(1, 0), share(2, 0)]) == Figure(HIDDEN)


def test_a_total_waits_for_entries_that_are_not_counted_yet():
    assert total([share(0), share(1), share(2, is_pending=True)]) == Figure(PENDING)


@given(st.lists(st.builds(share, st.integers(0, 9), st.integers(0, 9), summed=st.booleans(), named=st.booleans())))
def test_a_shown_total_always_has_three_contributors_and_never_one_unknown(shares):
    figure = total(shares)
    assert figure.state in (VALUE, HIDDEN, PENDING, NO_DATA)
    if figure.state == VALUE:
        contributing = [each for each in shares if each.summed]
        assert len(contributing) >= 3
        assert sum(not each.named for each in contributing) != 1


def test_every_measure_belongs_to_a_family_that_can_be_shared():
    assert set(FAMILY_OF.values()) <= set(FAMILIES) - {"outcomes"}
