"""What the card of a goal says: the attempts before it, what it serves, and what was kept where it repeats."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from milepost.projections.goals import Goal
from milepost.projections.own import Capacity
from milepost_client.pages.facts import Fact
from milepost_client.pages.keeping import kept_of, legend
from milepost_client.recording.commands import REFERABLE, Desk
from milepost_client.views.attempts import earlier_attempts
from milepost_client.views.lookup import Named


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


def goal_facts(desk: Desk, view: Goal, derived: dict[str, Any]) -> Iterator[Fact]:
    """A goal's card for people."""
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
        yield "", legend([period["state"] for period in derived["kept"]["periods"]])
    marks = [word for word, given in (("learning", view.learning), ("visible", view.visible)) if given]
    if marks:
        yield "is", ", ".join(marks)
