"""Warnings: the entry is written, and this is said in one line. Ranges only ever warn: practice breaks them daily."""

from collections.abc import Callable, Iterator

from milepost.catalogue import Entry
from milepost.checks.finding import Finding
from milepost.light import date

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milepost.checks.context import Context

SITTING_MINUTES_MAX = 120
OPEN_GOALS_MAX = 5
OUTPUTS_MIN = 3
ARTIFACTS_MIN = 2
LIFT_MIN = 2
POD_SIZE = (3, 5)
VAGUE_OPENINGS = ("get better", "improve", "learn", "work on", "try", "be")

USUAL_DAYS = (2 * 7, 8 * 7)
LENGTH_DAYS = {
    "credential": (2 * 7, 14 * 7),
    "portfolio": (2 * 7, 14 * 7),
    "stretch": (2 * 7, 14 * 7),
    "mentoring": (2 * 7, 14 * 7),
    "networking": (2 * 7, 14 * 7),
    "micro_project": (0, 13),
    "project": (6 * 7, 12 * 7),
    "sprint": (2 * 7, 12 * 7),
}
"""Days from start to due that are usual for a kind of milestone, both allowed; any other kind: `USUAL_DAYS`."""


def warnings(entry: Entry, context: "Context") -> Iterator[Finding]:
    """What is to be said about `entry`, which nothing refuses."""
    for rule in _RULES.get(entry.type, ()):
        yield from rule(entry, context)


def is_usual_length(kind: str, days: int) -> bool:
    """Whether a milestone of `kind` usually takes so many days."""
    low, high = LENGTH_DAYS.get(kind, USUAL_DAYS)
    return low <= days <= high


def _goal_not_specific(entry: Entry, _context: "Context") -> Iterator[Finding]:
    text = _text(entry, "text")
    opening = next((vague for vague in VAGUE_OPENINGS if _opens_with(text, vague)), None)
    if opening is not None and not any(character.isdigit() for character in text):
        message = f'not specific: "{opening}" without a number cannot be done in one sitting'
        yield _warned("goal_not_specific", "text", message, 'try: mp goal "Write 3 queries with a join"')


def _opens_with(text: str, opening: str) -> bool:
    words = text.casefold().split()
    wanted = opening.split()
    return [word.strip(".,:;!?") for word in words[: len(wanted)]] == wanted


def _goal_not_time_bound(entry: Entry, _context: "Context") -> Iterator[Finding]:
    facts = _facts(entry)
    if "due" not in facts and "repeat" not in facts:
        yield _warned("goal_not_time_bound", "due", "not time-bound: no day is named", "try: --due fri")


def _goal_not_testable(entry: Entry, _context: "Context") -> Iterator[Finding]:
    if not _facts(entry)["has_test"]:
        message = "not testable: nothing says how to tell that it is done"
        yield _warned("goal_not_testable", "has_test", message, 'try: --test "Sam reviews 3"')


def _estimate_over_sitting(entry: Entry, _context: "Context") -> Iterator[Finding]:
    minutes = _number(entry, "estimate_minutes")
    if minutes > SITTING_MINUTES_MAX:
        message = f"estimate of {minutes} minutes is more than one sitting ({SITTING_MINUTES_MAX})"
        yield _warned("estimate_over_sitting", "estimate_minutes", message, "split it; try: --estimate 90m")


def _over_capacity(entry: Entry, context: "Context") -> Iterator[Finding]:
    due = _facts(entry).get("due")
    if due is None:
        return
    day = date.fromisoformat(str(due))
    capacity = context.capacity_minutes(day)
    planned = context.planned_minutes(day, without=str(_facts(entry)["goal"])) + _number(entry, "estimate_minutes")
    if capacity is not None and planned > capacity:
        message = f"{planned} minutes are planned for {due}, over the {capacity} you have"
        later = date.fromordinal(day.toordinal() + 1).isoformat()
        yield _warned("over_capacity", "due", message, f"move one; try: --due {later}")


