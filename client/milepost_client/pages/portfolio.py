"""Evidence in lists: what the market asks for, the portfolio, impacts with their readings, and what came of it."""

from collections.abc import Callable, Collection, Sequence
from textwrap import wrap
from typing import Any

from milepost.projections.attached import Attached
from milepost.projections.demand import Term
from milepost.projections.evidence import Artifact, Credential, Impact, Narrative
from milepost.projections.money import CHANGES, Offering, Pay
from milepost.projections.outcomes import Outcome
from milepost.projections.traces import CHANGE, Trace, Traced, readings_counted, traced
from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.bullets import bullet
from milepost_client.pages.lists import Row, listed, short_ids
from milepost_client.pages.uptake import uptake
from milepost_client.pages.worded import texts_in, texts_of
from milepost_client.recording.prices import say_amount, say_price
from milepost_client.render.bars import bar, bar_room
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

BAR_ROOM = 18
SHARE_ROOM = 10
_KIND = 2

Shown = Term | Artifact | Credential | Impact | Narrative | Offering


def demand_listed(views: Views) -> Answer:
    """Terms, the most asked for first; a share always with its sample."""
    terms = sorted(views.all(Term), key=lambda term: (-term.last.percent, term.id))
    rows = _rows(views, "term", terms)
    shown = [
        Row(
            {**data, "percent": term.last.percent, "says": term.last.says},
            (short, name, bar(term.last.percent, 100, SHARE_ROOM), term.last.says, term.last.on),
        )
        for term, (data, short, name) in zip(terms, rows, strict=True)
    ]
    empty = "no demand is sampled yet: mp evidence demand CSPO 19/50"
    return listed("demand/1", "terms", shown, ("id", "term", "", "asked for in", "on"), empty)


def artifacts_listed(views: Views) -> Answer:
    """The portfolio: artifacts, the newest first, with what they belong to and deliver."""
    artifacts = sorted(views.all(Artifact), key=lambda one: (one.added_on, one.head("added") or ""), reverse=True)
    shown = []
    for artifact, (data, short, name) in zip(artifacts, _rows(views, "artifact", artifacts), strict=True):
        link = texts_of(views.log, artifact, "added").get("link")
        of = ", ".join(_named(views, artifact.ref))
        state = ("public" if artifact.public else "not public") + (", delivers an output" if artifact.output else "")
        cells = (short, name, artifact.kind.replace("_", " "), artifact.added_on, of, state, link or "")
        shown.append(Row({**data, "link": link}, cells))
    heads = ("id", "artifact", "kind", "added", "of", "", "")
    empty = 'nothing is in the portfolio yet: mp evidence artifact "Case study" --kind case_study'
    return listed("artifacts/1", "artifacts", shown, heads, empty, spared=_KIND)


def credentials_listed(views: Views) -> Answer:
    """Credentials, the newest first."""
    credentials = sorted(views.all(Credential), key=lambda one: (one.earned_on, one.head("earned") or ""), reverse=True)
    shown = []
    for credential, (data, short, name) in zip(credentials, _rows(views, "credential", credentials), strict=True):
        words = texts_of(views.log, credential, "earned")
        more = {"issuer": words.get("issuer"), "link": words.get("link")}
        shown.append(
            Row({**data, **more}, (short, name, credential.earned_on, *(word or "" for word in more.values())))
        )
    heads = ("id", "credential", "earned", "issuer", "")
    return listed(
        "credentials/1", "credentials", shown, heads, "no credential is earned yet: mp evidence credential CSPO"
    )


def narratives_listed(views: Views) -> Answer:
    """Narratives, the newest first, and whom they reached: what hangs off them, or off what they belong to."""
    narratives = sorted(
        views.all(Narrative), key=lambda one: (one.published_on, one.head("published") or ""), reverse=True
    )
    shown = []
    for narrative, (data, short, name) in zip(narratives, _rows(views, "narrative", narratives), strict=True):
        link = texts_of(views.log, narrative, "published").get("link")
        cells = (short, name, narrative.kind, narrative.published_on, link or "")
        shown.append(Row({**data, "link": link}, cells))
    heads = ("id", "narrative", "kind", "published", "")
    empty = 'nothing is told yet: mp evidence narrative "What I learned"'
    answer = listed("narratives/1", "narratives", shown, heads, empty)
    told = {id_ for one in narratives for id_ in (one.id, *one.ref)}
    read, came = uptake(views, views.shelf(), told), _came_of(views, told)
    reach = [
        *((one.says, f"as of {one.last.on}") for one in read),
        *((_count(count, kind.replace("_", " ")), "came of it") for kind, count in came.items()),
    ]

    def text(look: Look) -> list[str]:
        below = ["", *table(("reach", ""), reach, look)] if reach else []
        return [*answer.text(look), *below]

    return answer._replace(data={**answer.data, "reach": plain(read), "outcomes": came}, text=text)


