"""The totals of an open pod: three to five people, who know that a sum of so few can point at them.

A total is one week's flow over members who let it be summed. It is shown from three contributors, and only where none
or at least two of them are unknown to the reader: else the reader could subtract what he knows. Pure.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from milepost.disclosure.figure import HIDDEN, PENDING, VALUE, Figure

CONTRIBUTORS_MIN = 3
POD_TOTAL = "pod_total"
POD = "pod"
LEAD = "lead"
BY_NAME = (POD, LEAD)


class Contributor(msgspec.Struct, frozen=True, array_like=True):
    """Somebody in a total. `named` are the audiences that see them by name for the family: pod, lead."""

    member: bytes
    named: tuple[str, ...] = ()


class PodWeek(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pod's week as it was added up: sums by measure, and by family who is in them. Readers get `Figure`s of it.

    `pending` are families of which not every entry is counted yet. `closed`: the contributors changed under way.
    """

    totals: dict[str, int] = {}
    contributors: dict[str, tuple[Contributor, ...]] = {}
    pending: tuple[str, ...] = ()
    closed: bool = False


class Viewer(NamedTuple):
    """Who looks at a pod: a member of it, one who leads it or its cohort, or both; `audiences` they are part of."""

    user: bytes
    audiences: frozenset[str]


class PodTotal(NamedTuple):
    """A question: what may `viewer` see of this measure's total?"""

    week: PodWeek
    measure: str
    family: str
    viewer: Viewer


class Shown(NamedTuple):
    """To whom a family's totals of a pod's week were shown, the contributors themselves apart."""

    to_pod: bool
    to_leads: bool


def pod_total(asked: PodTotal) -> Figure:
    """The total, as this reader may see it."""
    contributing = asked.week.contributors.get(asked.family, ())
    if asked.week.closed or not _may_see(contributing, asked.viewer):
        return Figure(HIDDEN)
    if asked.family in asked.week.pending:
        return Figure(PENDING)
    total = asked.week.totals.get(asked.measure, 0)
    # A total of 0 says something about each of three to five people.
    return Figure(VALUE, total) if total else Figure(HIDDEN)


def shown(week: PodWeek, family: str, measures: Iterable[str]) -> Shown:
    """Whether any total of the family went out. What went out of one measure tells that another's was 0."""
    if week.closed or family in week.pending or not any(week.totals.get(measure, 0) for measure in measures):
        return Shown(False, False)
    contributing = week.contributors.get(family, ())
    stranger = b""
    return Shown(
        _may_see(contributing, Viewer(stranger, frozenset({POD}))),
        _may_see(contributing, Viewer(stranger, frozenset(BY_NAME))),
    )


def _may_see(contributing: Sequence[Contributor], viewer: Viewer) -> bool:
    unknown = [each for each in contributing if each.member != viewer.user and viewer.audiences.isdisjoint(each.named)]
    return len(contributing) >= CONTRIBUTORS_MIN and len(unknown) != 1
