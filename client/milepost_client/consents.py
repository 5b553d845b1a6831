"""What a member lets others read: the entries that grant it and take it back."""

from collections.abc import Sequence

from milepost.errors import UsageError
from milepost.ids import base32
from milepost.wording import CURRENT, Audience, audiences
from milepost_client.commands import Desk, Intent
from milepost_client.membership import Place
from milepost_client.trusted import facts_of

WITHDRAWN = "consent.withdrawn"


def audience(name: str) -> Audience:
    """The audience of that name. Raises UsageError listing them."""
    for one in audiences():
        if one.name == name.replace("-", "_"):
            return one
    names = ", ".join(one.name for one in audiences())
    raise UsageError(f"to {name!r} is not one of {names}", code="choice", field="to", remedy="see: mp help privacy")


def granting(desk: Desk, place: Place, to: Audience, families: Sequence[str], until: str) -> Intent:
    """The entry that lets an audience read. It names the withdrawals known here: one that it does not name beats it."""
    scope_id = place.pod if to.scope == "pod" else place.cohort
    about = {"scope": to.scope, "id": scope_id, "audience": to.name}
    known = [stored for stored in desk.log.control() if stored.event.type == WITHDRAWN]
    withdrawals = [
        base32(stored.event.id) for stored in known if {name: facts_of(stored).get(name) for name in about} == about
    ]
    values = {**about, "families": list(families), "until": until, "wording": CURRENT, "withdrawals": withdrawals}
    return Intent("consent.granted", values)


def withdrawing(place: Place, to: Audience, families: Sequence[str]) -> Intent:
    """The entry that takes a consent back, at once."""
    scope_id = place.pod if to.scope == "pod" else place.cohort
    return Intent(WITHDRAWN, {"scope": to.scope, "id": scope_id, "audience": to.name, "families": list(families)})
