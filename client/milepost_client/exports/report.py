"""What a report says: the story, the evidence, the skills, the weeks and the people.

`report_sources.py` gathers it from the views; `report_markdown.py` and `report_html.py` write it down, in the words of
`report_said.py`. What is not here is in no report: outcomes, pay and names are here only when somebody asked.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from milepost.projections.funnel import Funnel
from milepost.projections.milestones import BLOCKED
from milepost_client.pages.experiments import Found
from milepost_client.pages.objectives import Served
from milepost_client.pages.skill_map import Placed
from milepost_client.pages.trends import TrendWeek
from milepost_client.pages.uptake import Uptake


class Asked(NamedTuple):
    """What was asked for: the days that count, the day it is told from, and what may be in it."""

    today: date
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    name: str | None = None
    with_names: bool = False
    with_outcomes: bool = False

    def holds(self, day: str) -> bool:
        """Whether something of this day belongs in the report."""
        return (self.since is None or day >= self.since.isoformat()) and self.is_by_then(day)

    def is_by_then(self, day: str) -> bool:
        """Whether a day lies before the end of those that count."""
        return self.until is None or day <= self.until.isoformat()

    @property
    def day(self) -> date:
        """The day it is told from."""
        return self.as_of or self.today


class Obstacle(msgspec.Struct, frozen=True):
    """What is in the way of a milestone, as far as it is of a kind: time, skill, access, people, other."""

    kind: str
    since: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone as the story tells it; `inside` are those that count under it."""

    name: str
    kind: str
    status: str
    start: str
    due: str
    end: str | None
    days_late: int
    measure: str | None
    measure_met: str | None
    outputs_done: int
    outputs_named: int
    hours_planned: int | None
    minutes: int
    usual_length: str
    found: Found
    obstacle: Obstacle | None = None
    inside: "tuple[Step, ...]" = ()

    @property
    def last(self) -> str:
        """Its last day: the one it ended on, else the one it is due."""
        return self.end or self.due

    def whole(self) -> "Iterator[Step]":
        """It, and everything inside it."""
        yield self
        for child in self.inside:
            yield from child.whole()

    @property
    def is_under_way(self) -> bool:
        """Whether it was begun and has not ended."""
        return self.status in ("started", BLOCKED)


class Line(msgspec.Struct, frozen=True):
    """An impact as a line of a résumé, and what each part of its result rests on."""

    says: str
    rests_on: tuple[str, ...]
    missing: int


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact, a credential or a narrative: something one can look at."""

    name: str
    kind: str
    on: str
    link: str | None = None
    public: bool = False
    of: tuple[str, ...] = ()
    issuer: str | None = None
    demand: str | None = None
    hours_planned: int | None = None
    minutes: int = 0

    @property
    def is_on_the_web(self) -> bool:
        """Whether its link is one that a reader may follow: what else a link can be is shown, never made one."""
        return (self.link or "").startswith(("https://", "http://"))


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """A skill before and after: None for `before` where a second rating is missing, so that no change is claimed."""

    name: str
    before: int | None
    after: int
    target: int | None
    by: str | None
    met_on: str | None
    days_late: int | None
    basis: str

    @property
    def change(self) -> int | None:
        """How far it rose or fell; None without a second rating, which is not 0."""
        return None if self.before is None else self.after - self.before


class Demand(msgspec.Struct, frozen=True):
    """What postings ask for: the share with its sample, where they stood, and when they were looked at."""

    name: str
    says: str
    source: str
    on: str


class PayChange(msgspec.Struct, frozen=True):
    """By how many percent pay changed, and when."""

    on: str
    percentage: str


class Came(msgspec.Struct, frozen=True):
    """Outcomes of one kind, with the words of each."""

    kind: str
    count: int
    said: tuple[str, ...]


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of people; `names` by class, empty unless they were asked for."""

    funnel: Funnel
    names: dict[str, tuple[str, ...]]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report says."""

    asked: Asked
    origin: str | None
    goal: str | None
    why: str | None
    brief: str | None
    first: str | None
    last: str | None
    objectives: tuple[Served, ...]
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    readings: int
    artifacts: tuple[Made, ...]
    credentials: tuple[Made, ...]
    narratives: tuple[Made, ...]
    told: tuple[Uptake, ...]
    demand: tuple[Demand, ...]
    skills: tuple[Grown, ...]
    placed: tuple[Placed, ...]
    weeks: tuple[TrendWeek, ...]
    people: People
    outcomes: tuple[Came, ...]
    pay: tuple[PayChange, ...]

    @property
    def completed(self) -> int:
        """Milestones that were completed; what is inside another counts under it."""
        return sum(step.status == "completed" for step in self.steps)

    @property
    def rose(self) -> int:
        """Skills whose last rating is above the first."""
        return sum((skill.change or 0) > 0 for skill in self.skills)
