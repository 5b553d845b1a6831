"""What stands in the audit log, in words: one for each act, whoever did it."""

from collections.abc import Callable, Mapping
from typing import Any

from milepost_server.cohort.audit import READ

DEEDS: Mapping[str, str] = {
    READ: "Was shown members by name",
    "codes/list": "Published a skill code",
    "cohorts/close": "Closed the cohort",
    "cohorts/open": "Opened the cohort",
    "invites/issue": "Made an invite",
    "invites/resend": "Sent an invite again",
    "invites/revoke": "Revoked an invite",
    "leads/appoint": "Appointed who leads",
    "leads/remove": "Ended somebody's leading",
    "members/move": "Moved a member",
    "members/place": "Offered a place",
    "members/remove": "Took somebody out",
    "pods/close": "Closed a pod",
    "pods/form": "Formed a pod",
    "releases/now": "Published a release ahead of time",
    "requests/answer": "Answered a request",
    "sessions/cancel": "Cancelled a session",
    "sessions/hold": "Held a session",
    "sessions/schedule": "Scheduled a session",
    "totals/now": "Had totals counted ahead of time",
}


def deed(act: str) -> str:
    """An act of the log in words; one that is not known yet, as it is written there."""
    return DEEDS.get(act, act)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"deed": deed}
