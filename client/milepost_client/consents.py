"""What a member lets others read: the consents that hold, and the entries that grant them and take them back.

A consent names a pod or a cohort by id. It holds for who is in that pod or cohort now, so a move ends those that name
the pod that was left, and none that names the cohort.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from milepost.catalogue.declare import FAMILIES
from milepost.errors import UsageError
from milepost.ids import base32
from milepost.projections.sharing import Consent
from milepost.wording import CURRENT, Audience, audiences
from milepost_client import membership
from milepost_client.commands import Desk, Intent
from milepost_client.control import facts_of
from milepost_client.membership import Place
from milepost_client.views import Views

WITHDRAWN = "consent.withdrawn"


class Granted(NamedTuple):
    """What one audience may read until a day. `since` is the day of the first grant that holds."""

    audience: str
    scope: str
    id: str
    families: list[str]
    since: str
    until: str
    wording: int


def standing(views: Views, today: date) -> list[Granted]:
    """The consents that hold today where the member is, in the order of the questions."""
    place = membership.placed(views.log)
    if place is None or not membership.is_joined(views.log, place.pod):
        return []
    order = [one.name for one in audiences()]
    held = [one for one in _held(views, today) if one.id in (place.pod, place.cohort)]
    return sorted(held, key=lambda one: order.index(one.audience))


def elsewhere(views: Views, place: Place, today: date) -> list[Granted]:
    """The consents that name another pod or cohort than `place`: left behind by a move."""
    return [one for one in _held(views, today) if one.id not in (place.pod, place.cohort)]


def _held(views: Views, today: date) -> Iterable[Granted]:
    day = today.isoformat()
    for consent in views.all(Consent):
        held = [grant for grant in consent.grants if grant.since <= day <= grant.until]
        if held:
            families = [family for family in FAMILIES if any(grant.family == family for grant in held)]
            since, until = min(grant.since for grant in held), max(grant.until for grant in held)
            wording = max(grant.wording for grant in held)
            yield Granted(consent.audience, consent.scope, consent.id, families, since, until, wording)


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
    known = [stored for stored in desk.log.control() if stored.event.type == WITHDRAWN]
    withdrawals = [
        base32(stored.event.id) for stored in known if {name: facts_of(stored).get(name) for name in about} == about
    ]
    values = {**about, "families": list(families), "until": until, "wording": CURRENT, "withdrawals": withdrawals}
    return Intent("consent.granted", values)


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
