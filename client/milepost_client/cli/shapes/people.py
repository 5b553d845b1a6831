"""Contacts."""

from typing import Literal

from milepost_client.cli.shapes.shape import Day, Shape, Thing


class Contacts(Shape):
    """contacts/1: those met last first."""

    contacts: list[Thing]


class Waiting(Thing):
    what: Literal["thanks", "follow_up", "mentor_session"]
    since: Day
    due_on: Day
    days_over: int
    command: str


class ContactsDue(Shape):
    """contacts_due/1: who waits for a word, the longest overdue first."""

    due: list[Waiting]


class Funnel(Shape):
    """funnel/1. `by_class` are relationships, each person once; `outcomes` counts each kind on its own."""

    as_of: Day
    targeted: int
    targeted_met: int
    relationships: int
    by_class: dict[str, int]
    outreach: int
    personalised: int
    interviews: int
    thanked: int
    thanked_percent: int | None
    outcomes: dict[str, int]


SHAPES: dict[str, type[Shape]] = {
    "contacts/1": Contacts,
    "contacts_due/1": ContactsDue,
    "funnel/1": Funnel,
}