def _came_of(views: Views, ids: Collection[str]) -> dict[str, int]:
    """How many outcomes of each kind hang off any of these."""
    found = {
        one.id: sum(came.count for came in one.recorded if not set(ids).isdisjoint(came.ref))
        for one in sorted(views.all(Outcome), key=lambda one: one.id)
    }
    return {kind: count for kind, count in found.items() if count}


def impacts_listed(views: Views) -> Answer:
    """Impacts as lines of a résumé, each with the readings it rests on."""
    every = traced(views.shelf())
    rows = _rows(views, "impact", [one.impact for one in every])
    metrics = views.names("metric")
    impacts = [_impact(views, one, data, metrics) for one, (data, _, _) in zip(every, rows, strict=True)]
    counted = readings_counted(every)
    data = {"impacts": impacts, "readings": counted}
    records = [(one["id"], one["bullet"], *(trace["says"] for trace in one["traces"])) for one in impacts]

    def text(look: Look) -> list[str]:
        lines = [line for one in impacts for line in _impact_lines(one, look)]
        count = f"{_count(len(impacts), 'impact')} on {_count(counted, 'reading')}"
        empty = "no impact is stated yet: mp evidence impact --help"
        return [*lines, look.paint(count, "dim")] if lines else wrapped(empty, look)

    return Answer("impacts/1", data, text, records)


def _impact(views: Views, one: Traced, data: dict[str, Any], metrics: Any) -> dict[str, Any]:
    words = texts_of(views.log, one.impact, "stated")
    said = {name: words.get(name) for name in ("action", "context", "result")}
    traces = [
        {**plain(trace), "name": metrics.get(trace.metric), "says": says_trace(trace, metrics)} for trace in one.traces
    ]
    return {**data, **said, "bullet": bullet(words), "traces": traces, "missing": one.missing}


def says_trace(trace: Trace, metrics: Any, say_on: Callable[[str], str] = str) -> str:
    """A reading as an impact rests on it: `monthly active users 12 % (relative, 2026-06-26), an improvement`.

    `say_on` words its day.
    """
    reading = trace.reading
    unit = "%" if trace.unit == "percent" else trace.unit
    value = "(on your devices)" if reading.value is None else f"{_signed(reading.value, trace)} {unit}"
    basis = "basis not stated" if reading.basis == "unknown" else reading.basis
    verdict = {True: "an improvement", False: "a step back", None: ""}[trace.is_improvement]
    said = f"{metrics.get(trace.metric) or trace.metric} {value} ({basis}, {say_on(reading.on)})"
    return f"{said}, {verdict}" if verdict else said


def _impact_lines(one: dict[str, Any], look: Look) -> list[str]:
    first, *rest = wrap(clean(one["bullet"]), look.width - 2)
    below = [trace["says"] for trace in one["traces"]]
    below += [f"{_count(one['missing'], 'reading')} taken back"] if one["missing"] else []
    lines = [line for says in below for line in wrap(clean(f"↳ {says}"), look.width - 4, subsequent_indent="  ")]
    claimed = [] if below else [look.paint("    rests on no reading", "note")]
    head = [f"{look.paint('•', 'good')} {first}", *(f"  {line}" for line in rest)]
    return [*head, *(look.paint(f"    {line}", "dim") for line in lines), *claimed]


def outcomes_listed(views: Views) -> Answer:
    """Outcomes by kind, never added up over kinds; each entry below its kind."""
    outcomes = sorted(views.all(Outcome), key=lambda one: one.id)
    contacts = views.names("contact")
    data = [_outcome(views, one, contacts) for one in outcomes]
    records = [
        (one["kind"], came["count"], came["on"], ", ".join(came["names"]), came["details"])
        for one in data
        for came in one["recorded"]
    ]

    def text(look: Look) -> list[str]:
        if not data:
            return wrapped("nothing came of it yet: mp evidence outcome invitation", look)
        return [line for one in data for line in _outcome_lines(one, look)]

    return Answer("outcomes/1", {"outcomes": data}, text, records)


def _outcome(views: Views, outcome: Outcome, contacts: Any) -> dict[str, Any]:
    recorded = [
        {
            **plain(came),
            "names": [contacts.get(contact) or contact for contact in came.contacts],
            "details": texts_in(views.log, came.event).get("details"),
        }
        for came in outcome.recorded
    ]
    return {"kind": outcome.id, "count": outcome.count, "contacts": list(outcome.contacts), "recorded": recorded}


