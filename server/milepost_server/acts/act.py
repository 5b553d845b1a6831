"""What an act is: who may do it, where it happens, and what it comes to.

An act is one or more cohort events in one transaction on the cohort's stream, each with its actor, and a row in the
audit log. `milepost_server.acts.perform` is the only way to one.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from milepost.errors import CheckRefused
from milepost.ids import base64url
from milepost_server.acts.desk import Desk
from milepost_server.acts.finding import Finder, Place
from milepost_server.cohort.cohorts import OPERATOR as OPERATOR_NAME
from milepost_server.reads.reader import Reader, day_in
from milepost_server.store import Connection, cohorts

#: Whose authority an act needs: any one of those it names.
OPERATOR = "operator"
COHORT_LEAD = "cohort lead"
POD_LEAD = "pod lead"


class Actor(NamedTuple):
    """Who acts: a member who leads something, or the operator (no reader)."""

    reader: Reader | None = None

    @property
    def name(self) -> str:
        """As events and the audit log have it."""
        return OPERATOR_NAME if self.reader is None else base64url(self.reader.user)

    def holds(self, authority: str, place: Place) -> bool:
        """Whether they have an authority at a place."""
        if self.reader is None:
            return authority == OPERATOR
        if authority == COHORT_LEAD:
            return ("cohort", place.cohort.cohort) in self.reader.leads
        return authority == POD_LEAD and place.pod is not None and ("pod", place.pod.pod) in self.reader.leads


class Scene(NamedTuple):
    """Where an act happens, and with what."""

    connection: Connection
    desk: Desk
    actor: Actor
    place: Place

    @property
    def cohort(self) -> cohorts.Cohort:
        return self.place.cohort

    @property
    def pod(self) -> cohorts.Pod:
        """The pod it happens in; acts that are not in a pod do not ask."""
        assert self.place.pod is not None, "an act in a pod finds one"  # noqa: S101
        return self.place.pod

    @property
    def today(self) -> date:
        """The day in the cohort's zone."""
        return day_in(self.cohort, self.desk.world.now_ms())

    def append(self, *drafts: tuple[str, dict[str, object]]) -> None:
        """Append cohort events, given as (type, facts), by this actor. Raises CheckRefused for what does not fit."""
        actor = {"actor": self.actor.name}
        self.desk.cohorts.append(
            self.connection,
            self.cohort,
            *(
                (type_, {name: value for name, value in facts.items() if value is not None} | actor)
                for type_, facts in drafts
            ),
        )

    def require_open(self) -> None:
        """Raises CheckRefused where the cohort, or the pod, was closed."""
        if self.cohort.closed:
            raise CheckRefused(f"{self.cohort.name} is closed", code="closed", remedy="open another cohort")
        if self.place.pod is not None and self.place.pod.closed:
            raise CheckRefused(f"{self.place.pod.name} is closed", code="closed", remedy="name a pod that is open")


class Done(NamedTuple):
    """What an act came to: its answer, and the members it is about."""

    answer: Any
    about: tuple[bytes, ...] = ()


class Act(NamedTuple):
    """One thing to do: what comes in and goes out, whose authority it needs, where it is, and the function."""

    asked: Any
    answer: Any
    by: frozenset[str]
    place: Callable[[Finder, Any], Place]
    run: Callable[[Scene, Any], Done]
