"""The names of people: the one they chose in their pod, else the one they were placed or appointed under; and back."""

from collections.abc import Iterable, Mapping

from milepost.ids import from_base64url
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


def people_in_pod(connection: Connection, pod: cohorts.Pod) -> dict[bytes, str]:
    """Who has a place in a pod, taken or not: user -> the name they go by there, empty for who has none."""
    found = {user: name or "" for user, name in cohorts.placed(connection, pod.pod).items()}
    return found | {one.user: one.name for one in members.in_pods(connection, [pod.pod])[pod.pod]}


def people_in_cohort(connection: Connection, cohort: cohorts.Cohort) -> dict[bytes, str]:
    """Everybody who came into a cohort, members and leads, in a pod or none: user -> the name they go by."""
    stream = cohort.stream
    found = {one.member: one.name or "" for one in cohorts.invites(connection, stream) if one.member is not None}
    found |= {one.user: one.name or found.get(one.user, "") for one in cohorts.appointed(connection, stream)}
    found |= {user: name or found.get(user, "") for user, name in cohorts.placed_names(connection, stream).items()}
    return found | {one.user: one.name for one in members.in_cohort(connection, stream)}


def called(known: Mapping[bytes, str], text: str) -> list[bytes]:
    """Whom a text may mean: the one of a key in base64url, else those of a name, else those whose name begins so."""
    key = _key(text)
    if key is not None and key in known:
        return [key]
    folded = text.casefold()
    exact = [user for user, name in known.items() if name.casefold() == folded]
    return exact or [user for user, name in known.items() if name.casefold().startswith(folded)]


def _key(text: str) -> bytes | None:
    try:
        return from_base64url(text)
    except ValueError:
        return None
