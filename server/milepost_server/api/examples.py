"""An example of what each act takes, for the description at /schema."""

from collections.abc import Mapping

import msgspec

from milepost_server.acts.cohorts import CloseCohort, ListCode, OpenCohort
from milepost_server.acts.invites import IssueInvite, ListInvites, ResendInvite, RevokeInvite
from milepost_server.acts.leads import AppointLead, RemoveLead
from milepost_server.acts.members import MoveMember, PlaceMember, RemoveMember
from milepost_server.acts.pods import ClosePod, FormPod
from milepost_server.acts.requests import AnswerRequest
from milepost_server.acts.sessions import CancelSession, HoldSession, ScheduleSession
from milepost_server.operating.publishing import OfCohort
from milepost_server.signin.links import SignIn

COHORT, POD, SESSION, INVITE = "Spring", "Harbour", "17g1xzwx2sh4fbvr", "n6mywg8f2hyj1tws"

_EXAMPLES: Mapping[str, msgspec.Struct] = {
    "cohorts/open": OpenCohort(COHORT, "2026-01-05", "2026-07-05", "Europe/Berlin"),
    "cohorts/close": CloseCohort(COHORT),
    "codes/list": ListCode(COHORT, "sprint_planning", "Sprint planning"),
    "pods/form": FormPod(POD, COHORT),
    "pods/close": ClosePod(POD),
    "leads/appoint": AppointLead("Dana", pod=POD, start="2026-01-05"),
    "leads/remove": RemoveLead("Dana", pod=POD),
    "invites/list": ListInvites(COHORT),
    "invites/issue": IssueInvite(pod=POD, name="Mara"),
    "invites/resend": ResendInvite(INVITE),
    "invites/revoke": RevokeInvite(INVITE),
    "members/place": PlaceMember(POD, "Mara"),
    "members/move": MoveMember("Lantern", "Mara"),
    "members/remove": RemoveMember(POD, "Mara"),
    "sessions/schedule": ScheduleSession(POD, "2026-01-16T16:00:00Z"),
    "sessions/cancel": CancelSession(SESSION),
    "sessions/hold": HoldSession(SESSION, minutes=55),
    "requests/answer": AnswerRequest("zjy4k7m2q9x3z5w8", "I will ask the platform team today"),
    "dashboard/link": SignIn("Dana"),
    "totals/now": OfCohort(COHORT),
    "releases/now": OfCohort(COHORT),
    "releases/list": OfCohort(COHORT),
}


def example_of(path: str) -> dict[str, object] | None:
    """What is posted to an act or action, by its path or its route's; None where nothing needs to be said."""
    example = _EXAMPLES.get("/".join(path.split("/")[-2:]))
    if example is None:
        return None
    # What is left out is clearer left out than null.
    return {name: value for name, value in msgspec.to_builtins(example).items() if value is not None}
