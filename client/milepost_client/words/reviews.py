"""`review`: the week looked back on in three questions, ending in the next goal."""

from milepost.errors import UsageError
from milepost.light import date, timedelta
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, week_of
from milepost_client.recording.declare import Args, Param, Word, on_param
from milepost_client.views.lookup import Named
from milepost_client.words.goals import GOAL, REASON, due_said, goal_values, reframing

_SEVERAL = "; between several"
_OF_THE_GOAL = ("reframe", "due", "test", "reason", "estimate")


def _review(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    day = _day(desk, args, on)
    week = week_of(day)
    args = _asked(desk, args, _told(desk, args, day))
    worked, adjust = args.many("worked"), args.many("adjust")
    goal, intents, details = _next_goal(desk, args)
    values = {
        "week": week,
        "worked_count": len(worked),
        "adjust_count": len(adjust),
        "next_goal": goal and goal.id,
        "worked": worked or None,
        "adjust": adjust or None,
        "lesson": desk.words(args.text("lesson")),
    }
    counted = (f"{len(worked)} worked, {len(adjust)} to adjust", *details)
    says = f"review of {week} held" + (", next goal" if goal else "")
    next_ = "mp done {id}" if goal else 'mp goal "..." --due fri'
    return Plan((*intents, Intent("review.held", values)), says, goal, on, counted, next_)


def _day(desk: Desk, args: Args, on: date) -> date:
    """A day of the week looked back on: the one typed, else that of `on`; on a Monday the week that has just ended."""
    typed = args.text("week")
    if typed is not None:
        return read_date(typed, desk.today, "since", "week")
    return on - timedelta(days=1) if on.weekday() == 0 else on


def _told(desk: Desk, args: Args, day: date) -> str:
    """What the week was, for whoever is about to be asked how it went; empty where nobody is."""
    if not desk.can_ask or ("worked" in args and "adjust" in args):
        return ""
    from milepost_client.words.looking_back import week_said

    return f"{week_said(desk, day)}\n"


def _asked(desk: Desk, args: Args, told: str) -> Args:
    """`args` with what the line leaves open asked on the terminal, after what is `told` there.

    Raises UsageError for a review that says nothing.
    """
    for name, question in (("worked", "What worked?"), ("adjust", "What needs adjusting?")):
        if name in args:
            continue
        told, asked = "", f"{told}{question} ({_SEVERAL})"
        if said := desk.ask_words(asked):
            args = args.put(name, [point.strip() for point in said.split(";") if point.strip()])
    if "lesson" not in args and (said := desk.ask_words("What should the next goal heed?")):
        args = args.put("lesson", said)
    if "next" not in args and (said := desk.ask_words("The next goal?")):
        args = args.put("next", said)
        for name, question in (("due", "Due? (fri, 3d, 2026-03-06)"), ("test", "How will you tell that it is done?")):
            if name not in args and (said := desk.ask_words(question)):
                args = args.put(name, said)
    if not any(name in args for name in ("worked", "adjust", "lesson", "next")):
        raise UsageError(
            "a review says what worked, what to adjust, what was learned or what is next",
            code="missing",
            field="worked",
            remedy=f"try: {REVIEW.examples[1]}",
        )
    return args


def _next_goal(desk: Desk, args: Args) -> tuple[Named | None, tuple[Intent, ...], tuple[str, ...]]:
    text, reframed = desk.words(args.text("next")), args.text("reframe")
    if text is None:
        stray = next((name for name in _OF_THE_GOAL if name in args), None)
        if stray is not None:
            raise UsageError(
                f"--{stray} belongs to a next goal", code="missing", field="next", remedy='add --next "Draft 1 story"'
            )
        return None, (), ("no next goal yet",)
    goal = Named("goal", desk.new_id(), text)
    if reframed is not None:
        return (goal, *reframing(desk, args, desk.find(("goal",), reframed), goal))
    values = goal_values(desk, args, goal)
    return goal, (Intent("goal.set", values),), tuple(due_said(desk, values))


REVIEW = Word(
    "review",
    "Look back on the week in three questions, and end with the next goal.",
    (
        "mp review",
        'mp review --worked "drafting before mail" --adjust "two goals a day" --next "Draft 1 story" --due wed',
        'mp review --adjust "too big" --reframe k7f --next "Write 3 queries with a join" --due fri --test "they run"',
    ),
    (
        Param("worked", "something that worked; may be repeated", many=True),
        Param("adjust", "something to do otherwise; may be repeated", many=True),
        Param("lesson", "what the next goal should heed"),
        Param("next", "the next goal"),
        Param("reframe", "the goal that the next one takes the place of", metavar="ID"),
        *GOAL.params[1:3],
        REASON,
        GOAL.params[4],
        Param("week", "the week looked back on; on a Monday the one before, else this one", metavar="WEEK"),
        on_param(),
    ),
    _review,
)
