"""`note`: an answer to one of the questions that a direction is found by, or a free thought."""

from milepost_client.commands import Desk, Intent, Plan
from milepost_client.words.declare import Args, Param, Word, on_param

_PROMPTS = ("problems", "industries", "tasks", "employers", "free")


def _note(desk: Desk, args: Args) -> Plan:
    prompt = args.choice("prompt") or "free"
    values = {"prompt": prompt, "text": desk.words(args.needed("text"))}
    details = ("on your devices only",)
    return Plan((Intent("reflection.written", values),), "note kept", None, desk.on(args), details, "mp note list")


NOTE = Word(
    "note",
    "Write a note, which only your own devices can read.",
    ('mp note --prompt problems "people leave at the second screen"', "mp note - < thoughts.txt"),
    (
        Param("text", "the note; - reads it from standard input", 1, needed=True),
        Param("prompt", "the question it answers: " + ", ".join(_PROMPTS), metavar="PROMPT", choices=_PROMPTS),
        on_param(),
    ),
    _note,
)
