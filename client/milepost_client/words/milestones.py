"""`milestone plan|start|block|resume|move|complete|stop`: weeks of work, from the plan to the end."""

from collections.abc import Callable, Mapping

from milepost.errors import UsageError
from milepost.light import date
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, read_span, say_date
from milepost_client.recording.declare import Args, Param, Word, on_param, read_whole
from milepost_client.recording.fields import read_days
from milepost_client.views.lookup import Named

KINDS = (
    "direction",
    "skills_audit",
    "credential",
    "portfolio",
    "networking",
    "stretch",
    "mentoring",
    "impact",
    "narrative",
    "micro_project",
    "project",
    "cohort",
    "experiment",
    "sprint",
    "other",
)
_TERMS = ("paid", "credited", "pro_bono", "secondment")
_REASONS = ("time", "skill", "access", "people", "priority", "done_elsewhere", "mistake", "other")
_CLASSES = ("time", "skill", "access", "people", "other")
_REMEDIES = ("audit", "method", "peer", "mentor", "none")
_MET = ("yes", "partly", "no")

_PLANNING = (
    Param("kind", "what it is: " + ", ".join(KINDS), 1, metavar="KIND", choices=KINDS, needed=True),
    Param("title", "what it is called", 2, metavar="TITLE", needed=True),
    Param("for", "how long: 13w, 10d, 3mo", metavar="SPAN"),
    Param("start", "its first day; the day it happens if not given", metavar="DATE"),
    Param("due", "its last day, instead of --for", metavar="DATE"),
    Param("hours", "hours a week planned for it", metavar="N"),
    Param("buffer", "days kept free before the last", metavar="DAYS"),
    Param("measure", "what success is"),
    Param("output", "a named output; may be repeated", metavar="NAME", many=True),
    Param("hypothesis", "what an experiment is to find out"),
    Param("in", "the milestone it is counted under", metavar="ID"),
    Param("objective", "the objective it serves", metavar="ID"),
    Param("terms", "paid, credited, pro_bono or secondment", metavar="TERMS", choices=_TERMS),
    Param("skill", "the skill it builds", metavar="SKILL"),
    on_param(),
)


def _plan(desk: Desk, args: Args) -> Plan:
    milestone, intent, details = _planned(desk, args)
    return Plan((intent,), "milestone planned", milestone, desk.on(args), details, "mp milestone start {id}")


def _start(desk: Desk, args: Args) -> Plan:
    """`start KIND TITLE` plans and starts; `start ID` starts what was planned."""
    if args.text("title") is None:
        milestone = _find(desk, args, "kind")
        _refuse_planning(args, milestone)
        values = {"milestone": milestone.id}
        return _one(desk, args, "milestone.started", values, "milestone started", "mp milestone show {id}", milestone)
    milestone, intent, details = _planned(desk, args)
    started = Intent("milestone.started", {"milestone": milestone.id})
    return Plan((intent, started), "milestone started", milestone, desk.on(args), details, "mp goal TEXT --of {id}")


def _refuse_planning(args: Args, milestone: Named) -> None:
    for param in _PLANNING[2:-1]:
        if param.name in args:
            raise UsageError(
                f"{milestone.name} is planned already",
                field=param.name,
                remedy=f"change it with: mp edit {milestone.id} {param.long}; a new one needs a kind and a title",
            )


def _planned(desk: Desk, args: Args) -> tuple[Named, Intent, tuple[str, ...]]:
    milestone = Named("milestone", desk.new_id(), args.needed("title"))
    start, due = _dates(desk, args)
    outputs = args.many("output")
    hours, buffer = args.text("hours"), args.text("buffer")
    measure = desk.words(args.text("measure"))
    values: dict[str, object] = {
        "milestone": milestone.id,
        "kind": args.choice("kind") or args.needed("kind"),
        "start": start.isoformat(),
        "due": due.isoformat(),
        "buffer_days": None if buffer is None else read_days(buffer, desk, "buffer"),
        "hours_per_week": None if hours is None else read_whole(hours, "hours"),
        "outputs": [desk.new_id() for _ in outputs] or None,
        "has_measure": measure is not None,
        "objective": _id(desk, args, "objective", "objective"),
        "parent": _id(desk, args, "in", "milestone"),
        "terms": args.choice("terms"),
        "skill": _id(desk, args, "skill", "skill"),
        "title": milestone.name,
        "measure": measure,
        "output_labels": outputs or None,
        "hypothesis": desk.words(args.text("hypothesis")),
    }
    details = (f"{say_date(start, desk.today)} to {say_date(due, desk.today)}",)
    return milestone, Intent("milestone.planned", values), details


