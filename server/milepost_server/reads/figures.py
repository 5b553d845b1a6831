"""A figure as pages, answers and exports carry it."""

from collections.abc import Mapping

import msgspec

from milepost.disclosure import HIDDEN, VALUE, Figure


class FigureInfo(msgspec.Struct, frozen=True):
    """A disclosed figure. `state` is value, no_data, hidden or pending; `value` is there for the first alone."""

    state: str
    value: int | None = None


def figure_info(figure: Figure) -> FigureInfo:
    """A figure that the policy decided, as it is sent."""
    return FigureInfo(figure.state, figure.value)


def published(figures: Mapping[str, int], measure: str) -> FigureInfo:
    """A figure of a release: what it leaves out is hidden, and not even it says why."""
    value = figures.get(measure)
    return FigureInfo(HIDDEN) if value is None else FigureInfo(VALUE, value)
