"""A named card: what a reader gets of somebody who shares with them by name (privacy.md).

Open milestones whole, and of everything else what was received from the grant on, in the families that were granted.
No week by week, no text but titles that were said to this reader, nothing private. The server shows a lead this card,
and a member's device previews the same one. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from milepost.projections.milestones import Milestone, Output
from milepost.projections.outcomes import Outcome
from milepost.projections.progress import Shelf
from milepost.projections.tallies import FAMILY_OF

PROGRESS = "progress"
OUTCOMES = "outcomes"
OUTCOME = "outcome_"


class Scope(msgspec.Struct, frozen=True):
    """One family that is shared: from the day on which the grant was received, to its last day."""

    family: str
    since: str
    until: str


class MilestoneCard(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone by name. `done_on` is the day it was completed or stopped; `title` what was said to this reader."""

    id: str
    kind: str
    status: str
    start: str
    due: str
    done_on: str | None
    outputs_done: int
    outputs_named: int
    title: str | None


class Card(msgspec.Struct, frozen=True):
    """What one reader gets of one member. `counts` has the measures of the families that are shared, 0 included."""

    scopes: tuple[Scope, ...]
    milestones: tuple[MilestoneCard, ...]
    counts: dict[str, int]


class Received(NamedTuple):
    """What is known of when entries were received.

    `counts` are tallies by measure, of each family from its grant on. `is_new(family, event)` says whether an entry
    came after the grant of the family; one that has not been sent yet will.
    """

    counts: Mapping[str, int]
    is_new: Callable[[str, str], bool]


def card(
    shelf: Shelf, scopes: Sequence[Scope], received: Received, title_of: Callable[[str], str | None]
) -> Card | None:
    """The card, or None where nothing is shared. `title_of` gives what was said to this reader about a milestone."""
    if not scopes:
        return None
    families = {scope.family for scope in scopes}
    milestones = _milestones(shelf, received, title_of) if PROGRESS in families else ()
    counts = {measure: received.counts.get(measure, 0) for measure, of in FAMILY_OF.items() if of in families}
    if OUTCOMES in families:
        counts |= _outcomes(shelf, received)
    return Card(tuple(sorted(scopes, key=lambda scope: scope.family)), milestones, counts)


def _milestones(shelf: Shelf, received: Received, title_of: Callable[[str], str | None]) -> tuple[MilestoneCard, ...]:
    every = (found for found in shelf.all(Milestone) if found.is_open or _is_news(found, received))
    return tuple(_milestone(shelf, found, title_of) for found in every)


def _is_news(milestone: Milestone, received: Received) -> bool:
    """Whether it was closed after the grant: one that was closed before belongs to the past that was not shared."""
    closing = milestone.head("status")
    return closing is not None and received.is_new(PROGRESS, closing)


def _milestone(shelf: Shelf, found: Milestone, title_of: Callable[[str], str | None]) -> MilestoneCard:
    outputs = [shelf.get(Output, output) for output in found.outputs]
    return MilestoneCard(
        id=found.id,
        kind=found.kind,
        status=found.status,
        start=found.start,
        due=found.due_on,
        done_on=found.closed_on,
        outputs_done=sum(output is not None and output.is_done for output in outputs),
        outputs_named=len(outputs),
        title=title_of(found.id),
    )


def _outcomes(shelf: Shelf, received: Received) -> dict[str, int]:
    """Outcomes by kind, those that came since the grant."""
    return {
        OUTCOME + outcome.id: sum(came.count for came in outcome.recorded if received.is_new(OUTCOMES, came.event))
        for outcome in shelf.all(Outcome)
    }
