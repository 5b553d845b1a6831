"""People: a contact is one relationship however often recorded; every touch is kept.

Rows of `contact:ID`: `added`, `touch` (readings). A thanks answers the latest unthanked interview before it.
"""

from collections import Counter

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import DISMISSED, Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Replacing, Said, Writes

INTERVIEW = "interview"
THANKS = "thanks"


class ContactAdded(Replacing, frozen=True, omit_defaults=True, rename={"role": "class"}):
    """Data of `added`."""

    role: str = "other"
    on_target_list: bool = False


class Touched(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `touch`."""

    kind: str
    minutes: int = 0
    questions: int | None = None
    personalised: bool = False
    has_agenda: bool = False
    has_recap: bool = False


class Touch(msgspec.Struct, frozen=True, omit_defaults=True):
    """One touch: the day, the entry, and what it was."""

    on: str
    event: str
    kind: str
    minutes: int = 0
    questions: int | None = None
    personalised: bool = False
    has_agenda: bool = False
    has_recap: bool = False


class Contact(View, frozen=True, kw_only=True, omit_defaults=True, rename={"role": "class"}):
    """A contact as it stands. `role` is what the person is to the plan (`class` in JSON).

    `touches` are the last ones by day, `counts` counts all by kind, `last` has the last day of each kind. `unthanked`
    are interviews without a thanks, oldest first; `likely_doubles` touches that may be one, told by two devices.
    """

    id: str
    role: str = "other"
    on_target_list: bool = False
    added_on: str | None = None
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    last: dict[str, str] = msgspec.field(default_factory=dict)
    touches: tuple[Touch, ...] = ()
    unthanked: tuple[Touch, ...] = ()
    likely_doubles: tuple[tuple[str, ...], ...] = ()

    @property
    def notices(self) -> int:
        return len(self.conflicts) + len(self.likely_doubles)

    @property
    def standing(self) -> str:
        return "due" if self.unthanked else "met" if self.is_met else "listed"

    @property
    def due(self) -> str | None:
        """The day of the oldest interview that nobody said thanks for."""
        return self.unthanked[0].on if self.unthanked else None

    @property
    def is_met(self) -> bool:
        """Whether there was any touch: then it is a relationship, one."""
        return bool(self.counts)

    def count(self, kind: str) -> int:
        """Touches of a kind."""
        return self.counts.get(kind, 0)


def _added(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("contact", facts["contact"]), "added", data_of(facts, ContactAdded)),)


def _touched(facts: Facts) -> tuple[Cell, ...]:
    contact = facts.get("contact")
    return (Cell(key("contact", contact), "touch", data_of(facts, Touched)),) if contact else ()


def resolve(id: str, writes: Writes) -> Contact | None:
    """The contact, or None when nothing about them stands."""
    added = writes.single("added", ContactAdded, is_worded=True)
    readings = writes.readings("touch", Touched)
    if added is None and not readings:
        return None
    data = added.data if added else ContactAdded()
    return Contact(
        id=id,
        role=data.role,
        on_target_list=data.on_target_list,
        added_on=iso_day(added.on) if added else None,
        counts=dict(sorted(Counter(said.data.kind for said in readings).items())),
        last={
            said.data.kind: iso_day(said.on) for said in sorted(readings, key=lambda said: (said.data.kind, said.on))
        },
        touches=tuple(map(_touch, readings[-SHOWN_MAX:])),
        unthanked=tuple(map(_touch, _unthanked(readings)[-SHOWN_MAX:])),
        likely_doubles=_likely_doubles(readings),
        heads=writes.heads,
    )


def _unthanked(readings: list[Said[Touched]]) -> list[Said[Touched]]:
    """A thanks answers the latest interview before it that none has answered."""
    waiting: list[Said[Touched]] = []
    for said in readings:
        if said.data.kind == INTERVIEW:
            waiting.append(said)
        elif said.data.kind == THANKS and waiting:
            waiting.pop()
    return waiting


def _likely_doubles(readings: list[Said[Touched]]) -> tuple[tuple[str, ...], ...]:
    """Touches of one kind on one day from two devices: pointed out, never merged."""
    groups: dict[tuple[int, str], list[Said[Touched]]] = {}
    for said in readings:
        if not said.write.marks & DISMISSED:
            groups.setdefault((said.on, said.data.kind), []).append(said)
    return tuple(
        tuple(base32(said.event_id) for said in group)
        for _, group in sorted(groups.items())
        if len({said.write.device for said in group}) > 1
    )


def _touch(said: Said[Touched]) -> Touch:
    data = said.data
    return Touch(
        on=iso_day(said.on),
        event=base32(said.event_id),
        kind=data.kind,
        minutes=data.minutes,
        questions=data.questions,
        personalised=data.personalised,
        has_agenda=data.has_agenda,
        has_recap=data.has_recap,
    )


FOLDERS = {"contact.added": _added, "touchpoint.logged": _touched}
KINDS = {"contact": Kind(resolve, Contact)}
