"""What a report says in words, the same in Markdown and in HTML: headings, sentences, and how it is counted."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost_client.exports.report import Demand, Grown, Made, Report, Step
from milepost_client.pages.objectives import KeyResult
from milepost_client.recording.dates import say_day, say_minutes
from milepost_client.render.counted import counted

_COUNTED = (
    ("Milestones", "What is inside a milestone counts under it: nine with three small projects inside are nine."),
    ("Length", "Two to eight weeks is usual. Longer and shorter are said for information, not judged."),
    ("Late", "Counted from the first day it was due; moving that day does not change it."),
    ("Outputs", "An output is done when something in the portfolio delivers it, or its end ticked it."),
    ("Hours", "Hours planned and hours spent are two figures; one is never taken for the other."),
    ("Results", "Each rests on the readings below it. A reading that two results name counts once."),
    ("Improvement", "A fall is an improvement where less is better. A change of percents says whether it is relative."),
    ("Skills", "Rated from 1 to 5. Without a second rating no change is recorded, which is not a change of 0."),
    ("Demand", "A share is shown with the sample it comes from."),
    ("Weeks", "A week with an entry or a review is logged, and its zeros are zeros. A pause was planned as one."),
    ("People", "Each person once, however often they met. Only those on the target list count against it."),
)
_SOME_DAYS = (
    "Days",
    "Only what lies in the days above is told; people are counted as they stand, whenever they were met.",
)
_OUTCOMES_COUNTED = ("Outcomes", "A referral, an invitation and an offer are different counts, and are never added up.")

_DRAWN = {
    "completed": "full",
    "started": "pale",
    "blocked": "outlined",
    "planned": "dashed",
    "stopped": "grey",
}
_STATUS = {"started": "under way", "blocked": "blocked", "planned": "planned", "stopped": "stopped"}
_MET = {"yes": "reached", "partly": "partly reached", "no": "not reached"}


def rules(report: Report) -> Iterator[tuple[str, str]]:
    """How each figure came about: its name, and the rule."""
    if report.asked.since or report.asked.until:
        yield _SOME_DAYS
    yield from _COUNTED
    if report.asked.with_outcomes:
        yield _OUTCOMES_COUNTED


def title(report: Report) -> str:
    """The heading: from where to where, as far as that is known."""
    goal = report.goal or next((one.name for one in report.objectives if one.name), None)
    if report.origin and report.goal:
        return f"From {report.origin} to {report.goal}"
    return goal or "A report of progress"


def span(report: Report) -> str:
    """The days it tells of, and the day it is told from."""
    first, last = (say_day(day) if day else "" for day in (_first(report), _last(report)))
    days = f"{first} to {last}" if first and last and first != last else first
    told = f"as of {say_day(report.asked.day.isoformat())}"
    return ", ".join(part for part in (days, told) if part)


def _first(report: Report) -> str | None:
    return report.asked.since.isoformat() if report.asked.since else report.first


def _last(report: Report) -> str | None:
    if report.asked.until:
        return report.asked.until.isoformat()
    day = report.asked.day.isoformat()
    return min(report.last, day) if report.last else None


def figures(report: Report) -> Iterator[tuple[str, str]]:
    """The few figures that a reader should leave with: each with what it counts."""
    if report.steps:
        yield f"{report.completed} of {len(report.steps)}", "milestones completed"
    if report.lines:
        yield str(len(report.lines)), "result with figures" if len(report.lines) == 1 else "results with figures"
    if report.artifacts:
        yield (
            str(len(report.artifacts)),
            "artifact to look at" if len(report.artifacts) == 1 else "artifacts to look at",
        )
    if report.skills:
        yield f"{report.rose} of {len(report.skills)}", "skills rated higher than before"
    if met := report.people.funnel.relationships:
        yield str(met), "person met" if met == 1 else "people met"


def timeline_key(report: Report) -> str:
    """How each status is drawn, of those that occur: `Full: completed. Pale: under way.`"""
    statuses = {one.status for step in report.steps for one in step.whole()}
    used = [status for status in _DRAWN if status in statuses]
    return " ".join(f"{_DRAWN[status].capitalize()}: {_STATUS.get(status, status)}." for status in used)


def kind(word: str) -> str:
    """A word of a closed list, for people."""
    return word.replace("_", " ")


def ended(step: Step) -> str:
    """How a milestone stands: `completed, reached`, which is to say that its measure was."""
    if step.status not in ("completed", "stopped"):
        return _STATUS[step.status]
    late = f", {counted(step.days_late, 'day')} later than planned" if step.days_late else ""
    met = f", {_MET[step.measure_met]}" if step.measure_met else ""
    return f"{step.status}{met}{late}"


def about(step: Step) -> Iterator[str]:
    """What else is worth saying of a milestone, a part each."""
    if step.measure:
        yield f"Success: {step.measure}"
    if step.found.hypothesis:
        yield f"Hypothesis: {step.found.hypothesis} ({step.found.verdict})"
    if step.found.result:
        yield f"Result: {step.found.result}"
    if step.found.lesson:
        yield f"Lesson: {step.found.lesson}"
    if step.obstacle:
        yield f"Blocked since {say_day(step.obstacle.since)}: {kind(step.obstacle.kind)}"
    if step.outputs_named:
        yield f"Outputs: {step.outputs_done} of {step.outputs_named}"
    if hours := says_hours(step.hours_planned, step.minutes):
        yield f"Hours: {hours}"
    if step.usual_length != "usual":
        yield f"{step.usual_length.capitalize()} than the usual 2-8 weeks"


def says_hours(planned: int | None, minutes: int) -> str:
    """Hours planned beside hours spent, as far as either is known."""
    parts = [f"{planned} h planned"] if planned else []
    parts += [f"{say_minutes(minutes)} spent"] if minutes else []
    return ", ".join(parts)


def key_result(result: KeyResult) -> str:
    """`interviews: 8 of 20`."""
    unit = {"percent": " %", "count": "", "other": ""}.get(result.unit, f" {result.unit}")
    value = "no reading yet" if result.value is None else f"{result.value}{unit}"
    of = "" if result.target is None else f" of {result.target}{unit}"
    return f"{result.name or result.metric}: {value}{of}" + (", reached" if result.is_reached else "")


def grown(skill: Grown) -> str:
    """`2 to 4, target 4 met 21 days late`."""
    said = f"{skill.after}, no change recorded" if skill.before is None else f"{skill.before} to {skill.after}"
    return f"{said}, {target(skill)}" if skill.target is not None else said


def target(skill: Grown) -> str:
    """How a skill stands to its target."""
    if skill.target is None:
        return "no target"
    if skill.met_on is None:
        return f"target {skill.target}" + (f" by {say_day(skill.by)}" if skill.by else "")
    late = f", {counted(skill.days_late, 'day')} late" if skill.days_late and skill.days_late > 0 else ""
    return f"target {skill.target} met{late}"


def credential(made: Made) -> Iterator[str]:
    """What there is to say of a credential, a part each."""
    if made.issuer:
        yield f"issued by {made.issuer}"
    yield f"earned {say_day(made.on)}"
    if made.demand:
        yield f"asked for in {made.demand}"
    if hours := says_hours(made.hours_planned, made.minutes):
        yield hours


SKILL_HEADS = ("Skill", "Before", "Now", "Change", "Target", "Rated by")


def skill_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The skills under `SKILL_HEADS`."""
    for one in report.skills:
        before = "" if one.before is None else str(one.before)
        change = "no change recorded" if one.change is None else f"{one.change:+d}"
        yield one.name, before, str(one.after), change, target(one), one.basis


