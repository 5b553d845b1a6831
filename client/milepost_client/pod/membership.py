"""The pod and cohort a member is in, as this device knows them.

What the server said last is kept with its date: cohort streams are not synced (sync.md). Neighbours: consents.py, what
is shared there; pods.py, the rest of what the server said. Standard library only: asking for help is on the fast path.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from milepost.errors import PairingNeeded, UsageError
from milepost_client.recording.commands import Intent
from milepost_client.store.control import facts_of
from milepost_client.store.log import Log

SETTING = "membership"
JOINED = "pod.joined"
LEFT = "pod.left"

Standing = Literal["joined", "left", "offered"]


class Place(NamedTuple):
    """Where a member was placed: ids, names, the cohort's last day; by what names the others there go.

    `said_on` is the day on which the server said so last. `members` leaves the member out; `leads` are those of the
    pod and of its cohort. `is_over`: the place was taken away.
    """

    pod: str
    pod_name: str
    cohort: str
    cohort_name: str
    end: str
    said_on: str
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    is_over: bool = False


def keep(log: Log, place: Place) -> None:
    """Keep what the server said about where the member is."""
    from json import dumps

    log.set_settings([(SETTING, dumps(place._asdict(), ensure_ascii=False).encode("utf-8"))])


def place_of(
    pod: Mapping[str, str],
    cohort: Mapping[str, str],
    today: date,
    members: Sequence[str] = (),
    leads: Sequence[str] = (),
) -> Place:
    """The place that the server's words about a pod and its cohort describe."""
    ids = (pod["id"], pod["name"], cohort["id"], cohort["name"], cohort["end"])
    return Place(*ids, today.isoformat(), tuple(members), tuple(leads))


def placed(log: Log) -> Place | None:
    """Where the server last said the member is placed; None in no pod, or before the first answer."""
    place = kept(log)
    return None if place is None or place.is_over else place


def kept(log: Log) -> Place | None:
    """The place that the server named last, also one that was taken away since; None before the first."""
    from json import loads

    raw = log.setting(SETTING)
    if raw is None:
        return None
    said = loads(raw)
    # An earlier Milepost kept no leads, and other things for members.
    members, leads = (tuple(one for one in said.get(name, ()) if isinstance(one, str)) for name in ("members", "leads"))
    pod, cohort = (said["pod"], said["pod_name"]), (said["cohort"], said["cohort_name"])
    return Place(*pod, *cohort, said["end"], said["said_on"], members, leads, bool(said.get("is_over")))


def require_place(log: Log) -> Place:
    """Where the member is placed. Raises PairingNeeded in no pod."""
    place = placed(log)
    if place is None:
        raise PairingNeeded(
            "you are in no pod",
            remedy="ask your lead for an invite, then: mp join SERVER CODE; what you lead: mp pod list",
        )
    return place


def require_joined(log: Log) -> Place:
    """The place that the member took. Raises PairingNeeded in no pod, UsageError while it is only offered."""
    place = require_place(log)
    match standing_in(log, place.pod):
        case "left":
            raise PairingNeeded(f"you left {place.pod_name}", remedy="your lead can offer you another place")
        case "offered":
            raise UsageError(
                f"you have not taken your place in {place.pod_name}",
                code="not_joined",
                remedy="try: mp pod --name NAME",
            )
    return place


def is_joined(log: Log, pod: str) -> bool:
    """Whether the member took the place in that pod, and did not leave it since."""
    return standing_in(log, pod) == "joined"


def standing_in(log: Log, pod: str) -> Standing:
    """How the member stands to the place in a pod: it is theirs, they left it, or it is still an offer."""
    own = [stored for stored in log.control() if stored.event.type in (JOINED, LEFT)]
    last = max(own, key=lambda stored: stored.order, default=None)
    if last is None or facts_of(last).get("pod") != pod:
        return "offered"
    return "joined" if last.event.type == JOINED else "left"


def own_name(log: Log) -> str | None:
    """The name that the member's pod sees, as they last took a place; None before that."""
    joins = [stored for stored in log.control() if stored.event.type == JOINED]
    last = max(joins, key=lambda stored: stored.order, default=None)
    name = facts_of(last).get("name") if last else None
    return name if isinstance(name, str) else None


def take_away(log: Log) -> None:
    """Keep that the place is gone, whatever took it."""
    place = placed(log)
    if place is not None:
        keep(log, place._replace(is_over=True))


def readers_said(place: Place, to: str) -> str:
    """The line that names who will read words said to the pod or to its leads."""
    leads = f"{_listed(place.leads)} (leading)" if place.leads else f"the leads of {place.pod_name}"
    members = f"{_listed(place.members)} of {place.pod_name}" if place.members else f"the members of {place.pod_name}"
    readers = f"{members}, and {leads}" if to == "pod" else leads
    return f"in clear to {readers}; whoever runs the server can read it too"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def joining(place: Place, name: str) -> Intent:
    """The entry that takes the place."""
    return Intent(JOINED, {"pod": place.pod, "cohort": place.cohort, "name": name})


def leaving(place: Place, *, erase: bool) -> Intent:
    """The entry that leaves the pod. `erase`: what was said there goes too."""
    return Intent(LEFT, {"pod": place.pod, "cohort": place.cohort, "erase": erase})
