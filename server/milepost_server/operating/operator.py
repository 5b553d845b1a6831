"""What the operator can ask for: one function each, the same behind the command line and the administration routes.

`ACTIONS` names them by route; each takes a connection inside a write job, a Desk, and its request. What leads can do
too is an act (`milepost_server.acts`), done here by the operator.
"""

from typing import Any

from milepost_server.acts import ACTS, Act, Actor, perform
from milepost_server.acts.act import OPERATOR
from milepost_server.acts.cohorts import OpenCohort
from milepost_server.acts.cohorts import open_cohort as opened
from milepost_server.acts.desk import Action, Desk, Nothing
from milepost_server.acts.invites import ListInvites
from milepost_server.acts.pods import PodInfo, pod_info
from milepost_server.cohort import audit
from milepost_server.cohort.cohorts import OPERATOR as OPERATOR_NAME
from milepost_server.cohort.cohorts import found_cohort
from milepost_server.operating import publishing, upkeep
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.people import Names
from milepost_server.reads.setup import InviteRow, invite_row
from milepost_server.signin import links as signin
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows


def open_cohort(connection: Connection, desk: Desk, asked: OpenCohort) -> CohortInfo:
    """A new cohort."""
    cohort = opened(connection, desk, asked)
    audit.write(connection, cohort.stream, desk.world.now_ms(), OPERATOR_NAME, "cohorts/open")
    return cohort_info(cohort)


def list_cohorts(connection: Connection, desk: Desk, asked: Nothing) -> list[CohortInfo]:
    """Every cohort."""
    return [cohort_info(cohort) for cohort in rows.cohorts(connection)]


def list_pods(connection: Connection, desk: Desk, asked: Nothing) -> list[PodInfo]:
    """Every pod of every cohort."""
    return [
        pod_info(connection, cohort, pod)
        for cohort in rows.cohorts(connection)
        for pod in rows.pods(connection, cohort.stream)
    ]


def list_invites(connection: Connection, desk: Desk, asked: ListInvites) -> list[InviteRow]:
    """Every invite of a cohort, used and revoked ones too."""
    cohort = found_cohort(connection, asked.cohort)
    pods = rows.pods(connection, cohort.stream)
    names = {pod.pod: pod.name for pod in pods} | {cohort.cohort: cohort.name}
    people, now_ms = Names(connection, cohort.stream), desk.world.now_ms()
    return [invite_row(invite, names, people, now_ms) for invite in rows.invites(connection, cohort.stream)]


def _action(path: str, act: Act) -> Action:
    def run(connection: Connection, desk: Desk, asked: Any) -> Any:
        return perform(connection, desk, Actor(), path, asked)

    run.__doc__ = act.run.__doc__
    return Action(act.asked, act.answer, run)


ACTIONS = {
    "cohorts/open": Action(OpenCohort, CohortInfo, open_cohort),
    "cohorts/list": Action(Nothing, list[CohortInfo], list_cohorts),
    "pods/list": Action(Nothing, list[PodInfo], list_pods),
    "invites/list": Action(ListInvites, list[InviteRow], list_invites),
    **{path: _action(path, act) for path, act in ACTS.items() if OPERATOR in act.by},
    "dashboard/link": Action(signin.SignIn, signin.LinkInfo, signin.sign_in),
    **publishing.ACTIONS,
    **upkeep.ACTIONS,
}
