"""What each act is asked with, where every one of them is asked: something that is there, on Harbour or its cohort."""

from collections.abc import Callable, Mapping
from itertools import count

from milepost.ids import base64url
from tests.support.cast import HELP, MEMBER, Cast
from tests.support.clients import Client

_NUMBERS = count(1)


def _invite(cast: Cast) -> Mapping[str, object]:
    return {"invite": cast.server.admin("invites/issue", pod=cast.pods["Harbour"])["id"]}


def _old_pod(cast: Cast) -> Mapping[str, object]:
    return {"pod": cast.server.admin("pods/form", cohort=cast.cohort, name=f"Old {next(_NUMBERS)}")["id"]}


def _session(cast: Cast) -> Mapping[str, object]:
    planned = cast.server.admin("sessions/schedule", pod=cast.pods["Harbour"], start="2099-01-01T10:00:00Z")
    return {"session": planned["id"]}


def _led(cast: Cast) -> Mapping[str, object]:
    asked = {"pod": cast.pods["Harbour"], "member": cast.key(MEMBER)}
    cast.server.admin("leads/appoint", **asked, start="2099-01-01")
    return asked


def _placed(cast: Cast) -> Mapping[str, object]:
    placed = cast.enter(pod=cast.pods["Harbour"], name="Newcomer")
    return {"pod": cast.pods["Harbour"], "member": _key(placed)}


def _key(client: Client) -> str:
    return base64url(client.device.member.user)


ASKED: Mapping[str, Callable[[Cast], Mapping[str, object]]] = {
    "cohorts/close": lambda cast: {"cohort": cast.ending},
    "codes/list": lambda cast: {"cohort": cast.cohort, "code": "sprint_planning", "label": "Sprint planning"},
    "pods/form": lambda cast: {"cohort": cast.cohort, "name": "Quay"},
    "pods/close": _old_pod,
    "leads/appoint": lambda cast: {
        "pod": cast.pods["Harbour"],
        "member": cast.key(MEMBER),
        "start": "2099-01-01",
    },
    "leads/remove": _led,
    "invites/issue": lambda cast: {"pod": cast.pods["Harbour"]},
    "invites/resend": _invite,
    "invites/revoke": _invite,
    "members/place": lambda cast: {"pod": cast.pods["Lantern"], "member": cast.key(MEMBER)},
    "members/move": lambda cast: {"pod": cast.pods["Harbour"], "member": cast.key(MEMBER)},
    "members/remove": _placed,
    "sessions/schedule": lambda cast: {"pod": cast.pods["Harbour"], "start": "2099-01-01T10:00:00Z"},
    "sessions/cancel": _session,
    "sessions/hold": _session,
    "requests/answer": lambda cast: {"help": HELP, "text": "I ask the platform team today"},
}
"""By path; whatever has to be there first is made on the way."""
