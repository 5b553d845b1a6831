"""`touch`: an interview, a thanks, a message or a session; a person who is new is added first."""

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_minutes, say_minutes
from milepost_client.recording.declare import Args, Param, Word, choose, of_param, on_param, read_whole
from milepost_client.views.lookup import Named

_KINDS = ("outreach", "interview", "thanks", "follow_up", "mentor_session", "pod_session", "other")
CLASSES = ("target_role", "hiring_manager", "recruiter", "engineer", "mentor", "peer", "own_manager", "other")


def _touch(desk: Desk, args: Args) -> Plan:
    on = desk.on(args)
    kind = choose(args.needed("kind"), _KINDS, "kind")
    contact, adding = _contact(desk, args)
    duration = args.text("minutes")
    questions = args.text("asked")
    minutes = None if duration is None else read_minutes(duration)
    agenda, recap = desk.words(args.text("agenda")), desk.words(args.text("recap_text"))
    values: dict[str, object] = {
        "contact": contact and contact.id,
        "kind": kind,
        "minutes": minutes,
        "questions": None if questions is None else read_whole(questions, "asked"),
        "personalised": args.flag("personalised") or None,
        "has_agenda": agenda is not None or None,
        "has_recap": args.flag("recap") or recap is not None or None,
        "ref": desk.refs(args.many("of")),
        "agenda": agenda,
        "notes": desk.words(args.text("notes")),
        "recap": recap,
    }
    details = ["new contact"] if adding else []
    if minutes is not None:
        details.append(say_minutes(minutes))
    next_ = "mp touch {id} thanks --recap" if kind == "interview" else "mp touch list"
    said = kind.replace("_", " ")
    return Plan((*adding, Intent("touchpoint.logged", values)), f"{said} logged", contact, on, tuple(details), next_)


def _contact(desk: Desk, args: Args) -> tuple[Named | None, tuple[Intent, ...]]:
    typed = args.text("contact")
    if typed is None:
        return None, ()
    contact, adding = desk.find_or_name("contact", typed, new=args.flag("new"))
    if not adding:
        if "class" in args or args.flag("target"):
            raise UsageError(
                f"{contact.name} is a contact already",
                field="class",
                remedy=f"try: mp edit {contact.id} --class recruiter",
            )
        return contact, ()
    values: dict[str, object] = {
        "contact": contact.id,
        "class": args.choice("class") or "other",
        "on_target_list": args.flag("target"),
        "name": contact.name,
    }
    return contact, (Intent("contact.added", values),)


TOUCH = Word(
    "touch",
    "Log a message, an interview, a thanks or a session with somebody.",
    (
        "mp touch dana interview 15m --asked 3",
        "mp touch dana thanks --recap",
        'mp touch "Lee P." outreach --class recruiter --personalised',
    ),
    (
        Param("contact", "with whom: a name, the beginning of it, or an id", 1, metavar="CONTACT"),
        Param("kind", "what it was: " + ", ".join(_KINDS), 2, metavar="KIND", choices=_KINDS, needed=True),
        Param("minutes", "how long", 3, metavar="DURATION"),
        Param("asked", "how many questions were asked", metavar="N"),
        Param("personalised", "it named something of the other's own", flag=True),
        Param("agenda", "what it was to be about"),
        Param("notes", "what was said; - reads it from standard input"),
        Param("recap", "it was summed up afterwards", flag=True),
        Param("recap_text", "what was sent afterwards"),
        Param("class", "what a new contact is to the plan: " + ", ".join(CLASSES), metavar="CLASS", choices=CLASSES),
        Param("target", "a new contact is one of those you set out to reach", flag=True),
        Param("new", "take the name as a new contact, however near another is", flag=True),
        of_param(),
        on_param(),
    ),
    _touch,
)
