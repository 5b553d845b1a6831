"""Who reads, and what may be shown to them at all. What is then shown of others, `milepost.disclosure` decides.

Not there, not yours and not shared are one answer, `unseen`, in the same words: nobody learns which it was.
"""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milepost.errors import NotFound
from milepost_server.cohort import weeks
from milepost_server.store import Connection, cohorts, members, streams
from milepost_server.store.cohorts import Cohort, Pod

AS_LEAD = ("lead", "pod")
AS_MEMBER = ("pod",)


class Reader(NamedTuple):
    """A member who reads. `leads` are the (scope, id) they lead today, `pod` is the one they are in."""

    user: bytes
    leads: frozenset[tuple[str, str]]
    pod: str | None

    def is_lead_of(self, cohort: Cohort) -> bool:
        """Whether they lead the whole cohort."""
        return ("cohort", cohort.cohort) in self.leads


class Sight(NamedTuple):
    """A cohort as one reader may see it: whole (`pods` is None), or only the rows of some pods."""

    cohort: Cohort
    pods: frozenset[str] | None

    def shows(self, pod: str) -> bool:
        """Whether rows of this pod are in it."""
        return self.pods is None or pod in self.pods

    def today(self, now_ms: int) -> date:
        """The day, where the cohort's weeks are cut."""
        return day_in(self.cohort, now_ms)


class PodSight(NamedTuple):
    """A pod as one reader may see it: who leads it or its cohort, a member of it, or both."""

    cohort: Cohort
    pod: Pod
    as_lead: bool
    as_member: bool = False

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences of consents that this reader is among: a lead of the pod is not a member of it."""
        return (("lead",) if self.as_lead else ()) + (("pod",) if self.as_member else ())

    @property
    def hears(self) -> tuple[str, ...]:
        """What was said or asked to whom reaches this reader: leads are named as readers of what goes to the pod."""
        return AS_LEAD if self.as_lead else AS_MEMBER


def unseen() -> NotFound:
    """The one answer for what is not there, not yours or not shared."""
    return NotFound("there is nothing here that is shown to you", remedy="ask whoever leads the cohort")


def leads_of(connection: Connection, user: bytes, now_ms: int) -> frozenset[tuple[str, str]]:
    """What somebody leads now, as (scope, id). Their first and last day are days in the cohort's zone."""
    return frozenset(
        (appointed.scope, appointed.target)
        for appointed in cohorts.appointments(connection, user)
        if appointed.holds(day_in(appointed.cohort, now_ms))
    )


def reader_of(connection: Connection, stream: streams.Stream, now_ms: int) -> Reader:
    """Who a member is as a reader now."""
    placed = members.find(connection, stream.stream_id)
    return Reader(stream.stream_id, leads_of(connection, stream.stream_id, now_ms), placed.pod if placed else None)


def sight_of(connection: Connection, reader: Reader, cohort_id: str) -> Sight:
    """The cohort for its leads, and for leads of its pods their rows. Raises NotFound for everybody else."""
    cohort = cohorts.cohort(connection, cohort_id)
    if cohort is None:
        raise unseen()
    if reader.is_lead_of(cohort):
        return Sight(cohort, None)
    led = {id for scope, id in reader.leads if scope == "pod"}
    here = frozenset(pod.pod for pod in cohorts.pods(connection, cohort.stream) if pod.pod in led)
    if not here:
        raise unseen()
    return Sight(cohort, here)


def whole_sight_of(connection: Connection, reader: Reader, cohort_id: str) -> Sight:
    """The cohort, for its own leads alone. Raises NotFound for everybody else."""
    sight = sight_of(connection, reader, cohort_id)
    if sight.pods is not None:
        raise unseen()
    return sight


def pod_sight_of(connection: Connection, reader: Reader, pod_id: str) -> PodSight:
    """The pod, for its members, its leads and its cohort's leads. Raises NotFound for everybody else."""
    pod = cohorts.pod(connection, pod_id)
    cohort = cohorts.cohort_of(connection, pod.stream) if pod else None
    if pod is None or cohort is None:
        raise unseen()
    as_lead = ("pod", pod.pod) in reader.leads or reader.is_lead_of(cohort)
    as_member = reader.pod == pod.pod
    if not as_lead and not as_member:
        raise unseen()
    return PodSight(cohort, pod, as_lead, as_member)


def day_in(cohort: Cohort, now_ms: int) -> date:
    """The day in a cohort's zone."""
    return weeks.day_of(now_ms, ZoneInfo(cohort.zone))
