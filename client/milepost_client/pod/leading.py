"""What somebody who leads does on the server: acts, and what they may look at. Nothing of it can wait for a sync.

Who leads is known to the server alone, so every act is opened by a round of sync, and what it refuses is said in its
words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from milepost.errors import Ambiguous, NotFound, PairingNeeded, UsageError
from milepost_client.pod.rounds import opened
from milepost_client.sync.web import Item, Json, Web
from milepost_client.terminal import Terminal

CANDIDATES_SHOWN_MAX = 5


class Led(msgspec.Struct, frozen=True):
    """A pod or a cohort that one leads. `cohort` is the id of the cohort, its own or the pod's."""

    scope: str
    id: str
    name: str
    cohort: str


class _Me(msgspec.Struct, frozen=True):
    leads: tuple[Led, ...] = ()


class Leading(NamedTuple):
    """The server as it answers somebody who leads."""

    web: Web
    led: tuple[Led, ...]

    def act(self, path: str, asked: Mapping[str, object]) -> Json:
        """Do one thing, and return what came of it. What is None is left out."""
        given = {name: value for name, value in asked.items() if value is not None}
        return self.web.post(f"/v1/acts/{path}", given)

    def cohort(self, typed: str | None = None) -> str:
        """The id of the cohort that was named; the only one that is led where none was."""
        ids = self.cohorts()
        if typed is None:
            if len(ids) > 1:
                raise UsageError(
                    "you lead in several cohorts", field="cohort", code="missing", remedy="add --cohort NAME"
                )
            return ids[0]
        named = {one.cohort for one in self.led if typed in (one.cohort, one.name)}
        # Whoever leads a pod alone knows its cohort by id; the server knows whether there is one of that name.
        return named.pop() if len(named) == 1 else typed

    def cohorts(self) -> list[str]:
        """The ids of the cohorts in which anything is led."""
        return list(dict.fromkeys(one.cohort for one in self.led))

    def pods(self, cohort: str) -> list[Item]:
        """The pods of a cohort, as far as they are led."""
        return list(self.web.every(f"/v1/cohorts/{cohort}/pods", "pods"))

    def sessions(self, cohort: str) -> list[Item]:
        """The sessions of the pods of a cohort, as far as they are led: planned, held and cancelled, by their start."""
        found: Any = self.web.get(f"/v1/cohorts/{cohort}/calendar")
        return sorted(found["sessions"], key=lambda one: (one["start"], one["id"]))

    def invites(self, cohort: str) -> list[Item]:
        """The invites of a cohort, used and ended ones too."""
        return list(self.web.every(f"/v1/cohorts/{cohort}/setup", "invites"))

    def requests(self) -> list[Item]:
        """The requests that wait in all that is led, oldest first."""
        return [item for cohort in self.cohorts() for item in self.web.every(f"/v1/cohorts/{cohort}/requests", "items")]


def lead(where: Terminal) -> Leading:
    """The server, for somebody who leads. Raises Unreachable, PairingNeeded for who leads nothing."""
    web = opened(where)
    me = msgspec.convert(web.get("/v1/me"), _Me)
    if not me.leads:
        raise PairingNeeded(
            "you lead no pod and no cohort", code="leads_nothing", remedy="ask the operator to appoint you"
        )
    return Leading(web, me.leads)


def fitting(ids: Sequence[str], typed: str, noun: str) -> str:
    """The one id that begins as typed. Raises NotFound, and Ambiguous with those that fit."""
    found = [id for id in ids if id.startswith(typed.strip().lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"no {noun} begins with {typed!r}", remedy="copy its id from the list")
    listed = ", ".join(found[:CANDIDATES_SHOWN_MAX])
    raise Ambiguous(f"{typed!r} fits {len(found)} of them: {listed}", remedy="type more of the id")
