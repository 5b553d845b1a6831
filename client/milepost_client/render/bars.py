"""Bars: a figure one would rather look at than read. The figure itself always stands beside them."""

from milepost_client.answer import Look

RATING_MAX = 5
WIDTH_USUAL = 80


def bar(part: float, whole: float, room: int) -> str:
    """`part` of `whole` as a bar of `room` columns; what is missing is drawn open."""
    filled = round(room * part / whole) if whole else 0
    return "█" * filled + "░" * (room - filled)


def bar_room(look: Look, usual: int) -> int:
    """The columns a bar may take: fewer on a narrow terminal, where a bar cut short would tell another figure."""
    return usual if look.width >= WIDTH_USUAL else usual // 2


def rated(rating: int | None, target: int | None = None) -> str:
    """A rating of 5 with its bar: what is there, what the target asks for, what is beyond it. `2 ██░░·`"""
    if rating is None:
        return f"– {'░' * (target or 0)}{'·' * (RATING_MAX - (target or 0))}"
    gap = max(0, (target or 0) - rating)
    return f"{rating} {'█' * rating}{'░' * gap}{'·' * (RATING_MAX - rating - gap)}"
