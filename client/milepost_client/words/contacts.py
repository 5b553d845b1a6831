"""`contact add`: a person worth keeping in touch with, before the first touch."""

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, on_param
from milepost_client.words.people import CLASSES


def _add(desk: Desk, args: Args) -> Plan:
    contact, adding = desk.find_or_name("contact", args.needed("name"), new=args.flag("new"))
    if not adding:
        raise UsageError(
            f"{contact.name} is a contact already",
            field="name",
            remedy=f"change it with: mp contact edit {desk.seen.short(contact.id)} --class recruiter; "
            "somebody else of that name needs --new",
        )
    values: dict[str, object] = {
        "contact": contact.id,
        "class": args.choice("class") or "other",
        "on_target_list": args.flag("target"),
        "name": contact.name,
        "employer": args.text("employer"),
        "link": args.text("link"),
    }
    details = ("on the target list",) if args.flag("target") else ()
    next_ = "mp touch {id} outreach --personalised"
    return Plan((Intent("contact.added", values),), "contact added", contact, desk.on(args), details, next_)


ADD = Word(
    "contact add",
    "Add a person; the name stays on your devices.",
    (
        'mp contact add "Dana R." --class recruiter',
        'mp contact add "Lee P." --class target_role --target --employer "Acme"',
    ),
    (
        Param("name", "the person's name", 1, metavar="NAME", needed=True),
        Param("class", "what the person is to the plan: " + ", ".join(CLASSES), metavar="CLASS", choices=CLASSES),
        Param("target", "one of those you set out to reach", flag=True),
        Param("employer", "where they work"),
        Param("link", "where to find them", metavar="URL"),
        Param("new", "take the name as a new contact, however near another is", flag=True),
        on_param(),
    ),
    _add,
)
