"""Cards of people and evidence: what came of somebody or something, and the hours planned beside those spent."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from milepost.projections.demand import Term
from milepost.projections.evidence import Artifact, Credential, Impact, Narrative
from milepost.projections.measures import Metric
from milepost.projections.milestones import Milestone
from milepost.projections.money import Offering
from milepost.projections.outcomes import Outcome
from milepost.projections.people import INTERVIEW, Contact, Touch
from milepost.projections.percent import percent_of
from milepost.projections.traces import trace
from milepost.projections.view import View
from milepost_client.pages.bullets import bullet
from milepost_client.pages.facts import Fact
from milepost_client.pages.portfolio import says_trace
from milepost_client.pages.worded import texts_in, texts_of, values_in
from milepost_client.recording.commands import Desk
from milepost_client.recording.dates import say_minutes
from milepost_client.recording.prices import say_price
from milepost_client.render.bars import bar
from milepost_client.render.counted import counted
from milepost_client.words.outcomes import OUTCOMES

BAR_ROOM = 20
SESSION = "mentor_session"


class Hours(NamedTuple):
    """Hours planned for milestones, and minutes spent on them: two figures, never one."""

    planned: int | None
    minutes: int

    @property
    def data(self) -> dict[str, object]:
        """Both as JSON."""
        return {"hours_planned": self.planned, "minutes_spent": self.minutes}

    def says(self) -> str:
        """The spent beside the planned, with a bar."""
        spent = say_minutes(self.minutes)
        if not self.planned:
            return spent
        whole = 60 * self.planned
        drawn = bar(min(self.minutes, whole), whole, BAR_ROOM)
        return f"{drawn} {spent} of {self.planned} h planned ({percent_of(self.minutes, whole)} %)"


def hours_of(desk: Desk, milestones: Collection[Milestone]) -> Hours:
    """The hours planned for these milestones and spent on them."""
    planned = [one.hours_planned for one in milestones if one.hours_planned is not None]
    spent = [(desk.seen.view("attached", one.id) or {}).get("minutes", 0) for one in milestones]
    return Hours(sum(planned) if planned else None, sum(spent))


def evidence_card(desk: Desk, view: View | None) -> tuple[dict[str, Any], list[Fact]]:
    """What a card of evidence works out, and what it says; nothing for any other view."""
    match view:
        case Credential():
            return _credential(desk, view)
        case Artifact():
            return _made(desk, view, "added", view.kind, view.added_on)
        case Narrative():
            return _made(desk, view, "published", view.kind, view.published_on)
        case Impact():
            return _impact(desk, view)
        case Term():
            last = view.last
            said = [(one.on, f"{one.says}, {one.source.replace('_', ' ')}") for one in view.samples[-5:]]
            return {"percent": last.percent, "says": last.says}, [("asked for in", last.says), *said]
        case Offering():
            return _offering(desk, view)
        case _:
            return {}, []


def contact_card(desk: Desk, view: Contact) -> tuple[dict[str, Any], list[Fact]]:
    """What a contact's card works out, and what it says."""
    words = texts_of(desk.log, view, "added")
    sessions = [touch for touch in view.touches if touch.kind == SESSION]
    came = _came_of(desk, (), view.id)
    interviews = view.count(INTERVIEW)
    derived = {
        "met": view.is_met,
        "unthanked": len(view.unthanked),
        "interviews": interviews,
        "thanked": interviews - len(view.unthanked),
        "employer": words.get("employer"),
        "link": words.get("link"),
        "sessions": _cadence(sessions),
        "outcomes": came,
    }
    return derived, list(_contact_facts(view, derived, sessions))


def _contact_facts(view: Contact, derived: dict[str, Any], sessions: list[Touch]) -> Iterator[Fact]:
    target = ", on the target list" if view.on_target_list else ""
    yield "is", view.role.replace("_", " ") + (f" at {derived['employer']}" if derived["employer"] else "") + target
    if derived["link"]:
        yield "link", derived["link"]
    kinds = dict.fromkeys(touch.kind for touch in view.touches)
    yield "touches", ", ".join(f"{view.count(kind)} {kind.replace('_', ' ')}" for kind in kinds) or "none yet"
    if derived["interviews"]:
        yield "thanked", f"{derived['thanked']} of {counted(derived['interviews'], 'interview')}"
    if view.unthanked:
        yield "thanks due", f"for {', '.join(touch.on for touch in view.unthanked)}"
    if sessions:
        yield "sessions", _says_cadence(derived["sessions"])
    yield from _says_came(derived["outcomes"])


def _cadence(sessions: list[Touch]) -> dict[str, Any]:
    days = [date.fromisoformat(touch.on) for touch in sessions]
    return {
        "held": [touch.on for touch in sessions],
        "days_between": [(later - earlier).days for earlier, later in pairwise(days)],
        "with_agenda": sum(touch.has_agenda for touch in sessions),
        "minutes": sum(touch.minutes for touch in sessions),
    }


