"""The card of a thing: what stands about it, worked out from its view and said in a few lines."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from milepost.checks.warn import USUAL_DAYS
from milepost.projections.asking import Help
from milepost.projections.direction import Position, Role, Value
from milepost.projections.goals import Goal
from milepost.projections.kinds import KINDS
from milepost.projections.measures import Metric
from milepost.projections.milestones import Milestone, Objective
from milepost.projections.own import Capacity
from milepost.projections.people import Contact
from milepost.projections.skills import Skill
from milepost.projections.view import View
from milepost_client.answer import Look, clean
from milepost_client.pages.asking import request_card
from milepost_client.pages.evidence_cards import contact_card, evidence_card, hours_of
from milepost_client.pages.experiments import found_of, verdict_of
from milepost_client.pages.keeping import kept_of
from milepost_client.pages.role_cards import position_facts, role_facts, role_figures
from milepost_client.pages.worded import texts_of
from milepost_client.recording.commands import REFERABLE, Desk
from milepost_client.recording.dates import say_minutes
from milepost_client.recording.outputs import named_outputs
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.views.attempts import earlier_attempts
from milepost_client.views.lookup import Named
from milepost_client.views.plain import plain
from milepost_client.words.asking import sentence_of

Fact = tuple[str, object]


class Card(NamedTuple):
    """A thing, its view, and what is worth saying about it.

    `derived` is worked out, `facts` is all of it for people.
    """

    thing: Named
    short: str
    view: View | None
    derived: dict[str, object]
    facts: Sequence[Fact]

    @property
    def data(self) -> dict[str, object]:
        """The card as JSON shows it."""
        return {
            "kind": self.thing.kind,
            "id": self.thing.id,
            "short_id": self.short,
            "name": self.thing.name or None,
        } | {
            "view": plain(self.view),
            "derived": self.derived,
        }

    def lines(self, look: Look) -> list[str]:
        """The card for people."""
        head = f"{look.paint(self.short, 'bold')} {self.thing.kind}  {clean(self.thing.name or self.thing.id)}"
        return [head, *table(("", ""), self.facts, look)]


def card_of(desk: Desk, thing: Named) -> Card:
    """The card of a thing, from its view as it stands now."""
    view = view_of(desk, thing)
    derived: dict[str, object] = {}
    facts: list[Fact] = []
    match view:
        case Milestone():
            derived = milestone_figures(desk, view)
            facts = list(_milestone(desk, view, derived))
        case Goal():
            derived = goal_figures(desk, view)
            facts = list(_goal(desk, view, derived))
        case Objective():
            facts = list(_objective(view))
        case Skill():
            derived = skill_figures(view)
            facts = list(_skill(view, derived))
        case Contact():
            derived, facts = contact_card(desk, view)
        case Metric():
            facts = list(_metric(view))
        case Role():
            derived = role_figures(desk, view)
            facts = list(role_facts(desk, view, derived))
        case Position():
            facts = list(position_facts(view))
        case Value():
            facts = [("rank", view.rank or "none yet")]
        case Help():
            thing = thing._replace(name=sentence_of(desk, thing))
            derived, facts = request_card(desk, view)
        case _:
            derived, facts = evidence_card(desk, view)
    attached = desk.seen.view("attached", thing.id) or {}
    drawn = {name for name, _ in facts}
    hung: tuple[tuple[str, str, Callable[[int], str]], ...] = (
        ("time spent", "minutes", say_minutes),
        ("feedback", "feedback", str),
        ("touches", "touches", str),
    )
    facts += [(name, say(attached[field])) for name, field, say in hung if attached.get(field) and name not in drawn]
    return Card(thing, desk.seen.short(thing.id), view, derived, facts)


def view_of(desk: Desk, thing: Named) -> View | None:
    """The view of a thing as a struct; None when nothing about it stands."""
    found = desk.seen.view(thing.kind, thing.id)
    return None if found is None or thing.kind not in KINDS else msgspec.convert(found, KINDS[thing.kind].view)


def milestone_figures(desk: Desk, view: Milestone) -> dict[str, object]:
    """What a milestone's card works out."""
    outputs = named_outputs(desk.log, desk.seen, view.id)
    done = [id_ for id_, _ in outputs if (desk.seen.view("output", id_) or {}).get("done_on")]
    found = found_of(desk.log, view)
    return {
        "measure": texts_of(desk.log, view, "plan").get("measure"),
        "hypothesis": found.hypothesis,
        "result": found.result,
        "lesson": found.lesson,
        "days_planned": view.days_planned,
        "usual_length": usual_length(view.days_planned),
        **hours_of(desk, [view]).data,
        "days_late": view.days_late,
        "outputs": [{"id": id_, "label": label, "done": id_ in done} for id_, label in outputs],
        "outputs_done": len(done),
    }


def usual_length(days: int) -> str:
    """A milestone's length beside the usual 2-8 weeks, whatever its kind: as information, never as a fault."""
    low, high = USUAL_DAYS
    side = "shorter than" if days < low else "longer than" if days > high else "within"
    return f"{side} the usual {low // 7}-{high // 7} weeks"


