"""The card of a thing: what stands about it, worked out from its view and said in a few lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from milepost.projections.asking import Help
from milepost.projections.direction import Position, Role, Value
from milepost.projections.goals import Goal
from milepost.projections.kinds import KINDS
from milepost.projections.measures import Metric
from milepost.projections.milestones import Milestone, Objective
from milepost.projections.people import Contact
from milepost.projections.skills import Skill
from milepost.projections.view import View
from milepost_client.answer import Look, clean
from milepost_client.pages.asking import request_card
from milepost_client.pages.evidence_cards import contact_card, evidence_card
from milepost_client.pages.facts import Fact
from milepost_client.pages.goal_cards import goal_facts, goal_figures
from milepost_client.pages.milestone_cards import milestone_facts, milestone_figures
from milepost_client.pages.role_cards import position_facts, role_facts, role_figures
from milepost_client.pages.worded import texts_in, texts_of
from milepost_client.recording.commands import Desk
from milepost_client.recording.dates import say_minutes
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.views.lookup import Named
from milepost_client.views.plain import plain
from milepost_client.words.asking import sentence_of


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
    if isinstance(view, Help):
        thing = thing._replace(name=sentence_of(desk, thing))
    derived, facts = _said(desk, view)
    drawn = {name for name, _ in facts}
    facts += [(name, says) for name, says in _hung(desk, thing) if name not in drawn]
    return Card(thing, desk.seen.short(thing.id), view, derived, facts)


def _said(desk: Desk, view: View | None) -> tuple[dict[str, object], list[Fact]]:
    """What a card works out, and its facts."""
    derived: dict[str, object] = {}
    match view:
        case Milestone():
            derived = milestone_figures(desk, view)
            return derived, list(milestone_facts(desk, view, derived))
        case Goal():
            derived = goal_figures(desk, view)
            return derived, list(goal_facts(desk, view, derived))
        case Objective():
            return derived, list(_objective(view))
        case Skill():
            return skill_figures(view), list(_skill(desk, view))
        case Metric():
            return derived, list(_metric(desk, view))
        case Role():
            derived = role_figures(desk, view)
            return derived, list(role_facts(desk, view, derived))
        case Position():
            return derived, list(position_facts(view))
        case Value():
            return derived, [("rank", view.rank or "none yet")]
        case Contact():
            return contact_card(desk, view)
        case Help():
            return request_card(desk, view)
        case _:
            return evidence_card(desk, view)


def _hung(desk: Desk, thing: Named) -> Iterator[Fact]:
    """What hangs off a thing, of whatever kind."""
    attached = desk.seen.view("attached", thing.id) or {}
    if minutes := attached.get("minutes"):
        yield "time spent", say_minutes(minutes)
    for name in ("feedback", "touches"):
        if count := attached.get(name):
            yield name, str(count)


def view_of(desk: Desk, thing: Named) -> View | None:
    """The view of a thing as a struct; None when nothing about it stands."""
    found = desk.seen.view(thing.kind, thing.id)
    return None if found is None or thing.kind not in KINDS else msgspec.convert(found, KINDS[thing.kind].view)


def _objective(view: Objective) -> Iterator[Fact]:
    yield "is", f"{view.status}, looks a {view.horizon} ahead"
    yield "dates", f"{view.start} to {view.end}"
    yield "drawn", "mp objective list" + (" --all" if view.status == "closed" else "")


def skill_figures(view: Skill) -> dict[str, object]:
    """What a skill's card works out. Without a second rating there is no change, which is not 0."""
    late = view.target.days_late if view.target else None
    return {"current": view.current, "change": view.change, "gap": view.gap, "target_days_late": late}


def _skill(desk: Desk, view: Skill) -> Iterator[Fact]:
    if view.ratings:
        story = " -> ".join(str(one.rating) for one in view.ratings)
        yield "rating", story if view.change is not None else f"{story}, no change recorded"
    if view.target:
        yield "target", f"{view.target.target}{f' by {view.target.by}' if view.target.by else ''}{_met(view)}"
        how = ((view.target.method or "").replace("_", " "), texts_of(desk.log, view, "target").get("resource"))
        if any(how):
            yield "by way of", ": ".join(str(part) for part in how if part)
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


def _metric(desk: Desk, view: Metric) -> Iterator[Fact]:
    yield "is", f"{view.kind} in {view.unit}, {view.better} is better" + (", your devices only" if view.own else "")
    for reading in view.readings[-5:]:
        over = f", over {counted(reading.window_days, 'day')}" if reading.window_days else ""
        source = "" if reading.source == "other" else f", {reading.source.replace('_', ' ')}"
        yield reading.on, f"{reading.value or '(on your devices)'} {reading.basis}{over}{source}"
        if method := texts_in(desk.log, reading.event).get("method"):
            yield "", f"measured: {method}"
