"""A quarter on one page: where it should lead, what was tried and found out, what was reviewed, won and had time for.

Whatever touches the quarter's days is on it, as it stands today; wins add up over all quarters. `quarter_page.py`
draws it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from milepost.errors import UsageError
from milepost.projections.milestones import Milestone
from milepost.projections.money import Offering
from milepost.projections.progress import Card, Shelf, cards_of
from milepost_client.pages.experiments import KIND, Experiment, experiments_of
from milepost_client.pages.objectives import Served, objectives_of
from milepost_client.pages.trends import TrendWeek, weeks_of
from milepost_client.pages.uptake import Uptake, uptake
from milepost_client.recording.dates import read_date
from milepost_client.recording.entries import Line
from milepost_client.recording.prices import say_price
from milepost_client.views.views import Views

MONTHS = 3


class Quarter(NamedTuple):
    """Three months: the year, the number from 1 to 4."""

    year: int
    number: int

    @classmethod
    def holding(cls, day: date) -> "Quarter":
        """The quarter of a day."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        after = date(self.year + self.number // 4, MONTHS * (self.number % 4) + 1, 1)
        return after - timedelta(days=1)

    def touches(self, start: str, end: str | None) -> bool:
        """Whether something between two days, the later one open if None, lies at least partly in it."""
        return start <= self.last.isoformat() and (end is None or end >= self.first.isoformat())


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """An offering: its price beside what came of it."""

    id: str
    name: str | None
    price: str
    rationale: str | None
    uptake: tuple[Uptake, ...]


class Won(msgspec.Struct, frozen=True):
    """A win of the quarter."""

    id: str
    on: str
    text: str


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes there were to be, as far as somebody said, beside those spent; and how many weeks were what."""

    capacity_minutes: int | None
    minutes: int
    weeks: int
    weeks_logged: int
    weeks_paused: int
    weeks_reviewed: int


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a quarter's page says. `wins_in_all` counts those of other quarters too."""

    quarter: Quarter
    objectives: tuple[Served, ...]
    experiments: tuple[Experiment, ...]
    cards: tuple[Card, ...]
    weeks: tuple[TrendWeek, ...]
    time: Time
    wins: tuple[Won, ...]
    wins_in_all: int
    offerings: tuple[Priced, ...]


def read_quarter(typed: str | None, today: date) -> Quarter:
    """`2026-Q1`, or the quarter that a day lies in; this one for None. Raises UsageError for anything else."""
    if typed is None:
        return Quarter.holding(today)
    year, mark, number = typed.strip().upper().partition("-Q")
    if mark and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4") and int(year):
        return Quarter(int(year), int(number))
    if mark:
        raise UsageError(f"{typed!r} is not a quarter", code="date", field="of", remedy="try: --of 2026-Q1")
    return Quarter.holding(read_date(typed, today, "since", "of"))


def page_of(views: Views, wins: Iterable[Line], quarter: Quarter, today: date) -> Page:
    """The page of a quarter. `wins` are the entries of all wins, the newest first."""
    shelf = views.shelf()
    objectives = objectives_of(views, shelf, every=True)
    standing = [one for one in wins if not one.is_struck and one.entry]
    weeks = _weeks(views, quarter, today)
    return Page(
        quarter=quarter,
        objectives=tuple(one for one in objectives if quarter.touches(one.objective.start, one.objective.end)),
        experiments=tuple(
            one for one in experiments_of(views, shelf) if quarter.touches(one.start, one.end or one.due)
        ),
        cards=tuple(card for card in cards_of(shelf) if _is_in(card.milestone, quarter)),
        weeks=weeks,
        time=_time(weeks),
        wins=tuple(_won(one) for one in standing if quarter.first <= one.on <= quarter.last),
        wins_in_all=len(standing),
        offerings=tuple(_priced(views, shelf)),
    )


def _is_in(milestone: Milestone, quarter: Quarter) -> bool:
    """Whether a milestone belongs on the page: experiments have a part of their own, what is late still runs."""
    end = milestone.closed_on if milestone.closed_on or milestone.status == "planned" else None
    last = end or (milestone.due_on if milestone.status == "planned" else None)
    return milestone.kind != KIND and quarter.touches(milestone.start, last)


def _weeks(views: Views, quarter: Quarter, today: date) -> tuple[TrendWeek, ...]:
    """The weeks that begin in the quarter, up to this one."""
    last = min(today, quarter.last)
    if last < quarter.first:
        return ()
    count = (last - quarter.first).days // 7 + 2
    first, end = quarter.first.isoformat(), quarter.last.isoformat()
    return tuple(week for week in weeks_of(views, last, count) if first <= week.first_day <= end)


def _time(weeks: Sequence[TrendWeek]) -> Time:
    said = [week.capacity_minutes for week in weeks if week.capacity_minutes is not None]
    return Time(
        capacity_minutes=sum(said) if said else None,
        minutes=sum(week.minutes or 0 for week in weeks),
        weeks=len(weeks),
        weeks_logged=sum(week.is_logged for week in weeks),
        weeks_paused=sum(week.state == "pause" for week in weeks),
        weeks_reviewed=sum(week.has_review for week in weeks),
    )


def _won(one: Line) -> Won:
    return Won(one.id, one.on.isoformat(), str(one.values.get("text", "")))


def _priced(views: Views, shelf: Shelf) -> Iterator[Priced]:
    names = views.names("offering")
    for offering in sorted(shelf.all(Offering), key=lambda one: (one.priced_on, one.id)):
        yield Priced(
            id=offering.id,
            name=names.get(offering.id),
            price=say_price(offering.amount, offering.currency, offering.per),
            rationale=offering.rationale,
            uptake=tuple(uptake(views, shelf, (offering.id,))),
        )