def _milestone(desk: Desk, view: Milestone, derived: dict[str, Any]) -> Iterator[Fact]:
    yield "what", f"{view.kind.replace('_', ' ')}, {view.status}"
    yield "dates", f"{view.start} to {view.due_on} ({counted(view.days_planned, 'day')}, {derived['usual_length']})"
    if derived["measure"]:
        yield "measure", derived["measure"]
    if derived["hypothesis"]:
        yield "tried whether", f"{derived['hypothesis']} ({verdict_of(view)})"
    for move in view.moves:
        yield "moved", f"on {move.on} to {move.due}" + (f" ({move.reason})" if move.reason else "")
    if view.hours_planned is not None:
        yield "planned", f"{view.hours_per_week} h a week, {view.hours_planned} h in all; planned, not spent"
        yield "time spent", hours_of(desk, [view]).says()
    if derived["outputs"]:
        is_short = view.status == "completed" and derived["outputs_done"] < len(derived["outputs"])
        yield "outputs", ("! " if is_short else "") + f"{derived['outputs_done']} of {len(derived['outputs'])}"
        for output in derived["outputs"]:
            yield "", f"{'✓' if output['done'] else '·'} {output['label']}"
    if view.blocked_on:
        yield "blocked", f"since {view.blocked_on}: {view.obstacle}; to be tried: {view.remedy}"
    if view.measure_met:
        late = f", {counted(view.days_late, 'day')} later than planned" if view.days_late else ""
        yield "ended", f"{view.closed_on}, measure met: {view.measure_met}{late}"
    elif view.closed_on:
        yield "ended", f"{view.closed_on}: {view.reason}"
    for name, words in (("came of it", derived["result"]), ("learned", derived["lesson"])):
        if words:
            yield name, words


def goal_figures(desk: Desk, view: Goal) -> dict[str, object]:
    """What a goal's card works out: the attempts before it, oldest first, and what was kept where it repeats."""
    earlier = earlier_attempts(view.id, lambda id: (desk.seen.view("goal", id) or {}).get("replaces"))
    found = desk.seen.view("capacity", "week")
    capacity = None if found is None else msgspec.convert(found, Capacity)
    kept = kept_of(view, capacity, lambda kind, id: desk.seen.view(kind, id) is not None, desk.today)
    return {
        "attempt": len(earlier) + 1,
        "attempts_before": [{"id": id, "name": desk.seen.name("goal", id) or None} for id in reversed(earlier)],
        "kept": kept and {**kept.data, "said": str(kept)},
        "serves": [{"kind": one.kind, "id": one.id, "name": one.name or None} for one in lineage(desk, view.ref)],
    }


def lineage(desk: Desk, refs: Sequence[str]) -> list[Named]:
    """What an entry hangs off, and what that serves in turn, up to the objective."""
    found: dict[str, Named] = {}
    waiting = list(refs)
    while waiting:
        id = waiting.pop(0)
        # Two devices can write milestones that are each in the other.
        for kind in REFERABLE if id not in found else ():
            if (above := desk.seen.view(kind, id)) is not None:
                found[id] = Named(kind, id, desk.seen.name(kind, id))
                waiting += [above[field] for field in ("parent", "objective") if above.get(field)]
    return list(found.values())


def _goal(desk: Desk, view: Goal, derived: dict[str, Any]) -> Iterator[Fact]:
    yield "state", view.result or ("reframed" if view.replaced_by else "open")
    if derived["attempt"] > 1:
        yield "attempt", derived["attempt"]
        yield from (("", f"{number} {one['name']}") for number, one in enumerate(derived["attempts_before"], 1))
    if view.replaced_by:
        yield "now", f"{desk.seen.name('goal', view.replaced_by)} ({desk.seen.short(view.replaced_by)})"
    if view.due_on:
        moved = f", first {view.first_due}" if view.first_due not in (None, view.due_on) else ""
        yield "due", f"{view.due_on}{moved}"
    if derived["serves"]:
        yield "serves", " › ".join(f"{one['kind']} {one['name'] or one['id']}" for one in derived["serves"])
    if view.estimate_minutes:
        yield "estimate", f"{view.estimate_minutes} min"
    if view.repeat:
        yield "repeats", f"{view.repeat.replace('_', ' ')}; kept {derived['kept']['said']} {derived['kept']['unit']}s"
    marks = [word for word, given in (("learning", view.learning), ("visible", view.visible)) if given]
    if marks:
        yield "is", ", ".join(marks)


def _objective(view: Objective) -> Iterator[Fact]:
    yield "is", f"{view.status}, looks a {view.horizon} ahead"
    yield "dates", f"{view.start} to {view.end}"
    yield "drawn", "mp objective list" + (" --all" if view.status == "closed" else "")


def skill_figures(view: Skill) -> dict[str, object]:
    """What a skill's card works out. Without a second rating there is no change, which is not 0."""
    late = view.target.days_late if view.target else None
    return {"current": view.current, "change": view.change, "gap": view.gap, "target_days_late": late}


def _skill(view: Skill, derived: dict[str, object]) -> Iterator[Fact]:
    if view.ratings:
        story = " -> ".join(str(one.rating) for one in view.ratings)
        yield "rating", story if view.change is not None else f"{story}, no change recorded"
    if view.target:
        yield "target", f"{view.target.target}{f' by {view.target.by}' if view.target.by else ''}{_met(view)}"
    if view.gap:
        yield "gap", view.gap


def _met(view: Skill) -> str:
    target = view.target
    if target is None or target.met_on is None:
        return ""
    late = target.days_late or 0
    if late <= 0:
        return f": met on {target.met_on}"
    span = f"{late // 7} weeks" if late % 7 == 0 and late > 7 else f"{late} days"
    return f": met on {target.met_on}, {span} later than planned"


def _metric(view: Metric) -> Iterator[Fact]:
    yield "is", f"{view.kind} in {view.unit}, {view.better} is better" + (", your devices only" if view.own else "")
    for reading in view.readings[-5:]:
        yield reading.on, f"{reading.value or '(on your devices)'} {reading.basis}"
