"""The figures of an anonymous cohort: what a release may say of a week, and what it leaves out. Pure.

A release is one for all its readers and for ever, so whoever is seen by name by anybody counts as known, and so do the
cohort's leads: what holds against the reader who knows most holds against each. Nothing here says why a figure is
absent.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from milepost.disclosure.figure import HIDDEN, VALUE, Figure
from milepost.disclosure.pods import Shown

CONTRIBUTORS_MIN = 5
OUTCOMES_MIN = 10
RATERS_MIN = 10
PODS_MIN = 2
ABOVE_ZERO_MIN = 3
# Two contributors who recorded nothing would know of three ones that each is one.
SUM_MIN = 4
# Two contributors who know each other's answer would know everybody's, of fewer.
ANSWERS_MIN = 9
STOCK_CHANGE_MIN = 5
RATING_MIN, RATING_MAX = 1, 5

UNDER_HALF, HALF_OR_MORE, MOST = range(3)
CLASSES = ("under_half", "half_or_more", "most")

OUTSIDE = "outside"
INSIDE = "inside"
LEFT_OUT = "left_out"


class Part(NamedTuple):
    """One contributor's part in a figure.

    `is_known`: seen by name for the family by somebody, or a lead of the cohort. `standing`: inside a pod total that
    was shown, outside every one, or left out, because a total that was shown would subtract to them.
    """

    member: bytes
    pod: str
    amount: int
    is_known: bool = False
    standing: str = OUTSIDE


Hiding = Callable[[Sequence[Part]], bool]
"""Whether a group's figure hides each of the group."""


class CohortSum(NamedTuple):
    """A question: may the sum of these parts be published? From how many contributors depends on the measure."""

    parts: Sequence[Part]
    contributors_min: int = CONTRIBUTORS_MIN


class CohortShare(NamedTuple):
    """A question: how many of them did, of those who could? `amount` is 0 or 1."""

    parts: Sequence[Part]


class CohortMean(NamedTuple):
    """A question: the mean of these ratings, in tenths. `raters_before` are those of its last published mean."""

    parts: Sequence[Part]
    raters_before: frozenset[bytes] | None = None


def cohort_sum(asked: CohortSum) -> Figure:
    """The sum, where every group that a reader could single out hides each of its members."""
    kept = summed(asked)
    if not _is_publishable(kept, asked.contributors_min, _is_spread):
        return Figure(HIDDEN)
    return Figure(VALUE, sum(part.amount for part in kept))


def summed(asked: CohortSum) -> list[Part]:
    """The parts that a sum is over, where it is published."""
    return _kept(asked.parts, asked.contributors_min, _is_spread)


def cohort_share(asked: CohortShare) -> Figure:
    """Under half, half or more, or most, as its place in CLASSES: of those whom nobody knows by name."""
    asked_of = _unknown(asked.parts)
    if not _are_enough(asked_of, ANSWERS_MIN):
        return Figure(HIDDEN)
    did = sum(part.amount > 0 for part in asked_of)
    if 3 * did >= 2 * len(asked_of):
        return Figure(VALUE, MOST)
    return Figure(VALUE, HALF_OR_MORE if 2 * did >= len(asked_of) else UNDER_HALF)


def cohort_mean(asked: CohortMean) -> Figure:
    """The mean rating in tenths, where neither it nor its move since the last one gives a rating away."""
    kept = _kept(asked.parts, RATERS_MIN, _is_mixed)
    if not _is_publishable(kept, RATERS_MIN, _is_mixed):
        return Figure(HIDDEN)
    if not _may_follow(raters(asked.parts), asked.raters_before):
        return Figure(HIDDEN)
    return Figure(VALUE, round(10 * sum(part.amount for part in kept) / len(kept)))


def standing(went_out: Shown, *, is_summed: bool, is_gone: bool) -> str:
    """How a member stands to the totals of their pod's week, of one family, which went out to these readers.

    `is_summed`: they are in those totals. `is_gone`: the week was closed after it had been shown.
    """
    if not any(went_out):
        return OUTSIDE
    if is_gone:
        # Beside this release, what was seen would subtract to whoever closed it.
        return LEFT_OUT
    if not is_summed:
        return OUTSIDE
    # Seen by some readers only, it leaves others with the one they do not know.
    return INSIDE if all(went_out) else LEFT_OUT


def raters(parts: Sequence[Part]) -> frozenset[bytes]:
    """Those whose ratings are in a mean."""
    return frozenset(part.member for part in _kept(parts, RATERS_MIN, _is_mixed))


def _kept(parts: Sequence[Part], contributors_min: int, is_hiding: Hiding) -> list[Part]:
    """Those a figure may hold: who is outside every pod total that was shown stays out, unless all of them together
    hide each of them from whoever subtracts those totals."""
    outside = [part for part in parts if part.standing == OUTSIDE]
    unknown = _unknown(outside)
    are_outside_kept = _are_enough(unknown, contributors_min) and is_hiding(outside) and is_hiding(unknown)
    return [part for part in parts if part.standing == INSIDE or (part.standing == OUTSIDE and are_outside_kept)]


def _unknown(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if not part.is_known]


def _are_enough(parts: Sequence[Part], contributors_min: int) -> bool:
    return len(parts) >= contributors_min and len({part.pod for part in parts}) >= PODS_MIN


def _is_publishable(kept: Sequence[Part], contributors_min: int, is_hiding: Hiding) -> bool:
    """Whether the whole does, and what is left of it for whoever knows all that anybody sees by name."""
    unknown = _unknown(kept)
    return _are_enough(unknown, contributors_min) and is_hiding(kept) and is_hiding(unknown)


def _is_spread(group: Sequence[Part]) -> bool:
    """Whether a sum is of several people: three above zero, none with more than half."""
    counts = [part.amount for part in group]
    total = sum(counts)
    above_zero = sum(count > 0 for count in counts)
    return total >= SUM_MIN and above_zero >= ABOVE_ZERO_MIN and 2 * max(counts) <= total


def _is_mixed(group: Sequence[Part]) -> bool:
    """Whether a mean is away from both ends: near one, each rating would be known."""
    above = sum(part.amount > RATING_MIN for part in group)
    below = sum(part.amount < RATING_MAX for part in group)
    return min(above, below) >= ABOVE_ZERO_MIN


def _may_follow(now: frozenset[bytes], before: frozenset[bytes] | None) -> bool:
    """A stock follows another of the same people, or of clearly other ones."""
    return before is None or now == before or len(now ^ before) >= STOCK_CHANGE_MIN
