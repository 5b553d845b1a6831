"""Money: prices and pay. Own kinds: sealed, in no digest, on no server, which cannot even tell that they exist.

Rows of `offering:ID`: `priced`. Rows of `pay:changes`: `changed` (readings).
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Folder, Kind, View, data_of
from milepost.projections.writes import Replacing, Writes

CHANGES = "changes"


class OfferingPriced(Replacing, frozen=True, omit_defaults=True):
    """Data of `priced`."""

    name: str = ""
    amount: int = 0
    currency: str = ""
    per: str | None = None
    rationale: str | None = None


class Offering(View, frozen=True, kw_only=True, omit_defaults=True):
    """Something of one's own that has a price. `amount` is in minor units, as cents."""

    id: str
    priced_on: str
    amount: int
    currency: str
    per: str | None = None
    rationale: str | None = None


class PayChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `changed`."""

    percentage: str
    details: str | None = None


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of pay: the day, the entry, by how many percent."""

    on: str
    event: str
    percentage: str
    details: str | None = None


class Pay(View, frozen=True, kw_only=True, omit_defaults=True):
    """Every change of pay by day."""

    changes: tuple[Change, ...]


def _priced(private: Facts) -> tuple[Cell, ...]:
    return (Cell(key("offering", private["offering"]), "priced", data_of(private, OfferingPriced)),)


def _changed(private: Facts) -> tuple[Cell, ...]:
    return (Cell(key("pay", CHANGES), "changed", data_of(private, PayChanged)),)


def resolve_offering(id: str, writes: Writes) -> Offering | None:
    """The offering, or None when no price of it stands."""
    priced = writes.single("priced", OfferingPriced, is_worded=True)
    if priced is None:
        return None
    data = priced.data
    return Offering(
        id=id,
        priced_on=iso_day(priced.on),
        amount=data.amount,
        currency=data.currency,
        per=data.per,
        rationale=data.rationale,
        heads=writes.heads,
    )


def resolve_pay(_: str, writes: Writes) -> Pay | None:
    """The changes of pay, or None when none stands."""
    every = writes.readings("changed", PayChanged)
    changes = (
        Change(iso_day(said.on), base32(said.event_id), said.data.percentage, said.data.details) for said in every
    )
    return Pay(changes=tuple(changes)) if every else None


FOLDERS: dict[str, Folder] = {"offering.priced": _priced, "pay.changed": _changed}
KINDS = {
    "offering": Kind(resolve_offering, Offering, is_own=True),
    "pay": Kind(resolve_pay, Pay, is_own=True),
}
