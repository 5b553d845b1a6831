"""The funnel: from the people a member set out to reach to what came of it, and who waits for a word.

Computed from resolved views, on a device and on a server alike. Counting rules of events.md: a contact is one
relationship however often recorded, only contacts on the target list count against it, and different outcomes are
different counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from milepost.checks.nudge import MENTOR_DAYS, THANKS_DAYS
from milepost.projections.outcomes import Outcome
from milepost.projections.people import INTERVIEW, Contact
from milepost.projections.percent import percent_of
from milepost.projections.progress import Shelf

# An outreach that nothing followed for a week was missed rather than declined.
FOLLOW_UP_DAYS = 7
RELATIONSHIP = "relationship"
_OUTREACH = "outreach"
_MENTOR = "mentor"
_SESSION = "mentor_session"

Waits = Literal["thanks", "follow_up", "mentor_session"]


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """People by how far it came. `by_class` are relationships; `outcomes` counts each kind on its own."""

    targeted: int
    targeted_met: int
    relationships: int
    by_class: dict[str, int]
    outreach: int
    personalised: int
    interviews: int
    thanked: int
    outcomes: dict[str, int]

    @property
    def thanked_percent(self) -> int | None:
        """Interviews that a thanks has answered, in whole percent, a half rounded up; None without an interview."""
        return percent_of(self.thanked, self.interviews) if self.interviews else None


class Waiting(NamedTuple):
    """Somebody who waits: for what, since which day, and the day it is due."""

    contact: str
    what: Waits
    since: date
    due: date


def funnel(shelf: Shelf) -> Funnel:
    """How far it came with whom."""
    contacts, outcomes = shelf.all(Contact), shelf.all(Outcome)
    by_class = relationships(contacts, outcomes)
    interviews = sum(contact.count(INTERVIEW) for contact in contacts)
    return Funnel(
        targeted=sum(contact.on_target_list for contact in contacts),
        targeted_met=sum(contact.on_target_list and contact.is_met for contact in contacts),
        relationships=sum(by_class.values()),
        by_class=by_class,
        outreach=sum(contact.count(_OUTREACH) for contact in contacts),
        personalised=sum(touch.personalised for contact in contacts for touch in contact.touches),
        interviews=interviews,
        thanked=interviews - sum(len(contact.unthanked) for contact in contacts),
        outcomes={outcome.id: outcome.count for outcome in outcomes},
    )


def relationships(contacts: Sequence[Contact], outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Relationships by what the people are to the plan, each person once: touched, recorded as one, or both."""
    recorded = [came for outcome in outcomes if outcome.id == RELATIONSHIP for came in outcome.recorded]
    known = {contact for came in recorded for contact in came.contacts}
    counts = Counter(contact.role for contact in contacts if contact.is_met or contact.id in known)
    for came in recorded:
        # Counted without a name: nobody can say whether they are among the contacts, so the member's word stands.
        counts[came.role or "other"] += max(0, came.count - len(came.contacts))
    return {role: count for role, count in sorted(counts.items()) if count}


def waiting(contacts: Sequence[Contact], today: date) -> list[Waiting]:
    """Who waits for a word that is due by the day after tomorrow, the longest overdue first."""
    soon = today + timedelta(days=THANKS_DAYS)
    found = [one for contact in contacts for one in _waiting(contact) if one.due <= soon]
    return sorted(found, key=lambda one: (one.due, one.contact))


def _waiting(contact: Contact) -> Iterator[Waiting]:
    for touch in contact.unthanked:
        yield _due(contact, "thanks", touch.on, THANKS_DAYS)
    if contact.touches and contact.touches[-1].kind == _OUTREACH:
        yield _due(contact, "follow_up", contact.touches[-1].on, FOLLOW_UP_DAYS)
    last = contact.last.get(_SESSION) or contact.added_on
    if contact.role == _MENTOR and last is not None:
        yield _due(contact, "mentor_session", last, MENTOR_DAYS)


def _due(contact: Contact, what: Waits, since: str, days: int) -> Waiting:
    day = date.fromisoformat(since)
    return Waiting(contact.id, what, day, day + timedelta(days=days))
