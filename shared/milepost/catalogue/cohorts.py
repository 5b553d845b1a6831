"""Cohorts: the types of a cohort's own stream, written through the server by leads, the operator and the server.

Each names its actor. None has a private part: the server has no key to seal it with.
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import DATE, MINUTES, NAME, EventType, Field, InOrder, Rule, entity, may, needs
from milepost.catalogue.kinds import ENTITY, Anything, Bytes, Choice, Instant, Int, Text, Week
from milepost.catalogue.sharing import DISPLAY_NAME, SCOPE, WORDS
from milepost.catalogue.skills import SKILL_CODE

CAPACITY_MAX = 100
ACTOR = Bytes(16, instead=("operator", "server"))
USER = Bytes(16)

_ACTOR = needs("actor", ACTOR, "who did it: a member's key, the operator, or the server itself")
_SCOPE = (needs("scope", SCOPE, "a pod, or the whole cohort"), needs("id", ENTITY, "that pod or cohort"))


def _cohort_type(
    name: str,
    help: str,
    *facts: Field,
    usage: str,
    example: dict[str, object],
    rules: tuple[Rule, ...] = (),
) -> EventType:
    return EventType(
        name,
        "cohort",
        help,
        facts=(*facts, _ACTOR),
        usage=usage,
        rules=rules,
        example={**example, "actor": samples.MEMBER},
    )


TYPES = (
    _cohort_type(
        "cohort.opened",
        "A cohort begins.",
        entity("cohort"),
        needs("name", NAME, "what it is called"),
        needs("start", DATE, "its first day"),
        needs("end", DATE, "its last day; consents end here unless they say otherwise"),
        needs("zone", Text(64), "the time zone its weeks are cut in"),
        usage='milepost-server cohort open "Spring" --start 2026-01-05 --end 2026-07-05 --zone Europe/Berlin',
        rules=(InOrder("end_before_start", "start", "end"),),
        example={
            "cohort": samples.COHORT,
            "name": "Spring",
            "start": "2026-01-05",
            "end": "2026-07-05",
            "zone": "Europe/Berlin",
        },
    ),
    _cohort_type(
        "cohort.closed",
        "A cohort ends.",
        entity("cohort"),
        usage="milepost-server cohort close Spring",
        example={"cohort": samples.COHORT},
    ),
    _cohort_type(
        "cohort.skill_listed",
        "The cohort publishes a skill code; only coded skills are ever summed.",
        needs("code", SKILL_CODE, "the code"),
        needs("label", NAME, "what it means"),
        usage='mp pod code sprint_planning "Sprint planning"',
        example={"code": "sprint_planning", "label": "Sprint planning"},
    ),
    _cohort_type(
        "pod.formed",
        "A pod begins.",
        entity("pod"),
        needs("name", NAME, "what it is called"),
        needs("capacity", Int(1, CAPACITY_MAX), "how many it has room for; 3 to 5 is usual"),
        usage="mp pod form Harbour --capacity 5",
        example={"pod": samples.POD, "name": "Harbour", "capacity": 5},
    ),
    _cohort_type(
        "pod.closed",
        "A pod ends.",
        entity("pod"),
        usage="mp pod close Harbour",
        example={"pod": samples.POD},
    ),
    _cohort_type(
        "lead.appointed",
        "Somebody leads a pod or the cohort.",
        needs("lead", USER, "the member's key"),
        *_SCOPE,
        needs("start", DATE, "the first day"),
        may("end", DATE, "the last day; absent while it lasts"),
        may("name", DISPLAY_NAME, "the name that members know them by"),
        usage="mp pod appoint Harbour Mara",
        rules=(InOrder("end_before_start", "start", "end"),),
        example={"lead": samples.MEMBER, "scope": "pod", "id": samples.POD, "start": "2026-01-05"},
    ),
    _cohort_type(
        "lead.removed",
        "Somebody no longer leads.",
        needs("lead", USER, "the member's key"),
        *_SCOPE,
        usage="mp pod remove Harbour Mara --lead",
        example={"lead": samples.MEMBER, "scope": "pod", "id": samples.POD},
    ),
    _cohort_type(
        "invite.issued",
        "A code that lets one person in; only the hash of its secret is kept.",
        entity("invite"),
        needs("role", Choice("member", "lead"), "as what"),
        *_SCOPE,
        needs("expires", Instant(), "until when it works"),
        needs("secret_hash", Bytes(32), "SHA-256 of its secret"),
        may("name", DISPLAY_NAME, "who it is for"),
        usage="mp pod invite Harbour",
        example={
            "invite": samples.INVITE,
            "role": "member",
            "scope": "pod",
            "id": samples.POD,
            "expires": "2026-01-19T17:00:00Z",
            "secret_hash": samples.HASH,
        },
    ),
    _cohort_type(
        "invite.used",
        "Somebody came in by an invite.",
        entity("invite"),
        needs("member", USER, "the key of who came"),
        usage="mp join https://milepost.example CODE",
        example={"invite": samples.INVITE, "member": samples.MEMBER},
    ),
    _cohort_type(
        "invite.revoked",
        "An invite no longer works.",
        entity("invite"),
        usage="mp pod invite Harbour --revoke xpq",
        example={"invite": samples.INVITE},
    ),
    _cohort_type(
        "member.placed",
        "A place in a pod is offered; the member takes it by `pod.joined`.",
        needs("member", USER, "the member's key"),
        entity("pod"),
        may("name", DISPLAY_NAME, "the name the lead knows them by"),
        usage="mp pod place Harbour Mara",
        example={"member": samples.MEMBER, "pod": samples.POD, "name": "Mara"},
    ),
    _cohort_type(
        "member.removed",
        "A member is no longer in the pod.",
        needs("member", USER, "the member's key"),
        entity("pod"),
        usage="mp pod remove Harbour Mara",
        example={"member": samples.MEMBER, "pod": samples.POD},
    ),
    _cohort_type(
        "session.scheduled",
        "A pod session is planned.",
        entity("session"),
        entity("pod"),
        needs("start", Instant(), "when it begins"),
        needs("minutes", MINUTES, "how long it is to last"),
        usage="mp pod schedule Harbour --on fri --at 17:00 --for 1h",
        example={"session": samples.SESSION, "pod": samples.POD, "start": "2026-01-16T16:00:00Z", "minutes": 60},
    ),
    _cohort_type(
        "session.cancelled",
        "A planned session does not take place.",
        entity("session"),
        entity("pod"),
        usage="mp pod cancel scj",
        example={"session": samples.SESSION, "pod": samples.POD},
    ),
    _cohort_type(
        "session.held",
        "A session took place.",
        entity("session"),
        entity("pod"),
        needs("start", Instant(), "when it began"),
        needs("minutes", MINUTES, "how long it lasted"),
        usage="mp pod hold scj --for 55m",
        example={"session": samples.SESSION, "pod": samples.POD, "start": "2026-01-16T16:00:00Z", "minutes": 55},
    ),
    _cohort_type(
        "help.answered",
        "A lead answers a request in a sentence.",
        entity("help"),
        needs("text", WORDS, "the answer"),
        needs("by", USER, "the key of who answers"),
        usage='mp answer zjy "I will ask the platform team today"',
        example={"help": samples.HELP, "text": "I will ask the platform team today", "by": samples.MEMBER},
    ),
    _cohort_type(
        "release.published",
        "The frozen figures of one week.",
        needs("week", Week(), "the week they were received in"),
        needs("contents", Anything(), "the figures, as the release's own version lays them out"),
        usage="milepost-server release",
        example={"week": "2026-W10", "contents": {"version": 1}},
    ),
)