def _too_many_open_goals(entry: Entry, context: "Context") -> Iterator[Finding]:
    goal = context.goal(str(_facts(entry)["goal"]))
    count = context.open_goals() + (goal is None)
    if count > OPEN_GOALS_MAX:
        message = f"{count} goals are open, more than {OPEN_GOALS_MAX}"
        yield _warned("too_many_open_goals", "goal", message, "close or drop one; try: mp done k7f --dropped")


def _milestone_length(entry: Entry, context: "Context") -> Iterator[Finding]:
    facts = _facts(entry)
    milestone = context.milestone(str(facts["milestone"]))
    if entry.type == "milestone.planned":
        kind, start = str(facts["kind"]), date.fromisoformat(str(facts["start"]))
    elif milestone is not None:
        kind, start = milestone.kind, milestone.start
    else:
        return
    days = (date.fromisoformat(str(facts["due"])) - start).days
    if not is_usual_length(kind, days):
        message = f"{_weeks(days)} is not the usual length of {kind}, {_range(kind)}"
        yield _warned("milestone_length", "due", message, _another_length(kind, days))


def _another_length(kind: str, days: int) -> str:
    if kind == "sprint" and days > LENGTH_DAYS[kind][1]:
        return "plan its parts as milestones inside it; try: mp milestone plan project --in m2p"
    if kind == "micro_project" and days <= LENGTH_DAYS["project"][1]:
        return "a longer engagement is a project; try: mp milestone plan project --for 6w"
    return f"try: --for {LENGTH_DAYS.get(kind, USUAL_DAYS)[1] // 7 or 1}w"


def _weeks(days: int) -> str:
    weeks, rest = divmod(days, 7)
    return f"{weeks} weeks" if rest == 0 and weeks > 1 else f"{days} days"


def _range(kind: str) -> str:
    low, high = LENGTH_DAYS.get(kind, USUAL_DAYS)
    return f"{low // 7}-{high // 7} weeks" if low else f"under {high + 1} days"


def _no_buffer(entry: Entry, _context: "Context") -> Iterator[Finding]:
    if not _number(entry, "buffer_days"):
        message = "no buffer: no day is kept free before it is due"
        yield _warned("no_buffer", "buffer_days", message, "try: --buffer 3d")


def _few_outputs(entry: Entry, _context: "Context") -> Iterator[Finding]:
    facts = _facts(entry)
    outputs = facts.get("outputs")
    count = len(outputs) if isinstance(outputs, list) else 0
    if facts["kind"] in ("sprint", "project") and count < OUTPUTS_MIN:
        named = "1 output is" if count == 1 else f"{count} outputs are"
        message = f"{named} named for a {facts['kind']}, fewer than {OUTPUTS_MIN}"
        yield _warned("few_outputs", "outputs", message, 'try: --output dashboard --output "case study" --output talk')


def _experiment_without_hypothesis(entry: Entry, _context: "Context") -> Iterator[Finding]:
    if _facts(entry)["kind"] == "experiment" and not _text(entry, "hypothesis"):
        message = "an experiment without a hypothesis finds nothing out"
        remedy = 'try: --hypothesis "shelters will use a free audit"'
        yield _warned("experiment_without_hypothesis", "hypothesis", message, remedy)


def _no_success_measure(entry: Entry, context: "Context") -> Iterator[Finding]:
    milestone = context.milestone(str(_facts(entry)["milestone"]))
    if milestone is not None and not milestone.has_measure:
        message = f"{milestone.label} starts without a success measure"
        remedy = f'try: mp edit {milestone.id} --measure "certified"'
        yield _warned("no_success_measure", "milestone", message, remedy)


def _few_artifacts(entry: Entry, context: "Context") -> Iterator[Finding]:
    milestone = context.milestone(str(_facts(entry)["milestone"]))
    if milestone is not None and milestone.kind == "sprint" and milestone.artifacts < ARTIFACTS_MIN:
        message = f"{milestone.label} ends with {milestone.artifacts} artifacts, fewer than {ARTIFACTS_MIN}"
        remedy = f'try: mp evidence artifact "Case study" --kind case_study --of {milestone.id}'
        yield _warned("few_artifacts", "milestone", message, remedy)