def _outcome_lines(one: dict[str, Any], look: Look) -> list[str]:
    kind = one["kind"].replace("_", " ") + ("" if one["count"] == 1 else "s")
    head = f"{look.paint(str(one['count']), 'bold')} {kind}"
    rows = [(f"  {came['on']}", came["count"], ", ".join(came["names"]), came["details"]) for came in one["recorded"]]
    return [head, *table(("", "", "", ""), rows, look, styles=("dim",))]


def offerings_listed(views: Views) -> Answer:
    """Offerings with their prices, and the readings of uptake that hang off them."""
    offerings = sorted(views.all(Offering), key=lambda one: (one.priced_on, one.id))
    shown = []
    for offering, (data, short, name) in zip(offerings, _rows(views, "offering", offerings), strict=True):
        hung = views.get(Attached, offering.id)
        readings = hung.readings if hung else 0
        price = say_price(offering.amount, offering.currency, offering.per)
        read = uptake(views, views.shelf(), (offering.id,))
        more = {"price": say_amount(offering.amount, offering.currency), "readings": readings, "uptake": plain(read)}
        says = "; ".join(one.says for one in read) or "no uptake read yet"
        cells = (short, name, price, says, offering.rationale or "")
        shown.append(Row({**data, **more}, cells))
    empty = 'nothing is priced yet: mp evidence offering "Portfolio review" 45 EUR'
    return listed("offerings/1", "offerings", shown, ("id", "offering", "price", "", "why"), empty)


def pay_listed(views: Views) -> Answer:
    """Changes of pay, on the member's devices only."""
    found = views.get(Pay, CHANGES)
    changes = found.changes if found else ()
    rows = [Row(plain(one), (one.on, f"{_plus(one.percentage)} %", one.details or "")) for one in changes]
    return listed("pay/1", "changes", rows, ("on", "pay", ""), "no change of pay is noted yet: mp evidence pay +5%")


def evidence_listed(views: Views) -> Answer:
    """All evidence on one page: how much of each kind, and where to read it."""
    shelf = views.shelf()
    outcomes = {one.id: one.count for one in shelf.all(Outcome)}
    impacts = traced(shelf)
    counts: dict[str, int] = {
        "demand": len(shelf.all(Term)),
        "credential": len(shelf.all(Credential)),
        "artifact": len(shelf.all(Artifact)),
        "impact": len(impacts),
        "narrative": len(shelf.all(Narrative)),
        "offering": len(shelf.all(Offering)),
    }
    public = shelf.counts(Artifact).get("public", 0)
    data = {"counts": counts, "public": public, "readings": readings_counted(impacts), "outcomes": outcomes}
    rows = [(kind, count, f"mp evidence {kind} list") for kind, count in counts.items()]
    came = [(kind.replace("_", " "), count, "mp evidence outcome list") for kind, count in sorted(outcomes.items())]

    def text(look: Look) -> list[str]:
        if not any(count for _, count, _ in (*rows, *came)):
            return wrapped("no evidence is kept yet: mp evidence demand CSPO 19/50", look)
        widest = max(count for _, count, _ in (*rows, *came))
        room = bar_room(look, BAR_ROOM)
        drawn = [
            (kind, count, bar(count, widest, room).rstrip("░"), command) for kind, count, command in (*rows, *came)
        ]
        return table(("evidence", "", "", "read it with"), drawn, look, styles=("", "bold", "good", "dim"))

    return Answer("evidence/1", data, text, [*rows, *came])


def _rows(views: Views, kind: str, things: Sequence[Shown]) -> list[tuple[dict[str, Any], str, str]]:
    """Each thing's JSON with short id and name, and those two on their own."""
    names, shorts = views.names(kind), short_ids([thing.id for thing in things])
    return [
        (
            {"id": thing.id, "short_id": shorts[thing.id], "name": names.get(thing.id), **plain(thing)},
            shorts[thing.id],
            names.get(thing.id) or "(unnamed)",
        )
        for thing in things
    ]


def _named(views: Views, ids: Sequence[str]) -> list[str]:
    kinds = ("milestone", "goal", "objective", "skill", "role", "metric")
    return [next((name for kind in kinds if (name := views.name(kind, id))), id) for id in ids]


def _signed(value: str, trace: Trace) -> str:
    return _plus(value) if trace.kind == CHANGE else value


def _plus(value: str) -> str:
    return value if value.startswith("-") else f"+{value}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
