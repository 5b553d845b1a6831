"""Sharing: the pod a member is in, and what they let whom read.

Rows of `membership:pod`: `place`. Rows of `consent:SCOPE/ID/AUDIENCE`: `granted`, `withdrawn`. Control entries cannot
be retracted, and a withdrawal beats every grant that does not name it: nothing said about their entries is heard here.
"""

import msgspec

from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, event_named, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Replacing, Said, Writes


class Place(Replacing, frozen=True, omit_defaults=True):
    """Data of `place`: a pod joined, or none."""

    pod: str = ""
    cohort: str = ""
    name: str | None = None
    is_member: bool = True


class Membership(View, frozen=True, kw_only=True, omit_defaults=True):
    """The pod a member took a place in."""

    pod: str
    cohort: str
    joined_on: str
    name: str | None = None

    @property
    def standing(self) -> str:
        return "joined"


class Granted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `granted`."""

    families: tuple[str, ...]
    until: str
    wording: int = 1
    withdrawals: tuple[str, ...] = ()


class Withdrawn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of `withdrawn`."""

    families: tuple[str, ...] = ()


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One family that may be read, from the day of the grant to `until`."""

    family: str
    since: str
    until: str
    wording: int = 1


class Consent(View, frozen=True, kw_only=True, omit_defaults=True):
    """What one audience of one pod or cohort may read."""

    scope: str
    id: str
    audience: str
    grants: tuple[Grant, ...]

    @property
    def standing(self) -> str:
        return "granted"

    @property
    def due(self) -> str:
        """The last day on which any of it holds."""
        return max(grant.until for grant in self.grants)

    def families(self, day: str) -> tuple[str, ...]:
        """The families that may be read on an ISO day."""
        return tuple(grant.family for grant in self.grants if grant.since <= day <= grant.until)


def _joined(facts: Facts) -> tuple[Cell, ...]:
    return (Cell("membership:pod", "place", data_of(facts, Place)),)


def _left(facts: Facts) -> tuple[Cell, ...]:
    return (Cell("membership:pod", "place", msgspec.structs.replace(data_of(facts, Place), is_member=False)),)


def _granted(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(_audience(facts), "granted", data_of(facts, Granted)),)


def _withdrawn(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(_audience(facts), "withdrawn", data_of(facts, Withdrawn)),)


def _audience(facts: Facts) -> str:
    return key("consent", f"{facts['scope']}/{facts['id']}/{facts['audience']}")


def resolve_membership(_: str, writes: Writes) -> Membership | None:
    """The membership, or None for a member of no pod."""
    place = writes.single("place", Place)
    if place is None or not place.data.is_member:
        return None
    data = place.data
    return Membership(pod=data.pod, cohort=data.cohort, joined_on=iso_day(place.on), name=data.name, heads=writes.heads)


def resolve_consent(name: str, writes: Writes) -> Consent | None:
    """The consent, or None when nothing is granted."""
    scope, id, audience = name.split("/")
    withdrawn = writes.readings("withdrawn", Withdrawn)
    found: dict[str, Grant] = {}
    for said in writes.ordered("granted", Granted):
        for family in _standing(said, withdrawn):
            found[family] = Grant(family, iso_day(said.on), said.data.until, said.data.wording)
    if not found:
        return None
    return Consent(scope=scope, id=id, audience=audience, grants=tuple(found[family] for family in sorted(found)))


def _standing(grant: Said[Granted], withdrawn: list[Said[Withdrawn]]) -> list[str]:
    known = {event_named(name) for name in grant.data.withdrawals}
    beaten = {family for said in withdrawn if said.event_id not in known for family in said.data.families}
    return [family for family in grant.data.families if family not in beaten]


FOLDERS = {
    "pod.joined": _joined,
    "pod.left": _left,
    "consent.granted": _granted,
    "consent.withdrawn": _withdrawn,
}
KINDS = {
    "membership": Kind(resolve_membership, Membership, is_control=True),
    "consent": Kind(resolve_consent, Consent, is_control=True),
}
