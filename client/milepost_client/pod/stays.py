"""Where the member was, as the server knows it: by the arrival of what they said."""

from typing import NamedTuple

from milepost_client.pod.consents import arrived
from milepost_client.pod.membership import JOINED, LEFT
from milepost_client.store.control import facts_of
from milepost_client.store.log import Log
from milepost_client.store.stamps import ReceivedAt


class Stay(NamedTuple):
    """A pod and its cohort, that a member was in."""

    pod: str
    cohort: str


class Stays:
    """The pods that a member was in, one after the other."""

    def __init__(self, log: Log) -> None:
        known = ReceivedAt(log)
        self._since: list[tuple[int | None, Stay | None]] = []
        stay: Stay | None = None
        for stored in arrived(log, JOINED, LEFT):
            facts = facts_of(stored)
            pod, cohort = str(facts.get("pod")), str(facts.get("cohort"))
            if stored.event.type == JOINED:
                stay = Stay(pod, cohort)
            elif stay is not None and stay.pod == pod:
                stay = None
            self._since.append((known.of(stored.line, stored.event.seq), stay))

    def at(self, received_at: int | None) -> Stay | None:
        """Where they were when something was received; what is unsent arrives after all that was said."""
        for since, stay in reversed(self._since):
            if received_at is None or (since is not None and since <= received_at):
                return stay
        return None
