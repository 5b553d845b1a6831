"""`objective`: where the next quarter, half year or year should lead, and the numbers to tell by."""

from milepost.errors import UsageError
from milepost.light import date
from milepost_client.recording.amounts import read_value
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, read_span, say_date
from milepost_client.recording.declare import Args, Param, Word, on_param
from milepost_client.views.lookup import Named

HORIZONS = {"quarter": "3mo", "half": "6mo", "year": "12mo"}
"""How far an objective looks, and the span that is when no last day is given."""


def _objective(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    horizon = args.choice("horizon") or "quarter"
    start, end = _days(desk, args, on, horizon)
    objective = Named("objective", desk.new_id(), desk.words(args.needed("text")) or "")
    defined, results = _key_results(desk, args)
    skill = args.text("skill")
    values: dict[str, object] = {
        "objective": objective.id,
        "horizon": horizon,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "status": "open",
        "skill": None if skill is None else desk.find(("skill",), skill).id,
        "statement": objective.name,
        "key_results": results or None,
    }
    counted = "1 key result" if len(results) == 1 else f"{len(results)} key results"
    details = (f"{say_date(start, desk.today)} to {say_date(end, desk.today)}", counted)
    intents = (*defined, Intent("objective.set", values))
    return Plan(intents, "objective set", objective, on, details, 'mp goal "..." --due fri --of {id}')


def _days(desk: Desk, args: Args, on: date, horizon: str) -> tuple[date, date]:
    start_text, end_text = args.text("start"), args.text("end")
    start = on if start_text is None else read_date(start_text, desk.today, "due", "start")
    if end_text is None:
        return start, read_span(HORIZONS[horizon], start)
    return start, read_date(end_text, desk.today, "due", "end")


def _key_results(desk: Desk, args: Args) -> tuple[list[Intent], list[str]]:
    """The metrics that are new, and the ids of all: `interviews=20` defines one with its number."""
    defined, ids = [], []
    for typed in args.many("result"):
        name, equals, number = typed.rpartition("=")
        metric, is_new = desk.find_or_name("metric", name.strip() if equals else typed, new=args.flag("new"))
        if is_new:
            defined.append(_defined(metric, number if equals else None))
        elif equals:
            raise UsageError(
                f"{metric.name} is defined already",
                field="result",
                remedy=f"change its number with: mp edit {metric.id} --target {number}; then name it alone",
            )
        ids.append(metric.id)
    return defined, ids


def _defined(metric: Named, number: str | None) -> Intent:
    target = None if number is None else read_value(number, "result")
    values = {
        "metric": metric.id,
        "kind": "level",
        "unit": (target and target.unit) or "count",
        "better": "up",
        "own": False,
        "name": metric.name,
        "target": target and target.value,
    }
    return Intent("metric.defined", values)


def closing(desk: Desk, typed: str) -> Plan:
    """What `objective close` writes: the objective as it stands, closed; nothing where it is closed."""
    from milepost_client.recording.corrections import edit

    objective = desk.find(("objective",), typed)
    if (desk.seen.view("objective", objective.id) or {}).get("status") == "closed":
        return Plan((), "objective is closed", objective, desk.today, (), "mp objective list --all")
    plan = edit(desk, objective.id, [("status", "closed")])
    return plan._replace(says="objective closed", details=(), next="mp objective list --all")


OBJECTIVE = Word(
    "objective",
    "Set an objective: where the next quarter, half year or year should lead.",
    (
        'mp objective "Move to product" --horizon half',
        'mp objective "Be known for analytics" --result "interviews=20" --result "case studies=2"',
        "mp objective close move",
    ),
    (
        Param("text", "the objective; - reads it from standard input", 1, needed=True),
        Param(
            "horizon", "how far it looks: quarter, half or year", metavar="HORIZON", choices=("quarter", "half", "year")
        ),
        Param("start", "its first day; today if not given", metavar="DATE"),
        Param("end", "its last day; the end of its horizon if not given", metavar="DATE"),
        Param("result", "a key result, as NAME=NUMBER, or a metric there is; may be repeated", many=True),
        Param("skill", "the skill it is about", metavar="SKILL"),
        Param("new", "take key results as new metrics, however near another name is", flag=True),
        on_param(),
    ),
    _objective,
)
