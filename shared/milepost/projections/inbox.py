"""The inbox: what the member may want to settle. Conflicts, likely doubles, and entries that are not in the views."""

from collections.abc import Iterable

import msgspec

from milepost.projections.aside import UNKNOWN, Aside
from milepost.projections.own import Unread
from milepost.projections.people import Contact
from milepost.projections.rows import kind_of, name_of
from milepost.projections.view import View


class Conflict(msgspec.Struct, frozen=True):
    """A field that two authors wrote without having seen each other; the first of `events` stands."""

    kind: str
    id: str
    field: str
    events: tuple[str, ...]


class Double(msgspec.Struct, frozen=True):
    """Entries that may be one, told by two devices."""

    kind: str
    id: str
    events: tuple[str, ...]


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for the member. `left_out` are entries of devices that were revoked or never enrolled, by id."""

    conflicts: tuple[Conflict, ...]
    likely_doubles: tuple[Double, ...]
    set_aside: tuple[Aside, ...]
    unread: tuple[Unread, ...]
    unknown: int
    left_out: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things wait. Entries from a newer Milepost wait for an upgrade, not for the member."""
        return len(self.conflicts) + len(self.likely_doubles) + len(self.set_aside) + len(self.left_out)


def inbox_of(
    noticed: Iterable[tuple[str, View]], asides: Iterable[Aside], unread: Iterable[Unread], left_out: Iterable[str]
) -> Inbox:
    """The inbox, from the entities with notices, and from what is not in the views."""
    views = list(noticed)
    listed = list(asides)
    return Inbox(
        conflicts=tuple(
            Conflict(kind_of(entity), name_of(entity), heads.field, heads.events)
            for entity, view in views
            for heads in view.conflicts
        ),
        likely_doubles=tuple(
            Double(kind_of(entity), name_of(entity), events)
            for entity, view in views
            if isinstance(view, Contact)
            for events in view.likely_doubles
        ),
        set_aside=tuple(aside for aside in listed if aside.reason != UNKNOWN and not aside.is_dismissed),
        unread=tuple(unread),
        unknown=sum(aside.reason == UNKNOWN and not aside.is_dismissed for aside in listed),
        left_out=tuple(left_out),
    )
