"""Where a member is heading, in one line: what they measure the way by, and the role they chose."""

from typing import NamedTuple

from milepost.projections.direction import CHOICE, FOCUS, Choice, Focus, Role
from milepost.projections.progress import Shelf


class Heading(NamedTuple):
    """The focus (role, skill, undecided) and the role chosen; None where nothing was said."""

    focus: str | None
    role: str | None
    role_name: str | None

    @property
    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        role = None if self.role is None else {"kind": "role", "id": self.role, "name": self.role_name}
        return {"focus": self.focus, "role": role}

    @property
    def says(self) -> list[str]:
        """What there is to say, for one line."""
        role = [] if self.role is None else [f"heading for {self.role_name or 'a role without a name'}"]
        return role if self.focus is None else [*role, f"focus: {self.focus}"]


def heading_of(shelf: Shelf) -> Heading:
    """Where the member is heading."""
    focus, choice = shelf.get(Focus, FOCUS), shelf.get(Choice, CHOICE)
    role = shelf.get(Role, choice.role) if choice else None
    return Heading(
        focus.standing if focus else None, choice.role if choice else None, role.title or None if role else None
    )
