"""Acts on pods: forming and closing them."""

import msgspec

from milepost.errors import CheckRefused
from milepost_server.acts.act import Act, Done, Scene
from milepost_server.acts.cohorts import BY_COHORT
from milepost_server.acts.leads import checked_key
from milepost_server.cohort.cohorts import CAPACITY_DEFAULT
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows


class FormPod(msgspec.Struct, frozen=True):
    """Form a pod in a cohort, which is named by id or name; `lead` is a member's key in base64url."""

    name: str
    cohort: str
    capacity: int = CAPACITY_DEFAULT
    lead: str | None = None


class ClosePod(msgspec.Struct, frozen=True):
    """End a pod, named by id or name. Its members keep what is theirs; it takes nobody in any more."""

    pod: str


class PodInfo(msgspec.Struct, frozen=True):
    """A pod; `members` counts the places that are given."""

    id: str
    name: str
    cohort: str
    capacity: int
    members: int
    closed: bool


def form_pod(scene: Scene, asked: FormPod) -> Done:
    """A new pod in a cohort that is there."""
    scene.require_open()
    _require_new(scene, asked.name)
    lead = checked_key(asked.lead) if asked.lead is not None else None
    pod_id = scene.desk.cohorts.new_id()
    scene.append(("pod.formed", {"pod": pod_id, "name": asked.name, "capacity": asked.capacity}))
    if lead is not None:
        start = scene.today.isoformat()
        scene.append(("lead.appointed", {"lead": asked.lead, "scope": "pod", "id": pod_id, "start": start}))
    info = PodInfo(pod_id, asked.name, scene.cohort.cohort, asked.capacity, 0, closed=False)
    return Done(info, (lead,) if lead is not None else ())


def _require_new(scene: Scene, name: str) -> None:
    """Raises CheckRefused where an open pod of the cohort has that name: every later command would fit both."""
    if any(pod.name == name and not pod.closed for pod in rows.pods(scene.connection, scene.cohort.stream)):
        raise CheckRefused(f"{scene.cohort.name} has a pod called {name}", code="taken", remedy="give it another name")


def close_pod(scene: Scene, asked: ClosePod) -> Done:
    """A pod ended."""
    scene.require_open()
    scene.append(("pod.closed", {"pod": scene.pod.pod}))
    return Done(pod_info(scene.connection, scene.cohort, scene.pod._replace(closed=True)))


def pod_info(connection: Connection, cohort: rows.Cohort, pod: rows.Pod) -> PodInfo:
    """A pod, as it is listed."""
    members = len(rows.placed(connection, pod.pod))
    return PodInfo(pod.pod, pod.name, cohort.cohort, pod.capacity, members, bool(pod.closed))


ACTS = {
    "pods/form": Act(FormPod, PodInfo, BY_COHORT, lambda finder, asked: finder.cohort(asked.cohort), form_pod),
    "pods/close": Act(ClosePod, PodInfo, BY_COHORT, lambda finder, asked: finder.pod(asked.pod), close_pod),
}
