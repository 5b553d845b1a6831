"""People: contacts and every touch with them. A person is a random id; the name is private. Family people."""

from milepost.catalogue import samples
from milepost.catalogue.declare import LINK, MINUTES, NAME, NOTE, EventType, entity, flag, may, needs, refs
from milepost.catalogue.kinds import ENTITY, Bool, Choice, Int

QUESTIONS_MAX = 100
CONTACT_CLASS = Choice(
    "target_role", "hiring_manager", "recruiter", "engineer", "mentor", "peer", "own_manager", "other"
)
TOUCH = Choice("outreach", "interview", "thanks", "follow_up", "mentor_session", "pod_session", "other")

TYPES = (
    EventType(
        "contact.added",
        "people",
        "A person worth keeping in touch with.",
        facts=(
            entity("contact"),
            needs("class", CONTACT_CLASS, "what the person is to the plan"),
            needs("on_target_list", Bool(), "one of those the member set out to reach"),
        ),
        private=(
            needs("name", NAME, "the person's name"),
            may("employer", NAME, "where they work"),
            may("link", LINK, "where to find them"),
        ),
        usage='mp contact add "Dana R." --class recruiter',
        single=("class", "on_target_list", "name", "employer", "link"),
        creates=("contact",),
        example={"contact": samples.CONTACT, "class": "target_role", "on_target_list": True, "name": "Dana R."},
    ),
    EventType(
        "touchpoint.logged",
        "people",
        "A message, an interview, a thanks or a session. Every touch is kept.",
        facts=(
            may("contact", ENTITY, "with whom"),
            needs("kind", TOUCH, "what it was"),
            may("minutes", MINUTES, "how long"),
            may("questions", Int(0, QUESTIONS_MAX), "questions asked"),
            flag("personalised", "it named something of the other's own"),
            flag("has_agenda", "there was an agenda"),
            flag("has_recap", "it was summed up afterwards"),
            refs(),
        ),
        private=(
            may("agenda", NOTE, "what it was to be about"),
            may("notes", NOTE, "what was said"),
            may("recap", NOTE, "what was sent afterwards"),
        ),
        usage="mp touch dana interview 15m --asked 3",
        example={
            "contact": samples.CONTACT,
            "kind": "interview",
            "minutes": 15,
            "questions": 3,
            "notes": "ask about scope",
        },
    ),
)
