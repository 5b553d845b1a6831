"""Things in lists: what goals, milestones, skills and metrics say in a row, with the names this device knows."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from milepost.projections.goals import Goal
from milepost.projections.measures import Metric
from milepost.projections.milestones import OPEN_STATUS, Milestone, Objective
from milepost.projections.own import Capacity
from milepost.projections.progress import Card, cards_of
from milepost.projections.skills import Skill
from milepost.projections.traces import CHANGE
from milepost_client.answer import Answer, Look
from milepost_client.pages.keeping import kept_of
from milepost_client.recording.dates import say_date
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.attempts import earlier_attempts
from milepost_client.views.lookup import shortest
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

Thing = TypeVar("Thing", Goal, Milestone, Skill, Metric, Objective)
T = TypeVar("T")

# On a narrower terminal a milestone's name is worth more than its kind, which its card says.
KINDS_WIDTH_MIN = 72
_KIND = 2
# A state, and no fault: it says how the next one is set, and leaves it there.
BETWEEN_GOALS = 'between goals; the next one, when there is one: mp goal "Draft 3 user stories" --due fri'
# What a list adds to `completed`: the measure was met unless it says otherwise.
_UNMET = {"partly": ", partly", "no": ", not met"}


class Row(NamedTuple):
    """One thing in a list: its view as JSON with id, short id and name, and its cells."""

    data: dict[str, object]
    cells: tuple[object, ...]


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """The shortest beginnings that tell these ids apart, at least three characters."""
    ordered = sorted(ids)
    shorts = {}
    for place, id_ in enumerate(ordered):
        beside = ordered[max(0, place - 1) : place] + ordered[place + 1 : place + 2]
        shorts[id_] = shortest(id_, beside)
    return shorts


def goal_rows(views: Views, goals: Sequence[Goal], today: date) -> list[Row]:
    """Goals: learning and visible ones first, then by due day."""
    ordered = sorted(goals, key=lambda goal: (not (goal.learning or goal.visible), goal.due_on or "9999", goal.id))
    rows = _rows(views, "goal", ordered, lambda goal: (_due(goal.due_on, today, is_open=goal.is_open),))
    capacity = views.get(Capacity, "week")
    return [_goal_row(row, goal, views, capacity, today) for row, goal in zip(rows, ordered, strict=True)]


def _goal_row(row: Row, goal: Goal, views: Views, capacity: Capacity | None, today: date) -> Row:
    attempt, kept = attempt_of(views, goal), kept_of(goal, capacity, views.holds, today)
    words = [goal.result or ("reframed" if goal.replaced_by else "")]
    words += [f"attempt {attempt}"] if attempt > 1 else []
    words += [word for word, given in (("learning", goal.learning), ("visible", goal.visible)) if given]
    words += [f"{(goal.repeat or '').replace('_', ' ')} {kept}"] if kept else []
    more = {"attempt": attempt, "kept": kept and kept.data}
    return Row({**row.data, **more}, (*row.cells, ", ".join(word for word in words if word)))


def attempt_of(views: Views, goal: Goal) -> int:
    """The how-manieth wording of its goal it is."""
    # Most goals are first attempts, and a list of all of them should not look each up.
    return 1 if goal.replaces is None else len(earlier_attempts(goal.id, lambda id: _replaced_by(views, id))) + 1


def _replaced_by(views: Views, id: str) -> str | None:
    found = views.get(Goal, id)
    return found.replaces if found else None


def milestone_rows(views: Views, cards: Sequence[Card], today: date) -> list[Row]:
    """Milestones, with their outputs done of named; children stand under their parent."""
    nested = _nested(sorted(cards, key=lambda card: (card.milestone.due_on, card.milestone.id)))
    rows = _rows(views, "milestone", [card.milestone for card, _ in nested], lambda _: ())
    return [_milestone_row(row, card, depth, today) for row, (card, depth) in zip(rows, nested, strict=True)]


def _nested(ordered: Sequence[Card]) -> list[tuple[Card, int]]:
    """Every card once, each parent before its children, with how deep it stands.

    Two devices that were apart may have made two milestones each other's parent: the earlier of them leads then.
    """
    shown = {card.milestone.id for card in ordered}
    under: defaultdict[str | None, list[Card]] = defaultdict(list)
    for card in ordered:
        under[card.milestone.parent if card.milestone.parent in shown else None].append(card)
    placed: dict[str, tuple[Card, int]] = {}
    for top in (*under[None], *ordered):
        waiting = [(top, 0)]
        while waiting:
            card, depth = waiting.pop()
            if card.milestone.id not in placed:
                placed[card.milestone.id] = card, depth
                waiting += [(child, depth + 1) for child in reversed(under[card.milestone.id])]
    return list(placed.values())


def _milestone_row(row: Row, card: Card, depth: int, today: date) -> Row:
    milestone = card.milestone
    outputs = _outputs(card)
    state = milestone.status + _UNMET.get(milestone.measure_met or "", "")
    # A child whose parent is not in the list is one all the same.
    mark = "  " * (depth - 1) + "└ " if card.is_child else ""
    name = mark + str(row.cells[1])
    more = {
        "outputs_named": card.outputs_named,
        "outputs_done": card.outputs_done,
        "children": list(card.children),
        "minutes": card.minutes,
        "usual_length": card.usual_length,
    }
    due = _due(milestone.due_on, today, is_open=milestone.is_open)
    return Row({**row.data, **more}, (row.cells[0], name, milestone.kind.replace("_", " "), due, state, outputs))


def _outputs(card: Card) -> str:
    """Outputs done of named; marked where it ended without some of them."""
    if not card.outputs_named:
        return ""
    is_short = card.milestone.status == "completed" and card.outputs_done < card.outputs_named
    return ("! " if is_short else "") + f"outputs {card.outputs_done} of {card.outputs_named}"


def skill_rows(views: Views, skills: Sequence[Skill]) -> list[Row]:
    """Skills, the widest gap first."""
    ordered = sorted(skills, key=lambda skill: (-skill.gap, skill.id))
    return _rows(views, "skill", ordered, _skill_cells)


def _skill_cells(skill: Skill) -> tuple[object, ...]:
    current = skill.current
    target = f"target {skill.target.target}" if skill.target else ""
    change = "" if current is None else "no change recorded" if skill.change is None else f"{skill.change:+d}"
    return (_bar(current, skill.target.target if skill.target else None), target, change)


def _bar(current: int | None, target: int | None) -> str:
    """A rating of 5 as a bar, the gap to its target as an open one; the figure stands beside it."""
    if current is None:
        return "not rated"
    gap = max(0, (target or 0) - current)
    return f"{current} {'█' * current}{'░' * gap}"


def objective_rows(views: Views, objectives: Sequence[Objective], today: date) -> list[Row]:
    """Objectives, as briefly as a status has them; `mp objective list` draws them."""
    return _rows(views, "objective", objectives, lambda one: (one.horizon, _due(one.end, today, is_open=True)))


def metric_rows(views: Views, metrics: Sequence[Metric]) -> list[Row]:
    """Metrics, with their last reading."""
    return _rows(views, "metric", metrics, _metric_cells)


def _metric_cells(metric: Metric) -> tuple[object, ...]:
    if not metric.readings:
        return ("no reading yet", "", f"{metric.better} is better")
    last = metric.readings[-1]
    value = "(on your devices)" if last.value is None else f"{_signed(last.value, metric)} {_unit(metric)}"
    return (value, f"{last.on}, {last.basis}", f"{metric.better} is better")


def _signed(value: str, metric: Metric) -> str:
    return f"+{value}" if metric.kind == CHANGE and not value.startswith("-") else value


def _unit(metric: Metric) -> str:
    return "%" if metric.unit == "percent" else metric.unit


def _rows(views: Views, kind: str, things: Sequence[Thing], cells: Callable[[Thing], tuple[object, ...]]) -> list[Row]:
    ids = [thing.id for thing in things]
    names, shorts = views.names_of(kind, ids), short_ids(ids)
    return [_row(thing, names, shorts, cells(thing)) for thing in things]


def _row(thing: Thing, names: Mapping[str, str], shorts: Mapping[str, str], cells: tuple[object, ...]) -> Row:
    data: dict[str, object] = plain(thing)
    id_ = str(data["id"])
    name = names.get(id_)
    return Row({"id": id_, "short_id": shorts[id_], "name": name, **data}, (shorts[id_], name or "(unnamed)", *cells))


def _due(day: str | None, today: date, *, is_open: bool) -> str:
    # How long ago the due day of what has ended was says nothing: its end is in the card.
    if day is None or not is_open:
        return day or ""
    late = (today - date.fromisoformat(day)).days
    return f"{day}, {late} days ago" if late > 1 else say_date(date.fromisoformat(day), today)


def listed(
    schema: str, name: str, rows: Sequence[Row], heads: Sequence[str], empty: str, *, spared: int | None = None
) -> Answer:
    """An answer of rows; `empty` says that there are none, and what brings one.

    `spared` is the column that a narrow terminal does without, for the room that names need.
    """

    def text(look: Look) -> list[str]:
        cells = [row.cells for row in rows]
        if spared is None or look.width >= KINDS_WIDTH_MIN:
            shown, titles = cells, heads
        else:
            shown, titles = [_without(spared, one) for one in cells], _without(spared, heads)
        return table(titles, shown, look, styles=("bold",)) if rows else wrapped(empty, look)

    return Answer(schema, {name: [row.data for row in rows]}, text, [row.cells for row in rows])


def section(title: str, rows: Sequence[Row], look: Look) -> list[str]:
    """The rows under a title, and a blank line; nothing where there is none."""
    return [look.paint(title, "dim"), *_indented(rows, look), ""] if rows else []


def _indented(rows: Sequence[Row], look: Look) -> list[str]:
    widest = max(len(row.cells) for row in rows)
    cells = [(*row.cells, *("",) * (widest - len(row.cells))) for row in rows]
    return table(("",) * widest, cells, look, styles=("bold",))


def milestones_listed(views: Views, today: date, *, every: bool) -> Answer:
    """The milestones, open ones or all."""
    cards = list(cards_of(views.shelf(), *(() if every else OPEN_STATUS)))
    rows = milestone_rows(views, cards, today)
    heads = ("id", "milestone", "kind", "due", "state", "")
    some = "planned yet" if every else "open"
    empty = f"no milestone is {some}: mp milestone start credential CSPO --for 13w"
    return listed("milestones/1", "milestones", rows, heads, empty, spared=_KIND)


def without_kinds(rows: Sequence[Row], look: Look) -> Sequence[Row]:
    """Rows of milestones as this width has them: without their kinds where names would have no room."""
    if look.width >= KINDS_WIDTH_MIN:
        return rows
    return [row._replace(cells=_without(_KIND, row.cells)) for row in rows]


def _without(place: int, cells: Sequence[T]) -> tuple[T, ...]:
    return (*cells[:place], *cells[place + 1 :])


def goals_listed(views: Views, today: date, *, every: bool) -> Answer:
    """The goals, open ones or all."""
    goals = views.all(Goal) if every else views.all(Goal, "open")
    empty = 'no goal was set yet: mp goal "Draft 3 user stories" --due fri' if every else BETWEEN_GOALS
    return listed("goals/1", "goals", goal_rows(views, goals, today), ("id", "goal", "due", ""), empty)


def skills_listed(views: Views) -> Answer:
    """The skills."""
    rows = skill_rows(views, views.all(Skill))
    return listed(
        "skills/1",
        "skills",
        rows,
        ("id", "skill", "rating", "", "change"),
        'no skill is rated yet: mp rate "sprint planning" 3 --target 4',
    )


def metrics_listed(views: Views) -> Answer:
    """The metrics."""
    rows = metric_rows(views, views.all(Metric))
    return listed(
        "metrics/1",
        "metrics",
        rows,
        ("id", "metric", "last", "", ""),
        'no metric is defined yet: mp metric "monthly active users" 1200',
    )
