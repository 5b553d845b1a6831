"""A report as one HTML file: no script, no request, its pictures and its style within.

The policy in its head forbids what the file does not need anyway, so that whoever is handed it may open it anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from milepost_client.exports import report_said as said
from milepost_client.exports.report import Made, Report, Step
from milepost_client.recording.dates import say_day
from milepost_client.render import svg_skills, svg_steps, svg_timeline, svg_weeks
from milepost_client.render.markup import NOTHING, Markup, element, joined, text

_WEEKS_KEY = "A dot below a week: it was looked back on. Shaded: a pause. A small dot: not logged, which is no zero."
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> Markup:
    # Our own file: nothing in it came from a member.
    return Markup(files("milepost_client.exports").joinpath("report.css").read_text(encoding="utf-8"))


def page(report: Report) -> str:
    """The whole file."""
    heading = said.title(report)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="referrer", content="no-referrer"),
        element("title", text(heading)),
        element("style", _style()),
    )
    sections = (_story(report), _evidence(report), _skills(report), _weeks(report), _people(report), _outcomes(report))
    main = element("main", _head(report, heading), *filter(None, sections), _counted(report))
    foot = element("footer", element("p", text(said.foot(report))))
    return "<!doctype html>\n" + element("html", head, element("body", main, foot), lang="en") + "\n"


def _head(report: Report, heading: str) -> Markup:
    name = element("p", text(report.asked.name), class_="who") if report.asked.name else NOTHING
    figures = [
        element("div", element("dt", text(label)), element("dd", text(figure)))
        for figure, label in said.figures(report)
    ]
    return element(
        "header",
        name,
        element("h1", text(heading)),
        element("p", text(said.span(report)), class_="span"),
        element("dl", *figures, class_="figures") if figures else NOTHING,
    )


def _story(report: Report) -> Markup:
    if not report.steps and not report.objectives:
        return NOTHING
    why = [element("p", text(words), class_="lead") for words in (report.why, report.brief) if words]
    aims = [_objective(one.name or "", map(said.key_result, one.key_results)) for one in report.objectives]
    return _section("The story", *why, *aims, *(_milestones(report) if report.steps else ()))


def _objective(name: str, results: Iterable[str]) -> Markup:
    listed = [element("li", text(result)) for result in results]
    return element("div", element("h3", text(name)), element("ul", *listed) if listed else NOTHING, class_="aim")


def _milestones(report: Report) -> Iterator[Markup]:
    bars = [bar for step in report.steps for bar in _bars(step, report.asked.day)]
    yield _picture("Timeline of milestones", svg_timeline.timeline(bars, report.asked.day))
    yield element("p", text(said.timeline_key(report)), class_="note")
    rows = [row for step in report.steps for row in _step_rows(step)]
    heads = ("Milestone", "Days", "How it stands", "What there is to say")
    yield _table("Milestones", heads, rows, class_="stacked")


def _bars(step: Step, day: date, *, is_inside: bool = False) -> Iterator[svg_timeline.Bar]:
    first, last = date.fromisoformat(step.start), date.fromisoformat(step.last)
    # What should have ended and has not still goes on.
    last = max(last, day) if step.is_under_way else last
    yield svg_timeline.Bar(step.name, first, max(first, last), step.status, is_inside)
    for child in step.inside:
        yield from _bars(child, day, is_inside=True)


def _step_rows(step: Step, *, is_inside: bool = False) -> Iterator[Sequence[Markup]]:
    name = element("span", text(step.name), class_="inside" if is_inside else "name")
    kind = element("span", text(said.kind(step.kind)), class_="note")
    parts = [element("li", text(part)) for part in said.about(step)]
    yield (
        Markup(name + " " + kind),
        Markup(text(f"{say_day(step.start)} to") + element("br") + text(f" {say_day(step.last)}")),
        text(said.ended(step)),
        element("ul", *parts) if parts else NOTHING,
    )
    for child in step.inside:
        yield from _step_rows(child, is_inside=True)


def _evidence(report: Report) -> Markup:
    parts = [*_lines(report), *_made("To look at", report.artifacts), *_credentials(report), *_told(report)]
    return _section("The evidence", *parts) if parts else NOTHING


def _lines(report: Report) -> Iterator[Markup]:
    if report.lines:
        items = []
        for line in report.lines:
            below = [element("li", text(says)) for says in line.rests_on]
            below += [element("li", text(f"{line.missing} more taken back since"))] if line.missing else []
            rests = element("ul", *below, class_="rests") if below else element("p", text("rests on no reading"))
            items.append(element("li", element("p", text(line.says)), rests))
        yield element("h3", text("Results, and the readings they rest on"))
        yield element("ul", *items, class_="results")


def _made(heading: str, made: Sequence[Made]) -> Iterator[Markup]:
    if made:
        has_origin = any(one.of for one in made)
        rows = [
            (
                _linked(one),
                text(said.kind(one.kind)),
                text(say_day(one.on)),
                *((text(", ".join(one.of)),) if has_origin else ()),
            )
            for one in made
        ]
        yield _table(heading, ("What", "Kind", "Since", *(("Made for",) if has_origin else ())), rows)


def _linked(one: Made) -> Markup:
    if one.is_on_the_web:
        return element("a", text(one.name), href=one.link, rel="noreferrer")
    return text(f"{one.name} ({one.link})" if one.link else one.name)


def _credentials(report: Report) -> Iterator[Markup]:
    items = [
        element("li", element("strong", _linked(one)), text(", " + ", ".join(said.credential(one))))
        for one in report.credentials
    ]
    items += [
        element("li", element("strong", text(one.name)), text(f", asked for in {one.says}; not earned here"))
        for one in said.only_asked_for(report)
    ]
    if items:
        yield element("h3", text("Credentials, and who asks for them"))
        yield element("ul", *items)


def _told(report: Report) -> Iterator[Markup]:
    yield from _made("Told in public", report.narratives)
    if report.told:
        yield element("p", text("Read: " + "; ".join(one.says for one in report.told)), class_="note")


def _skills(report: Report) -> Markup:
    if not report.skills:
        return NOTHING
    gaps = [svg_skills.Gap(one.name, one.before, one.after, one.target, said.grown(one)) for one in report.skills]
    rows = [[text(cell) for cell in row] for row in said.skill_rows(report)]
    parts = [
        _picture("Skills before and after", svg_skills.gaps(gaps)),
        _folded("The skills as a table", _table("The skills as a table", said.SKILL_HEADS, rows, has_caption=False)),
    ]
    return _section("The skills", *parts, *_map(report))


def _map(report: Report) -> Iterator[Markup]:
    places = [
        svg_skills.Place(one.name, one.strength, one.enjoyment, one.avoided)
        for one in report.placed
        if one.strength is not None and one.enjoyment is not None
    ]
    if not places:
        return
    yield element("h3", text("What is strong, and what is enjoyed"))
    yield _picture("Map of strength and enjoyment", svg_skills.placed(places))
    remarks = [f"{one.name}: {one.remarks}" for one in report.placed if one.remarks]
    if remarks:
        yield element("p", text("! " + "; ".join(remarks)), class_="note")
    unplaced = [one.name for one in report.placed if one.missing]
    if unplaced:
        yield element("p", text("Not placed: " + ", ".join(unplaced)), class_="note")


def _weeks(report: Report) -> Markup:
    if not report.weeks:
        return NOTHING
    columns = [
        svg_weeks.Column(week.week, date.fromisoformat(week.first_day), week.state, week.has_review)
        for week in report.weeks
    ]
    measures = [svg_weeks.Row(one.name, one.total, one.values) for one in said.measures(report)]
    rows = [[text(cell) for cell in row] for row in said.week_rows(report)]
    return _section(
        "The weeks",
        _picture("Weeks", svg_weeks.weeks(columns, measures)),
        element("p", text(_WEEKS_KEY), class_="note"),
        _folded("The weeks as a table", _table("The weeks as a table", said.WEEK_HEADS, rows, has_caption=False)),
    )


def _people(report: Report) -> Markup:
    funnel = report.people.funnel
    if not funnel.relationships and not funnel.targeted:
        return NOTHING
    found = [svg_steps.Step(*step) for step in said.steps_of_people(report)]
    named = [
        element("div", element("dt", text(said.kind(role))), element("dd", text(", ".join(names))))
        for role, names in report.people.names.items()
    ]
    names = element("dl", *named, class_="names") if named else NOTHING
    return _section("The people", _picture("People", svg_steps.steps("People", found)), names)


def _outcomes(report: Report) -> Markup:
    if not report.outcomes and not report.pay:
        return NOTHING
    items = [element("li", text(words)) for words in said.outcomes(report)]
    return _section("What came of it", element("ul", *items))


def _counted(report: Report) -> Markup:
    rules = [element("div", element("dt", text(name)), element("dd", text(rule))) for name, rule in said.rules(report)]
    return _section("How it is counted", element("dl", *rules, class_="rules"))


def _section(heading: str, *parts: Markup) -> Markup:
    anchor = heading.casefold().replace(" ", "-")
    return element("section", element("h2", text(heading), id=anchor), joined(parts), aria_labelledby=anchor)


def _picture(name: str, drawn: Markup) -> Markup:
    return _scrolling("picture", name, drawn)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Markup]],
    *,
    has_caption: bool = True,
    class_: str | None = None,
) -> Markup:
    caption = element("caption", text(name)) if has_caption else NOTHING
    head = element("thead", element("tr", *(element("th", text(title), scope="col") for title in heads)))
    body = element("tbody", *(element("tr", *(element("td", cell) for cell in row)) for row in rows))
    return _scrolling("rows", name, element("table", caption, head, body, class_=class_))


def _scrolling(class_: str, name: str, inside: Markup) -> Markup:
    """What is as wide as it has to be: on a narrow screen it scrolls, and a keyboard can reach it."""
    return element("div", inside, class_=class_, tabindex="0", role="region", aria_label=name)


def _folded(heading: str, inside: Markup) -> Markup:
    return element("details", element("summary", text(heading)), inside)
