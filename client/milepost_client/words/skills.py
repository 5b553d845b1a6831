"""`rate` and `skill code`: a skill is rated, targeted and enjoyed in one line; one that is new is named first."""

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, say_date
from milepost_client.recording.declare import Args, Param, Word, on_param, read_whole
from milepost_client.views.lookup import Named

_METHODS = ("course", "workshop", "internal_project", "practice", "peer", "mentor")
_STANCES = ("grow", "keep", "lean_in", "let_go")
_BASES = ("self", "peer", "mentor")


def _rate(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    skill, naming = desk.find_or_name("skill", args.needed("skill"), new=args.flag("new"))
    intents = [Intent("skill.named", {"skill": skill.id, "label": skill.name})] if naming else []
    details = ["new skill"] if naming else []
    rating = args.text("rating")
    if rating is not None:
        values = {
            "skill": skill.id,
            "rating": read_whole(rating, "rating"),
            "basis": args.choice("basis") or "self",
            "note": desk.words(args.text("note")),
        }
        intents.append(Intent("skill.rated", values))
        details.append(f"rated {rating}")
    intents += _target(desk, args, skill.id, details)
    intents += _enjoyment(desk, args, skill.id, details)
    if len(intents) == naming:
        raise UsageError(
            "rate needs a rating, a --target, --enjoy, --avoid or --stance",
            field="rating",
            remedy=f"try: {RATE.examples[0]}",
        )
    return Plan(
        tuple(intents), "skill noted" if rating is None else "skill rated", skill, on, tuple(details), "mp rate list"
    )


def _target(desk: Desk, args: Args, skill: str, details: list[str]) -> list[Intent]:
    target, by = args.text("target"), args.text("by")
    if target is None:
        for name in ("by", "method", "resource"):
            if name in args:
                raise UsageError(f"--{name} belongs to a --target", field=name, remedy=f"try: {RATE.examples[0]}")
        return []
    day = None if by is None else read_date(by, desk.today, "due", "by")
    details.append(f"target {target}" + (f" by {say_date(day, desk.today)}" if day else ""))
    values = {
        "skill": skill,
        "target": read_whole(target, "target"),
        "by": day and day.isoformat(),
        "method": args.choice("method"),
        "resource": args.text("resource"),
    }
    return [Intent("skill.targeted", values)]


def _enjoyment(desk: Desk, args: Args, skill: str, details: list[str]) -> list[Intent]:
    enjoyment, stance = args.text("enjoy"), args.choice("stance")
    if enjoyment is None and stance is None and not args.flag("avoid"):
        return []
    details.append("enjoyment noted on your devices only")
    values = {
        "skill": skill,
        "enjoyment": None if enjoyment is None else read_whole(enjoyment, "enjoy"),
        "avoided": args.flag("avoid") or None,
        "stance": stance,
        "over": desk.over(Named("enjoyed", skill, ""), "enjoyment", "avoided", "stance"),
    }
    return [Intent("skill.enjoyed", values)]


RATE = Word(
    "rate",
    "Rate a skill from 1 to 5, and say where it should go.",
    (
        'mp rate "sprint planning" 3 --target 5 --by 6w --method course',
        'mp rate "public speaking" --enjoy 5',
        'mp rate "public speaking" --avoid --stance lean_in',
    ),
    (
        Param("skill", "the skill: its name, the beginning of it, or its id", 1, metavar="SKILL", needed=True),
        Param("rating", "1 weak to 5 strong", 2, metavar="RATING"),
        Param("target", "the rating wanted", metavar="RATING"),
        Param("by", "the day it should be reached", metavar="DATE"),
        Param("method", "how: " + ", ".join(_METHODS), metavar="METHOD", choices=_METHODS),
        Param("resource", "the course, workshop or project"),
        Param("basis", "whose rating it is: self, peer or mentor", metavar="WHOSE", choices=_BASES),
        Param("note", "what it rests on"),
        Param("enjoy", "1 a chore to 5 a joy; stays on your devices", metavar="RATING"),
        Param("avoid", "it is put off where it can be; stays on your devices", flag=True),
        Param("stance", "what to do about it: " + ", ".join(_STANCES), metavar="STANCE", choices=_STANCES),
        Param("new", "take it as a new skill, however near another name is", flag=True),
        on_param(),
    ),
    _rate,
)


def _code(desk: Desk, args: Args) -> Plan:
    skill = desk.find(("skill",), args.needed("skill"))
    code = args.needed("code")
    values = {"skill": skill.id, "code": code, "label": skill.name, "over": desk.over(skill, "named")}
    details = (f"code {code}: the cohort's figures may count it, where you share skills",)
    return Plan((Intent("skill.named", values),), "skill coded", skill, desk.on(args), details, "mp skill list")


CODE = Word(
    "skill code",
    "Give a skill the code that your cohort published, so that its figures can count it.",
    ('mp skill code "sprint planning" sprint_planning',),
    (
        Param("skill", "the skill: its name, the beginning of it, or its id", 1, metavar="SKILL", needed=True),
        Param("code", "the cohort's code, as sprint_planning", 2, metavar="CODE", needed=True),
        on_param(),
    ),
    _code,
)
