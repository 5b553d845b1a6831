"""Demand: how many job postings, of how many looked at, ask for something. Every sample is kept.

Rows of `term:ID`: `sample` (readings). What the term is called is private.
"""

import msgspec

from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.percent import percent_of
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import SHOWN_MAX, Said, Writes


class Sampled(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `sample`."""

    postings: int = 1
    matches: int = 0
    source: str = "other"


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sample: the day, the entry, and what was counted. A share means nothing without its postings."""

    on: str
    event: str
    postings: int
    matches: int
    source: str = "other"

    @property
    def percent(self) -> int:
        """The share in whole percent, a half rounded up."""
        return percent_of(self.matches, self.postings)

    @property
    def says(self) -> str:
        """The share with its sample: `38 % of 50 postings (19)`."""
        return f"{self.percent} % of {self.postings} postings ({self.matches})"


class Term(View, frozen=True, kw_only=True, omit_defaults=True):
    """Something that postings ask for. `samples` are the last ones by day, the very last is current."""

    id: str
    samples: tuple[Sample, ...]

    @property
    def last(self) -> Sample:
        """The current sample."""
        return self.samples[-1]


def _sampled(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("term", facts["term"]), "sample", data_of(facts, Sampled)),)


def resolve(id: str, writes: Writes) -> Term | None:
    """The term, or None when no sample of it stands."""
    samples = writes.readings("sample", Sampled)
    return Term(id=id, samples=tuple(map(_sample, samples[-SHOWN_MAX:]))) if samples else None


def _sample(said: Said[Sampled]) -> Sample:
    data = said.data
    return Sample(iso_day(said.on), base32(said.event_id), data.postings, data.matches, data.source)


FOLDERS = {"demand.sampled": _sampled}
KINDS = {"term": Kind(resolve, Term)}
