"""`goal`, `done`, `reframe`: a small goal is set, closed, or tried in other words.

`done` ends a milestone and a request for help too.
"""

from collections.abc import Iterator, Mapping

from milepost.errors import UsageError
from milepost.light import Any, date, timedelta
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, read_minutes, say_date
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param
from milepost_client.views.attempts import earlier_attempts
from milepost_client.views.lookup import Named

_REPEATS = ("daily", "weekdays", "weekly", "2_per_week", "3_per_week", "4_per_week", "5_per_week", "6_per_week")
_MET = ("yes", "partly", "no")
REASONS = ("time", "skill", "access", "people", "priority", "done_elsewhere", "mistake", "other")


def _goal(desk: Desk, args: Args) -> Plan:
    goal = Named("goal", desk.new_id(), desk.words(args.needed("text")) or "")
    values = goal_values(desk, args, goal)
    return Plan(
        (Intent("goal.set", values),), "goal set", goal, desk.on(args), tuple(due_said(desk, values)), "mp done {id}"
    )


def goal_values(desk: Desk, args: Args, goal: Named, before: Mapping[str, Any] | None = None) -> dict[str, object]:
    """The values of `goal.set`; what the line leaves open is as in `before`, the view of the goal before it."""
    old = before or {}
    due_text, estimate = args.text("due"), args.text("estimate")
    due = None if due_text is None else read_date(due_text, desk.today, "due", "due")
    test = desk.words(args.text("test"))
    return {
        "goal": goal.id,
        "ref": desk.refs(args.many("of")) or old.get("ref") or None,
        "due": due and due.isoformat(),
        "estimate_minutes": None if estimate is None else read_minutes(estimate, "estimate"),
        "learning": args.flag("learning") or old.get("learning", False),
        "visible": args.flag("visible") or old.get("visible", False),
        "has_test": test is not None,
        "repeat": _repeat(args) or old.get("repeat"),
        "text": goal.name,
        "test": test,
    }


def due_said(desk: Desk, values: Mapping[str, object]) -> Iterator[str]:
    """The day a goal is due, as its answer echoes it."""
    due = values["due"]
    if isinstance(due, str):
        yield f"due {say_date(date.fromisoformat(due), desk.today)}"


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
    what = desk.find_open(("goal", "milestone", "help"), args.needed("what"))
    match what.kind:
        case "milestone":
            return _complete(desk, args, what)
        case "help":
            return _solve(desk, args, what)
        case _:
            return _close(desk, args, what)


def _solve(desk: Desk, args: Args, help_: Named) -> Plan:
    from milepost_client.words.asking import closing

    for name in ("missed", "dropped", "measure", "note"):
        if name in args:
            raise UsageError(
                f"--{name} is not for a request for help",
                field=name,
                remedy=f"try: mp ask close {desk.seen.short(help_.id)} --withdrawn",
            )
    return closing(desk, help_, "solved", desk.on(args))


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
    """The first day of the period of a repeating goal that `on` lies in: its week's Monday, else the day itself."""
    # Three times a week is three days closed: each is a period, and their week is kept when there are enough of them.
    return on - timedelta(days=on.weekday()) if repeat == "weekly" else None if repeat is None else on


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
    "Close a goal, complete a milestone, or say that a request for help is solved.",
    ("mp done k7f", "mp done k7f --missed --on yesterday", "mp done redesign --measure partly"),
    (
        Param("what", "the goal, milestone or request: its id or its name", 1, metavar="ID", needed=True),
        Param("missed", "it was not done in time", flag=True),
        Param("dropped", "it is given up", flag=True),
        Param("measure", "for a milestone: whether its measure was met", metavar="MET", choices=_MET),
        Param("note", "a word about it; - reads it from standard input"),
        on_param(),
    ),
    _done,
)


def _reframe(desk: Desk, args: Args) -> Plan:
    old = desk.find_open(("goal",), args.needed("what"))
    goal = Named("goal", desk.new_id(), desk.words(args.needed("text")) or "")
    intents, details = reframing(desk, args, old, goal)
    return Plan(intents, "goal reframed as", goal, desk.on(args), details, "mp done {id}")


def reframing(desk: Desk, args: Args, old: Named, goal: Named) -> tuple[tuple[Intent, ...], tuple[str, ...]]:
    """The entries by which `goal` takes the place of `old`, and what is said of it."""
    before = desk.seen.view("goal", old.id) or {}
    _refuse_ended(desk, old, before)
    values = goal_values(desk, args, goal, before)
    reframed = {
        "goal": goal.id,
        "replaces_goal": old.id,
        "reason": args.choice("reason") or "other",
        "over": desk.over(old, "reframed"),
    }
    attempt = len(earlier_attempts(old.id, lambda id: (desk.seen.view("goal", id) or {}).get("replaces"))) + 2
    details = (f"attempt {attempt}, after: {old.name or old.id}", *due_said(desk, values))
    return (Intent("goal.set", values), Intent("goal.reframed", reframed)), details


def _refuse_ended(desk: Desk, old: Named, before: Mapping[str, Any]) -> None:
    """Raises UsageError for a goal that is done, or has been reframed: the line of attempts goes on from its end."""
    if before.get("result") == "done":
        raise UsageError(
            f"{old.name or old.id} is done",
            code="goal_done",
            field="what",
            remedy='set another: mp goal "..." --due fri',
        )
    if newer := before.get("replaced_by"):
        name = desk.seen.name("goal", newer)
        raise UsageError(
            f"{old.name or old.id} was reframed already",
            code="reframed",
            field="what",
            remedy=f'go on from {name}: mp reframe {desk.seen.short(newer)} "..."',
        )


REASON = Param("reason", "why: " + ", ".join(REASONS), metavar="REASON", choices=REASONS)

REFRAME = Word(
    "reframe",
    "Replace a goal that stopped working by a better one; the attempts stay in line.",
    (
        'mp reframe k7f "Draft 1 story" --due wed',
        'mp reframe "get better at SQL" "Write 3 queries with a join" --due fri --test "they run" --reason skill',
    ),
    (
        Param("what", "the goal: its id or the beginning of its name", 1, metavar="ID", needed=True),
        Param("text", "the new goal; - reads it from standard input", 2, needed=True),
        *GOAL.params[1:3],
        GOAL.params[4],
        REASON,
        of_param(),
        on_param(),
    ),
    _reframe,
)
