"""Outcomes: what came of it. A referral, an invitation and an offer are different counts and are never added up.

Rows of `outcome:KIND`: `recorded` (readings). The words of an outcome are in its entry, on the member's devices.
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Said, Writes


class OutcomeRecorded(msgspec.Struct, frozen=True, omit_defaults=True, rename={"role": "class"}):
    """Data of `recorded`. `role` is what the people are to the plan (`class` in JSON)."""

    count: int = 1
    contacts: tuple[str, ...] = ()
    role: str | None = None
    ref: tuple[str, ...] = ()


class Came(msgspec.Struct, frozen=True, omit_defaults=True, rename={"role": "class"}):
    """One entry: the day, how many, with whom, and what it hangs off."""

    on: str
    event: str
    count: int
    contacts: tuple[str, ...] = ()
    role: str | None = None
    ref: tuple[str, ...] = ()


class Outcome(View, frozen=True, kw_only=True, omit_defaults=True):
    """All outcomes of one kind, which is its id. `count` is of all of them, `recorded` has the last ones by day."""

    id: str
    count: int
    contacts: tuple[str, ...] = ()
    recorded: tuple[Came, ...] = ()


def _recorded(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("outcome", facts["kind"]), "recorded", data_of(facts, OutcomeRecorded)),)


def resolve(kind: str, writes: Writes) -> Outcome | None:
    """The outcomes of a kind, or None when none stands."""
    every = writes.readings("recorded", OutcomeRecorded)
    if not every:
        return None
    return Outcome(
        id=kind,
        count=sum(said.data.count for said in every),
        contacts=tuple(sorted({contact for said in every for contact in said.data.contacts})),
        recorded=tuple(map(_came, every[-SHOWN_MAX:])),
    )


def _came(said: Said[OutcomeRecorded]) -> Came:
    data = said.data
    return Came(iso_day(said.on), base32(said.event_id), data.count, data.contacts, data.role, data.ref)


FOLDERS = {"outcome.recorded": _recorded}
KINDS = {"outcome": Kind(resolve, Outcome)}
