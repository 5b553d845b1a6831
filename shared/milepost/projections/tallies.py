"""Tallies: what an entity adds to a member's contributions, each under the event that earned it.

A total counts an event in the week the server received it, so a tally names its event and the server knows the week.
An edit earns nothing a second time: a milestone is planned by its first standing plan, an output done by whatever did
it first. Measures are those of an open pod's totals (privacy.md); each belongs to the family a member consents to
share.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from milepost.projections.days import DayEntry, ReviewHeld
from milepost.projections.evidence import ArtifactAdded
from milepost.projections.goals import PERIOD, GoalResult, GoalSet
from milepost.projections.milestones import BLOCKED, Artifact, Due, Named, Plan, Status
from milepost.projections.rows import Write, kind_of
from milepost.projections.skills import SkillRated
from milepost.projections.writes import Data, Said, Writes

FAMILY_OF: Mapping[str, str] = {
    "milestones_planned": "progress",
    "milestones_started": "progress",
    "milestones_completed": "progress",
    "milestones_blocked": "progress",
    "milestones_rescheduled": "progress",
    "outputs_named": "progress",
    "outputs_done": "progress",
    "goals_set": "progress",
    "goals_closed": "progress",
    "reviews_held": "rhythm",
    "feedback_received": "rhythm",
    "touch_outreach": "people",
    "touch_interview": "people",
    "touch_thanks": "people",
    "touch_follow_up": "people",
    "touch_mentor_session": "people",
    "touch_pod_session": "people",
    "touch_other": "people",
    "artifacts_added": "evidence",
    "readings_recorded": "evidence",
    "skills_rerated": "skills",
    "skills_rose": "skills",
}
"""Every measure of a pod's totals, with the family that a consent has to cover."""

_OF_A_DAY = {"feedback.received": "feedback_received", "metric.recorded": "readings_recorded"}


class Tally(NamedTuple):
    """One count of a measure, and the event that earned it."""

    event_id: bytes
    measure: str


def tallies_of(entity: str, writes: list[Write]) -> list[Tally]:
    """What an entity's rows add."""
    of_kind = _OF_KIND.get(kind_of(entity))
    return list(of_kind(Writes(writes))) if of_kind else []


def is_tallied(entity: str) -> bool:
    """Whether an entity of this kind can add anything."""
    return kind_of(entity) in _OF_KIND


def _milestone(writes: Writes) -> Iterator[Tally]:
    planned = writes.ordered("plan", Plan)
    if not planned:
        return
    story = writes.ordered("status", Status)
    # Children count under their parent: nine milestones with three small projects inside are nine.
    if planned[-1].data.parent is None:
        yield Tally(planned[0].event_id, "milestones_planned")
        for status, measure in (("started", "milestones_started"), ("completed", "milestones_completed")):
            yield from _first([said for said in story if said.data.status == status], measure)
    yield from (Tally(said.event_id, "milestones_blocked") for said in story if said.data.status == BLOCKED)
    moves = (said for said in writes.ordered("due", Due) if said.data.reason is not None)
    yield from (Tally(said.event_id, "milestones_rescheduled") for said in moves)


def _output(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("named", Named), "outputs_named")
    done: list[Said[Named] | Said[Artifact]] = [*writes.ordered("ticked", Named), *writes.ordered("artifact", Artifact)]
    if done:
        yield Tally(min(done, key=lambda said: said.write.order).event_id, "outputs_done")


def _goal(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("set", GoalSet), "goals_set")
    for field in ("result", *writes.fields(PERIOD)):
        done = [said for said in writes.ordered(field, GoalResult) if said.data.result == "done"]
        yield from _first(done, "goals_closed")


def _skill(writes: Writes) -> Iterator[Tally]:
    ratings = writes.readings("rating", SkillRated)
    for before, after in pairwise(ratings):
        yield Tally(after.event_id, "skills_rerated")
        if after.data.rating > before.data.rating:
            yield Tally(after.event_id, "skills_rose")


def _review(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("held", ReviewHeld), "reviews_held")


def _artifact(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("added", ArtifactAdded), "artifacts_added")


def _day(writes: Writes) -> Iterator[Tally]:
    for type, measure in _OF_A_DAY.items():
        yield from (Tally(said.event_id, measure) for said in writes.ordered(type, DayEntry))
    for said in writes.ordered("touchpoint.logged", DayEntry):
        yield Tally(said.event_id, f"touch_{said.data.sort}")


def _first(said: list[Said[Data]], measure: str) -> Iterator[Tally]:
    if said:
        yield Tally(said[0].event_id, measure)


_OF_KIND: Mapping[str, Callable[[Writes], Iterator[Tally]]] = {
    "milestone": _milestone,
    "output": _output,
    "goal": _goal,
    "skill": _skill,
    "review": _review,
    "artifact": _artifact,
    "day": _day,
}
