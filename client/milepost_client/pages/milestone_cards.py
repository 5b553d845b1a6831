"""What the card of a milestone says: its plan beside the usual, what was moved, its outputs, how it ended."""

from collections.abc import Iterator
from typing import Any

from milepost.checks.warn import USUAL_DAYS
from milepost.projections.milestones import Milestone
from milepost_client.pages.evidence_cards import hours_of
from milepost_client.pages.experiments import found_of, verdict_of
from milepost_client.pages.facts import Fact
from milepost_client.pages.worded import texts_of
from milepost_client.recording.commands import Desk
from milepost_client.recording.outputs import named_outputs
from milepost_client.render.counted import counted


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


def milestone_facts(desk: Desk, view: Milestone, derived: dict[str, Any]) -> Iterator[Fact]:
    """A milestone's card for people."""
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
    yield from _outputs(view, derived)
    if view.blocked_on:
        yield "blocked", f"since {view.blocked_on}: {view.obstacle}; to be tried: {view.remedy}"
    yield from _end(view, derived)


def _outputs(view: Milestone, derived: dict[str, Any]) -> Iterator[Fact]:
    if not derived["outputs"]:
        return
    is_short = view.status == "completed" and derived["outputs_done"] < len(derived["outputs"])
    yield "outputs", ("! " if is_short else "") + f"{derived['outputs_done']} of {len(derived['outputs'])}"
    for output in derived["outputs"]:
        yield "", f"{'✓' if output['done'] else '·'} {output['label']}"


def _end(view: Milestone, derived: dict[str, Any]) -> Iterator[Fact]:
    if view.measure_met:
        late = f", {counted(view.days_late, 'day')} later than planned" if view.days_late else ""
        yield "ended", f"{view.closed_on}, measure met: {view.measure_met}{late}"
    elif view.closed_on:
        yield "ended", f"{view.closed_on}: {view.reason}"
    for name, words in (("came of it", derived["result"]), ("learned", derived["lesson"])):
        if words:
            yield name, words
