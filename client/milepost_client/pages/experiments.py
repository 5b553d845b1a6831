"""Experiments: small projects that are to find something out, with the hypothesis and what came of it."""

from collections.abc import Iterator

import msgspec

from milepost.projections.milestones import Milestone
from milepost.projections.outcomes import Outcome
from milepost.projections.progress import Shelf
from milepost_client.pages.worded import texts_of
from milepost_client.render.counted import counted
from milepost_client.store.log import Log
from milepost_client.views.views import Views

KIND = "experiment"
_VERDICTS = {True: "upheld", False: "not upheld", None: "not said yet"}


class Found(msgspec.Struct, frozen=True):
    """What a milestone of any kind was to find out, and did, in the member's words. None where nothing was said."""

    hypothesis: str | None
    is_upheld: bool | None
    result: str | None
    lesson: str | None

    @property
    def verdict(self) -> str:
        """Whether the hypothesis held, in a word or two."""
        return _VERDICTS[self.is_upheld]


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment with what came of it: outcomes by kind, those that hang off it."""

    id: str
    name: str | None
    status: str
    terms: str | None
    start: str
    due: str
    end: str | None
    found: Found
    outcomes: dict[str, int]

    @property
    def says_outcomes(self) -> str:
        """`1 endorsement, 2 referrals`."""
        return ", ".join(counted(count, kind.replace("_", " ")) for kind, count in self.outcomes.items())


def found_of(log: Log, milestone: Milestone) -> Found:
    """The hypothesis of a milestone, and what its end said of it."""
    planned, ended = texts_of(log, milestone, "plan"), texts_of(log, milestone, "status")
    said = (_text(words.get(name)) for words, name in ((planned, "hypothesis"), (ended, "result"), (ended, "lesson")))
    hypothesis, result, lesson = said
    return Found(hypothesis, milestone.hypothesis_upheld, result, lesson)


def verdict_of(milestone: Milestone) -> str:
    """Whether a milestone's hypothesis held, in a word or two."""
    return _VERDICTS[milestone.hypothesis_upheld]


def experiments_of(views: Views, shelf: Shelf) -> Iterator[Experiment]:
    """Every experiment, the first to start first."""
    names = views.names("milestone")
    for milestone in sorted(shelf.all(Milestone), key=lambda one: (one.start, one.id)):
        if milestone.kind == KIND:
            yield Experiment(
                id=milestone.id,
                name=names.get(milestone.id),
                status=milestone.status,
                terms=milestone.terms,
                start=milestone.start,
                due=milestone.due_on,
                end=milestone.closed_on,
                found=found_of(views.log, milestone),
                outcomes=outcomes_of(shelf, milestone.id),
            )


def outcomes_of(shelf: Shelf, id: str) -> dict[str, int]:
    """The outcomes that hang off a thing, each kind counted on its own."""
    counts = {
        outcome.id: sum(came.count for came in outcome.recorded if id in came.ref) for outcome in shelf.all(Outcome)
    }
    return {kind: count for kind, count in sorted(counts.items()) if count}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
