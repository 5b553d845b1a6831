"""Objectives with what tells of them: key results as far as they are, the milestones and goals that serve them."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from milepost.projections.aims import Aim
from milepost.projections.goals import Goal
from milepost.projections.measures import Metric
from milepost.projections.milestones import Milestone, Objective
from milepost.projections.progress import Shelf
from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.lists import short_ids
from milepost_client.recording.dates import say_date
from milepost_client.render.bars import bar
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

BAR_ROOM = 20


class KeyResult(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of an objective, decimals as written. `share` is how much of the way is done, from 0 to 1."""

    metric: str
    name: str | None
    unit: str
    baseline: str | None
    value: str | None
    target: str | None
    share: str | None

    @property
    def is_reached(self) -> bool:
        """Whether the number is reached."""
        return self.share is not None and Decimal(self.share) >= 1


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """An objective, its key results, and the milestones and goals below it: a goal through its milestone too.

    `children` are inside the milestones, and count under them.
    """

    objective: Objective
    name: str | None
    key_results: tuple[KeyResult, ...]
    milestones: tuple[str, ...]
    milestones_completed: int
    children: tuple[str, ...]
    goals: tuple[str, ...]
    goals_done: int
    goals_open: int


class _Below(NamedTuple):
    """Everything that may serve an objective, read once."""

    milestones: Sequence[Milestone]
    goals: Sequence[Goal]


def objectives_of(views: Views, shelf: Shelf, *, every: bool) -> list[Served]:
    """The objectives on a shelf, those that end first first; closed ones only with `every`."""
    found = shelf.all(Objective) if every else shelf.all(Objective, "open")
    below = _Below(shelf.all(Milestone), shelf.all(Goal)) if found else _Below((), ())
    return [served(views, shelf, objective, below) for objective in found]


def served(views: Views, shelf: Shelf, objective: Objective, below: _Below) -> Served:
    """An objective with what is below it."""
    milestones, children = _milestones(objective.id, below.milestones)
    over = {objective.id, *(milestone.id for milestone in (*milestones, *children))}
    goals = [goal for goal in below.goals if over.intersection(goal.ref)]
    aim = shelf.get(Aim, objective.id)
    return Served(
        objective=objective,
        name=views.name("objective", objective.id) or None,
        key_results=tuple(key_result(views, shelf, metric) for metric in (aim.key_results if aim else ())),
        milestones=tuple(milestone.id for milestone in milestones),
        milestones_completed=sum(milestone.status == "completed" for milestone in milestones),
        children=tuple(milestone.id for milestone in children),
        goals=tuple(goal.id for goal in goals),
        goals_done=sum(goal.result == "done" for goal in goals),
        goals_open=sum(goal.is_open for goal in goals),
    )


def _milestones(objective: str, every: Sequence[Milestone]) -> tuple[list[Milestone], list[Milestone]]:
    """Those that serve the objective, and those inside them, which count under them."""
    direct = {milestone.id for milestone in every if milestone.objective == objective}
    inside = {milestone.id for milestone in every if milestone.parent in direct}
    counted_ones = [milestone for milestone in every if milestone.id in direct - inside]
    return counted_ones, [milestone for milestone in every if milestone.id in inside]


def key_result(views: Views, shelf: Shelf, id: str) -> KeyResult:
    """A metric as an objective shows it."""
    metric, aim = shelf.get(Metric, id), shelf.get(Aim, id) or Aim(id=id)
    last = metric.readings[-1].value if metric and metric.readings else None
    value = last if last is not None else aim.value
    return KeyResult(
        metric=id,
        name=views.name("metric", id) or None,
        unit=metric.unit if metric else "other",
        baseline=aim.baseline,
        value=value,
        target=aim.target,
        share=share(aim.baseline, value, aim.target),
    )


