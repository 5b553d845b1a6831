"""`metric`: one reading; a metric that is new is defined first, by what its first reading looks like."""

from milepost.errors import UsageError
from milepost_client.recording.amounts import Reading, read_value
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param, read_whole
from milepost_client.views.lookup import Named

UNITS = ("count", "percent", "minutes", "points", "money", "other")
KINDS = ("level", "change", "count", "duration")
SOURCES = ("listings", "internal", "platform", "survey", "own_count", "other")


def _metric(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    reading = read_value(args.needed("value"))
    metric, naming = desk.find_or_name("metric", args.needed("name"), new=args.flag("new"))
    refs = desk.refs(args.many("of"))
    if naming:
        defining = definition(metric, args, reading)
        unit, is_private, intents = str(defining["unit"]), _is_private(defining), [Intent("metric.defined", defining)]
    else:
        _refuse_definition(args, metric)
        state = desk.seen.metric(metric.id)
        unit = state.unit if state else "other"
        is_private, intents = state is not None and state.is_private, []
    window = args.text("window")
    values: dict[str, object] = {
        "metric": metric.id,
        "private_value" if is_private else "value": reading.value,
        "basis": _basis(args, unit),
        "window_days": None if window is None else read_whole(window.removesuffix("d"), "window"),
        "source": args.choice("source") or "other",
        "ref": refs,
        "method": desk.words(args.text("method")),
    }
    details = (*(("new metric",) if naming else ()), *(("on your devices only",) if is_private else ()))
    said = f"recorded {args.needed('value')}"
    return Plan((*intents, Intent("metric.recorded", values)), said, metric, on, details, "mp metric list")


def definition(metric: Named, args: Args, first: Reading | None = None) -> dict[str, object]:
    """The values of `metric.defined`: what was said, else what the first reading looks like."""
    unit = args.choice("unit") or (first.unit if first else None) or "count"
    kind = "change" if first and first.signed else "duration" if unit == "minutes" else "level"
    baseline, target = args.text("baseline"), args.text("target")
    return {
        "metric": metric.id,
        "kind": args.choice("kind") or kind,
        "unit": unit,
        "better": args.choice("better") or "up",
        "own": args.flag("own"),
        "name": metric.name,
        "baseline": None if baseline is None else read_value(baseline, "baseline").value,
        "target": None if target is None else read_value(target, "target").value,
    }


def _is_private(definition: dict[str, object]) -> bool:
    return definition["own"] is True or definition["unit"] == "money"


def _refuse_definition(args: Args, metric: Named) -> None:
    for name in ("unit", "kind", "better", "own", "baseline", "target"):
        if name in args:
            raise UsageError(
                f"{metric.name} is defined already",
                field=name,
                remedy=f"try: mp edit {metric.id} --{name} {args.text(name) or ''}",
            )


def _basis(args: Args, unit: str) -> str:
    given = [name for name in ("absolute", "relative", "points") if args.flag(name)]
    if len(given) > 1:
        raise UsageError(f"a reading is {' or '.join(given)}, not both", field=given[1])
    # A percentage says by itself neither "of what it was" nor "percentage points": the check warns.
    return given[0] if given else "unknown" if unit == "percent" else "absolute"


DEFINING = (
    Param("unit", "what it is counted in: " + ", ".join(UNITS), metavar="UNIT", choices=UNITS),
    Param("kind", "what a value says: " + ", ".join(KINDS), metavar="KIND", choices=KINDS),
    Param("better", "which way is better: up or down", metavar="WAY", choices=("up", "down")),
    Param("own", "its values stay on your devices", flag=True),
    Param("baseline", "where it began", metavar="VALUE"),
    Param("target", "where it should go", metavar="VALUE"),
)

METRIC = Word(
    "metric",
    "Record a reading of something you measure.",
    (
        'mp metric "monthly active users" +12% --relative --of redesign',
        'mp metric "bounce rate" -8% --better down',
        'mp metric define "article views" --unit count',
    ),
    (
        Param("name", "the metric: its name, the beginning of it, or its id", 1, metavar="METRIC", needed=True),
        Param("value", "the reading: 1200, +12%, -8%, -15m", 2, metavar="VALUE", needed=True),
        Param("relative", "the percentage is of what it was", flag=True),
        Param("absolute", "the value is what it is, compared with nothing", flag=True),
        Param("points", "the value is in percentage points", flag=True),
        Param("window", "over how many days", metavar="DAYS"),
        Param("source", "where it comes from: " + ", ".join(SOURCES), metavar="SOURCE", choices=SOURCES),
        Param("method", "how it was measured"),
        Param("new", "take it as a new metric, however near another name is", flag=True),
        *DEFINING,
        of_param(),
        on_param(),
    ),
    _metric,
)


def _define(desk: Desk, args: Args) -> Plan:
    metric, naming = desk.find_or_name("metric", args.needed("name"), new=True)
    if not naming:
        _refuse_definition(args, metric)
        return Plan((), "metric is defined already", metric, desk.on(args), (), "mp metric {id} VALUE")
    values = definition(metric, args) | {"ref": desk.refs(args.many("of"))}
    return Plan(
        (Intent("metric.defined", values),), "metric defined", metric, desk.on(args), (), "mp metric {id} VALUE"
    )


DEFINE = Word(
    "metric define",
    "Define a metric before its first reading.",
    ('mp metric define "bounce rate" --unit percent --better down',),
    (Param("name", "what it is called", 1, metavar="METRIC", needed=True), *DEFINING, of_param(), on_param()),
    _define,
)
