"""The totals of an open pod.

A pod total is a sum of one week's flow over members who let it be summed. It is shown from three contributors, and only
where none or at least two of them are unknown to the reader: else the reader could subtract what he knows. Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from milepost.disclosure.figure import HIDDEN, PENDING, VALUE, Figure

CONTRIBUTORS_MIN = 3
POD_TOTAL = "pod_total"
BY_NAME = ("pod", "lead")


class Share(NamedTuple):
    """One member as a total sees them: their measures of the week, and what they consent to.

    `summed` are the families that may be summed, `named` those that this reader sees by name. `is_pending`: their
    entries are not all counted yet.
    """

    member: bytes
    measures: Mapping[str, int]
    summed: Collection[str]
    named: Collection[str]
    is_pending: bool = False


def pod_total(measure: str, family: str, shares: Sequence[Share], reader: bytes) -> Figure:
    """The total of a measure over those who share its family, as `reader` may see it."""
    contributing = [share for share in shares if family in share.summed]
    if not _may_see(family, contributing, reader):
        return Figure(HIDDEN)
    if any(share.is_pending for share in contributing):
        return Figure(PENDING)
    total = sum(share.measures.get(measure, 0) for share in contributing)
    # A total of 0 says something about each of three to five people.
    return Figure(VALUE, total) if total else Figure(HIDDEN)


def _may_see(family: str, contributing: Sequence[Share], reader: bytes) -> bool:
    unknown = [share for share in contributing if share.member != reader and family not in share.named]
    return len(contributing) >= CONTRIBUTORS_MIN and len(unknown) != 1