def _dates(desk: Desk, args: Args) -> tuple[date, date]:
    start_text, due_text, span = args.text("start"), args.text("due"), args.text("for")
    start = desk.on(args) if start_text is None else read_date(start_text, desk.today, "due", "start")
    if (due_text is None) == (span is None):
        raise UsageError(
            "a milestone has a last day: --for 6w or --due DATE", code="missing", field="due", remedy="try: --for 6w"
        )
    return start, read_span(span, start) if span is not None else read_date(due_text or "", desk.today, "due", "due")


def _id(desk: Desk, args: Args, name: str, kind: str) -> str | None:
    typed = args.text(name)
    return None if typed is None else desk.find((kind,), typed).id


def _find(desk: Desk, args: Args, name: str = "what") -> Named:
    return desk.find_open(("milestone",), args.needed(name))


def _block(desk: Desk, args: Args) -> Plan:
    values = {
        "milestone": _find(desk, args).id,
        "class": args.choice("class") or "other",
        "remedy": args.choice("remedy") or "none",
        "obstacle": desk.words(args.text("why")),
    }
    plan = _one(desk, args, "milestone.blocked", values, "milestone blocked", "mp milestone resume {id}")
    return _asking(desk, args, plan)


def _asking(desk: Desk, args: Args, plan: Plan) -> Plan:
    """The plan, with the request for help that `--ask` adds to it."""
    to = args.choice("ask")
    if to is None:
        if "request" in args:
            raise UsageError("a request names who is asked", field="request", remedy="add --ask lead, or --ask pod")
        return plan
    from milepost_client.words.asking import asking

    refs = [plan.subject.id] if plan.subject else []
    _, intents, readers = asking(desk, to, "unblock", args.text("request"), refs)
    says = f"{plan.says}, {to} asked"
    return plan._replace(
        intents=(*plan.intents, *intents), says=says, details=(*plan.details, *readers), next="mp sync"
    )


def _resume(desk: Desk, args: Args) -> Plan:
    values = {"milestone": _find(desk, args).id, "note": desk.words(args.text("note"))}
    return _one(desk, args, "milestone.resumed", values, "milestone resumed", "mp milestone show {id}")


def _move(desk: Desk, args: Args) -> Plan:
    due = read_date(args.needed("due"), desk.today, "due", "due")
    values = {
        "milestone": _find(desk, args).id,
        "due": due.isoformat(),
        "reason": args.choice("reason") or "other",
        "words": desk.words(args.text("why")),
    }
    says = f"milestone moved to {say_date(due, desk.today)}"
    return _one(desk, args, "milestone.rescheduled", values, says, "mp milestone show {id} --history")


def _complete(desk: Desk, args: Args) -> Plan:
    milestone = _find(desk, args)
    upheld = args.choice("upheld")
    values = {
        "milestone": milestone.id,
        "measure_met": args.choice("measure") or desk.ask("was its measure met: yes, partly or no?", _MET, "measure"),
        "outputs_ticked": _ticked(desk, milestone, args.many("tick")),
        "hypothesis_upheld": None if upheld is None else upheld == "yes",
        "result": desk.words(args.text("result")),
        "lesson": desk.words(args.text("lesson")),
    }
    return _one(desk, args, "milestone.completed", values, "milestone completed", "mp status")


def _ticked(desk: Desk, milestone: Named, names: list[str]) -> list[str] | None:
    """The ids of the outputs that were ticked: by name, by number from 1, or by id."""
    if not names:
        return None
    from milepost_client.recording.outputs import find_output

    return [find_output(desk, (milestone.id,), typed, "tick") for typed in names]