def _outputs_missing(entry: Entry, context: "Context") -> Iterator[Finding]:
    facts = _facts(entry)
    milestone = context.milestone(str(facts["milestone"]))
    ticked = facts.get("outputs_ticked")
    missing = set(milestone.outputs_open if milestone else ()).difference(ticked if isinstance(ticked, list) else ())
    if milestone is not None and missing:
        count = len(milestone.outputs)
        message = f"{milestone.label} ends with {count - len(missing)} of {count} outputs"
        remedy = f'try: mp evidence artifact "Case study" --of {milestone.id} --output "case study"'
        yield _warned("outputs_missing", "outputs_ticked", message, remedy)


def _target_lift(entry: Entry, context: "Context") -> Iterator[Finding]:
    skill = context.skill(str(_facts(entry)["skill"]))
    target = _number(entry, "target")
    if skill is not None and skill.rating is not None and target - skill.rating < LIFT_MIN:
        message = f"target {target} lifts {skill.label} from {skill.rating} by less than {LIFT_MIN} points"
        remedy = f"try: mp rate '{skill.label}' {skill.rating} --target {min(5, skill.rating + LIFT_MIN)}"
        yield _warned("target_lift", "target", message, remedy)


def _basis_unstated(entry: Entry, context: "Context") -> Iterator[Finding]:
    facts = _facts(entry)
    metric = context.metric(str(facts["metric"]))
    if metric is None or metric.unit != "percent":
        return
    # A share of 38 % is a level and stands on its own; a change needs what it is a change of.
    if facts["basis"] == "unknown" or (facts["basis"] == "absolute" and metric.kind == "change"):
        message = f"basis {facts['basis']} of {metric.label} leaves open whether its percents are relative or points"
        yield _warned("basis_unstated", "basis", message, f"try: mp metric '{metric.label}' +12% --relative")


def _key_result_without_number(entry: Entry, context: "Context") -> Iterator[Finding]:
    results = (entry.private or {}).get("key_results")
    for id_ in results if isinstance(results, list) else ():
        metric = context.metric(id_)
        if metric is not None and not metric.has_target:
            message = f"key result {metric.label} has no number to reach"
            remedy = f"try: mp edit {metric.id} --target 20"
            yield _warned("key_result_without_number", "key_results", message, remedy)


def _pod_size(entry: Entry, _context: "Context") -> Iterator[Finding]:
    capacity = _number(entry, "capacity")
    if not POD_SIZE[0] <= capacity <= POD_SIZE[1]:
        message = f"a pod of {capacity} is not {POD_SIZE[0]}-{POD_SIZE[1]}"
        yield _warned("pod_size", "capacity", message, "try: mp pod form Harbour --capacity 4")


def _warned(code: str, field: str, message: str, remedy: str) -> Finding:
    return Finding("warn", code, field, message, remedy)


def _facts(entry: Entry) -> dict[str, object]:
    return entry.facts or {}


def _number(entry: Entry, field: str) -> int:
    value = _facts(entry).get(field)
    return value if isinstance(value, int) else 0


def _text(entry: Entry, field: str) -> str:
    value = (entry.private or {}).get(field)
    return value if isinstance(value, str) else ""


_Rule = Callable[[Entry, "Context"], Iterator[Finding]]
_RULES: dict[str, tuple[_Rule, ...]] = {
    "goal.set": (
        _goal_not_specific,
        _goal_not_time_bound,
        _goal_not_testable,
        _estimate_over_sitting,
        _over_capacity,
        _too_many_open_goals,
    ),
    "milestone.planned": (_milestone_length, _no_buffer, _few_outputs, _experiment_without_hypothesis),
    "milestone.rescheduled": (_milestone_length,),
    "milestone.started": (_no_success_measure,),
    "milestone.completed": (_few_artifacts, _outputs_missing),
    "skill.targeted": (_target_lift,),
    "metric.recorded": (_basis_unstated,),
    "objective.set": (_key_result_without_number,),
    "pod.formed": (_pod_size,),
}
