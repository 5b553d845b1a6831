"""`ask`: a request for help in one sentence, to the pod or to who leads it.

The sentence is the one free text that leaves in clear, so whoever types it is told first who will read it. Asking is
consent for that entry and no other.
"""

from collections.abc import Sequence

from milepost.errors import UsageError
from milepost.light import date
from milepost_client.pod import membership
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param
from milepost_client.views.lookup import Named

READERS = ("lead", "pod")
KINDS = ("unblock", "feedback", "mentor", "peer", "other")
BLOCKED = "blocked"


def _ask(desk: Desk, args: Args) -> Plan:
    to = args.choice("to") or args.needed("to")
    refs = [desk.reference(typed) for typed in args.many("of")]
    things = [thing for thing in refs if thing is not None]
    kind = args.choice("kind") or ("unblock" if any(_is_blocked(desk, thing) for thing in things) else "other")
    help_, intents, details = asking(desk, to, kind, args.text("text"), [thing.id for thing in things])
    return Plan(intents, f"{to} asked", help_, desk.on(args), details, "mp sync")


def asking(
    desk: Desk, to: str, kind: str, text: str | None, refs: Sequence[str]
) -> tuple[Named, tuple[Intent, Intent], tuple[str, ...]]:
    """The request, the two entries that ask it, and who will read it; a sentence that is missing is asked for.

    Raises PairingNeeded in no pod, UsageError where no sentence is given.
    """
    place = membership.require_joined(desk.log)
    readers = membership.readers_said(place, to)
    sentence = desk.words(text) or desk.ask_words(f"{readers}\nYour request?")
    if not sentence:
        raise UsageError(
            "the request has no words", code="missing", field="text", remedy=f'try: mp ask {to} "Who can help with …?"'
        )
    help_ = Named("help", desk.new_id(), sentence)
    asked = Intent("help.asked", {"help": help_.id, "ref": list(refs) or None, "to": to, "kind": kind})
    said = Intent("words.said", {"ref": [help_.id], "to": to, "text": sentence})
    return help_, (asked, said), (readers,)


def _is_blocked(desk: Desk, thing: Named) -> bool:
    return thing.kind == "milestone" and (desk.seen.view("milestone", thing.id) or {}).get("status") == BLOCKED


def closing(desk: Desk, help_: Named, result: str, on: date) -> Plan:
    """The entry that ends a request."""
    values = {"help": help_.id, "result": result, "over": desk.over(help_, "result")}
    called = help_._replace(name=help_.name or sentence_of(desk, help_))
    return Plan((Intent("help.closed", values),), f"request {result}", called, on, (), "mp ask list")


def asking_again(desk: Desk, help_: Named, on: date) -> Plan:
    """The same request put to who reads it now; the one before it ends. Raises UsageError where that has ended."""
    view = desk.seen.view("help", help_.id) or {}
    if view.get("result"):
        raise UsageError(
            f"that request is {view['result']}", code="closed", remedy='ask anew: mp ask lead "Who can help with …?"'
        )
    to, refs = str(view.get("to", READERS[0])), list(view.get("ref") or ())
    again, asked, details = asking(desk, to, str(view.get("kind", KINDS[-1])), sentence_of(desk, help_) or None, refs)
    ended = closing(desk, help_, "withdrawn", on).intents
    return Plan((*ended, *asked), f"{to} asked again", again, on, details, "mp sync")


def sentence_of(desk: Desk, help_: Named) -> str:
    """The words of a request, which are an entry of their own; empty where they were taken back."""
    from milepost_client.recording.entries import matching

    said = matching(desk.log, desk.seen, since=None, type_="words.said", about=help_.id, limit=1)
    return str(said[0].values.get("text", "")) if said else ""


ASK = Word(
    "ask",
    "Ask your pod, or who leads it, for help in one sentence; it goes in clear to them.",
    ('mp ask lead "Who can open a test account?" --of m2p', 'mp ask pod "Who reads a case study?" --kind feedback'),
    (
        Param("to", "who is asked: lead or pod", 1, metavar="WHO", choices=READERS, needed=True),
        Param("text", "the request in a sentence; - reads it from standard input", 2, metavar="SENTENCE"),
        Param("kind", "what for: " + ", ".join(KINDS), metavar="KIND", choices=KINDS),
        of_param(),
        on_param(),
    ),
    _ask,
)
