"""Finding what an act names: cohorts and pods by id or name, people by name or key, sessions and invites by id.

Who leads finds only what they lead or what is in it; for them what is not there and what is not theirs is one answer.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from milepost.errors import Ambiguous, NotFound
from milepost.ids import base64url
from milepost_server.cohort.cohorts import found_cohort, found_pod
from milepost_server.reads.people import called
from milepost_server.reads.reader import Reader
from milepost_server.reads.requests import asker_of
from milepost_server.store import Connection, cohorts
from milepost_server.store.cohorts import Cohort, Invite, Pod, Session

NAMES_SHOWN_MAX = 5
PREFIX_MIN = 3

Called = TypeVar("Called", Cohort, Pod)
Numbered = TypeVar("Numbered", Session, Invite)


class Place(NamedTuple):
    """Where an act happens: a cohort, and a pod of it where it is about one."""

    cohort: Cohort
    pod: Pod | None = None


class Finder:
    """Finds things for the operator, or for somebody who leads some of them."""

    def __init__(self, connection: Connection, reader: Reader | None) -> None:
        """`reader` is None for the operator."""
        self._connection = connection
        self._reader = reader

    def cohort(self, name: str) -> Place:
        """The cohort of this id or name. Raises NotFound."""
        if self._reader is None:
            return Place(found_cohort(self._connection, name))
        return Place(self._only(name, [(each, each.cohort, each.name) for each in self._cohorts()]))

    def pod(self, name: str) -> Place:
        """The pod of this id or name, with its cohort. Raises NotFound."""
        if self._reader is None:
            pod = found_pod(self._connection, name)
        else:
            pod = self._only(name, [(each, each.pod, each.name) for each in self._pods()])
        return Place(self._cohort_of(pod.stream), pod)

    def pod_or_cohort(self, pod: str | None, cohort: str | None) -> Place:
        """The one of the two that is named."""
        return self.pod(pod) if pod is not None else self.cohort(cohort or "")

    def session(self, id: str) -> tuple[Place, Session]:
        """The session of this id, or of the only id that begins so. Raises NotFound."""
        every = [one for stream in self._streams() for one in cohorts.sessions(self._connection, stream)]
        found = self._by_id(id, [(one, one.session) for one in every if self._is_mine(one.stream, one.pod)])
        return self._pod_of(found.pod), found

    def invite(self, id: str) -> tuple[Place, Invite]:
        """The invite of this id, or of the only id that begins so. Raises NotFound."""
        every = [one for stream in self._streams() for one in cohorts.invites(self._connection, stream)]
        found = self._by_id(id, [(one, one.invite) for one in every if self._is_mine(one.stream, one.target)])
        if found.scope == "pod":
            return self._pod_of(found.target), found
        return Place(self._cohort_of(found.stream)), found

    def help(self, id: str) -> Place:
        """The pod in which a request was asked, by its id. Raises NotFound."""
        placed = asker_of(self._connection, id)
        if placed is None:
            raise self._missing(id)
        return self._pod_of(placed.pod)

    def _is_mine(self, stream: int, target: str) -> bool:
        """Whether what stands in a cohort's stream for a pod, or the cohort itself, is found: ids of other pods do not
        even make the beginning of one ambiguous."""
        if self._reader is None or ("pod", target) in self._reader.leads:
            return True
        return self._reader.is_lead_of(self._cohort_of(stream))

    def _pod_of(self, pod_id: str) -> Place:
        pod = cohorts.pod(self._connection, pod_id)
        if pod is None:
            raise self._missing(pod_id)
        return Place(self._cohort_of(pod.stream), pod)

    def _cohort_of(self, stream: int) -> Cohort:
        found = cohorts.cohort_of(self._connection, stream)
        assert found is not None, "a pod stands in a cohort's stream"  # noqa: S101
        return found

    def _cohorts(self) -> list[Cohort]:
        """The cohorts that are led, and those whose pods are."""
        every = cohorts.cohorts(self._connection)
        if self._reader is None:
            return every
        streams = {pod.stream for pod in self._pods()}
        return [one for one in every if self._reader.is_lead_of(one) or one.stream in streams]

    def _pods(self) -> list[Pod]:
        assert self._reader is not None, "the operator sees every pod"  # noqa: S101
        return [
            pod
            for cohort in cohorts.cohorts(self._connection)
            for pod in cohorts.pods(self._connection, cohort.stream)
            if self._reader.is_lead_of(cohort) or ("pod", pod.pod) in self._reader.leads
        ]

    def _streams(self) -> list[int]:
        return [cohort.stream for cohort in self._cohorts()]

    def _only(self, name: str, known: Sequence[tuple[Called, str, str]]) -> Called:
        fitting = [each for each, id, called in known if name in (id, called)]
        if len(fitting) > 1:
            ids = ", ".join(id for _, id, called in known if called == name)
            raise Ambiguous(f"{name!r} fits several of what you lead: {ids}", remedy="name it by id")
        if not fitting:
            raise self._missing(name)
        return fitting[0]

    def _by_id(self, id: str, known: Sequence[tuple[Numbered, str]]) -> Numbered:
        fitting = [one for one, name in known if name == id]
        if not fitting and len(id) >= PREFIX_MIN:
            fitting = [one for one, name in known if name.startswith(id)]
        if len(fitting) > 1:
            raise Ambiguous(f"{id!r} begins several ids", remedy="type more of it")
        if not fitting:
            raise self._missing(id)
        return fitting[0]

    def _missing(self, name: str) -> NotFound:
        if self._reader is not None:
            return not_led()
        return NotFound(f"there is nothing called {name!r}", remedy="see: milepost-server pod list")


def not_led() -> NotFound:
    """The one answer to an act of a lead on what is not there, and on what is not theirs."""
    return NotFound(
        "you lead nothing that goes by that name or id, or this is not yours to do",
        remedy="names and ids are in the lists of pods, sessions and invites",
    )


def found_person(known: Mapping[bytes, str], where: str, text: str) -> bytes:
    """Who is meant: a key in base64url, or a name that begins so and is the only one of `known`.

    Raises NotFound, and Ambiguous with the names that fit; `where` is said to have or not have them.
    """
    fitting = called(known, text)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise NotFound(
            f"nobody in {where} is called {text!r}",
            field="member",
            remedy="name them as the pod's page does, or by key",
        )
    fitting.sort(key=lambda user: (known[user], user))
    said = ", ".join(f"{known[user]} ({base64url(user)[:6]})" for user in fitting[:NAMES_SHOWN_MAX])
    raise Ambiguous(
        f"{text!r} fits several people of {where}: {said}",
        field="member",
        remedy="type more of the name, or the key",
    )
