"""Who is connected, and who must hear of what: hints between the sockets of one process.

A hint may be lost without harm: a session reads heads from the store, and the next hint or Hello makes up for it.
"""

from collections.abc import Iterator
from typing import Protocol

from milepost_server.sync.session import Entered, Grew

SOCKETS_PER_MEMBER_MAX = 10


class Party(Protocol):
    """A connection, as the others see it."""

    @property
    def entered(self) -> Entered | None:
        """Who it is, once proved."""

    def wake(self, grew: Grew) -> None:
        """The stream has grown."""

    def replaced(self) -> None:
        """The same installation has connected again; this connection ends."""

    def warn_copy(self) -> None:
        """Another installation writes under the same epoch."""

    def farewell(self, retry_after: int) -> None:
        """The server stops; come back after so many seconds."""


class Hub:
    """The connections of one process by member."""

    def __init__(self) -> None:
        self._parties: dict[bytes, list[Party]] = {}

    def __iter__(self) -> Iterator[Party]:
        return iter([party for parties in self._parties.values() for party in parties])

    def __len__(self) -> int:
        return sum(map(len, self._parties.values()))

    def join(self, party: Party, entered: Entered) -> bool:
        """Count `party` among the member's sockets; False when the member has too many.

        An older socket of the same installation is replaced. Two installations under one epoch are copies of each
        other, and both are told.
        """
        parties = self._parties.setdefault(entered.user, [])
        for other in list(parties):
            theirs = other.entered
            if theirs is None or (theirs.device, theirs.epoch) != (entered.device, entered.epoch):
                continue
            if theirs.mark == entered.mark:
                self.leave(other)
                other.replaced()
            else:
                other.warn_copy()
                party.warn_copy()
        parties = self._parties.setdefault(entered.user, [])
        if len(parties) >= SOCKETS_PER_MEMBER_MAX:
            return False
        parties.append(party)
        return True

    def leave(self, party: Party) -> None:
        """Forget a connection. Idempotent."""
        entered = party.entered
        parties = self._parties.get(entered.user, []) if entered else []
        if entered and party in parties:
            parties.remove(party)
            if not parties:
                del self._parties[entered.user]

    def wake(self, grew: Grew, but: Party | None = None) -> None:
        """Tell the member's sockets, save the one that knows."""
        for party in list(self._parties.get(grew.user, ())):
            if party is not but:
                party.wake(grew)
