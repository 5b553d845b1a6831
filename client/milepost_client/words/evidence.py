"""`evidence`: what the market asks for, what was made and earned, what it changed, what was told, what came of it."""

from collections.abc import Mapping

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param, read_whole
from milepost_client.recording.outputs import find_output
from milepost_client.recording.readings import find_reading
from milepost_client.render.counted import counted
from milepost_client.views.lookup import Named
from milepost_client.words.measures import SOURCES

ARTIFACTS = (
    "case_study",
    "dashboard",
    "wireframe",
    "blueprint",
    "roadmap",
    "prototype",
    "simulation",
    "video",
    "article",
    "reference",
    "other",
)
NARRATIVES = ("article", "video", "talk")


def _demand(desk: Desk, args: Args) -> Plan:
    matches, postings = _sample(args.needed("sample"))
    term, is_new = desk.find_or_name("term", args.needed("term"), new=args.flag("new"))
    values = {
        "term": term.id,
        "postings": postings,
        "matches": matches,
        "source": args.choice("source") or "listings",
        "label": term.name,
        "titles": args.many("title") or None,
    }
    details = (*(("new term",) if is_new else ()), f"{matches} of {postings} postings")
    return Plan(
        (Intent("demand.sampled", values),), "demand sampled", term, desk.on(args), details, "mp evidence demand list"
    )


def _sample(text: str) -> tuple[int, int]:
    """`19/50` as 19 of 50."""
    matches, slash, postings = text.partition("/")
    if not slash:
        raise UsageError(
            f"sample {text!r} does not say of how many",
            code="sample",
            field="sample",
            remedy="19 of 50 postings is 19/50",
        )
    return read_whole(matches, "sample"), read_whole(postings, "sample")


DEMAND = Word(
    "evidence demand",
    "Note how many job postings, of how many you looked at, ask for something.",
    ("mp evidence demand CSPO 19/50", 'mp evidence demand "user research" 12/50 --source listings --title "PM, Acme"'),
    (
        Param("term", "what they ask for", 1, metavar="TERM", needed=True),
        Param("sample", "how many ask for it, of how many looked at: 19/50", 2, metavar="N/OF", needed=True),
        Param("source", "where the postings stood: " + ", ".join(SOURCES), metavar="SOURCE", choices=SOURCES),
        Param("title", "the title of one of them; may be repeated", many=True),
        Param("new", "take it as a new term, however near another is", flag=True),
        on_param(),
    ),
    _demand,
)


def _artifact(desk: Desk, args: Args) -> Plan:
    refs = desk.refs(args.many("of"))
    output = args.text("output")
    thing = Named("artifact", desk.new_id(), args.needed("title"))
    values = {
        "artifact": thing.id,
        "kind": args.choice("kind") or "other",
        "public": args.flag("public"),
        "output": None if output is None else find_output(desk, refs or (), output, "output"),
        "ref": refs,
        "title": thing.name,
        "link": args.text("link"),
    }
    details = ("public" if args.flag("public") else "not public", *((f"delivers {output}",) if output else ()))
    return _made(desk, args, "artifact.added", values, thing, "artifact added", details)


ARTIFACT = Word(
    "evidence artifact",
    "Add something you made to your portfolio.",
    (
        'mp evidence artifact "Retention dashboard" --kind dashboard --of sprint --output dashboard',
        'mp evidence artifact "Case study" --kind case_study --public --link https://example.org/case',
    ),
    (
        Param("title", "what it is called", 1, metavar="TITLE", needed=True),
        Param("kind", "what it is: " + ", ".join(ARTIFACTS), metavar="KIND", choices=ARTIFACTS),
        Param("output", "the named output that it delivers, of the milestone in --of", metavar="NAME"),
        Param("public", "anybody can see it", flag=True),
        Param("link", "where it is", metavar="URL"),
        of_param(),
        on_param(),
    ),
    _artifact,
)


def _credential(desk: Desk, args: Args) -> Plan:
    thing = Named("credential", desk.new_id(), args.needed("name"))
    values = {
        "credential": thing.id,
        "ref": desk.refs(args.many("of")),
        "name": thing.name,
        "issuer": args.text("issuer"),
        "link": args.text("link"),
    }
    return _made(desk, args, "credential.earned", values, thing, "credential earned")


CREDENTIAL = Word(
    "evidence credential",
    "Keep a certificate, degree or badge that you earned.",
    ('mp evidence credential CSPO --issuer "Scrum Alliance" --of m2p',),
    (
        Param("name", "what it is called", 1, metavar="NAME", needed=True),
        Param("issuer", "who gave it"),
        Param("link", "where it can be checked", metavar="URL"),
        of_param(),
        on_param(),
    ),
    _credential,
)


def _impact(desk: Desk, args: Args) -> Plan:
    result = desk.words(args.text("result"))
    thing = Named("impact", desk.new_id(), result or "")
    readings = [find_reading(desk, typed) for typed in args.many("reading")]
    values = {
        "impact": thing.id,
        # Twice the same reading is one, and would count once anyway.
        "readings": list(dict.fromkeys(readings)),
        "ref": desk.refs(args.many("of")),
        "action": desk.words(args.text("action")),
        "context": desk.words(args.text("context")),
        "result": result,
    }
    details = (f"rests on {counted(len(readings), 'reading')}",)
    return _made(desk, args, "impact.stated", values, thing, "impact stated", details)


IMPACT = Word(
    "evidence impact",
    "State an achievement in one line: action, context and result, resting on readings.",
    (
        'mp evidence impact --action "Led a redesign" --context "an old feature" --result "12 % more users"'
        ' --reading "monthly active users"',
    ),
    (
        Param("result", "what came of it", 1, metavar="RESULT"),
        Param("action", "what you did"),
        Param("context", "in which situation"),
        Param(
            "reading",
            "what it rests on: a metric (its last reading), or the id of a reading; may be repeated",
            metavar="METRIC",
            many=True,
        ),
        of_param(),
        on_param(),
    ),
    _impact,
)


def _narrative(desk: Desk, args: Args) -> Plan:
    thing = Named("narrative", desk.new_id(), args.needed("title"))
    values = {
        "narrative": thing.id,
        "kind": args.choice("kind") or "article",
        "ref": desk.refs(args.many("of")),
        "title": thing.name,
        "link": args.text("link"),
    }
    return _made(desk, args, "narrative.published", values, thing, "narrative published")


NARRATIVE = Word(
    "evidence narrative",
    "Keep an article, a video or a talk about your way here.",
    ('mp evidence narrative "What I learned" --kind article --link https://example.org/learned',),
    (
        Param("title", "its title", 1, metavar="TITLE", needed=True),
        Param("kind", "what it is: " + ", ".join(NARRATIVES), metavar="KIND", choices=NARRATIVES),
        Param("link", "where it is", metavar="URL"),
        of_param(),
        on_param(),
    ),
    _narrative,
)


def _made(
    desk: Desk,
    args: Args,
    type_: str,
    values: Mapping[str, object],
    thing: Named,
    says: str,
    details: tuple[str, ...] = (),
) -> Plan:
    next_ = f"mp evidence {thing.kind} list"
    return Plan((Intent(type_, values),), says, thing, desk.on(args), details, next_)
