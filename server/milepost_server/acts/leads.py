"""Acts on leads: appointing and removing them, by the operator and by who leads the whole cohort (decision 0029)."""

from datetime import date

import msgspec

from milepost.errors import CheckRefused, NotFound, UsageError
from milepost.ids import base64url, from_base64url
from milepost_server.acts.act import COHORT_LEAD, OPERATOR, Act, Done, Scene
from milepost_server.acts.finding import Finder, Place, found_person
from milepost_server.reads.people import people_in_cohort, people_in_pod
from milepost_server.store import cohorts as rows

USER_BYTES = 16


class AppointLead(msgspec.Struct, frozen=True):
    """Let somebody lead a pod, or else a cohort, from `start` (today) to `end` (no last day).

    `member` is a name or a key; `name` is what members know them by, where they are in no pod themselves.
    """

    member: str
    pod: str | None = None
    cohort: str | None = None
    start: str | None = None
    end: str | None = None
    name: str | None = None


class RemoveLead(msgspec.Struct, frozen=True):
    """End somebody's leading a pod, or else a cohort."""

    member: str
    pod: str | None = None
    cohort: str | None = None


class LeadDone(msgspec.Struct, frozen=True):
    """Somebody who leads from a day on, or does not lead any more (no start)."""

    member: str
    name: str
    scope: str
    id: str
    start: str | None
    end: str | None


def appoint(scene: Scene, asked: AppointLead) -> Done:
    """Somebody who leads."""
    scene.require_open()
    scope, target = _led(scene)
    user = _person(scene, asked.member)
    start = asked.start or scene.today.isoformat()
    scene.append(
        (
            "lead.appointed",
            {
                "lead": base64url(user),
                "scope": scope,
                "id": target,
                "start": start,
                "end": asked.end,
                "name": asked.name,
            },
        )
    )
    name = asked.name or people_in_cohort(scene.connection, scene.cohort).get(user, "")
    return Done(LeadDone(base64url(user), name, scope, target, start, asked.end), (user,))


def remove(scene: Scene, asked: RemoveLead) -> Done:
    """Somebody who does not lead any more."""
    scope, target = _led(scene)
    known = people_in_cohort(scene.connection, scene.cohort)
    leading = {
        one.user: known.get(one.user, "")
        for one in rows.appointed(scene.connection, scene.cohort.stream)
        if one.target == target
    }
    where = scene.cohort.name if scene.place.pod is None else scene.pod.name
    user = found_person(leading, f"those who lead {where}", asked.member)
    _require_another(scene, user)
    scene.append(("lead.removed", {"lead": base64url(user), "scope": scope, "id": target}))
    return Done(LeadDone(base64url(user), leading[user], scope, target, None, None), (user,))


def checked_key(text: str) -> bytes:
    """The member's key in `text`. Raises CheckRefused."""
    try:
        user = from_base64url(text)
    except ValueError:
        user = b""
    if len(user) != USER_BYTES:
        raise CheckRefused(
            f"{text!r} is not a member's key", code="lead", remedy="invite them instead: milepost-server invite --lead"
        )
    return user


def _person(scene: Scene, text: str) -> bytes:
    """Somebody of the pod, else of the cohort; for the operator also a key that nobody came in with yet."""
    if scene.place.pod is not None:
        try:
            return found_person(people_in_pod(scene.connection, scene.pod), scene.pod.name, text)
        except NotFound:
            pass  # Most leads are in no pod: the rest of the cohort is looked at.
    known = people_in_cohort(scene.connection, scene.cohort)
    try:
        return found_person(known, scene.cohort.name, text)
    except NotFound:
        if scene.actor.reader is not None:
            raise
        return checked_key(text)


def _led(scene: Scene) -> tuple[str, str]:
    """What is led, as events have it: scope and id."""
    return ("cohort", scene.cohort.cohort) if scene.place.pod is None else ("pod", scene.pod.pod)


def _require_another(scene: Scene, user: bytes) -> None:
    """Raises CheckRefused where a lead would leave a cohort that nobody else leads today: only the operator could let
    anybody in again, and does not know that it is needed."""
    if scene.place.pod is not None or scene.actor.reader is None:
        return
    others = [
        one
        for one in rows.appointed(scene.connection, scene.cohort.stream)
        if one.scope == "cohort" and one.user != user and one.holds(scene.today)
    ]
    if not others:
        raise CheckRefused(
            f"nobody else leads {scene.cohort.name}", code="last_lead", remedy="appoint somebody who does, first"
        )


def _place(finder: Finder, asked: AppointLead | RemoveLead) -> Place:
    if (asked.pod is None) == (asked.cohort is None):
        raise UsageError("one leads a pod or a cohort", field="pod", remedy="name one of the two")
    for day in (getattr(asked, "start", None), getattr(asked, "end", None)):
        _check_day(day)
    return finder.pod_or_cohort(asked.pod, asked.cohort)


def _check_day(text: str | None) -> None:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        raise UsageError(f"{text!r} is not a day", code="date", remedy="try: 2026-03-02") from None


_BY = frozenset((OPERATOR, COHORT_LEAD))
ACTS = {
    "leads/appoint": Act(AppointLead, LeadDone, _BY, _place, appoint),
    "leads/remove": Act(RemoveLead, LeadDone, _BY, _place, remove),
}
