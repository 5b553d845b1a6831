"""A pod total: from three who share, and never where the reader could subtract what he knows."""

from hypothesis import given
from hypothesis import strategies as st

from milepost.catalogue.declare import FAMILIES
from milepost.disclosure import HIDDEN, PENDING, VALUE, Figure, decide
from milepost.disclosure.pods import LEAD, POD, Contributor, PodTotal, PodWeek, Shown, Viewer, shown
from milepost.projections.tallies import FAMILY_OF

ME = b"member 0"
A_LEAD = Viewer(b"lead", frozenset({POD, LEAD}))
A_MEMBER = Viewer(b"another", frozenset({POD}))


def member(number: int, *named: str) -> Contributor:
    return Contributor(b"member %d" % number, named)


def week(total: int, *contributors: Contributor, pending: bool = False, closed: bool = False) -> PodWeek:
    return PodWeek(
        {"goals_set": total}, {"progress": contributors}, pending=("progress",) if pending else (), closed=closed
    )


def total(found: PodWeek, viewer: Viewer = A_LEAD) -> Figure:
    return decide(PodTotal(found, "goals_set", "progress", viewer))


def test_a_total_is_shown_from_three_who_share():
    assert total(week(5, member(0), member(1))) == Figure(HIDDEN)
    assert total(week(9, member(0), member(1), member(2))) == Figure(VALUE, 9)


def test_a_total_with_one_member_unknown_to_the_reader_is_hidden():
    found = week(9, member(0), member(1, LEAD), member(2, LEAD))
    assert total(found) == Figure(HIDDEN)
    # The members of the pod see nobody of them by name: three are unknown to them.
    assert total(found, A_MEMBER) == Figure(VALUE, 9)


def test_the_one_who_is_unknown_to_everybody_else_may_see_the_total():
    found = week(9, member(0), member(1, POD), member(2, POD))
    assert total(found, A_MEMBER) == Figure(HIDDEN)
    assert total(found, Viewer(ME, frozenset({POD}))) == Figure(VALUE, 9)


def test_a_total_of_nothing_is_not_shown():
    assert total(week(0, member(0), member(1), member(2))) == Figure(HIDDEN)


def test_a_closed_week_is_not_shown():
    assert total(week(9, member(0), member(1), member(2), closed=True)) == Figure(HIDDEN)


def test_a_total_waits_for_entries_that_are_not_counted_yet():
    assert total(week(9, member(0), member(1), member(2), pending=True)) == Figure(PENDING)


def test_to_whom_a_week_went_out_is_known_afterwards():
    three = (member(0), member(1), member(2))
    assert shown(week(9, *three), "progress", ["goals_set"]) == Shown(True, True)
    assert shown(week(0, *three), "progress", ["goals_set"]) == Shown(False, False)
    assert shown(week(9, *three[:2]), "progress", ["goals_set"]) == Shown(False, False)
    to_leads_by_name = (member(0), member(1, LEAD), member(2, LEAD))
    assert shown(week(9, *to_leads_by_name), "progress", ["goals_set"]) == Shown(True, False)


@given(
    st.lists(st.builds(member, st.integers(0, 9), st.sampled_from((POD, LEAD))), max_size=6),
    st.integers(0, 9),
    st.sampled_from((A_LEAD, A_MEMBER, Viewer(ME, frozenset({POD})))),
)
def test_a_shown_total_always_has_three_contributors_and_never_one_unknown(contributors, sum_, viewer):
    figure = total(week(sum_, *contributors), viewer)
    if figure.state == VALUE:
        assert len(contributors) >= 3
        unknown = [c for c in contributors if c.member != viewer.user and not viewer.audiences & set(c.named)]
        assert len(unknown) != 1


def test_every_measure_belongs_to_a_family_that_can_be_shared():
    assert set(FAMILY_OF.values()) <= set(FAMILIES) - {"outcomes"}
