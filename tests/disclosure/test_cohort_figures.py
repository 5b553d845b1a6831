"""What a release may say: each guard, and what it lets through."""

import pytest

from milepost.disclosure import HIDDEN, VALUE, Figure, decide
from milepost.disclosure.cohorts import (
    HALF_OR_MORE,
    INSIDE,
    LEFT_OUT,
    MOST,
    OUTCOMES_MIN,
    OUTSIDE,
    UNDER_HALF,
    CohortMean,
    CohortShare,
    CohortSum,
    Part,
    raters,
    standing,
)
from milepost.disclosure.pods import Shown


def parts(*amounts: int, standing: str = OUTSIDE, first: int = 0, pods: int = 2, known: bool = False) -> list[Part]:
    """A part for each amount, dealt out to `pods` pods."""
    return [
        Part(b"%d" % number, f"pod {number % pods}", amount, known, standing)
        for number, amount in enumerate(amounts, first)
    ]


def the_sum(*groups: list[Part], **asked: int) -> Figure:
    return decide(CohortSum([part for group in groups for part in group], **asked))


def test_a_sum_is_published_from_five_contributors():
    assert the_sum(parts(2, 2, 2, 1)) == Figure(HIDDEN)
    assert the_sum(parts(2, 2, 2, 1, 0)) == Figure(VALUE, 7)


def test_whoever_is_known_by_name_to_somebody_is_not_counted_among_the_five():
    assert the_sum(parts(2, 2, 2, 1), parts(2, known=True, first=9)) == Figure(HIDDEN)
    # But is in the sum.
    assert the_sum(parts(2, 2, 2, 1, 0), parts(2, known=True, first=9)) == Figure(VALUE, 9)


def test_contributors_are_from_two_pods_at_least():
    assert the_sum(parts(2, 2, 2, 1, 0, pods=1)) == Figure(HIDDEN)


def test_outcomes_need_ten_contributors():
    assert the_sum(parts(*[1] * 9), contributors_min=OUTCOMES_MIN) == Figure(HIDDEN)
    assert the_sum(parts(*[1] * 10), contributors_min=OUTCOMES_MIN) == Figure(VALUE, 10)


def test_contributors_outside_every_shown_pod_total_are_left_out_unless_they_are_enough():
    inside = parts(3, 3, 3, 3, 3, 3, standing=INSIDE)
    assert the_sum(inside, parts(50, first=9)) == Figure(VALUE, 18)
    assert the_sum(inside, parts(1, 1, 1, 1, first=10)) == Figure(VALUE, 18)
    assert the_sum(inside, parts(1, 1, 1, 1, 1, first=10)) == Figure(VALUE, 23)


def test_the_known_do_not_make_up_the_number_of_those_outside():
    inside = parts(3, 3, 3, 3, 3, 3, standing=INSIDE)
    assert the_sum(inside, parts(1, 1, 1, 1, first=10), parts(9, known=True, first=20)) == Figure(VALUE, 18)


def test_those_whom_a_total_would_subtract_to_are_left_out():
    assert the_sum(parts(2, 2, 2, 1, 0), parts(7, first=9, standing=LEFT_OUT)) == Figure(VALUE, 7)


def test_a_sum_needs_three_above_zero():
    assert the_sum(parts(4, 4, 0, 0, 0, 0)) == Figure(HIDDEN)
    assert the_sum(parts(4, 4, 1, 0, 0, 0)) == Figure(VALUE, 9)


def test_nobody_holds_more_than_half_of_a_sum():
    assert the_sum(parts(5, 2, 2, 0, 0, 0)) == Figure(HIDDEN)
    assert the_sum(parts(4, 2, 2, 0, 0, 0)) == Figure(VALUE, 8)


def test_a_sum_of_three_ones_is_not_published():
    assert the_sum(parts(1, 1, 1, 0, 0)) == Figure(HIDDEN)


