"""Refusals that need the member's views: nothing is written. Those of shape alone are declared in the catalogue."""

from collections.abc import Callable, Iterator

from milepost.catalogue import Catalogue, Entry, EventType
from milepost.catalogue.declare import COMMON
from milepost.catalogue.kinds import AnyId, Crockford, Kind, ListOf
from milepost.checks.finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from milepost.checks.context import Context

# What the log layer and the server judge by their own state, which no view of the member's shows.
_OTHERS_DOMAIN = ("control", "cohort")
_COMMON_NAMES = frozenset(field.name for field in COMMON)


def refusals(entry: Entry, context: "Context", on: "date", catalogue: Catalogue) -> Iterator[Finding]:
    """Why `entry`, whose shape is right, may not be written."""
    declared = catalogue.get(entry.type)
    if declared is None:
        return
    yield from _dated_after_tomorrow(declared, context, on)
    yield from _unknown_ids(declared, entry, context)
    if (rule := _RULES.get(entry.type)) is not None:
        yield from rule(entry, context, declared)


def is_repeat(entry: Entry, context: "Context") -> bool:
    """Whether `entry` closes what is closed with the result it has: a no-op, neither written nor refused."""
    standing = _standing(entry, context)
    return standing is not None and standing == _wanted(entry)


def _dated_after_tomorrow(declared: EventType, context: "Context", on: "date") -> Iterator[Finding]:
    # Tomorrow passes: somebody east of here may already be there.
    if on.toordinal() > context.today.toordinal() + 1:
        message = f"on {on.isoformat()} is after tomorrow, and {declared.name} has happened"
        yield _refused("dated_after_tomorrow", "on", message, f"try: --on {context.today.isoformat()}")


def _unknown_ids(declared: EventType, entry: Entry, context: "Context") -> Iterator[Finding]:
    if declared.family in _OTHERS_DOMAIN:
        return
    values = {**(entry.facts or {}), **(entry.private or {})}
    for field in declared.fields():
        if field.name in declared.creates or field.name in _COMMON_NAMES:
            continue
        for id_ in _ids(field.kind, values.get(field.name)):
            if not context.knows(id_):
                message = f"{field.name} {id_} names nothing here"
                yield _refused("id_unknown", field.name, message, f"see: mp log; try: {declared.usage}")


def _ids(kind: Kind, value: object) -> Iterator[str]:
    match kind, value:
        case (Crockford() | AnyId(), str()):
            yield value
        case (ListOf(of=Crockford() | AnyId()), list()):
            yield from value


def _already_closed(entry: Entry, context: "Context", declared: EventType) -> Iterator[Finding]:
    standing, wanted = _standing(entry, context), _wanted(entry)
    if standing is not None and standing != wanted:
        field = _CLOSING[entry.type][0]
        message = f"{field} {_said(entry, field)} is closed as {standing}, not {wanted}"
        yield _refused("already_closed", field, message, f"take that back first: mp undo; then: {declared.usage}")


def _standing(entry: Entry, context: "Context") -> str | None:
    """The result that what `entry` closes already has; None while it is open, or when `entry` closes nothing."""
    facts = entry.facts or {}
    match entry.type:
        case "goal.closed":
            goal = context.goal(str(facts["goal"]))
            if goal is None:
                return None
            return goal.periods.get(str(facts["period"])) if "period" in facts else goal.result
        case "milestone.completed" | "milestone.stopped":
            milestone = context.milestone(str(facts["milestone"]))
            if milestone is None or milestone.status not in ("completed", "stopped"):
                return None
            return f"completed, measure {milestone.measure_met}" if milestone.status == "completed" else "stopped"
        case "help.closed":
            help_ = context.help(str(facts["help"]))
            return None if help_ is None else help_.result
        case _:
            return None


def _wanted(entry: Entry) -> str:
    if entry.type == "milestone.stopped":
        return "stopped"
    if entry.type == "milestone.completed":
        return f"completed, measure {_said(entry, 'measure_met')}"
    return _said(entry, "result")


def _said(entry: Entry, field: str) -> str:
    return str((entry.facts or {}).get(field))


_CLOSING = {
    "goal.closed": ("goal",),
    "milestone.completed": ("milestone",),
    "milestone.stopped": ("milestone",),
    "help.closed": ("help",),
}


def _value_in_the_wrong_part(entry: Entry, context: "Context", declared: EventType) -> Iterator[Finding]:
    metric = context.metric(_said(entry, "metric"))
    if metric is None:
        return
    is_fact = "value" in (entry.facts or {})
    if metric.is_private and is_fact:
        message = f"value of {metric.label} would leave this device, and the metric is in money or your own"
        yield _refused("metric_value_private", "value", message, f"record it as private_value; try: {declared.usage}")
    if not metric.is_private and not is_fact:
        message = f"private_value of {metric.label} is hidden, and the metric is neither in money nor your own"
        yield _refused("metric_value_fact", "private_value", message, f"record it as value; try: {declared.usage}")


def _refused(code: str, field: str, message: str, remedy: str) -> Finding:
    return Finding("refuse", code, field, message, remedy)


_RULES: dict[str, Callable[[Entry, "Context", EventType], Iterator[Finding]]] = {
    **dict.fromkeys(_CLOSING, _already_closed),
    "metric.recorded": _value_in_the_wrong_part,
}
