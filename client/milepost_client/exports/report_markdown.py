"""A report as Markdown: the same words as the page, with tables and bars in place of its pictures."""

from collections.abc import Iterable, Iterator, Sequence

from milepost_client.exports import report_said as said
from milepost_client.exports.report import Made, Report, Step
from milepost_client.recording.dates import say_day
from milepost_client.render.bars import bar

_BAR_ROOM = 20
# What Markdown would take for its own.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"})


def text(report: Report) -> str:
    """The whole report."""
    parts = (_head, _story, _evidence, _skills, _weeks, _people, _outcomes, _counted)
    lines = [line for part in parts for line in part(report)]
    return "\n".join([*lines, "---", "", said.foot(report), ""])


def _plain(value: object) -> str:
    """What somebody typed, on one line, with nothing that would be taken for a mark."""
    return " ".join(str(value).split()).translate(_SPECIAL)


def _head(report: Report) -> Iterator[str]:
    yield from (f"# {_plain(said.title(report))}", "")
    if report.asked.name:
        yield from (f"**{_plain(report.asked.name)}**", "")
    yield from (said.span(report), "")
    yield from _list(f"**{figure}** {label}" for figure, label in said.figures(report))


def _story(report: Report) -> Iterator[str]:
    if not report.steps and not report.objectives:
        return
    yield from ("## The story", "")
    for words in (report.why, report.brief):
        if words:
            yield from (_plain(words), "")
    for one in report.objectives:
        yield from (f"### {_plain(one.name or '')}", "")
        yield from _list(_plain(said.key_result(result)) for result in one.key_results)
    rows = [row for step in report.steps for row in _step(step)]
    if rows:
        yield from ("### Milestones", "")
        yield from _table(("Milestone", "Kind", "Days", "How it stands", "What there is to say"), rows)


def _step(step: Step, depth: int = 0) -> Iterator[Sequence[str]]:
    days = f"{say_day(step.start)} to {say_day(step.last)}"
    name = "↳ " * depth + _plain(step.name)
    yield name, said.kind(step.kind), days, said.ended(step), "; ".join(map(_plain, said.about(step)))
    for child in step.inside:
        yield from _step(child, depth + 1)


def _evidence(report: Report) -> Iterator[str]:
    made = (report.lines, report.artifacts, report.credentials, report.demand, report.narratives)
    if not any(made):
        return
    yield from ("## The evidence", "")
    if report.lines:
        yield from ("### Results, and the readings they rest on", "")
        for line in report.lines:
            yield f"- {_plain(line.says)}"
            yield from (f"  - {_plain(says)}" for says in line.rests_on or ("rests on no reading",))
        yield ""
    yield from _made("To look at", report.artifacts)
    credentials = [f"**{_linked(one)}**, {_plain(', '.join(said.credential(one)))}" for one in report.credentials]
    credentials += [
        f"**{_plain(one.name)}**, {_plain(one.says)}; not earned here" for one in said.only_asked_for(report)
    ]
    if credentials:
        yield from ("### Credentials, and who asks for them", "")
        yield from _list(credentials)
    yield from _made("Told in public", report.narratives)
    if report.told:
        yield from ("Read: " + _plain("; ".join(one.says for one in report.told)), "")


def _made(heading: str, made: Sequence[Made]) -> Iterator[str]:
    if made:
        yield from (f"### {heading}", "")
        has_origin = any(one.of for one in made)
        rows = [
            (
                _linked(one),
                said.kind(one.kind),
                say_day(one.on),
                *((_plain(", ".join(one.of)),) if has_origin else ()),
            )
            for one in made
        ]
        yield from _table(("What", "Kind", "Since", *(("Made for",) if has_origin else ())), rows)


def _linked(one: Made) -> str:
    if one.link and one.is_on_the_web:
        return f"[{_plain(one.name)}](<{one.link.translate(_LINK)}>)"
    return _plain(f"{one.name} ({one.link})" if one.link else one.name)


_LINK = str.maketrans({"<": "%3C", ">": "%3E", " ": "%20", "\n": "%0A", "|": "%7C"})


def _skills(report: Report) -> Iterator[str]:
    if report.skills:
        yield from ("## The skills", "")
        yield from _table(said.SKILL_HEADS, ([_plain(cell) for cell in row] for row in said.skill_rows(report)))
        placed = [one for one in report.placed if not one.missing]
        if placed:
            yield from ("### What is strong, and what is enjoyed", "")
            rows = [(_plain(one.name), str(one.strength), str(one.enjoyment), one.remarks) for one in placed]
            yield from _table(("Skill", "Strength", "Enjoyed", ""), rows)


def _weeks(report: Report) -> Iterator[str]:
    if report.weeks:
        yield from ("## The weeks", "")
        yield from _list(f"{one.name}: {one.total}" for one in said.measures(report))
        yield from _table(said.WEEK_HEADS, said.week_rows(report))


def _people(report: Report) -> Iterator[str]:
    steps = [*said.steps_of_people(report)]
    widest = max((number for _, number, *_ in steps), default=0)
    if not widest:
        return
    yield from ("## The people", "")
    rows = [
        (("↳ " if is_part else "") + name, str(number), bar(number, widest, _BAR_ROOM).rstrip("░"), note)
        for name, number, note, is_part in steps
    ]
    yield from _table(("", "", "", ""), rows)
    yield from _list(f"{said.kind(role)}: {_plain(', '.join(names))}" for role, names in report.people.names.items())


def _outcomes(report: Report) -> Iterator[str]:
    found = [*said.outcomes(report)]
    if found:
        yield from ("## What came of it", "")
        yield from _list(map(_plain, found))


def _counted(report: Report) -> Iterator[str]:
    yield from ("## How it is counted", "")
    yield from _list(f"**{name}.** {rule}" for name, rule in said.rules(report))


def _list(items: Iterable[str]) -> Iterator[str]:
    found = [f"- {item}" for item in items]
    yield from (*found, "") if found else ()


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""
