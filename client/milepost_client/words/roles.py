"""`role brief|score|choose`: roles are described, held against each other factor by factor, and one is chosen."""

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, on_param, read_whole
from milepost_client.recording.seen import fold_case
from milepost_client.render.counted import counted
from milepost_client.views.lookup import Named
from milepost_client.words.direction import PRIVATE

KINDS = ("target", "specialisation")


def _brief(desk: Desk, args: Args) -> Plan:
    role, is_new = desk.find_or_name("role", args.needed("title"), new=args.flag("new"))
    before = {} if is_new else desk.seen.view("role", role.id) or {}
    asked, naming = _competencies(desk, args)
    texts = {name: desk.words(args.text(name)) for name in ("paths", "indicators", "brief")}
    given = {name: text for name, text in texts.items() if text is not None}
    # A page grows: what this line leaves out stays as it was.
    values: dict[str, object] = {
        "role": role.id,
        "kind": args.choice("kind") or before.get("kind", KINDS[0]),
        "title": role.name,
        "competencies": list(dict.fromkeys([*before.get("competencies", ()), *asked])) or None,
        **{name: given.get(name, before.get(name)) for name in texts},
        "over": desk.over(role, "briefed"),
    }
    details = ["new role"] if is_new else []
    details += [f"{counted(len(asked), 'skill')} asked for"] if asked else []
    details += [*given, PRIVATE]
    intents = (*naming, Intent("role.briefed", values))
    return Plan(intents, "role briefed", role, desk.on(args), tuple(details), "mp role score {id} FACTOR 4")


def _competencies(desk: Desk, args: Args) -> tuple[list[str], list[Intent]]:
    """The skills that `--asks` names, and the entries that name those that are new."""
    ids, naming = [], []
    for typed in args.many("asks"):
        skill, is_new = desk.find_or_name("skill", typed, new=args.flag("new"))
        ids.append(skill.id)
        naming += [Intent("skill.named", {"skill": skill.id, "label": skill.name})] if is_new else []
    return ids, naming


def _score(desk: Desk, args: Args) -> Plan:
    role, is_new = desk.find_or_name("role", args.needed("role"), new=args.flag("new"))
    factor, called = _factor(desk, args.needed("factor"))
    score, weight, raw = args.text("score"), args.text("weight"), args.text("raw")
    name = fold_case(factor)
    over = [
        *(desk.over(role, f"score/{name}", f"raw/{name}") or ()),
        *(desk.over(Named("factor", name, ""), "weight") or ()),
    ]
    values: dict[str, object] = {
        "role": role.id,
        "factor": factor,
        "score": None if score is None else read_whole(score, "score"),
        "weight": None if weight is None else read_whole(weight, "weight"),
        "raw": raw,
        "over": sorted(set(over)) or None,
    }
    said = f"{called}: {score}" if score is not None else f"{called}: not scored yet"
    details = [said, *([f"weight {weight}"] if weight else []), *([raw] if raw else []), PRIVATE]
    naming = [Intent("role.briefed", {"role": role.id, "kind": KINDS[0], "title": role.name})] if is_new else []
    intents = (*naming, Intent("role.scored", values))
    says = "role scored" if score is not None else "factor noted"
    return Plan(intents, says, role, desk.on(args), tuple(["new role"] * is_new + details), "mp role compare")


def _factor(desk: Desk, typed: str) -> tuple[str, str]:
    """The factor as an entry holds it, and as people call it: a value's id where `typed` is the name of a value."""
    wanted = fold_case(typed)
    if not wanted:
        raise UsageError("a factor has a name", field="factor", remedy=f"try: {SCORE.examples[0]}")
    for value in desk.seen.find(("value",), typed):
        if wanted in (value.id, fold_case(value.name)):
            return value.id, value.name
    return typed, typed


def _choose(desk: Desk, args: Args) -> Plan:
    role = desk.find(("role",), args.needed("role"))
    values = {
        "role": role.id,
        "why": desk.words(args.text("why")),
        "over": desk.over(Named("choice", "role", ""), "chosen"),
    }
    next_ = 'mp milestone start direction "Role brief" --for 2w'
    return Plan((Intent("role.chosen", values),), "role chosen", role, desk.on(args), (PRIVATE,), next_)


_ROLE = Param("role", "the role: its title, the beginning of it, or its id", 1, metavar="ROLE", needed=True)
_NEW = Param("new", "take names as new ones, however near others are", flag=True)

BRIEF = Word(
    "role brief",
    "Write the page about a role: what it asks for, how people get there, how it is judged.",
    (
        'mp role brief "Product Manager" --asks "market analysis" --asks "sprint planning" --indicators "activation"',
        'mp role brief "Growth Product Manager" --kind specialisation',
    ),
    (
        _ROLE._replace(name="title", help="its title"),
        Param("kind", "target: another role; specialisation: a side of this one", metavar="KIND", choices=KINDS),
        Param("asks", "a skill that it asks for; may be repeated", metavar="SKILL", many=True),
        Param("paths", "how people get there"),
        Param("indicators", "what people in it are judged by"),
        Param("brief", "the rest of the page; - reads it from standard input"),
        _NEW,
        on_param(),
    ),
    _brief,
)
SCORE = Word(
    "role score",
    "Score a role on a factor, or on one of your values; without a score the gap stays a gap.",
    (
        'mp role score "Product Manager" "decision authority" 4 --weight 2',
        'mp role score "Product Owner" "salary range" --raw "80-95k"',
        'mp role score "Product Manager" autonomy 5',
    ),
    (
        _ROLE,
        Param("factor", "what it is compared on: a label, or one of your values", 2, metavar="FACTOR", needed=True),
        Param("score", "1 poor to 5 good", 3, metavar="SCORE"),
        Param("weight", "how much the factor counts, 0 to 10, for every role; 1 if never given", metavar="N"),
        Param("raw", "the figure or the words behind the score"),
        _NEW,
        on_param(),
    ),
    _score,
)
CHOOSE = Word(
    "role choose",
    "Choose the role to head for.",
    ('mp role choose "Product Manager" --why "most say in what is built"',),
    (_ROLE, Param("why", "why this one"), on_param()),
    _choose,
)
WORDS = (BRIEF, SCORE, CHOOSE)
