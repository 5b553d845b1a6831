"""`goal` and `done`: a small goal is set, and closed. `done` ends a milestone too."""

from datetime import date, timedelta

from milepost.errors import UsageError
from milepost_client.commands import Desk, Intent, Named, Plan
from milepost_client.dates import read_date, read_minutes, say_date
from milepost_client.words.declare import Args, Param, Word, of_param, on_param

_REPEATS = ("daily", "weekdays", "weekly", "2_per_week", "3_per_week", "4_per_week", "5_per_week", "6_per_week")
_MET = ("yes", "partly", "no")


def _goal(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    due_text = args.text("due")
    due = None if due_text is None else read_date(due_text, desk.today, "due", "due")
    estimate = args.text("estimate")
    test = desk.words(args.text("test"))
    goal = Named("goal", desk.new_id(), desk.words(args.needed("text")) or "")
    values: dict[str, object] = {
        "goal": goal.id,
        "ref": desk.refs(args.many("of")),
        "due": due and due.isoformat(),
        "estimate_minutes": None if estimate is None else read_minutes(estimate, "estimate"),
        "learning": args.flag("learning"),
        "visible": args.flag("visible"),
        "has_test": test is not None,
        "repeat": _repeat(args),
        "text": goal.name,
        "test": test,
    }
    details = (f"due {say_date(due, desk.today)}",) if due else ()
    return Plan((Intent("goal.set", values),), "goal set", goal, on, details, "mp done {id}")


def _repeat(args: Args) -> str | None:
    typed = args.text("repeat")
    # `--repeat 3` is three times a week.
    return f"{typed}_per_week" if typed in ("2", "3", "4", "5", "6") else args.choice("repeat")


GOAL = Word(
    "goal",
    "Set a small goal: one sitting, with a day and a test.",
    (
        'mp goal "Draft 3 user stories" --due fri --test "Sam reviews 3"',
        'mp goal "Mail 2 product managers" --due tomorrow --of m2p --visible',
        'mp goal "Read one case study" --repeat weekly --learning',
    ),
    (
        Param("text", "the goal; - reads it from standard input", 1, needed=True),
        Param("due", "the day it is due", metavar="DATE"),
        Param("test", "how to tell that it is done"),
        of_param(),
        Param("estimate", "how long it should take", metavar="DURATION"),
        Param("learning", "it teaches something", flag=True),
        Param("visible", "somebody will see the result", flag=True),
        Param("repeat", "daily, weekdays, weekly, or a number of times a week", metavar="HOW", choices=_REPEATS),
        on_param(),
    ),
    _goal,
)


def _done(desk: Desk, args: Args) -> Plan:
    what = desk.find(("goal", "milestone"), args.needed("what"))
    return _complete(desk, args, what) if what.kind == "milestone" else _close(desk, args, what)


def _close(desk: Desk, args: Args, goal: Named) -> Plan:
    on = desk.on(args)
    if "measure" in args:
        raise UsageError("--measure is for milestones; a goal is done, missed or dropped", field="measure")
    if args.flag("missed") and args.flag("dropped"):
        raise UsageError("a goal is missed or dropped, not both", field="dropped")
    result = "missed" if args.flag("missed") else "dropped" if args.flag("dropped") else "done"
    state = desk.seen.goal(goal.id)
    period = _period(state.repeat if state else None, on)
    values: dict[str, object] = {
        "goal": goal.id,
        "result": result,
        "period": period and period.isoformat(),
        "note": desk.words(args.text("note")),
        "over": desk.over(goal, "result" if period is None else f"period/{period.isoformat()}"),
    }
    details = (f"for the period from {say_date(period, desk.today)}",) if period else ()
    return Plan((Intent("goal.closed", values),), f"goal {result}", goal, on, details, "mp")


def _period(repeat: str | None, on: date) -> date | None:
    """The first day of the period of a repeating goal that `on` lies in: the day itself, or its week's Monday."""
    if repeat is None:
        return None
    return on if repeat in ("daily", "weekdays") else on - timedelta(days=on.weekday())


def _complete(desk: Desk, args: Args, milestone: Named) -> Plan:
    on = desk.on(args)
    if args.flag("missed") or args.flag("dropped"):
        raise UsageError(
            f"{milestone.name or milestone.id} is a milestone, which is completed or stopped",
            field="what",
            remedy=f"try: mp milestone stop {desk.seen.short(milestone.id)} --reason priority",
        )
    met = args.choice("measure") or desk.ask("was its measure met: yes, partly or no?", _MET, "measure")
    values = {
        "milestone": milestone.id,
        "measure_met": met,
        "result": desk.words(args.text("note")),
        "over": desk.over(milestone, "status"),
    }
    details = (f"measure met: {met}",)
    return Plan((Intent("milestone.completed", values),), "milestone completed", milestone, on, details, "mp")


DONE = Word(
    "done",
    "Close a goal, or complete a milestone.",
    ("mp done k7f", "mp done k7f --missed --on yesterday", "mp done redesign --measure partly"),
    (
        Param("what", "the goal or milestone: its id or its name", 1, metavar="ID", needed=True),
        Param("missed", "it was not done in time", flag=True),
        Param("dropped", "it is given up", flag=True),
        Param("measure", "for a milestone: whether its measure was met", metavar="MET", choices=_MET),
        Param("note", "a word about it; - reads it from standard input"),
        on_param(),
    ),
    _done,
)
