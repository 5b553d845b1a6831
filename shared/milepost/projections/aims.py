"""Aims: what an objective is told by, and the numbers that its metrics should reach. On the member's devices only.

Rows of `aim:ID`, of an objective: `results`, the metrics it names; of a metric: `wanted`, its baseline and target, and
`value` (readings), the numbers that stay private. The facts of both are folded where all facts are.
"""

from collections.abc import Callable, Mapping

import msgspec

from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Writes

Worded = Callable[[Facts, Facts], tuple[Cell, ...]]
"""The rows of an entry's private words, under the id that its facts name."""


class Results(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `results`."""

    key_results: tuple[str, ...] = ()


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `wanted`: decimals as they were written."""

    baseline: str | None = None
    target: str | None = None


class PrivateValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `value`."""

    private_value: str = ""


class Aim(View, frozen=True, kw_only=True, omit_defaults=True):
    """The metrics of an objective; or where a metric began, should go, and stands if its values are private."""

    id: str
    key_results: tuple[str, ...] = ()
    baseline: str | None = None
    target: str | None = None
    value: str | None = None


def _objective(facts: Facts, private: Facts) -> tuple[Cell, ...]:
    return (Cell(key("aim", facts.get("objective")), "results", data_of(private, Results)),)


def _metric(facts: Facts, private: Facts) -> tuple[Cell, ...]:
    return (Cell(key("aim", facts.get("metric")), "wanted", data_of(private, Wanted)),)


def _reading(facts: Facts, private: Facts) -> tuple[Cell, ...]:
    if "private_value" not in private:
        return ()
    return (Cell(key("aim", facts.get("metric")), "value", data_of(private, PrivateValue)),)


def resolve(id: str, writes: Writes) -> Aim | None:
    """The aim, or None when nothing about it stands."""
    results, wanted = writes.ordered("results", Results), writes.ordered("wanted", Wanted)
    values = writes.readings("value", PrivateValue)
    if not results and not wanted and not values:
        return None
    last = wanted[-1].data if wanted else Wanted()
    return Aim(
        id=id,
        key_results=results[-1].data.key_results if results else (),
        baseline=last.baseline,
        target=last.target,
        value=values[-1].data.private_value if values else None,
    )


WORDED: Mapping[str, Worded] = {"objective.set": _objective, "metric.defined": _metric, "metric.recorded": _reading}
KINDS = {"aim": Kind(resolve, Aim, is_own=True)}