def _says_cadence(cadence: dict[str, Any]) -> str:
    between = ", ".join(str(days) for days in cadence["days_between"])
    rhythm = f", {between} days apart" if between else ""
    held = len(cadence["held"])
    return f"{held} on {', '.join(cadence['held'])}{rhythm}; an agenda for {cadence['with_agenda']} of {held}"


def _credential(desk: Desk, view: Credential) -> tuple[dict[str, Any], list[Fact]]:
    words = texts_of(desk.log, view, "earned")
    hours = hours_of(desk, _milestones(desk, view.ref))
    demand = _demand_for(desk, desk.seen.name("credential", view.id))
    came = _came_of(desk, (view.id, *view.ref), None, since=view.earned_on)
    derived = {
        "issuer": words.get("issuer"),
        "link": words.get("link"),
        "demand": demand,
        **hours.data,
        "outcomes": came,
    }
    facts: list[Fact] = [("earned", view.earned_on)]
    facts += [(name, derived[name]) for name in ("issuer", "link") if derived[name]]
    facts += [("asked for in", demand)] if demand else []
    facts += [("time", hours.says())] if hours.planned or hours.minutes else []
    return derived, [*facts, *_says_came(came)]


def _made(desk: Desk, view: Artifact | Narrative, field: str, kind: str, day: str) -> tuple[dict[str, Any], list[Fact]]:
    link = texts_of(desk.log, view, field).get("link")
    came = _came_of(desk, (view.id,), None, since=day)
    facts: list[Fact] = [("is", kind.replace("_", " ")), (field, day), *([("link", link)] if link else [])]
    return {"link": link, "outcomes": came}, [*facts, *_says_came(came)]


def _impact(desk: Desk, view: Impact) -> tuple[dict[str, Any], list[Fact]]:
    words = texts_of(desk.log, view, "stated")
    recorded = [_metric_of(desk, event) for event in view.readings]
    metrics = [
        msgspec.convert(found, Metric)
        for id_ in dict.fromkeys(recorded)
        if (found := desk.seen.view("metric", id_)) is not None
    ]
    traced = trace(view, metrics)
    names = {metric.id: desk.seen.name("metric", metric.id) for metric in metrics}
    says = [says_trace(one, names) for one in traced.traces]
    derived = {"bullet": bullet(words), "rests_on": says, "missing": traced.missing}
    return derived, [("says", bullet(words)), *(("rests on", one) for one in says)]


def _metric_of(desk: Desk, reading: str) -> str:
    return str(values_in(desk.log, reading).get("metric", ""))


def _offering(desk: Desk, view: Offering) -> tuple[dict[str, Any], list[Fact]]:
    readings = (desk.seen.view("attached", view.id) or {}).get("readings", 0)
    facts: list[Fact] = [("price", say_price(view.amount, view.currency, view.per)), ("priced", view.priced_on)]
    facts += [("why", view.rationale)] if view.rationale else []
    return {"readings": readings}, [*facts, ("uptake", counted(readings, "reading"))]


def _milestones(desk: Desk, ids: Collection[str]) -> list[Milestone]:
    found = (desk.seen.view("milestone", id_) for id_ in ids)
    return [msgspec.convert(view, Milestone) for view in found if view is not None]


def _demand_for(desk: Desk, name: str) -> str | None:
    """What postings ask for under the same name: why it was worth earning."""
    if not name:
        return None
    terms = [term for term in desk.seen.find(("term",), name) if term.name.casefold() == name.casefold()]
    found = desk.seen.view("term", terms[0].id) if terms else None
    return None if found is None else msgspec.convert(found, Term).last.says


def _came_of(desk: Desk, refs: Collection[str], contact: str | None, since: str | None = None) -> list[dict[str, Any]]:
    """The outcomes that hang off these ids or came from this contact, by day."""
    found = [
        {
            "kind": kind,
            "count": came.count,
            "on": came.on,
            "days_after": (date.fromisoformat(came.on) - date.fromisoformat(since)).days if since else None,
            "details": texts_in(desk.log, came.event).get("details"),
        }
        for kind in OUTCOMES
        if (view := desk.seen.view("outcome", kind)) is not None
        for came in msgspec.convert(view, Outcome).recorded
        if contact in came.contacts or not set(refs).isdisjoint(came.ref)
    ]
    return sorted(found, key=lambda one: str(one["on"]))


def _says_came(came: list[dict[str, Any]]) -> Iterator[Fact]:
    for one in came:
        after = f", {counted(one['days_after'], 'day')} later" if one["days_after"] else ""
        details = f": {one['details']}" if one["details"] else ""
        kind = str(one["kind"]).replace("_", " ") + ("" if one["count"] == 1 else "s")
        yield "came of it", f"{one['count']} {kind} on {one['on']}{after}{details}"
