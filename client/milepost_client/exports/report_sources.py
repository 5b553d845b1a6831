"""Where a report's parts come from: a pure reading of the views and of the words in the entries."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from milepost.projections.attached import Attached
from milepost.projections.demand import Term
from milepost.projections.direction import CHOICE, Choice, Position, Role
from milepost.projections.evidence import Artifact, Credential, Narrative
from milepost.projections.funnel import funnel
from milepost.projections.milestones import Milestone
from milepost.projections.money import CHANGES, Pay
from milepost.projections.outcomes import Outcome
from milepost.projections.people import Contact
from milepost.projections.progress import Card, Shelf, cards_of
from milepost.projections.skills import Rating, Skill
from milepost.projections.traces import Traced, readings_counted, traced
from milepost_client.exports.report import (
    Asked,
    Came,
    Demand,
    Grown,
    Line,
    Made,
    Obstacle,
    PayChange,
    People,
    Report,
    Step,
)
from milepost_client.pages.bullets import bullet
from milepost_client.pages.experiments import found_of
from milepost_client.pages.objectives import Served, objectives_of
from milepost_client.pages.portfolio import says_trace
from milepost_client.pages.skill_map import skills_placed
from milepost_client.pages.trends import TrendWeek, weeks_of
from milepost_client.pages.uptake import uptake
from milepost_client.pages.worded import texts_in, texts_of
from milepost_client.recording.dates import say_day
from milepost_client.views.views import Views

# Two years of bars is what one picture can hold.
WEEKS_MAX = 104
WEEKS_USUAL = 12
_UNNAMED = "(unnamed)"


def gather(views: Views, asked: Asked) -> Report:
    """Everything a report says of these days."""
    shelf = views.shelf(asked.as_of)
    steps = _steps(views, shelf, asked)
    choice = shelf.get(Choice, CHOICE)
    role = shelf.get(Role, choice.role) if choice else None
    impacts = [one for one in traced(shelf) if asked.holds(one.impact.stated_on)]
    narratives = _narratives(shelf, asked)
    return Report(
        asked=asked,
        origin=_origin(shelf, steps),
        goal=role.title if role else None,
        why=choice.why if choice else None,
        brief=role.brief if role else None,
        first=min((step.start for step in steps), default=None),
        last=max((step.last for step in steps), default=None),
        objectives=tuple(one for one in objectives_of(views, shelf, every=True) if _overlaps(one, asked)),
        steps=steps,
        lines=tuple(_line(views, one) for one in impacts),
        readings=readings_counted(impacts),
        artifacts=_artifacts(views, shelf, asked),
        credentials=_credentials(views, shelf, asked),
        narratives=tuple(_narrative(views, one) for one in narratives),
        told=tuple(uptake(views, shelf, {id for one in narratives for id in (one.id, *one.ref)})),
        demand=_demand(views, shelf),
        skills=_skills(views, shelf, asked),
        placed=tuple(skills_placed(views, shelf)),
        weeks=_weeks(views, asked, min((step.start for step in steps), default=None)),
        people=_people(views, shelf, asked),
        outcomes=_outcomes(views, shelf, asked) if asked.with_outcomes else (),
        pay=_pay(shelf, asked) if asked.with_outcomes else (),
    )


def _origin(shelf: Shelf, steps: Sequence[Step]) -> str | None:
    """Where the story begins: the position held on its first day."""
    first = min((step.start for step in steps), default="")
    held = [one for one in shelf.all(Position) if one.start <= first and (one.end is None or one.end >= first)]
    return max(held, key=lambda one: one.start).title if held else None


def _overlaps(one: Served, asked: Asked) -> bool:
    since, until = asked.since, asked.until
    return (since is None or one.objective.end >= since.isoformat()) and (
        until is None or one.objective.start <= until.isoformat()
    )


def _steps(views: Views, shelf: Shelf, asked: Asked) -> tuple[Step, ...]:
    """The milestones of these days, each with those inside it, the first to start first."""
    cards = {card.milestone.id: card for card in cards_of(shelf)}
    names = views.names("milestone")
    tops = [card for card in cards.values() if card.milestone.parent not in cards]
    steps = (_step(views, card, cards, names) for card in sorted(tops, key=_started))
    return tuple(step for step in steps if asked.holds(step.last) or asked.holds(step.start))


def _started(card: Card) -> tuple[str, str, str]:
    return card.milestone.start, card.milestone.due_on, card.milestone.id


def _step(views: Views, card: Card, cards: Mapping[str, Card], names: Mapping[str, str]) -> Step:
    milestone = card.milestone
    children = sorted((cards[id] for id in card.children), key=_started)
    return Step(
        name=names.get(milestone.id) or _UNNAMED,
        kind=milestone.kind,
        status=milestone.status,
        start=milestone.start,
        due=milestone.due_on,
        end=milestone.closed_on,
        days_late=milestone.days_late,
        measure=_text(texts_of(views.log, milestone, "plan").get("measure")),
        measure_met=milestone.measure_met,
        outputs_done=card.outputs_done,
        outputs_named=card.outputs_named,
        hours_planned=milestone.hours_planned,
        minutes=card.minutes,
        usual_length=card.usual_length,
        found=found_of(views.log, milestone),
        obstacle=_obstacle(milestone),
        inside=tuple(_step(views, child, cards, names) for child in children),
    )


def _obstacle(milestone: Milestone) -> Obstacle | None:
    if milestone.blocked_on is None or milestone.obstacle is None:
        return None
    return Obstacle(milestone.obstacle, milestone.blocked_on)


def _line(views: Views, one: Traced) -> Line:
    names = views.names("metric")
    says = tuple(says_trace(trace, names, say_day) for trace in one.traces)
    return Line(bullet(texts_of(views.log, one.impact, "stated")), says, one.missing)


def _artifacts(views: Views, shelf: Shelf, asked: Asked) -> tuple[Made, ...]:
    names, milestones = views.names("artifact"), views.names("milestone")
    found = sorted(shelf.all(Artifact), key=lambda one: (one.added_on, one.head("added") or ""))
    return tuple(
        Made(
            name=names.get(one.id) or _UNNAMED,
            kind=one.kind,
            on=one.added_on,
            link=_text(texts_of(views.log, one, "added").get("link")),
            public=one.public,
            of=tuple(milestones[id] for id in one.ref if id in milestones),
        )
        for one in found
        if asked.holds(one.added_on)
    )


def _credentials(views: Views, shelf: Shelf, asked: Asked) -> tuple[Made, ...]:
    found = sorted(shelf.all(Credential), key=lambda one: (one.earned_on, one.id))
    return tuple(_credential(views, shelf, one) for one in found if asked.holds(one.earned_on))


def _credential(views: Views, shelf: Shelf, one: Credential) -> Made:
    name = views.name("credential", one.id) or _UNNAMED
    words = texts_of(views.log, one, "earned")
    milestones = [found for id in one.ref if (found := shelf.get(Milestone, id)) is not None]
    planned = [milestone.hours_planned for milestone in milestones if milestone.hours_planned is not None]
    hung = [spent for id in one.ref if (spent := shelf.get(Attached, id)) is not None]
    asked_for = {views.name("term", term.id).casefold(): term.last.says for term in shelf.all(Term)}
    return Made(
        name=name,
        kind="credential",
        on=one.earned_on,
        link=_text(words.get("link")),
        issuer=_text(words.get("issuer")),
        demand=asked_for.get(name.casefold()),
        hours_planned=sum(planned) if planned else None,
        minutes=sum(attached.minutes for attached in hung),
    )


def _narratives(shelf: Shelf, asked: Asked) -> list[Narrative]:
    found = sorted(shelf.all(Narrative), key=lambda one: (one.published_on, one.head("published") or ""))
    return [one for one in found if asked.holds(one.published_on)]


def _narrative(views: Views, one: Narrative) -> Made:
    link = _text(texts_of(views.log, one, "published").get("link"))
    name = views.name("narrative", one.id) or _UNNAMED
    return Made(name=name, kind=one.kind, on=one.published_on, link=link, public=True)


def _demand(views: Views, shelf: Shelf) -> tuple[Demand, ...]:
    terms = sorted(shelf.all(Term), key=lambda term: (-term.last.percent, term.id))
    return tuple(
        Demand(views.name("term", term.id) or _UNNAMED, term.last.says, term.last.source, term.last.on)
        for term in terms
    )


def _skills(views: Views, shelf: Shelf, asked: Asked) -> tuple[Grown, ...]:
    """Skills that were rated by then, those that rose most first."""
    names = views.names("skill")
    grown = [_grown(names.get(skill.id) or _UNNAMED, skill, asked) for skill in shelf.all(Skill)]
    return tuple(sorted(filter(None, grown), key=lambda one: (-(one.change or 0), one.name.casefold())))


def _grown(name: str, skill: Skill, asked: Asked) -> Grown | None:
    """A skill as it was rated before and in these days; None where it was not rated by then."""
    every = (skill.first, *skill.ratings) if skill.first and skill.first not in skill.ratings else skill.ratings
    ratings = [one for one in every if asked.is_by_then(one.on)]
    if not ratings:
        return None
    target = skill.target
    met_on = target.met_on if target and target.met_on and asked.is_by_then(target.met_on) else None
    return Grown(
        name=name,
        before=_before(ratings, asked),
        after=ratings[-1].rating,
        target=target.target if target else None,
        by=target.by if target else None,
        met_on=met_on,
        days_late=target.days_late if target and met_on else None,
        basis=ratings[-1].basis,
    )


def _before(ratings: Sequence[Rating], asked: Asked) -> int | None:
    """The rating that stood before these days, else the first in them; None where none of them is a second one."""
    *earlier, last = ratings
    since = asked.since.isoformat() if asked.since else ""
    if not earlier or last.on < since:
        return None
    stood = [one for one in earlier if one.on < since]
    return (stood[-1] if stood else earlier[0]).rating


def _weeks(views: Views, asked: Asked, first: str | None) -> tuple[TrendWeek, ...]:
    """The weeks from the first logged one to the last: what was not begun, and what is over, is no gap."""
    last = min(asked.day, asked.until or asked.day).isoformat()
    start = asked.since or (date.fromisoformat(first) if first else asked.day - timedelta(weeks=WEEKS_USUAL))
    count = min(WEEKS_MAX, max(1, (asked.day - start).days // 7 + 2))
    # As of today the views are at hand; only an earlier day costs the whole history.
    found = [week for week in weeks_of(views, asked.day, count, asked.as_of) if week.first_day <= last]
    logged = [place for place, week in enumerate(found) if week.is_logged]
    return tuple(found[logged[0] : logged[-1] + 1]) if logged else ()


def _people(views: Views, shelf: Shelf, asked: Asked) -> People:
    names = views.names("contact")
    met: dict[str, list[str]] = {}
    for contact in shelf.all(Contact) if asked.with_names else ():
        if contact.is_met:
            met.setdefault(contact.role, []).append(names.get(contact.id) or _UNNAMED)
    return People(funnel=funnel(shelf), names={role: tuple(sorted(found)) for role, found in sorted(met.items())})


def _outcomes(views: Views, shelf: Shelf, asked: Asked) -> tuple[Came, ...]:
    found = []
    for outcome in sorted(shelf.all(Outcome), key=lambda one: one.id):
        came = [one for one in outcome.recorded if asked.holds(one.on)]
        said = (_text(texts_in(views.log, one.event).get("details")) for one in came)
        if came:
            found.append(Came(outcome.id, sum(one.count for one in came), tuple(filter(None, said))))
    return tuple(found)


def _pay(shelf: Shelf, asked: Asked) -> tuple[PayChange, ...]:
    found = shelf.get(Pay, CHANGES)
    return tuple(PayChange(one.on, one.percentage) for one in (found.changes if found else ()) if asked.holds(one.on))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
