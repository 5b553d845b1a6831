"""`position add`: a job or a course of study, past or present."""

from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date
from milepost_client.recording.declare import Args, Param, Word, on_param
from milepost_client.views.lookup import Named
from milepost_client.words.direction import PRIVATE

_KINDS = ("job", "temporary", "study")


def _add(desk: Desk, args: Args) -> Plan:
    position = Named("position", desk.new_id(), args.needed("title"))
    start = read_date(args.needed("start"), desk.today, "on", "start")
    end_text = args.text("end")
    end = None if end_text is None else read_date(end_text, desk.today, "as_of", "end")
    values: dict[str, object] = {
        "position": position.id,
        "kind": args.choice("kind") or _KINDS[0],
        "start": start.isoformat(),
        "end": end and end.isoformat(),
        "employer": args.text("employer"),
        "title": position.name,
        "highlights": args.many("highlight") or None,
    }
    span = f"{start.isoformat()} to {end.isoformat()}" if end else f"since {start.isoformat()}"
    recorded = (Intent("position.recorded", values),)
    return Plan(recorded, "position added", position, desk.on(args), (span, PRIVATE), "mp timeline")


ADD = Word(
    "position add",
    "Add a job or a course of study to your story.",
    (
        'mp position add "Customer Success" --start 2019-09-01 --end 2022-05-31 --employer Acme',
        "mp position add Politics --kind study --start 2012-09-01 --end 2015-06-30",
    ),
    (
        Param("title", "as what; for a study, its subject", 1, metavar="TITLE", needed=True),
        Param("start", "the first day", metavar="DATE", needed=True),
        Param("end", "the last day; left out while it lasts", metavar="DATE"),
        Param("kind", "what it is: " + ", ".join(_KINDS), metavar="KIND", choices=_KINDS),
        Param("employer", "where", metavar="NAME"),
        Param("highlight", "what is worth telling; may be repeated", many=True),
        on_param(),
    ),
    _add,
)