def share(baseline: str | None, value: str | None, target: str | None) -> str | None:
    """How much of the way from where it began (0, if that was not said) to its target a value has come.

    A decimal from 0 to 1; None where there is no number to reach or no reading yet.
    """
    if value is None or target is None:
        return None
    start, way = Decimal(baseline or 0), Decimal(target) - Decimal(baseline or 0)
    if way == 0:
        return "1" if Decimal(value) == Decimal(target) else "0"
    return str(min(Decimal(1), max(Decimal(0), (Decimal(value) - start) / way)).quantize(Decimal("0.01")).normalize())


def objectives_listed(views: Views, today: date, *, every: bool) -> Answer:
    """The objectives, drawn."""
    found = objectives_of(views, views.shelf(), every=every)
    shorts = short_ids([one.objective.id for one in found])
    rows = [
        {
            **plain(one.objective),
            "short_id": shorts[one.objective.id],
            **{name: value for name, value in plain(one).items() if name != "objective"},
        }
        for one in found
    ]

    def text(look: Look) -> list[str]:
        lines = [line for one in found for line in (*drawn(one, shorts[one.objective.id], today, look), "")]
        return lines[:-1] or wrapped('no objective is open: mp objective "Move to product" --horizon half', look)

    return Answer("objectives/1", {"objectives": rows}, text, [*_records(found)])


def _records(found: Sequence[Served]) -> Iterator[tuple[object, ...]]:
    for one in found:
        it = one.objective
        yield it.id, one.name, it.horizon, it.start, it.end, it.status, one.milestones_completed, len(one.milestones)
        for result in one.key_results:
            yield it.id, result.name, "key_result", result.baseline, result.value, result.target, result.share


def drawn(one: Served, short: str, today: date, look: Look) -> Iterator[str]:
    """An objective for people, with its bars."""
    yield f"{look.paint(short, 'bold')} {look.paint(clean(one.name or one.objective.id), 'bold')}"
    yield look.paint(f"  {', '.join(_facts(one, today))}", "dim")
    rows = [("  time", bar(*_elapsed(one.objective, today), BAR_ROOM), _left(one.objective, today))]
    rows += [(f"  {result.name or result.metric}", _progress(result), _figure(result)) for result in one.key_results]
    if one.milestones:
        count, done = len(one.milestones), one.milestones_completed
        rows.append(("  milestones", bar(done, count, BAR_ROOM), f"{done} of {count} completed"))
    if one.goals:
        rows.append(
            ("  goals", bar(one.goals_done, len(one.goals), BAR_ROOM), f"{one.goals_done} done, {one.goals_open} open")
        )
    yield from table(("", "", ""), rows, look, styles=("", "good", ""))


def _facts(one: Served, today: date) -> Iterator[str]:
    yield f"{one.objective.horizon}, {say_date(date.fromisoformat(one.objective.end), today)} at the latest"
    if one.objective.status == "closed":
        yield "closed"


def _elapsed(objective: Objective, today: date) -> tuple[int, int]:
    start, end = date.fromisoformat(objective.start), date.fromisoformat(objective.end)
    whole = (end - start).days
    return min(whole, max(0, (today - start).days)), whole


def _left(objective: Objective, today: date) -> str:
    days = (date.fromisoformat(objective.end) - today).days
    if objective.status == "closed" or days < 0:
        return "over"
    return f"{days // 7} weeks left" if days >= 14 else f"{counted(days, 'day')} left"


def _progress(result: KeyResult) -> str:
    return bar(float(result.share or 0), 1, BAR_ROOM)


def _figure(result: KeyResult) -> str:
    unit = "%" if result.unit == "percent" else "" if result.unit in ("count", "other") else f" {result.unit}"
    value = "no reading yet" if result.value is None else f"{result.value}{unit}"
    target = "no number to reach" if result.target is None else f"of {result.target}{unit}"
    return f"{value}, {target}" if None in (result.value, result.target) else f"{value} {target}{_tick(result)}"


def _tick(result: KeyResult) -> str:
    return " ✓" if result.is_reached else ""
