"""`spend`, `win` and `feedback`: time, small wins, and what others said."""

from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_minutes, say_minutes
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param

_GIVERS = ("peer", "mentor", "manager", "recruiter", "pod", "panel", "other")
_READERS = ("pod", "lead")


def _spend(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    minutes = read_minutes(args.needed("minutes"))
    target = desk.reference(args.text("of"))
    values = {"minutes": minutes, "ref": target and [target.id], "note": desk.words(args.text("note"))}
    return Plan((Intent("time.spent", values),), f"{say_minutes(minutes)} spent", target, on, (), "mp spend list")


SPEND = Word(
    "spend",
    "Log time spent.",
    ("mp spend 45m k7f --on yesterday", "mp spend 1h30 --note reading"),
    (
        Param("minutes", "how long: 15m, 1h30 or 90", 1, metavar="DURATION", needed=True),
        Param("of", "what it was spent on: an id or a name", 2, metavar="ID"),
        Param("note", "on what, in words"),
        on_param(),
    ),
    _spend,
)


def _win(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    text = desk.words(args.needed("text"))
    refs = desk.refs(args.many("of"))
    intents = [Intent("win.celebrated", {"text": text, "ref": refs})]
    details = ["on your devices only"]
    reader = args.choice("share")
    if reader is not None:
        from milepost_client.pod.membership import readers_said, require_joined

        intents.append(Intent("words.said", {"to": reader, "text": text, "ref": refs}))
        details = [readers_said(require_joined(desk.log), reader)]
    return Plan(tuple(intents), "win kept", None, on, tuple(details), "mp win list")


WIN = Word(
    "win",
    "Keep a small win; only --share lets anyone else read it.",
    ('mp win "Pilot approved"', 'mp win "Pilot approved" --share pod'),
    (
        Param("text", "the win; - reads it from standard input", 1, needed=True),
        of_param(),
        Param("share", "say it to your pod or its lead as well", metavar="WHO", choices=_READERS),
        on_param(),
    ),
    _win,
)


def _feedback(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    giver = args.choice("giver") or args.needed("giver")
    values = {
        "giver": giver,
        "ref": desk.refs(args.many("of")),
        "words": desk.words(args.text("words")),
        "tone": args.text("tone"),
        "who": args.text("who"),
    }
    return Plan((Intent("feedback.received", values),), f"feedback from {giver} kept", None, on, (), "mp feedback list")


FEEDBACK = Word(
    "feedback",
    "Keep what somebody said about your work.",
    ('mp feedback mentor "tighten the ask" --of k7f', "mp feedback peer - --who Sam"),
    (
        Param("giver", "who gave it: " + ", ".join(_GIVERS), 1, metavar="GIVER", choices=_GIVERS, needed=True),
        Param("words", "what was said; - reads it from standard input", 2),
        Param("tone", "how it was said"),
        Param("who", "the person's name"),
        of_param(),
        on_param(),
    ),
    _feedback,
)
