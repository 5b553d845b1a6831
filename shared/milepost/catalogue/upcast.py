"""Upcasters: how an entry written under an old version of its type is read today.

A new optional field needs none. A changed meaning raises the version of the type and leaves, for ever, one upcaster
from each version to the next and one golden line for each. No shipped type has changed its meaning yet.
"""

from collections.abc import Callable

Part = dict[str, object]
Parts = tuple[Part | None, Part | None]


class Upcaster:
    """One step: `apply` turns facts and private of `from_version` into the next's. None: the part is not at hand."""

    __slots__ = ("apply", "from_version", "type")

    def __init__(self, type: str, from_version: int, apply: Callable[[Part | None, Part | None], Parts]) -> None:
        self.type = type
        self.from_version = from_version
        self.apply = apply


class CannotUpcast(ValueError):
    """An old entry that no step, or no successful one, leads to the version of today."""


# Parts are whatever somebody signed, and an upcaster reads them before any check: these are what bad shape raises.
_SHAPE_ERRORS = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def upcast(upcasters: tuple[Upcaster, ...], name: str, version: int, target: int, parts: Parts) -> Parts:
    """`parts` of `name` brought from `version` to `target`, step by step. Raises CannotUpcast."""
    steps = {step.from_version: step for step in upcasters if step.type == name}
    for number in range(version, target):
        step = steps.get(number)
        if step is None:
            raise CannotUpcast(f"nothing brings {name} from version {number} to {number + 1}")
        try:
            parts = step.apply(*parts)
        except _SHAPE_ERRORS:
            raise CannotUpcast(f"{name} of version {number} could not be brought to {number + 1}") from None
    return parts


UPCASTERS: tuple[Upcaster, ...] = ()