def test_zero_is_suppressed_in_the_same_words_as_everything_else():
    assert the_sum(parts(0, 0, 0, 0, 0, 0)) == the_sum(parts(1)) == the_sum() == Figure(HIDDEN)


@pytest.mark.parametrize(
    ("unknown", "known"),
    [((4, 4, 0, 0, 0), (2, 2)), ((6, 1, 1, 0, 0), (9, 9)), ((0, 0, 0, 0, 0), (3, 3, 3))],
)
def test_what_is_left_when_a_reader_subtracts_the_known_is_spread_too(unknown, known):
    assert the_sum(parts(*unknown), parts(*known, known=True, first=9)) == Figure(HIDDEN)


@pytest.mark.parametrize("outside", [(4, 4, 0, 0, 0), (6, 1, 1, 0, 0), (0, 0, 0, 0, 0)])
def test_what_is_left_when_a_reader_subtracts_pod_totals_is_spread_too_or_left_out(outside):
    inside = parts(3, 3, 3, 3, 3, 3, standing=INSIDE)
    assert the_sum(inside, parts(*outside, first=9)) == Figure(VALUE, 18)


def test_a_yes_or_no_is_published_as_under_half_half_or_more_or_most():
    def share(yes: int, no: int) -> Figure:
        return decide(CohortShare(parts(*[1] * yes, *[0] * no)))

    assert share(4, 8) == Figure(VALUE, UNDER_HALF)
    assert share(6, 6) == Figure(VALUE, HALF_OR_MORE)
    assert share(7, 5) == Figure(VALUE, HALF_OR_MORE)
    assert share(8, 4) == Figure(VALUE, MOST)


def test_a_yes_or_no_of_fewer_than_nine_is_suppressed():
    assert decide(CohortShare(parts(1, 1, 1, 1, 0, 0, 0, 0))) == Figure(HIDDEN)


def test_a_yes_or_no_is_of_those_whom_nobody_knows():
    known = parts(*[1] * 20, known=True, first=50)
    assert decide(CohortShare([*parts(0, 0, 0, 0, 0, 0, 1, 1, 1), *known])) == Figure(VALUE, UNDER_HALF)


def test_a_mean_rating_is_published_from_ten_raters():
    assert decide(CohortMean(parts(*[2] * 5, *[3] * 4))) == Figure(HIDDEN)
    assert decide(CohortMean(parts(*[2] * 5, *[3] * 5))) == Figure(VALUE, 25)


@pytest.mark.parametrize("ratings", [(1,) * 10, (5,) * 12, (1,) * 10 + (2, 2), (5,) * 10 + (1, 1)])
def test_a_mean_at_either_end_of_the_scale_is_suppressed(ratings):
    assert decide(CohortMean(parts(*ratings))) == Figure(HIDDEN)


def test_a_mean_follows_one_of_the_same_raters_or_of_clearly_other_ones():
    now = parts(*[2] * 6, *[3] * 6)
    same = raters(now)
    assert decide(CohortMean(now, same)) == Figure(VALUE, 25)
    assert decide(CohortMean(now, same - {b"0"})) == Figure(HIDDEN)
    assert decide(CohortMean(now, same | {b"a", b"b", b"c", b"d"})) == Figure(HIDDEN)
    assert decide(CohortMean(now, same | {b"a", b"b", b"c", b"d", b"e"})) == Figure(VALUE, 25)


def test_a_member_whose_total_only_some_readers_saw_is_left_out():
    assert standing(Shown(True, True), is_summed=True, is_gone=False) == INSIDE
    assert standing(Shown(True, False), is_summed=True, is_gone=False) == LEFT_OUT
    assert standing(Shown(False, False), is_summed=True, is_gone=False) == OUTSIDE
    assert standing(Shown(True, True), is_summed=False, is_gone=False) == OUTSIDE
    assert standing(Shown(True, True), is_summed=True, is_gone=True) == LEFT_OUT
