"""What every view is: a frozen struct with one canonical encoding, and the columns that lists filter and sort by."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from milepost.projections.rows import Cell
from milepost.projections.writes import Heads, Writes

Facts = Mapping[str, Any]
"""Facts that the catalogue accepted: fields are of their kinds, and required ones are there."""

Folder = Callable[[Facts], tuple[Cell, ...]]
"""The rows of one type's facts."""

Data = TypeVar("Data", bound=msgspec.Struct)


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entity as its rows say it. `heads` are the writes that the next write of each field names in `over`."""

    heads: tuple[Heads, ...] = ()

    @property
    def standing(self) -> str | None:
        """The word that lists filter by, such as open or closed."""
        return None

    @property
    def due(self) -> str | None:
        """The day that lists sort by."""
        return None

    @property
    def folded_name(self) -> str | None:
        """The name people look it up by, case-folded."""
        return None

    @property
    def conflicts(self) -> tuple[Heads, ...]:
        """Fields that two authors wrote without having seen each other."""
        return tuple(heads for heads in self.heads if heads.is_conflict)

    @property
    def notices(self) -> int:
        """How many things about it the inbox lists."""
        return len(self.conflicts)

    def head(self, field: str) -> str | None:
        """The id of the standing write of a field."""
        return next((heads.events[0] for heads in self.heads if heads.field == field), None)


Resolver = Callable[[str, Writes], View | None]
Adder = Callable[[Any, Writes], View | None]


class Kind(NamedTuple):
    """A kind of entity: how its rows resolve, and to what.

    `is_own`: private, in no digest and on no server. `is_control`: made of control entries, which nothing takes back.
    `add`: for kinds that are sums, what further rows make of a view, without reading those that made it: a milestone
    may have ten thousand entries hanging off it.
    """

    resolve: Resolver
    view: type[View]
    is_own: bool = False
    is_control: bool = False
    add: Adder | None = None


def fold_case(text: str) -> str:
    """A name as look-ups compare it: case and spacing do not count."""
    return " ".join(text.casefold().split())


def data_of(facts: Facts, type: type[Data]) -> Data:
    """The fields of `facts` that `type` has."""
    return msgspec.convert(facts, type)
