"""Sharing: pods, consent, help and words said to others.

`words.said` is the one free text among facts, beside the display name of `pod.joined`: who types it is shown who will
read it. Asking for help, or saying something, is consent for that entry and no other. Pod and consent types are control
types, frozen at version 1.
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import DATE, FAMILIES, EventType, entity, flag, needs, refs
from milepost.catalogue.kinds import ENTITY, EVENT, Choice, Int, ListOf, Text

DISPLAY_NAME = Text(40)
WORDS = Text(500)
WORDING_MAX = 1_000_000
WITHDRAWALS_MAX = 256
READERS = Choice("pod", "lead")
SCOPE = Choice("pod", "cohort")
AUDIENCE = Choice("pod", "lead", "pod_total", "cohort_total")
CONSENT_FAMILIES = ListOf(Choice(*FAMILIES), len(FAMILIES), count_min=1)

_CONSENT = (
    needs("scope", SCOPE, "whether a pod or a cohort is named"),
    needs("id", ENTITY, "that pod or cohort"),
    needs("audience", AUDIENCE, "who may read"),
    needs("families", CONSENT_FAMILIES, "what"),
)

TYPES = (
    EventType(
        "help.asked",
        "asking",
        "A request to the pod or its lead; the sentence itself is said by `words.said`.",
        facts=(
            entity("help"),
            refs(),
            needs("to", READERS, "who is asked"),
            needs("kind", Choice("unblock", "feedback", "mentor", "peer", "other"), "what for"),
        ),
        usage='mp ask lead "Who can open a test account?" --of m2p',
        creates=("help",),
        example={"help": samples.HELP, "ref": [samples.MILESTONE], "to": "lead", "kind": "unblock"},
    ),
    EventType(
        "help.closed",
        "asking",
        "A request for help ends.",
        facts=(entity("help"), needs("result", Choice("solved", "withdrawn"), "how")),
        usage="mp done h4k",
        single=("result",),
        example={"help": samples.HELP, "result": "solved"},
    ),
    EventType(
        "words.said",
        "saying",
        "Words for the pod or the lead, in clear: a request's sentence, a shared win, a title, a link.",
        facts=(
            refs(),
            needs("to", READERS, "who reads it"),
            needs("text", WORDS, "the words"),
        ),
        usage='mp win "Pilot approved" --share pod',
        example={"ref": [samples.HELP], "to": "lead", "text": "Who can open a test account?"},
    ),
    EventType(
        "pod.joined",
        "control",
        "The member takes the place offered in a pod.",
        facts=(
            entity("pod"),
            entity("cohort", "the cohort the pod is in"),
            needs("name", DISPLAY_NAME, "the name the pod sees"),
        ),
        usage="mp join https://milepost.example CODE",
        control=True,
        example={"pod": samples.POD, "cohort": samples.COHORT, "name": "Mara"},
    ),
    EventType(
        "pod.left",
        "control",
        "The member leaves the pod.",
        facts=(
            entity("pod"),
            entity("cohort", "the cohort the pod is in"),
            flag("erase", "what was said there goes too"),
        ),
        usage="mp pod leave",
        control=True,
        example={"pod": samples.POD, "cohort": samples.COHORT},
    ),
    EventType(
        "consent.granted",
        "control",
        "The member lets an audience read some families until a day.",
        facts=(
            *_CONSENT,
            needs("until", DATE, "the last day it holds"),
            needs("wording", Int(1, WORDING_MAX), "the version of the sentence that was agreed to"),
            needs("withdrawals", ListOf(EVENT, WITHDRAWALS_MAX), "the withdrawals known; one not named here beats it"),
        ),
        usage="mp share grant progress --to pod --until 2026-06-30",
        control=True,
        example={
            "scope": "pod",
            "id": samples.POD,
            "audience": "lead",
            "families": ["progress", "rhythm"],
            "until": "2026-06-30",
            "wording": 1,
            "withdrawals": [],
        },
    ),
    EventType(
        "consent.withdrawn",
        "control",
        "The member takes a consent back, at once.",
        facts=_CONSENT,
        usage="mp share withdraw progress --to pod",
        control=True,
        example={"scope": "pod", "id": samples.POD, "audience": "lead", "families": ["progress", "rhythm"]},
    ),
)
