"""Evidence: what the market asks for, what was earned, made, achieved and told, and what came of it.

Families evidence and outcomes; prices and pay stay private.
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import (
    LINK,
    NAME,
    NAMES,
    NOTE,
    OUTPUTS_MAX,
    SEALED,
    SOURCE,
    AllOf,
    AtMost,
    EventType,
    entity,
    may,
    needs,
    refs,
)
from milepost.catalogue.kinds import ENTITY, EVENT, Bool, Choice, Currency, Decimal, Int, ListOf
from milepost.catalogue.people import CONTACT_CLASS

COUNT_MAX = 1_000_000
AMOUNT_MAX = 10**15
CONTACTS_MAX = 100

ARTIFACT_KIND = Choice(
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
OUTCOME_KIND = Choice(
    "relationship",
    "introduction",
    "referral",
    "invitation",
    "interview_request",
    "direct_message",
    "offer",
    "endorsement",
)

TYPES = (
    EventType(
        "demand.sampled",
        "evidence",
        "How many job postings, of how many looked at, ask for something.",
        facts=(
            needs("term", ENTITY, "what was looked for"),
            needs("postings", Int(1, COUNT_MAX), "how many were looked at"),
            needs("matches", Int(0, COUNT_MAX), "how many ask for it"),
            needs("source", SOURCE, "where the postings stood"),
        ),
        private=(needs("label", NAME, "the term in words"), may("titles", NAMES, "the titles looked at")),
        usage="mp evidence demand CSPO 19/50",
        rules=(AtMost("matches_over_postings", "matches", "postings"),),
        creates=("term",),
        example={"term": samples.TERM, "postings": 50, "matches": 19, "source": "listings", "label": "CSPO"},
    ),
    EventType(
        "credential.earned",
        "evidence",
        "A certificate, degree or badge.",
        facts=(entity("credential"), refs()),
        private=(
            needs("name", NAME, "what it is called"),
            may("issuer", NAME, "who gave it"),
            may("link", LINK, "where it can be checked"),
        ),
        usage='mp evidence credential "CSPO" --of m2p',
        single=("name", "issuer", "link"),
        creates=("credential",),
        example={"credential": samples.CREDENTIAL, "ref": [samples.MILESTONE], "name": "CSPO"},
    ),
    EventType(
        "artifact.added",
        "evidence",
        "Something made that can be shown.",
        facts=(
            entity("artifact"),
            needs("kind", ARTIFACT_KIND, "what it is"),
            needs("public", Bool(), "anybody can see it"),
            may("output", ENTITY, "the named output of a milestone that it delivers"),
            refs(),
        ),
        private=(needs("title", NAME, "what it is called"), may("link", LINK, "where it is")),
        usage='mp evidence artifact "Retention dashboard" --kind dashboard --of m2p',
        single=("kind", "public", "output", "title", "link"),
        creates=("artifact",),
        example={
            "artifact": samples.ARTIFACT,
            "kind": "dashboard",
            "public": False,
            "output": samples.OUTPUT,
            "ref": [samples.SPRINT],
            "title": "Retention dashboard",
        },
    ),
    EventType(
        "impact.stated",
        "evidence",
        "An achievement in one line: action, context, result, resting on readings.",
        facts=(
            entity("impact"),
            needs("readings", ListOf(EVENT, OUTPUTS_MAX), "the readings of a metric it rests on"),
            refs(),
        ),
        private=(
            may("action", NOTE, "what was done"),
            may("context", NOTE, "in which situation"),
            may("result", NOTE, "what came of it"),
        ),
        usage='mp evidence impact --action "led a redesign" --context "old feature" --result "12 % more users"',
        rules=(AllOf("impact_incomplete", "action", "context", "result"),),
        single=("readings", "action", "context", "result"),
        creates=("impact",),
        example={
            "impact": samples.IMPACT,
            "readings": [samples.ENTRY],
            "action": "led a redesign",
            "context": "old feature",
            "result": "12 % more users",
        },
    ),
    EventType(
        "narrative.published",
        "evidence",
        "An article, a video or a talk about the way here.",
        facts=(
            entity("narrative"),
            needs("kind", Choice("article", "video", "talk"), "what it is"),
            refs(),
        ),
        private=(needs("title", NAME, "its title"), may("link", LINK, "where it is")),
        usage='mp evidence narrative "What I learned" --kind article',
        single=("kind", "title", "link"),
        creates=("narrative",),
        example={
            "narrative": samples.NARRATIVE,
            "kind": "article",
            "ref": [samples.MILESTONE],
            "title": "What I learned",
        },
    ),
    EventType(
        "offering.priced",
        SEALED,
        "A price for something of one's own, and why.",
        private=(
            entity("offering"),
            needs("name", NAME, "what is offered"),
            needs("amount", Int(0, AMOUNT_MAX), "the price in minor units (cents)"),
            needs("currency", Currency(), "the currency"),
            may("per", NAME, "for how much of it"),
            may("rationale", NOTE, "why this price"),
        ),
        usage='mp evidence offering "Portfolio review" 45 EUR --per hour',
        single=("name", "amount", "currency", "per", "rationale"),
        creates=("offering",),
        example={
            "offering": samples.OFFERING,
            "name": "Portfolio review",
            "amount": 4500,
            "currency": "EUR",
            "per": "hour",
        },
    ),
    EventType(
        "outcome.recorded",
        "outcomes",
        "What came of it: a relationship, a referral, an invitation, an offer.",
        facts=(
            needs("kind", OUTCOME_KIND, "what it was"),
            needs("count", Int(1, COUNT_MAX), "how many"),
            may("contacts", ListOf(ENTITY, CONTACTS_MAX), "from whom, or with whom"),
            may("class", CONTACT_CLASS, "what those people are to the plan"),
            refs(),
        ),
        private=(may("details", NOTE, "in words"),),
        usage="mp evidence outcome referral --contact dana",
        example={"kind": "referral", "count": 1, "contacts": [samples.CONTACT], "ref": [samples.MILESTONE]},
    ),
    EventType(
        "pay.changed",
        SEALED,
        "Pay went up or down, in percent.",
        private=(needs("percentage", Decimal(), "by how many percent"), may("details", NOTE, "in words")),
        usage="mp evidence pay +25%",
        example={"percentage": "25"},
    ),
)
