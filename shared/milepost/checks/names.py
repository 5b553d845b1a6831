"""Which thing a typed word means: a short id, or a name."""

from collections.abc import Iterable
from typing import NamedTuple

from milepost.checks.finding import Finding

PREFIX_MIN = 3
CANDIDATES_SHOWN = 5


class Known(NamedTuple):
    """Something that can be named: its whole id, and its label if it has one that can be read."""

    id: str
    label: str


def identify(word: str, known: Iterable[Known]) -> str | Finding:
    """The id that `word` means among `known`, or the refusal to guess.

    Taken in this order: the whole id, an exact name, a prefix of an id of at least three characters, a prefix of a
    name. The first of these that fits anything decides, and must fit one thing only. Case is ignored.
    """
    wanted = word.casefold().strip()
    things = list(known)
    for fits in (
        [thing for thing in things if thing.id == wanted],
        [thing for thing in things if thing.label.casefold() == wanted],
        [thing for thing in things if len(wanted) >= PREFIX_MIN and thing.id.startswith(wanted)],
        [thing for thing in things if wanted and thing.label.casefold().startswith(wanted)],
    ):
        if len(fits) == 1:
            return fits[0].id
        if fits:
            return _ambiguous(word, fits)
    return Finding("refuse", "id_unknown", "id", f"{word} names nothing here", "see the ids: mp log; try: mp show k7f")


def _ambiguous(word: str, fits: list[Known]) -> Finding:
    shown = ", ".join(f"{thing.id} ({thing.label})" for thing in fits[:CANDIDATES_SHOWN])
    more = f" and {len(fits) - CANDIDATES_SHOWN} more" if len(fits) > CANDIDATES_SHOWN else ""
    remedy = f"type more of it; try: {fits[0].id}"
    return Finding("refuse", "id_ambiguous", "id", f"{word} fits {len(fits)}: {shown}{more}", remedy)
