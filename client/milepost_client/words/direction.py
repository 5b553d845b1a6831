"""`note`, `focus` and `value`: answers to the questions a direction is found by, and what it is measured by."""

from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, on_param, read_whole
from milepost_client.views.lookup import Named

PROMPTS = ("problems", "industries", "tasks", "employers", "free")
_MODES = ("role", "skill", "undecided")
PRIVATE = "on your devices only"


def _note(desk: Desk, args: Args) -> Plan:
    prompt = args.choice("prompt") or "free"
    values = {"prompt": prompt, "text": desk.words(args.needed("text"))}
    details = (PRIVATE,)
    return Plan((Intent("reflection.written", values),), "note kept", None, desk.on(args), details, "mp note list")


NOTE = Word(
    "note",
    "Write a note, which only your own devices can read.",
    ('mp note --prompt problems "people leave at the second screen"', "mp note - < thoughts.txt"),
    (
        Param("text", "the note; - reads it from standard input", 1, needed=True),
        Param("prompt", "the question it answers: " + ", ".join(PROMPTS), metavar="PROMPT", choices=PROMPTS),
        on_param(),
    ),
    _note,
)


def _focus(desk: Desk, args: Args) -> Plan:
    mode = args.choice("mode") or args.needed("mode")
    before = (desk.seen.view("focus", "now") or {}).get("changes")
    values = {
        "mode": mode,
        "why": desk.words(args.text("why")),
        "over": desk.over(Named("focus", "now", ""), "set"),
    }
    story = f"{before[-1]['mode']} -> {mode}" if before and before[-1]["mode"] != mode else mode
    return Plan((Intent("focus.set", values),), f"focus {story}", None, desk.on(args), (PRIVATE,), _AFTER[mode])


_AFTER = {"role": "mp role compare", "skill": "mp skill map", "undecided": "mp note --prompt problems"}

FOCUS = Word(
    "focus",
    "Say what the way ahead is measured by: a role, a skill, or nothing yet.",
    ('mp focus skill --why "the next title is not the point"', "mp focus list"),
    (
        Param("mode", "role, skill or undecided", 1, metavar="MODE", choices=_MODES, needed=True),
        Param("why", "why; - reads it from standard input"),
        on_param(),
    ),
    _focus,
)


def _value(desk: Desk, args: Args) -> Plan:
    value, is_new = desk.find_or_name("value", args.needed("name"), new=args.flag("new"))
    rank = args.text("rank")
    before = {} if is_new else desk.seen.view("value", value.id) or {}
    values = {
        "value": value.id,
        "rank": before.get("rank") if rank is None else read_whole(rank, "rank"),
        "name": value.name,
        "over": desk.over(value, "named"),
    }
    details = (*(("new value",) if is_new else ()), *((f"rank {rank}",) if rank else ()), PRIVATE)
    next_ = f'mp role score ROLE "{value.name}" 4'
    return Plan((Intent("value.named", values),), "value noted", value, desk.on(args), details, next_)


VALUE = Word(
    "value",
    "Name something that matters to you at work, and how much beside the rest.",
    ("mp value autonomy --rank 1", "mp value list"),
    (
        Param("name", "what it is called", 1, metavar="VALUE", needed=True),
        Param("rank", "1 matters most", metavar="N"),
        Param("new", "take it as a new value, however near another name is", flag=True),
        on_param(),
    ),
    _value,
)
