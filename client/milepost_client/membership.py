"""The pod and cohort a member is in, as this device knows them, and the consents that name them.

What the server said last is kept with its date: cohort streams are not synced (sync.md).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from milepost.errors import PairingNeeded, UsageError
from milepost.ids import base32
from milepost.wording import CURRENT, Audience, audiences
from milepost_client.commands import Desk, Intent
from milepost_client.log import Log
from milepost_client.trusted import facts_of

SETTING = "membership"
JOINED = "pod.joined"
LEFT = "pod.left"
WITHDRAWN = "consent.withdrawn"


class Place(NamedTuple):
    """Where a member was placed: ids, names, the cohort's last day; who else is in the pod, and its week in totals.

    `said_on` is the day on which the server said so last.
    """

    pod: str
    pod_name: str
    cohort: str
    cohort_name: str
    end: str
    said_on: str
    members: list[dict[str, Any]]
    summary: dict[str, Any] | None


def keep(
    log: Log,
    pod: Mapping[str, Any],
    cohort: Mapping[str, Any],
    today: date,
    members: Sequence[dict[str, Any]] = (),
    summary: dict[str, Any] | None = None,
) -> None:
    """Keep what the server said about the member's pod and cohort, who is in it, and its totals."""
    said_on = today.isoformat()
    ids = (pod["id"], pod["name"], cohort["id"], cohort["name"], cohort["end"])
    text = json.dumps(Place(*ids, said_on, list(members), summary)._asdict(), ensure_ascii=False)
    log.set_settings([(SETTING, text.encode("utf-8"))])


def placed(log: Log) -> Place | None:
    """Where the server last said the member is placed; None in no pod, or before the first answer."""
    raw = log.setting(SETTING)
    return None if raw is None else Place(**json.loads(raw))


def require_place(log: Log) -> Place:
    """Where the member is placed. Raises PairingNeeded in no pod."""
    place = placed(log)
    if place is None:
        raise PairingNeeded("you are in no pod yet", remedy="ask your lead for an invite, then: mp join SERVER CODE")
    return place


def is_joined(log: Log, pod: str) -> bool:
    """Whether the member took the place in that pod, and did not leave it since."""
    taken = [stored for stored in log.control() if stored.event.type in (JOINED, LEFT)]
    last = max(taken, key=lambda stored: stored.order, default=None)
    return last is not None and last.event.type == JOINED and facts_of(last).get("pod") == pod


def joining(place: Place, name: str) -> Intent:
    """The entry that takes the place."""
    return Intent(JOINED, {"pod": place.pod, "cohort": place.cohort, "name": name})


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
