"""What a member lets others read: the consents that hold, and the entries that grant them and take them back.

A consent names a pod or a cohort by id. It holds for who is in that pod or cohort now, so a move ends those that name
the pod that was left, and none that names the cohort. It counts from when the server received it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milepost.catalogue.declare import FAMILIES
from milepost.errors import UsageError
from milepost.ids import base32, from_base32
from milepost.wording import CURRENT, Audience, audiences
from milepost_client.pod import membership
from milepost_client.pod.membership import Place
from milepost_client.pod.pods import zone_of
from milepost_client.recording.commands import Desk, Intent
from milepost_client.store.control import facts_of
from milepost_client.store.log import Log
from milepost_client.store.stamps import ReceivedAt
from milepost_client.store.stored import Stored
from milepost_client.store.trusted import set_aside

GRANTED = "consent.granted"
WITHDRAWN = "consent.withdrawn"
_ABOUT = ("scope", "id", "audience")
_UNSENT = 1 << 62


class Grant(NamedTuple):
    """One family that one audience may read. `since_ms` is when the server received it, None while it is unsent."""

    audience: str
    scope: str
    id: str
    family: str
    since_ms: int | None
    until: str
    wording: int

    def since(self, zone: tzinfo | None, today: date) -> str:
        """The day on which it began, in the cohort's zone."""
        if self.since_ms is None:
            return today.isoformat()
        return datetime.fromtimestamp(self.since_ms / 1000, zone).date().isoformat()


class Granted(NamedTuple):
    """What one audience may read: families in the order of the catalogue, from the first day to the last."""

    audience: str
    scope: str
    id: str
    families: list[str]
    since: str
    until: str
    wording: int


def grants(log: Log, today: date) -> list[Grant]:
    """What may be read today, where the member is."""
    place = membership.placed(log)
    if place is None or not membership.is_joined(log, place.pod):
        return []
    return [grant for grant in _held(log, today) if grant.id in (place.pod, place.cohort)]


def standing(log: Log, today: date) -> list[Granted]:
    """The consents that hold today where the member is, in the order of the questions."""
    return _by_audience(grants(log, today), zone_of(log), today)


def elsewhere(log: Log, place: Place, today: date) -> list[Granted]:
    """The consents that name another pod or cohort than `place`: left behind by a move."""
    left = [grant for grant in _held(log, today) if grant.id not in (place.pod, place.cohort)]
    return _by_audience(left, zone_of(log), today)


def day_there(log: Log, now_ms: int, here: date) -> date:
    """The day in the cohort's zone, by which consents end; `here` while the zone is not known."""
    zone = zone_of(log)
    return here if zone is None else datetime.fromtimestamp(now_ms / 1000, zone).date()


def _by_audience(held: Sequence[Grant], zone: ZoneInfo | None, today: date) -> list[Granted]:
    order = [one.name for one in audiences()]
    found: dict[tuple[str, str], list[Grant]] = {}
    for grant in sorted(held, key=lambda grant: (order.index(grant.audience), FAMILIES.index(grant.family))):
        found.setdefault((grant.audience, grant.id), []).append(grant)
    return [_together(some, zone, today) for some in found.values()]


def _together(some: Sequence[Grant], zone: ZoneInfo | None, today: date) -> Granted:
    return Granted(
        some[0].audience,
        some[0].scope,
        some[0].id,
        [grant.family for grant in some],
        min(grant.since(zone, today) for grant in some),
        max(grant.until for grant in some),
        max(grant.wording for grant in some),
    )


def _held(log: Log, today: date) -> list[Grant]:
    """The grants that stand, by the server's own rules: a grant that another goes on from was never interrupted."""
    found: dict[tuple[str, str, str], Grant] = {}
    for grant in _standing(log):
        place = grant.id, grant.audience, grant.family
        before = found.get(place)
        if before is not None and before.until >= grant.since(UTC, today):
            grant = grant._replace(since_ms=before.since_ms, until=max(before.until, grant.until))
        found[place] = grant
    return [grant for grant in found.values() if grant.until >= today.isoformat()]


def _standing(log: Log) -> Iterator[Grant]:
    """By arrival, each family of each grant that no withdrawal beats: one that the grant does not name beats it."""
    said = list(_said(log))
    withdrawn = [(stored.event.id, facts) for stored, facts in said if stored.event.type == WITHDRAWN]
    received_at = ReceivedAt(log) if said else None
    for stored, facts in said:
        if stored.event.type == GRANTED and received_at is not None:
            known = {from_base32(text, 16) for text in _texts(facts, "withdrawals")}
            against = [other for id_, other in withdrawn if id_ not in known and _is_of(other, facts)]
            beaten = {family for other in against for family in _texts(other, "families")}
            for family in _texts(facts, "families"):
                if family in FAMILIES and family not in beaten:
                    yield _grant(facts, family, received_at.of(stored.line, stored.event.seq))


def _said(log: Log) -> Iterable[tuple[Stored, Mapping[str, object]]]:
    return [(stored, facts_of(stored)) for stored in arrived(log, GRANTED, WITHDRAWN)]


def arrived(log: Log, *types: str) -> list[Stored]:
    """The control events of these types that count, in the order in which they were received, unsent ones last."""
    aside = {stored.event.id for stored in set_aside(log)} if log.is_born else set()
    every = [stored for stored in log.control() if stored.event.type in types]
    counting = [stored for stored in every if stored.event.id not in aside]
    counting.sort(key=lambda stored: (_UNSENT if stored.position is None else stored.position, stored.n))
    return counting


def _is_of(facts: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(facts.get(name) == other.get(name) for name in _ABOUT)


def _grant(facts: Mapping[str, object], family: str, received_at: int | None) -> Grant:
    wording = facts.get("wording")
    scope, id_, audience = (str(facts.get(name)) for name in _ABOUT)
    until = str(facts.get("until"))
    return Grant(audience, scope, id_, family, received_at, until, wording if isinstance(wording, int) else CURRENT)


def _texts(facts: Mapping[str, object], name: str) -> list[str]:
    value = facts.get(name)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def audience(name: str) -> Audience:
    """The audience of that name. Raises UsageError listing them."""
    for one in audiences():
        if one.name == name.replace("-", "_"):
            return one
    names = ", ".join(one.name for one in audiences())
    raise UsageError(f"to {name!r} is not one of {names}", code="choice", field="to", remedy="see: mp help privacy")


def granting(desk: Desk, place: Place, to: Audience, families: Sequence[str], until: str) -> Intent:
    """The entry that lets an audience read. It names the withdrawals known here: one that it does not name beats it."""
    about = {"scope": to.scope, "id": _scope_id(place, to), "audience": to.name}
    known = [stored for stored, facts in _said(desk.log) if stored.event.type == WITHDRAWN and _is_of(facts, about)]
    withdrawals = [base32(stored.event.id) for stored in known]
    values = {**about, "families": list(families), "until": until, "wording": CURRENT, "withdrawals": withdrawals}
    return Intent(GRANTED, values)


def withdrawing(place: Place, to: Audience, families: Sequence[str]) -> Intent:
    """The entry that takes a consent back, at once."""
    return Intent(
        WITHDRAWN, {"scope": to.scope, "id": _scope_id(place, to), "audience": to.name, "families": list(families)}
    )


def ending(granted: Granted) -> Intent:
    """The entry that takes back all of a consent that holds."""
    values = {"scope": granted.scope, "id": granted.id, "audience": granted.audience, "families": granted.families}
    return Intent(WITHDRAWN, values)


def _scope_id(place: Place, to: Audience) -> str:
    return place.pod if to.scope == "pod" else place.cohort
