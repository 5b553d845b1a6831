"""The whole status: everything that stands, today or as of a day, and how the last weeks went."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from milepost.errors import UsageError
from milepost.ids import base64url
from milepost.projections.progress import Progress
from milepost_client.answer import Answer, Look
from milepost_client.pages.bearings import BEGIN, Bearings, bearings_of, blank
from milepost_client.pages.lists import (
    Row,
    goal_rows,
    milestone_rows,
    objective_rows,
    section,
    skill_rows,
    without_kinds,
)
from milepost_client.pages.trends import WEEKS_SHOWN, TrendWeek, weeks_of
from milepost_client.pages.trends import trend as trend_of
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import say_date, say_minutes
from milepost_client.recording.declare import read_whole
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import parts, wrapped
from milepost_client.terminal import Terminal
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

WEEKS_MAX = 520

_IN_ROWS = frozenset(("cards", "goals", "goals_open", "milestones", "objectives", "skills", "metrics"))
"""What a status says in rows, with names, or under a name that says what it counts."""

_GAPS = {"unlogged": ("·", "·", "·", "·", "not logged"), "pause": ("‖", "‖", "‖", "‖", "pause")}


class Status(NamedTuple):
    """What stands on a day, in rows and in figures; `digests` where somebody compares them."""

    today: date
    day: date
    shown: Progress
    milestones: Sequence[Row]
    goals: Sequence[Row]
    objectives: Sequence[Row]
    skills: Sequence[Row]
    metric_names: Mapping[str, str]
    weeks: Sequence[TrendWeek]
    digests: Mapping[str, str] | None
    bearings: Bearings

    @property
    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        return _figures(self.shown, self.metric_names) | {
            **self.bearings.heading.data,
            "milestones": [row.data for row in self.milestones],
            "goals_open": [row.data for row in self.goals],
            "objectives": [row.data for row in self.objectives],
            "skills": [row.data for row in self.skills],
            "weeks": plain(self.weeks),
            "digests": self.digests,
            **self.bearings.data,
        }

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to show yet."""
        rows = (*self.milestones, *self.goals, *self.objectives, *self.skills)
        return not rows and not any(week.is_logged for week in self.weeks)

    @property
    def records(self) -> list[tuple[object, ...]]:
        """The rows of `--plain`."""
        return [row.cells for row in (*self.milestones, *self.goals, *self.skills)]

    def lines(self, look: Look) -> list[str]:
        """For people."""
        return [
            look.paint(f"as of {say_date(self.day, self.today)}", "bold"),
            *parts(self.bearings.heading.says, look),
            *parts(_totals(self.shown), look),
            "",
            *section("objectives", [row for row in self.objectives if row.data["status"] == "open"], look),
            *section("milestones", without_kinds(self.milestones, look), look),
            *section("open goals", self.goals, look),
            *section("skills", self.skills, look),
            *_weeks(self.weeks, look),
            *(wrapped(BEGIN, look) if self.is_blank else ()),
            *self.bearings.due_lines(look),
            *_unknown(self.shown),
            *self.bearings.inbox_lines(),
            *(f"{name} digest  {value}" for name, value in (self.digests or {}).items()),
            *self.bearings.sync_lines(look),
        ]


def status(where: Terminal, as_of: date | None = None, weeks: str | None = None) -> Answer:
    """Everything that stands, today or as of a day; entries happened later are left out then, corrections are not."""
    count = _weeks_wanted(weeks)
    with where.views() as views:
        if not views.log.is_born:
            return blank("status/1", as_of or today_of(where.world))
        found = _status_of(where, views, as_of, count)
    return Answer("status/1", found.data, found.lines, found.records, found.bearings.warnings)


def _status_of(where: Terminal, views: Views, as_of: date | None, weeks: int) -> Status:
    today = today_of(where.world)
    day = as_of or today
    shown = views.progress(today, as_of)
    return Status(
        today=today,
        day=day,
        shown=shown,
        milestones=milestone_rows(views, shown.cards, day),
        goals=goal_rows(views, shown.goals_open, day),
        objectives=objective_rows(views, shown.objectives, day),
        skills=skill_rows(views, shown.skills),
        metric_names=views.names_of("metric", [one.id for one in shown.metrics]),
        weeks=weeks_of(views, today, weeks, as_of),
        digests=_digests(views) if where.flags.verbose else None,
        bearings=bearings_of(where, views, as_of),
    )


def trend(where: Terminal, measures: Sequence[str], as_of: date | None, weeks: str | None) -> Answer:
    """The trend lines of some measures."""
    with where.views() as views:
        return trend_of(views, today_of(where.world), _weeks_wanted(weeks), measures, as_of)


def _weeks_wanted(typed: str | None) -> int:
    """How many weeks. Raises UsageError for none, and for more than a working life of them makes sense of."""
    count = WEEKS_SHOWN if typed is None else read_whole(typed, "weeks")
    if not 0 < count <= WEEKS_MAX:
        raise UsageError(f"weeks {count} is not 1..{WEEKS_MAX}", code="weeks", field="weeks", remedy="try: --weeks 12")
    return count


def _figures(shown: Progress, metrics: Mapping[str, str]) -> dict[str, object]:
    data = {name: plain(getattr(shown, name)) for name in shown.__struct_fields__ if name not in _IN_ROWS}
    data["goal_counts"] = plain(shown.goals)
    data["milestone_counts"] = {**plain(shown.milestones), "total": shown.milestones.total}
    data["metrics"] = [{"name": metrics.get(one.id), **plain(one)} for one in shown.metrics]
    return data


def _totals(shown: Progress) -> list[str]:
    counts, goals, people = shown.milestones, shown.goals, shown.people
    said = [f"{counts.completed} of {counted(counts.total, 'milestone')} completed"] if counts.total else []
    if goals.done or goals.open:
        said.append(f"{counted(goals.done, 'goal')} done, {goals.open} open")
    if people.relationships:
        met = f" ({people.targeted_met} of {people.targeted} targeted)" if people.targeted else ""
        said.append(f"{counted(people.relationships, 'person', 'people')} met{met}")
    if shown.minutes:
        said.append(f"{say_minutes(shown.minutes)} spent")
    return said


def _unknown(shown: Progress) -> list[str]:
    if not shown.unknown:
        return []
    return [f"{counted(shown.unknown, 'entry', 'entries')} from a newer Milepost: upgrade to see them"]


def _weeks(trend: Sequence[TrendWeek], look: Look) -> list[str]:
    if not any(week.is_logged for week in trend):
        return []
    rows = [
        (week.week, week.minutes, week.goals_done, week.touches, week.feedback, "review" if week.has_review else "")
        if week.is_logged
        else (week.week, *_GAPS[week.state])
        for week in trend
    ]
    return [*table(("week", "minutes", "goals done", "touches", "feedback", ""), rows, look), ""]


def _digests(views: Views) -> dict[str, str]:
    from milepost.chain import set_digest

    view = views.digest()
    log = views.log
    return {"set": base64url(set_digest(log.leaves(), log.erased())), "view": base64url(view.digest)}
