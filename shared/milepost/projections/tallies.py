"""Tallies: what an entity adds to a member's contributions, each under the event that earned it.

A total counts an event in the week the server received it, so a tally names its event and the server knows the week.
An edit earns nothing a second time: a milestone is planned by its first standing plan, an output done by whatever did
it first. Measures are those of an open pod's totals, and of a cohort's releases besides: blockers by class, ratings of
a skill with a published code, outcomes (privacy.md). Each belongs to the family a member consents to share.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from milepost.projections.days import DayEntry, ReviewHeld
from milepost.projections.evidence import ArtifactAdded
from milepost.projections.goals import PERIOD, GoalResult, GoalSet
from milepost.projections.milestones import BLOCKED, Artifact, Due, Named, Plan, Status
from milepost.projections.outcomes import OutcomeRecorded
from milepost.projections.rows import kind_of, name_of
from milepost.projections.skills import SkillNamed, SkillRated
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

BLOCKER_CLASSES = ("time", "skill", "access", "people", "other")
REMEDIES = ("audit", "method", "peer", "mentor", "none")

_FAMILY_OF_KIND = {
    "blocked": "progress",
    "remedy": "progress",
    "rated": "skills",
    "rose": "skills",
    "rated_before": "skills",
    "rated_after": "skills",
    "outcome": "outcomes",
}
_TIMES = "*"
OUTCOME = "outcome"
"""Outcomes are a measure for each kind, named `outcome:KIND`."""

_OF_A_DAY = {"feedback.received": "feedback_received", "metric.recorded": "readings_recorded"}


class Tally(NamedTuple):
    """One count of a measure, and the event that earned it. A count of several says so in the name: see `counted`."""

    event_id: bytes
    measure: str


def family_of(measure: str) -> str:
    """The family that a consent has to cover for a measure, those of releases alone included."""
    return FAMILY_OF.get(measure) or _FAMILY_OF_KIND[measure.partition(":")[0]]


def counted(measure: str) -> tuple[str, int]:
    """A measure as it is summed, and how many one tally of it stands for."""
    name, _, times = measure.partition(_TIMES)
    return name, int(times or 1)


def tallies_of(entity: str, writes: Writes) -> list[Tally]:
    """What an entity's rows add."""
    if kind_of(entity) == OUTCOME:
        return list(_outcomes(name_of(entity), writes))
    of_kind = _OF_KIND.get(kind_of(entity))
    return list(of_kind(writes)) if of_kind else []


def is_tallied(entity: str) -> bool:
    """Whether an entity of this kind can add anything."""
    return kind_of(entity) in _OF_KIND or kind_of(entity) == OUTCOME


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
    for said in story:
        if said.data.status == BLOCKED:
            yield Tally(said.event_id, "milestones_blocked")
            yield Tally(said.event_id, f"blocked:{said.data.obstacle}")
            yield Tally(said.event_id, f"remedy:{said.data.remedy}")
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
    yield from _of_code(writes, ratings)


def _of_code(writes: Writes, ratings: list[Said[SkillRated]]) -> Iterator[Tally]:
    named = writes.ordered("named", SkillNamed)
    code = named[-1].data.code if named else None
    if code is None:
        return
    for before, after in pairwise(ratings):
        yield Tally(after.event_id, f"rated:{code}")
        if after.data.rating > before.data.rating:
            yield Tally(after.event_id, f"rose:{code}")
        yield Tally(after.event_id, f"rated_before:{code}{_TIMES}{before.data.rating}")
        yield Tally(after.event_id, f"rated_after:{code}{_TIMES}{after.data.rating}")


def _review(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("held", ReviewHeld), "reviews_held")


def _artifact(writes: Writes) -> Iterator[Tally]:
    yield from _first(writes.ordered("added", ArtifactAdded), "artifacts_added")


def _day(writes: Writes) -> Iterator[Tally]:
    for type, measure in _OF_A_DAY.items():
        yield from (Tally(said.event_id, measure) for said in writes.ordered(type, DayEntry))
    for said in writes.ordered("touchpoint.logged", DayEntry):
        yield Tally(said.event_id, f"touch_{said.data.sort}")


def _outcomes(kind: str, writes: Writes) -> Iterator[Tally]:
    for said in writes.ordered("recorded", OutcomeRecorded):
        yield Tally(said.event_id, f"outcome:{kind}{_TIMES}{said.data.count}")


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