class Measure(NamedTuple):
    """A measure over the weeks: its name, the sum of it in words, and its figures, None where a week has none."""

    name: str
    total: str
    values: Sequence[int | None]


def measures(report: Report) -> Iterator[Measure]:
    """The measures of the weeks."""
    minutes = [week.minutes for week in report.weeks]
    yield Measure("Minutes spent", f"{say_minutes(sum(filter(None, minutes)))} in all", minutes)
    for name, values in (
        ("Goals done", [week.goals_done for week in report.weeks]),
        ("Feedback received", [week.feedback for week in report.weeks]),
    ):
        yield Measure(name, f"{sum(filter(None, values))} in all", values)


WEEK_HEADS = ("Week", "Minutes spent", "Goals done", "Feedback received", "Review")


def week_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The weeks under `WEEK_HEADS`; one without figures says why."""
    for week in report.weeks:
        values = (week.minutes, week.goals_done, week.feedback)
        figures = [str(value) if week.is_logged else week.state.replace("unlogged", "not logged") for value in values]
        yield week.week, *figures, "held" if week.has_review else ""


def only_asked_for(report: Report) -> Iterator[Demand]:
    """What postings ask for that is not among the credentials."""
    earned = {one.name.casefold() for one in report.credentials}
    return (one for one in report.demand if one.name.casefold() not in earned)


def steps_of_people(report: Report) -> Iterator[tuple[str, int, str, bool]]:
    """From the target list to those met: each step with its number, a note, and whether it is a part of the last."""
    found = report.people.funnel
    if found.targeted:
        yield "Set out to reach", found.targeted, "", False
        yield "met of those", found.targeted_met, f"of {found.targeted}", True
    yield "People met", found.relationships, "", False
    for role, number in found.by_class.items():
        yield kind(role), number, "", True
    if found.outreach:
        yield "First messages", found.outreach, "", False
    if found.interviews:
        yield "Interviews", found.interviews, "", False
        yield "thanked for", found.thanked, f"of {found.interviews}, {found.thanked_percent} %", True


def outcomes(report: Report) -> Iterator[str]:
    """What came of it, each kind on its own, and changes of pay."""
    for one in report.outcomes:
        words = ": " + "; ".join(one.said) if one.said else ""
        yield counted(one.count, kind(one.kind)) + words
    for change in report.pay:
        sign = "" if change.percentage.startswith("-") else "+"
        yield f"pay {sign}{change.percentage} %, {say_day(change.on)}"


def foot(report: Report) -> str:
    """What the report leaves out, so that nobody has to ask."""
    left_out = [] if report.asked.with_names else ["names of people"]
    left_out += [] if report.asked.with_outcomes else ["what came of it and pay"]
    out = f" It leaves out {' and '.join(left_out)}." if left_out else ""
    return f"Made with Milepost on {say_day(report.asked.today.isoformat())} from a log kept by its owner.{out}"
