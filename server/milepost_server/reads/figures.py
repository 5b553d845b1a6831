"""A figure as pages, answers and exports carry it."""

import msgspec

from milepost.disclosure import Figure


class FigureInfo(msgspec.Struct, frozen=True):
    """A disclosed figure. `state` is value, no_data, hidden or pending; `value` is there for the first alone."""

    state: str
    value: int | None = None


def figure_info(figure: Figure) -> FigureInfo:
    """A figure that the policy decided, as it is sent."""
    return FigureInfo(figure.state, figure.value)
