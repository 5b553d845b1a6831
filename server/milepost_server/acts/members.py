"""Acts on members: a place in a pod is offered, moved, taken away. The member alone takes it, by `pod.joined`."""

import msgspec

from milepost.errors import CheckRefused
from milepost.ids import base64url
from milepost_server.acts.act import COHORT_LEAD, OPERATOR, POD_LEAD, Act, Done, Scene
from milepost_server.acts.finding import found_person
from milepost_server.reads.people import people_in_cohort, people_in_pod
from milepost_server.store import cohorts as rows


class PlaceMember(msgspec.Struct, frozen=True):
    """Offer a place in a pod to somebody of its cohort, by name or key; `name` is what the lead knows them by."""

    pod: str
    member: str
    name: str | None = None


class MoveMember(msgspec.Struct, frozen=True):
    """Offer a member a place in another pod of their cohort, and take away the one they have."""

    pod: str
    member: str


class RemoveMember(msgspec.Struct, frozen=True):
    """Take somebody out of a pod."""

    pod: str
    member: str


class PlaceInfo(msgspec.Struct, frozen=True):
    """A place that is offered, or was taken away; `left` is the pod that a move took them out of."""

    member: str
    name: str
    pod: str
    pod_name: str
    left: str | None = None


def place(scene: Scene, asked: PlaceMember) -> Done:
    """A place that is offered."""
    user, name = _someone(scene, asked.member)
    before = _pod_before(scene, user)
    if before == scene.pod.pod:
        raise CheckRefused(f"{name} has a place in {scene.pod.name} already", code="placed", remedy="name another pod")
    if before is not None:
        said = _pod_name(scene, before)
        raise CheckRefused(f"{name} has a place in {said}", code="placed", remedy="move them instead")
    _require_room(scene)
    scene.append(_placed(scene, user, asked.name or name))
    return Done(PlaceInfo(base64url(user), asked.name or name, scene.pod.pod, scene.pod.name), (user,))


def move(scene: Scene, asked: MoveMember) -> Done:
    """A place that is offered instead of the one before."""
    user, name = _someone(scene, asked.member)
    before = _pod_before(scene, user)
    if before is None:
        raise CheckRefused(f"{name} has no place to leave", code="placed", remedy="place them instead")
    if before == scene.pod.pod:
        raise CheckRefused(f"{name} has a place in {scene.pod.name} already", code="placed", remedy="name another pod")
    _require_room(scene)
    left: tuple[str, dict[str, object]] = ("member.removed", {"member": base64url(user), "pod": before})
    scene.append(left, _placed(scene, user, name))
    return Done(PlaceInfo(base64url(user), name, scene.pod.pod, scene.pod.name, _pod_name(scene, before)), (user,))


def remove(scene: Scene, asked: RemoveMember) -> Done:
    """A place that was taken away."""
    known = people_in_pod(scene.connection, scene.pod)
    user = found_person(known, scene.pod.name, asked.member)
    scene.append(("member.removed", {"member": base64url(user), "pod": scene.pod.pod}))
    return Done(PlaceInfo(base64url(user), known[user], scene.pod.pod, scene.pod.name), (user,))


def _someone(scene: Scene, text: str) -> tuple[bytes, str]:
    scene.require_open()
    known = people_in_cohort(scene.connection, scene.cohort)
    user = found_person(known, scene.cohort.name, text)
    return user, known[user]


def _pod_before(scene: Scene, user: bytes) -> str | None:
    """The pod of this cohort in which somebody has a place, taken or not."""
    return rows.offers(scene.connection, scene.cohort.stream).get(user)


def _pod_name(scene: Scene, pod_id: str) -> str:
    pod = rows.pod(scene.connection, pod_id)
    return pod.name if pod else pod_id


def _require_room(scene: Scene) -> None:
    count = len(rows.placed(scene.connection, scene.pod.pod))
    if count >= scene.pod.capacity:
        raise CheckRefused(
            f"{scene.pod.name} has room for {scene.pod.capacity}, and {count} places are given",
            code="full",
            remedy="name another pod",
        )


def _placed(scene: Scene, user: bytes, name: str) -> tuple[str, dict[str, object]]:
    return "member.placed", {"member": base64url(user), "pod": scene.pod.pod, "name": name or None}


_BY_COHORT = frozenset((OPERATOR, COHORT_LEAD))
ACTS = {
    "members/place": Act(PlaceMember, PlaceInfo, _BY_COHORT, lambda finder, asked: finder.pod(asked.pod), place),
    "members/move": Act(MoveMember, PlaceInfo, _BY_COHORT, lambda finder, asked: finder.pod(asked.pod), move),
    "members/remove": Act(
        RemoveMember, PlaceInfo, _BY_COHORT | {POD_LEAD}, lambda finder, asked: finder.pod(asked.pod), remove
    ),
}
