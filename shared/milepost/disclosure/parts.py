"""A member's part in a figure: which of their counts are added into a pod's total, and into a cohort's release. Pure.

The server adds these parts up, and the member's own device shows them beforehand, so one cannot differ from the other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from milepost.projections.tallies import BLOCKER_CLASSES, FAMILY_OF, OUTCOME, REMEDIES, family_of

PARTICIPATION = "participation"

_BY_CODE = {"skills_rerated": "rated", "skills_rose": "rose"}
"""Across a cohort, only skills with a code it published are counted, so that no label of anybody's own can leak."""


class Measure(NamedTuple):
    """A sum of a release: its name, the family that a consent has to cover, and the tallies that go into it."""

    name: str
    family: str
    tallies: tuple[str, ...]

    def part(self, counts: Mapping[str, int]) -> int:
        """What somebody with these counts adds to it."""
        return sum(counts.get(tally, 0) for tally in self.tallies)


def released(codes: Sequence[str], tallies: Collection[str]) -> Iterator[Measure]:
    """The sums of a release, of a cohort with these codes. Outcomes are those that `tallies` name."""
    plain = [
        *(name for name in FAMILY_OF if name not in _BY_CODE),
        *(f"blocked:{name}" for name in BLOCKER_CLASSES),
        *(f"remedy:{name}" for name in REMEDIES),
        *sorted(name for name in tallies if is_outcome(name)),
    ]
    yield from (Measure(name, family_of(name), (name,)) for name in plain)
    for name, of_code in _BY_CODE.items():
        yield Measure(name, FAMILY_OF[name], tuple(f"{of_code}:{code}" for code in codes))


def is_outcome(name: str) -> bool:
    """Whether a measure counts outcomes of a kind."""
    return name.startswith(f"{OUTCOME}:")


def before(code: str) -> str:
    """The measure of a code's mean rating before, in tenths."""
    return f"rated_before:{code}"


def after(code: str) -> str:
    """The measure of a code's mean rating after, in tenths."""
    return f"rated_after:{code}"


def mean_part(name: str, code: str, counts: Mapping[str, int]) -> int:
    """The rating that somebody adds to a code's mean, `before` or `after`: of several in the week, their own mean."""
    again = counts.get(f"rated:{code}", 0)
    return round(counts.get(name, 0) / again) if again else 0


def takes_part(counts: Mapping[str, int], families: Collection[str]) -> bool:
    """Whether somebody who shares these families recorded anything of them."""
    return any(family_of(name) in families for name in counts)


def in_pod_total(counts: Mapping[str, int], families: Collection[str]) -> dict[str, int]:
    """What somebody who shares these families adds to the totals of their pod."""
    mine = {name: counts.get(name, 0) for name, family in FAMILY_OF.items() if family in families}
    return {name: n for name, n in mine.items() if n}


def in_release(counts: Mapping[str, int], families: Collection[str], codes: Sequence[str]) -> dict[str, int]:
    """What somebody who shares these families adds to a release, of a cohort with these codes."""
    mine = {one.name: one.part(counts) for one in released(codes, counts) if one.family in families}
    for code in codes if "skills" in families else ():
        mine |= {name: mean_part(name, code, counts) for name in (before(code), after(code))}
    mine[PARTICIPATION] = int(takes_part(counts, families))
    return {name: n for name, n in mine.items() if n}