def _stop(desk: Desk, args: Args) -> Plan:
    values = {
        "milestone": _find(desk, args).id,
        "reason": args.choice("reason") or "other",
        "why": desk.words(args.text("why")),
    }
    return _one(desk, args, "milestone.stopped", values, "milestone stopped", "mp milestone list")


def _one(
    desk: Desk, args: Args, type_: str, values: Mapping[str, object], says: str, next_: str, found: Named | None = None
) -> Plan:
    milestone = found or _find(desk, args)
    over = desk.over(milestone, "due" if type_ == "milestone.rescheduled" else "status")
    return Plan((Intent(type_, {**values, "over": over}),), says, milestone, desk.on(args), (), next_)


_WHAT = Param("what", "the milestone: its id or its name", 1, metavar="ID", needed=True)
_REASON = Param("reason", "why: " + ", ".join(_REASONS), metavar="REASON", choices=_REASONS)


def _word(name: str, help: str, example: str, params: tuple[Param, ...], plan: Callable[[Desk, Args], Plan]) -> Word:
    return Word(f"milestone {name}", help, (example,), (*params, on_param()), plan)


WORDS = (
    Word(
        "milestone plan",
        "Plan a milestone: what it is, how long it takes, what success is.",
        (
            "mp milestone plan project Redesign --for 6w --output dashboard --output talk",
            'mp milestone plan experiment "Free audits" --for 4w --hypothesis "shelters will use one"',
        ),
        _PLANNING,
        _plan,
    ),
    Word(
        "milestone start",
        "Start a planned milestone, or plan and start one in one line.",
        (
            'mp milestone start credential CSPO --for 13w --hours 8 --measure "certified"',
            "mp milestone start redesign",
        ),
        (
            Param(
                "kind", "its kind; or the id or name of a planned one", 1, metavar="KIND", choices=KINDS, needed=True
            ),
            _PLANNING[1]._replace(needed=False),
            *_PLANNING[2:],
        ),
        _start,
    ),
    _word(
        "block",
        "Say what is in the way, and what is to be tried about it.",
        'mp milestone block CSPO --class access --ask lead "Who can open a test account?"',
        (
            _WHAT,
            Param("request", "with --ask: the request in a sentence", 2, metavar="SENTENCE"),
            Param("ask", "ask for help as well: lead or pod, in clear", metavar="WHO", choices=("lead", "pod")),
            Param("class", "what kind of thing: " + ", ".join(_CLASSES), metavar="CLASS", choices=_CLASSES),
            Param("remedy", "what is to be tried: " + ", ".join(_REMEDIES), metavar="REMEDY", choices=_REMEDIES),
            Param("why", "what is in the way"),
        ),
        _block,
    ),
    _word(
        "resume",
        "Go on with a blocked or stopped milestone.",
        "mp milestone resume CSPO",
        (_WHAT, Param("note", "a word about it")),
        _resume,
    ),
    _word(
        "move",
        "Give a milestone another last day; the first stays what lateness is counted from.",
        "mp milestone move CSPO --due 2026-05-11 --reason time",
        (_WHAT, Param("due", "the new last day", metavar="DATE", needed=True), _REASON, Param("why", "why, in words")),
        _move,
    ),
    _word(
        "complete",
        "End a milestone, and say whether its measure was met.",
        'mp milestone complete CSPO --measure yes --result "passed at first try"',
        (
            _WHAT,
            Param("measure", "whether success was reached: yes, partly or no", metavar="MET", choices=_MET),
            Param("tick", "an output that is done without an artifact; may be repeated", metavar="NAME", many=True),
            Param("upheld", "whether the experiment upheld its hypothesis", metavar="YES|NO", choices=("yes", "no")),
            Param("result", "what came of it"),
            Param("lesson", "what was learned"),
        ),
        _complete,
    ),
    _word(
        "stop",
        "End a milestone without completing it.",
        "mp milestone stop CSPO --reason priority",
        (_WHAT, _REASON, Param("why", "why, in words")),
        _stop,
    ),
)
