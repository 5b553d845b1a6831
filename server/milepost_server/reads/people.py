"""The names of people: the one they chose in their pod, else the one they were placed or appointed under."""

from collections.abc import Iterable

from milepost_server.store import Connection, cohorts, members

LEAD = "a lead"
SOMEBODY = "somebody"


class Names:
    """Names of people of one cohort, looked up as they are asked for."""

    def __init__(self, connection: Connection, stream: int) -> None:
        self._connection = connection
        self._stream = stream
        self._known: dict[bytes, str] = {}
        self._leads: dict[bytes, str | None] | None = None

    def of(self, user: bytes) -> str:
        """The name of somebody; one word for those who have none here."""
        if user not in self._known:
            self._known[user] = self._chosen(user) or self._given(user)
        return self._known[user]

    def know(self, placed: Iterable[members.Placed]) -> None:
        """Take in names that were read already."""
        self._known.update((one.user, one.name) for one in placed)

    def _chosen(self, user: bytes) -> str | None:
        placed = members.find(self._connection, user)
        return placed.name if placed else None

    def _given(self, user: bytes) -> str:
        if self._leads is None:
            self._leads = {each.user: each.name for each in cohorts.appointed(self._connection, self._stream)}
        given = self._leads.get(user) or cohorts.placed_name(self._connection, self._stream, user)
        return given or (LEAD if user in self._leads else SOMEBODY)
